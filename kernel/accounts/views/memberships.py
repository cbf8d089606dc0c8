"""Pages on which the CIO's office says who belongs where."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from kernel.accounts import operations
from kernel.accounts.forms import EndMembershipForm, MembershipForm
from kernel.accounts.models import User
from kernel.directory.models import Membership
from kernel.pages import STAFF, CreatePage, EditPage


class MembershipPage:
    """What adding and ending a membership share: they lead back to the person."""

    open_to = STAFF
    model = Membership
    part_of = "user"
    object: Any

    def get_success_url(self) -> str:
        return str(self.object.user.get_absolute_url())


class MembershipCreate(MembershipPage, CreatePage):
    """Let somebody belong to an organization."""

    form_class = MembershipForm
    title = _("New membership")

    @property
    def person(self) -> User:
        """Whose membership it will be."""
        rows = User.objects.visible_to(self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.person}

    def cancel_url(self) -> str:
        return self.person.get_absolute_url()

    def save(self, form: MembershipForm) -> Membership:
        data = form.cleaned_data
        return operations.assign_membership(user=form.instance.user, by=self.user, **data)


class MembershipEnd(MembershipPage, EditPage):
    """Set the last day of a membership, and say why."""

    form_class = EndMembershipForm
    title = _("End membership")

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("user", "organization")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(intro=str(self.object), **kwargs)

    def save(self, form: EndMembershipForm) -> Membership:
        data = form.cleaned_data
        membership: Membership = self.object
        operations.end_membership(membership=membership, ends_on=data["ends_on"], reason=data["reason"], by=self.user)
        return membership
