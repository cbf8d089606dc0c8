"""Filters of imports."""

from django.utils.translation import gettext_lazy as _

from kernel.filters import ScopedFilterSet, SearchFilter
from vendors.models import ContractImport


class ContractImportFilterSet(ScopedFilterSet):
    """Files of contracts, payments and services that were sent."""

    search = SearchFilter(label=_("File"), fields=("file_name",))

    class Meta:
        model = ContractImport
        fields = ["search", "holds"]
