"""Contracts from the Open Contracting Data Standard (OCDS) 1.1: releases, records and packages of both.

Files are read as streams (`reading`), releases are checked for their shape (`checking`) and kept; all that is known of
a contracting process is merged (`merging`), put into our words (`mapping`), its parties become organizations
(`parties`), and what is new or differs is written (`loading`).
"""
