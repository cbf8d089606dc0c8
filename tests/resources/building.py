"""The calendar feed, and what is about no row: signing in, first pages, search, the API's own pages."""

from kernel.accounts.models import CalendarAddress
from kernel.accounts.operations import issue_calendar_address
from tests.resources.entry import Resource, Side
from tests.resources.letters import ALL_BUT_INTEGRATORS, EVERYBODY, OWN_OR_OFFICE, STAFF, to


def make_calendar_address(side: Side) -> CalendarAddress:
    """The member's own; theirs is the office's."""
    return issue_calendar_address(by=side.cast.cio if side.is_theirs else side.member)[0]


RESOURCES = (
    Resource(
        CalendarAddress,
        make_calendar_address,
        pages={
            "dashboards:calendar_address": ALL_BUT_INTEGRATORS,
            "dashboards:calendar_address_revoke": OWN_OR_OFFICE,
            "dashboards:calendar_feed": to("xxxxxxxx", secret="nonsense"),
        },
    ),
)

ROUTES = {
    # --- open to the world ---
    "healthz": to("oooooooo"),
    "readyz": to("oooooooo"),
    "theme": to("oooooooo"),
    # --- signing in and out ---
    "account_login": to("o>>>>>>>"),
    "account_logout": EVERYBODY,
    "account_inactive": to("oooooooo"),
    "account_reset_password": to("oooooooo"),
    "account_reset_password_done": to("oooooooo"),
    "account_reset_password_from_key": to("oooooooo", uidb36="1", key="nonsense"),
    "account_reset_password_from_key_done": to("oooooooo"),
    "account_reauthenticate": EVERYBODY,
    "account_change_password": EVERYBODY,
    "mfa_index": EVERYBODY,
    "mfa_authenticate": to("L>>>>>>>"),
    "mfa_reauthenticate": to("L>>o>>>>"),
    "mfa_activate_totp": to("L>>>>>>>"),
    "mfa_deactivate_totp": to("Lxx>xxxx"),
    "mfa_view_recovery_codes": to("Lxxxxxxx"),
    "mfa_generate_recovery_codes": to("L>>>>>>>"),
    "mfa_download_recovery_codes": to("Lxxxxxxx"),
    # --- first pages and what spans all rooms ---
    "home": to("L>oooooo"),
    "dashboards:search": EVERYBODY.looking("?q=a", "?q=nothing+at+all"),
    "dashboards:overview": STAFF,
    # --- the API ---
    "api:schema": to("uooooooo"),
    "api:docs": EVERYBODY,
    "api:operation": to("Looooooo", code="vendors_list"),
    "api:search-list": to("ubbbbbbb"),
}
