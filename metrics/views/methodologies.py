"""Pages about methodologies."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.access import EVERYONE, STAFF
from kernel.pages import DetailPage, ListPage
from kernel.templatetags.ui import number
from metrics.filters import MethodologyFilterSet
from metrics.models import Dimension, Methodology
from metrics.tables import MethodologyTable


class MethodologyList(ListPage):
    """Versions of the scoring method."""

    open_to = EVERYONE
    model = Methodology
    table_class = MethodologyTable
    filterset_class = MethodologyFilterSet
    export_name = "methodologies"
    lead = _(
        "A methodology is one version of how scorecards are computed: what each dimension weighs, what meeting a target"
        " earns, where grades begin. Once used it never changes."
    )
    shows_filters = False


class MethodologyDetail(DetailPage):
    """One version of the method, in words and figures."""

    open_to = EVERYONE
    model = Methodology
    slug_field, slug_url_kwarg = "code", "code"
    template_name = "metrics/methodology_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        weights = self.object.weights()
        rows = [
            {"label": Dimension(code).label, "value": weight, "text": number(weight), "tone": "primary"}
            for code, weight in sorted(weights.items(), key=lambda item: -item[1])
        ]
        can_preview = self.user.role in STAFF and not self.object.is_default
        bands = self.object.bands.all()
        return super().get_context_data(weight_rows=rows, bands=bands, can_preview=can_preview, **kwargs)
