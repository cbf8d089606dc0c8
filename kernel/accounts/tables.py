"""Lists of people."""

from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.tables import Column, FlagColumn, NameColumn, Table, TimeColumn, WordsColumn

# So many organizations fit into a line of the list; a manager may have dozens.
FEW = 3


class UserTable(Table):
    """People and integrations with their role."""

    name = NameColumn(verbose_name=_("Name"), linkify=True)
    email = Column(verbose_name=_("E-mail"))
    role = Column(verbose_name=_("Role"))
    organizations = WordsColumn(
        accessor="current_memberships", each="organization__name", few=FEW, verbose_name=_("Belongs to")
    )
    last_login = TimeColumn(verbose_name=_("Last signed in"), default=_("never"), format="DATETIME_FORMAT")
    is_active = FlagColumn(verbose_name=_("Active"))

    class Meta:
        model = User
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("People")
        empty_text = _("Nobody matches these filters.")
