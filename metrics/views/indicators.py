"""Pages about indicators."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.access import EVERYONE, OFFICE
from kernel.expressions import counted
from kernel.pages import Action, CreatePage, DetailPage, EditPage, ListPage
from metrics.filters import IndicatorFilterSet
from metrics.measurements.standing import as_they_stand
from metrics.models import Indicator, Series
from metrics.tables import IndicatorTable

SERIES_SHOWN = 200


class IndicatorList(ListPage):
    """What can be measured."""

    open_to = EVERYONE
    model = Indicator
    table_class = IndicatorTable
    filterset_class = IndicatorFilterSet
    export_name = "indicators"
    lead = _(
        "An indicator says what can be measured: its unit, which direction is better, how months add up, and how often"
        " it is measured."
    )
    actions = (Action(_("New indicator"), "metrics:indicator_create"),)
    nothing_yet = _("An indicator says what can be measured. Service levels then use it in a contract.")

    def get_queryset(self) -> Any:
        return self.rows().annotate(series_count=counted(Series.objects.all(), "indicator"))


class IndicatorDetail(DetailPage):
    """One indicator and the series that measure it."""

    open_to = EVERYONE
    model = Indicator
    slug_field, slug_url_kwarg = "code", "code"
    template_name = "metrics/indicator_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Series.objects.visible_to(self.user).filter(indicator=self.object)
        series = as_they_stand(visible.select_related("agency", "provider")).order_by("code")[: SERIES_SHOWN + 1]
        return super().get_context_data(series=series, shown=SERIES_SHOWN, **kwargs)


class IndicatorCreate(CreatePage):
    """A new indicator."""

    open_to = OFFICE
    model = Indicator
    title = _("New indicator")
    list_url_name = "metrics:indicator_list"


class IndicatorUpdate(EditPage):
    """Change or retire an indicator."""

    open_to = OFFICE
    model = Indicator
    slug_field, slug_url_kwarg = "code", "code"
    title = _("Change indicator")
    intro = _("Direction, aggregation and unit stay as they are once something was measured or agreed.")
