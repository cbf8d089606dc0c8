"""Forms about targets and measurements of a series."""

from typing import Any, ClassVar

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.access import EDITORS, MEASURERS
from kernel.pages import ConfirmPage, PartCreate, PartEdit, PartPage
from metrics.forms import MeasurementForm, ReasonForm
from metrics.measurements import excluding
from metrics.models import Measurement, Series, Target


class SeriesPart(PartPage):
    """What targets and measurements share: they belong to the page's series and lead back to its service level."""

    def subject(self, row: Any) -> str:
        return f"{self.whole.indicator.name} · {self.whole.code}"


class SeriesPartCreate(SeriesPart, PartCreate):
    """Add a part to a series; an integrator measures what it sees, everybody else what is theirs to change."""

    wholes = Series.objects.select_related("indicator")

    @property
    def adds_to_own(self) -> bool:
        return self.user.role in EDITORS


class TargetCreate(SeriesPartCreate):
    """Agree on a target from a month on."""

    open_to = EDITORS
    model = Target
    title = _("New target")
    intro = _("It is in force from the first day of its month until the next target begins.")


class TargetUpdate(SeriesPart, PartEdit):
    """Correct a target."""

    open_to = EDITORS
    model = Target
    title = _("Change target")


class MeasurementCreate(SeriesPartCreate):
    """Enter one measurement."""

    open_to = MEASURERS
    model = Measurement
    form_class = MeasurementForm
    title = _("New measurement")


class MeasurementUpdate(SeriesPart, PartEdit):
    """Correct a measurement; the earlier value stays in the history."""

    open_to = MEASURERS
    model = Measurement
    form_class = MeasurementForm
    title = _("Correct measurement")
    intro = _("The earlier value stays in the history.")


class MeasurementReasonPage(SeriesPart, ConfirmPage):
    """Does something to one measurement for a reason."""

    open_to = MEASURERS
    model = Measurement
    form_class = ReasonForm
    intro: ClassVar[str | Promise]
    operation: Any

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day, series = date_format(self.object.observed_on), self.whole
        intro = self.intro % {"day": day, "series": series.code}
        return super().get_context_data(**{"intro": intro, **kwargs})

    def act(self, data: dict[str, Any]) -> None:
        self.operation(measurement=self.object, reason=data["reason"], by=self.user)


class MeasurementExclude(MeasurementReasonPage):
    """Leave a measurement out."""

    title = _("Exclude measurement")
    confirm_label = _("Exclude")
    intro = _(
        "The measurement of %(series)s on %(day)s will take no part in any figure. It stays to be seen, struck "
        "through, and can be admitted again. Published scorecards do not change."
    )
    operation = staticmethod(excluding.exclude_measurement)


class MeasurementReadmit(MeasurementReasonPage):
    """Let an excluded measurement take part again."""

    title = _("Admit measurement again")
    confirm_label = _("Admit again")
    intro = _("The measurement of %(series)s on %(day)s will take part in all figures again.")
    operation = staticmethod(excluding.readmit_measurement)
