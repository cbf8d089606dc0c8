"""Access rules and domain words of the state's rules."""

from kernel.access import NO_ROLE, OfficeKept, ScopedQuerySet


class StateRulesQuerySet(OfficeKept, ScopedQuerySet):
    """The rules of the state: staff reads them, the CIO's office changes them."""

    creator_roles = NO_ROLE
