"""One's own calendar address: made, shown once, revoked; and what it answers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from brm_portal.dashboards.calendar_feed import calendar_of
from kernel.access import PARTIES
from kernel.accounts import operations, second_factor
from kernel.accounts.authentication import note_use
from kernel.accounts.models import CalendarAddress
from kernel.accounts.tokens import digest_of
from kernel.pages import ConfirmPage, PlainPage


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whose address it is; one answer for all that are unknown or have ended."""
    found = CalendarAddress.objects.usable().select_related("user__owner").filter(digest=digest_of(secret))
    address: CalendarAddress | None = found.first()
    if address is None or second_factor.is_missing(address.user):
        raise Http404
    note_use(address)
    response = HttpResponse(calendar_of(address.user), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="contracts.ics"'
    response["Cache-Control"] = "private, no-cache"
    return response


class CalendarAddressDetail(PlainPage):
    """Whether one has a calendar address; a new one is shown this once, right here."""

    open_to = PARTIES
    template_name = "dashboards/calendar_address.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = CalendarAddress.objects.visible_to(self.user).usable().first()
        return super().get_context_data(address=address, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        _address, secret = operations.issue_calendar_address(by=self.user)
        url = request.build_absolute_uri(reverse("dashboards:calendar_feed", args=[secret]))
        response = self.render_to_response(self.get_context_data(url=url))
        response["Cache-Control"] = "no-store"
        return response


class CalendarAddressRevoke(ConfirmPage):
    """End one's calendar address."""

    open_to = PARTIES
    model = CalendarAddress
    title = _("Revoke your calendar address?")
    confirm_label = _("Revoke")
    success_message = _("The address no longer answers.")
    danger = True
    extra_context = {"intro": _("Calendars that read it find nothing there any more. A new address can be made.")}

    def get_success_url(self) -> str:
        return reverse("dashboards:calendar_address")

    def act(self, data: dict[str, Any]) -> None:
        operations.revoke_calendar_address(address=self.object, by=self.user)
