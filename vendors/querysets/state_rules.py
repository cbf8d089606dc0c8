"""Access rules and domain words of the state's rules."""

from kernel.access import ScopedQuerySet


class StateRulesQuerySet(ScopedQuerySet):
    """The rules of the state: staff reads them, the CIO's office changes them."""

    manager_paths = ()
    creator_roles = frozenset()
