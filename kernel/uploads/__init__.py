"""Files that people send through a page: kept in pieces, tried out by a job first, then taken.

Each room has its own concrete models, for its rows and its access rule.
"""
