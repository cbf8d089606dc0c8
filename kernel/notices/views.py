"""One's own notices."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kernel.access import EVERYONE
from kernel.notices.models import Notice
from kernel.notices.operations import mark_read
from kernel.pages import Page, PlainPage

SHOWN = 100


class NoticeList(PlainPage):
    """What one was told, the newest first."""

    open_to = EVERYONE
    template_name = "notices/notice_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notices = list(Notice.objects.visible_to(self.user)[:SHOWN])
        return super().get_context_data(
            notices=notices, has_unread=any(row.read_at is None for row in notices), **kwargs
        )


class NoticesRead(Page):
    """Mark all as read."""

    open_to = EVERYONE
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        mark_read(by=self.user)
        return HttpResponseRedirect(reverse("notices:notice_list"))
