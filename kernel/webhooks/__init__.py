"""Telling other systems: events of the portal, signed and sent by the Standard Webhooks convention."""
