"""Access rules of the demand side."""

from brm_portal.access import ScopedQuerySet


class AgencyQuerySet(ScopedQuerySet):
    """Agencies: members see their own."""

    agency_paths = ("organization",)
