"""Filters of people."""

import django_filters
from django.utils.translation import gettext_lazy as _

from kernel.access import Role
from kernel.accounts.models import User
from kernel.filters import ScopedFilterSet, SearchFilter, YesNoFilter


class UserFilterSet(ScopedFilterSet):
    """People and integrations."""

    search = SearchFilter(fields=("name", "email"), label=_("Name or e-mail"))
    role = django_filters.ChoiceFilter(choices=Role.choices, empty_label=_("Any"))
    is_active = YesNoFilter(label=_("Active"))

    class Meta:
        model = User
        fields = ["search", "role", "is_active"]
