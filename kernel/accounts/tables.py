"""Lists of people."""

import django_tables2 as tables
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.tables import NameColumn

# So many organizations fit into a line of the list; a manager may have dozens.
FEW = 3


def organizations_of(user: User) -> list[str]:
    """Names of the organizations a user belongs to today, as the list has prefetched them."""
    return [membership.organization.name for membership in user.current_memberships]  # type: ignore[attr-defined]  # to_attr


class UserTable(tables.Table):
    """People and integrations with their role."""

    name = NameColumn(verbose_name=_("Name"), linkify=True)
    email = tables.Column(verbose_name=_("E-mail"))
    role = tables.Column(verbose_name=_("Role"))
    organizations = tables.Column(verbose_name=_("Belongs to"), orderable=False, empty_values=())
    last_login = tables.DateTimeColumn(verbose_name=_("Last signed in"), default=_("never"), short=False)
    is_active = tables.Column(verbose_name=_("Active"))

    class Meta:
        model = User
        fields: tuple[str, ...] = ()
        order_by = "name"
        caption = _("People")
        empty_text = _("Nobody matches these filters.")

    def render_organizations(self, record: User) -> str:
        names = organizations_of(record)
        shown, more = ", ".join(names[:FEW]), len(names) - FEW
        return shown if more <= 0 else _t("%(names)s and %(more)d more") % {"names": shown, "more": more}

    def value_organizations(self, record: User) -> str:
        return ", ".join(organizations_of(record))

    def render_is_active(self, value: bool) -> str:
        return str(_("yes") if value else _("no"))
