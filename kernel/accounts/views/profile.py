"""Everybody's own pages: profile and API tokens."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from kernel.access import EVERYONE, STAFF
from kernel.accounts import operations, second_factor
from kernel.accounts.forms import NameForm, TokenForm
from kernel.accounts.models import ApiToken, User
from kernel.pages import ConfirmPage, Page, PlainPage


class Profile(PlainPage):
    """What one is in the portal: name, role, memberships, second factor, tokens."""

    open_to = EVERYONE
    template_name = "accounts/profile.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        memberships = self.user.memberships.with_in_force().select_related("organization")
        return super().get_context_data(
            memberships=memberships.order_by("-holds", "-starts_on"),
            tokens=ApiToken.objects.visible_to(self.user).filter(user=self.user),
            has_second_factor=second_factor.is_set_up(self.user),
            **kwargs,
        )


class ProfileUpdate(Page, FormView):
    """Change one's own name."""

    open_to = EVERYONE
    template_name = "forms/edit.html"
    form_class = NameForm
    success_url = reverse_lazy("accounts:profile")
    extra_context = {"title": _("Change your name"), "cancel_url": reverse_lazy("accounts:profile")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": User.objects.get(pk=self.user.pk)}

    def form_valid(self, form: NameForm) -> HttpResponse:
        operations.rename_oneself(name=form.cleaned_data["name"], by=self.user)
        messages.success(self.request, _("Saved."))
        return super().form_valid(form)


class TokenCreate(Page, FormView):
    """A new token of one's own; shown once, right here."""

    open_to = EVERYONE
    template_name = "forms/edit.html"
    form_class = TokenForm

    def holder(self) -> User:
        """Whose token it will be."""
        return self.user

    def back(self) -> str:
        """Where one came from."""
        return reverse("accounts:profile")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = {"title": _("New API token"), "submit_label": _("Make the token"), "cancel_url": self.back()}
        return super().get_context_data(**texts, **kwargs)

    def form_valid(self, form: TokenForm) -> HttpResponse:
        data = form.cleaned_data
        token, secret = operations.issue_token(
            user=self.holder(), name=data["name"], scopes=data["scopes"], expires_at=form.expires_at(), by=self.user
        )
        context = {"token": token, "secret": secret, "back": self.back()}
        # Not redirected to: the token is in no session and no cache, only on this one page.
        response = self.response_class(
            request=self.request, template="accounts/token_created.html", context=context, using=self.template_engine
        )
        response["Cache-Control"] = "no-store"
        return response


class IntegrationTokenCreate(TokenCreate):
    """A new token of an integration, made by the CIO's office."""

    open_to = STAFF
    person: User

    def prepare(self) -> HttpResponseBase | None:
        self.person = get_object_or_404(User.objects.visible_to(self.user), pk=self.kwargs["pk"])
        if not operations.may_issue_token(user=self.person, by=self.user):
            raise PermissionDenied
        return super().prepare()

    def holder(self) -> User:
        return self.person

    def back(self) -> str:
        return self.person.get_absolute_url()


class TokenRevoke(ConfirmPage):
    """End a token at once."""

    open_to = EVERYONE
    model = ApiToken
    template_name = "accounts/token_revoke.html"
    title = _("Revoke this token?")
    confirm_label = _("Revoke")
    success_message = _("The token no longer works.")
    danger = True

    def get_success_url(self) -> str:
        own = self.object.user_id == self.user.pk
        return reverse("accounts:profile") if own else self.object.user.get_absolute_url()

    def act(self, data: dict[str, Any]) -> None:
        operations.revoke_token(token=self.object, by=self.user)
