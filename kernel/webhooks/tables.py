"""Lists of webhooks."""

from django.utils.translation import gettext_lazy as _

from kernel.tables import Column, DrawnColumn, NameColumn, Table, TimeColumn, WordsColumn
from kernel.webhooks.models import Endpoint


class EndpointTable(Table):
    """Webhooks by name."""

    name = NameColumn(linkify=True)
    url = Column()
    events = WordsColumn(accessor="event_names", separator="; ", verbose_name=_("Told of"))
    acts_for = Column(accessor="acts_for__name", verbose_name=_("Acts for"))
    state = DrawnColumn(
        template_name="webhooks/_endpoint_state.html",
        accessor="state_in_words",
        order_by=("disabled_at", "failures"),
        verbose_name=_("State"),
    )
    delivered_at = TimeColumn(default="–", verbose_name=_("Last delivered"))

    class Meta:
        model = Endpoint
        fields: tuple[str, ...] = ()
        caption = _("Webhooks")
        empty_text = _("No webhook matches these filters.")
