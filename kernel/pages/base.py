"""Pages for people who are logged in: whom each is open to, and what it is about.

A page names the roles it is open to; to everyone else it does not exist (404). A page that names none
fails the access tests.
"""

from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from django.views.generic.base import TemplateView
from django_htmx.http import HttpResponseClientRedirect

from kernel.access import Actor, Roles, confirm_editable
from kernel.accounts.models import User


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the login and back; whoever was in before learns that the session has ended.

    A part of a page that htmx asked for does not receive the login page: the whole page goes there.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty():
        messages.info(request, _("Your session has ended. Sign in again to go on where you were."))
    if not request.htmx:  # type: ignore[attr-defined]  # set by HtmxMiddleware
        return redirect_to_login(request.get_full_path())
    back = request.htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)  # type: ignore[attr-defined]  # as above
    return HttpResponseClientRedirect(redirect_to_login(back).url)


class Page(View):
    """A page for people who are logged in and whose role it is open to."""

    open_to: ClassVar[Roles]
    http_method_names = ["get", "head", "options", "post"]

    @property
    def user(self) -> User:
        """Who asks; `dispatch` let nobody in who is not logged in."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if request.user.role in self.open_to:
            return self.prepare() or super().dispatch(request, *args, **kwargs)
        raise Http404

    def prepare(self) -> HttpResponseBase | None:
        """Fetch what the page is about, and refuse what may not be; an answer given here stands for the page's own."""
        return None


class ScopedRows(Page):
    """A page about rows of one model, fetched by the access rule."""

    # Views are generic by their model only in Django's stubs, so their rows are typed where they are used.
    model: Any

    def rows(self) -> Any:
        """What the user may see; pages refine it with domain words."""
        return self.model._default_manager.visible_to(self.user)

    def get_queryset(self) -> Any:
        return self.rows()


def changeable(rows: Any, user: Actor, **key: Any) -> Any:
    """One row by its key: not found where `user` does not see it, refused where `user` may only see it."""
    row = get_object_or_404(rows.visible_to(user), **key)
    confirm_editable(row, user)
    return row


class PlainPage(Page, TemplateView):
    """A page that is no list and no single row."""
