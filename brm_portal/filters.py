"""What every list's filters share, in pages and in the API."""

from typing import Any

import django_filters

from brm_portal.access import ScopedQuerySet


class ScopedFilterSet(django_filters.FilterSet):
    """Filters whose choices are what the user may see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in self.filters.values():
            queryset = item.extra.get("queryset")
            if isinstance(queryset, ScopedQuerySet) and self.request is not None:
                item.extra["queryset"] = queryset.visible_to(self.request.user)
