"""Lists of webhooks."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kernel.tables import NameColumn
from kernel.webhooks.models import Endpoint


class EndpointTable(tables.Table):
    """Webhooks by name."""

    name = NameColumn(linkify=True)
    url = tables.Column()
    events = tables.Column(accessor="event_names", orderable=False, verbose_name=_("Told of"))
    acts_for = tables.Column(accessor="acts_for__name", verbose_name=_("Acts for"))
    state = tables.TemplateColumn(
        template_name="webhooks/_endpoint_state.html", order_by=("disabled_at", "failures"), verbose_name=_("State")
    )
    delivered_at = tables.DateTimeColumn(format="M j, Y, P", default="–", verbose_name=_("Last delivered"))

    class Meta:
        model = Endpoint
        fields: tuple[str, ...] = ()
        caption = _("Webhooks")
        empty_text = _("No webhook matches these filters.")

    def render_events(self, value: list[str]) -> str:
        """Each in words."""
        return "; ".join(value)

    value_events = render_events

    def value_state(self, record: Endpoint) -> str:
        """The word in files."""
        return str(_("Switched off") if record.disabled_at else _("On"))
