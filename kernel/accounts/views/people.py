"""Pages on which the CIO's office keeps who may sign in."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kernel.access import EVERYONE, OFFICE, STAFF
from kernel.accounts import operations, second_factor
from kernel.accounts.filters import UserFilterSet
from kernel.accounts.forms import DeactivationForm, InvitationForm, PersonForm
from kernel.accounts.invitations import awaits_invitation, send_invitation
from kernel.accounts.models import ApiToken, User
from kernel.accounts.tables import UserTable
from kernel.directory.models import Membership
from kernel.pages import Action, ConfirmPage, CreatePage, DetailPage, EditPage, ListPage


class UserList(ListPage):
    """Who may sign in, and as what."""

    open_to = STAFF
    model = User
    table_class = UserTable
    filterset_class = UserFilterSet
    title = _("People")
    noun = ngettext_lazy("person or integration", "people and integrations")
    actions = (Action(_("Invite somebody"), "accounts:user_create"),)
    export_name = "people"

    def get_queryset(self) -> Any:
        current = Membership.objects.in_force().select_related("organization").order_by("organization__name")
        return self.rows().prefetch_related(Prefetch("memberships", current, to_attr="current_memberships"))


class PersonMixin:
    """A page about one user; `user` in templates stays whoever looks at it."""

    model = User
    context_object_name = "person"


class UserDetail(PersonMixin, DetailPage):
    """One person or integration: role, memberships, second factor, tokens."""

    open_to = STAFF
    template_name = "accounts/user_detail.html"

    def get_queryset(self) -> Any:
        return self.rows().select_related("owner")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object
        memberships = person.memberships.visible_to(self.user).select_related("organization")
        tokens = ApiToken.objects.visible_to(self.user).filter(user=person)
        return super().get_context_data(
            memberships=memberships.with_in_force().order_by("-holds", "-starts_on"),
            is_person=person.role in EVERYONE,
            tokens=None if person.role in EVERYONE else tokens,
            can_issue_token=operations.may_issue_token(user=person, by=self.user),
            has_second_factor=second_factor.is_set_up(person),
            can_invite_again=self.user.role in OFFICE and awaits_invitation(person),
            is_self=person == self.user,
            **kwargs,
        )


class UserCreate(PersonMixin, CreatePage):
    """Invite somebody, or make an account for another system."""

    open_to = STAFF
    form_class = InvitationForm
    title = _("Invite somebody")
    intro = _("They receive an e-mail with a link to set their password. Integrations receive none: they use tokens.")
    list_url_name = "accounts:user_list"
    extra_context = {"submit_label": _("Invite")}

    def save(self, form: InvitationForm) -> User:
        data = form.cleaned_data
        person = operations.invite_user(
            email=data["email"], name=data["name"], role=data["role"], owner=data["owner"], by=self.user
        )
        if data["organization"] is not None:
            operations.assign_membership(
                user=person,
                organization=data["organization"],
                capacity=data["capacity"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                by=self.user,
            )
        return person

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302 and awaits_invitation(self.object):
            invite(self.request, self.object, self.user)
        return response


def invite(request: HttpRequest, person: User, by: User) -> None:
    """Send the invitation and say how it went; a mail server that refuses loses nothing."""
    absolute: Callable[[str], str] = request.build_absolute_uri
    try:
        send_invitation(user=person, by=by, absolute=absolute)
    except OSError:
        messages.warning(request, _("The mail server did not take the invitation. Send it again in a while."))
    else:
        messages.success(request, _t("An invitation is on its way to %(email)s.") % {"email": person.email})


class UserUpdate(PersonMixin, EditPage):
    """Change somebody's name, e-mail or role."""

    open_to = STAFF
    form_class = PersonForm
    title = _("Change person")

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.user.role in OFFICE:
            operations.lock_office(self.user)
        return super().post(request, *args, **kwargs)

    def save(self, form: PersonForm) -> User:
        data = form.cleaned_data
        return operations.update_user(
            user=self.object,
            name=data["name"],
            email=data["email"],
            role=data["role"],
            owner=data["owner"],
            by=self.user,
        )


class UserInviteAgain(PersonMixin, ConfirmPage):
    """Send the invitation again, with a new link."""

    open_to = STAFF
    title = _("Send the invitation again?")
    confirm_label = _("Send")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if awaits_invitation(self.object):
            invite(request, self.object, self.user)
        return HttpResponseRedirect(self.get_success_url())


class UserDeactivate(PersonMixin, ConfirmPage):
    """Close an account, after saying who loses what."""

    open_to = STAFF
    template_name = "accounts/user_deactivate.html"
    form_class = DeactivationForm
    title = _("Deactivate this account?")
    confirm_label = _("Deactivate")
    success_message = _("The account is deactivated.")
    danger = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.object
        return super().get_context_data(
            memberships=person.memberships.in_force().select_related("organization"),
            token_count=ApiToken.objects.usable().filter(user=person).count(),
            integrations=person.integrations.filter(is_active=True),
            **kwargs,
        )

    def act(self, data: dict[str, Any]) -> None:
        operations.deactivate_user(user=self.object, by=self.user, end_memberships=data["end_memberships"])


class UserReactivate(PersonMixin, ConfirmPage):
    """Open a closed account again."""

    open_to = STAFF
    template_name = "accounts/user_reactivate.html"
    title = _("Reactivate this account?")
    confirm_label = _("Reactivate")
    success_message = _("The account is active again.")

    def act(self, data: dict[str, Any]) -> None:
        operations.reactivate_user(user=self.object, by=self.user)


class UserResetSecondFactor(PersonMixin, ConfirmPage):
    """Take a lost second factor off an account."""

    open_to = STAFF
    template_name = "accounts/user_reset_second_factor.html"
    title = _("Reset the second factor?")
    confirm_label = _("Reset")
    success_message = _("The second factor is removed.")
    danger = True

    def act(self, data: dict[str, Any]) -> None:
        operations.reset_second_factor(user=self.object, by=self.user)
