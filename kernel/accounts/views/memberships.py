"""Pages on which the CIO's office says who belongs where."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.access import STAFF
from kernel.accounts import operations
from kernel.accounts.forms import EndMembershipForm, MembershipForm
from kernel.accounts.models import User
from kernel.directory.models import Membership
from kernel.pages import PartCreate, PartEdit, PartPage


class MembershipPage(PartPage):
    """What adding and ending a membership share: they lead back to the person."""

    open_to = STAFF
    model = Membership


class MembershipCreate(MembershipPage, PartCreate):
    """Let somebody belong to an organization."""

    form_class = MembershipForm
    wholes = User.objects.all()
    adds_to_own = False
    title = _("New membership")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.whole}

    def save(self, form: MembershipForm) -> Membership:
        data = form.cleaned_data
        return operations.assign_membership(user=self.whole, by=self.user, **data)


class MembershipEnd(MembershipPage, PartEdit):
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
