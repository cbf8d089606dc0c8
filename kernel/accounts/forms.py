"""Forms about people, their memberships and their tokens."""

import datetime
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.access import EVERYONE, Role
from kernel.accounts.models import ApiToken, User
from kernel.accounts.operations import CAPACITIES, TOKEN_LIVES_AT_MOST
from kernel.accounts.scopes import ACTIONS, resources, scope
from kernel.directory.models import Membership
from kernel.forms import ScopedModelForm

PEOPLE = User.objects.filter(role__in=EVERYONE, is_active=True)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PersonForm(ScopedModelForm):
    """Who somebody is, and what to the CIO's office."""

    class Meta:
        model = User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        owner.queryset = PEOPLE.all()  # type: ignore[attr-defined]  # the stubs know a Field only
        owner.help_text = _("For integrations only: the person it acts for. It never sees more than that person.")
        if self.instance.pk is not None:
            self.fields["role"].help_text = _("Another role ends all API tokens, and memberships that do not fit it.")
        if self.instance.pk is not None and self.instance == self.user:
            self.fields["role"].disabled = True

    def clean_email(self) -> str:
        """Keep addresses in lower case, so that no one is two users."""
        return str(self.cleaned_data["email"]).lower()


class InvitationForm(PersonForm):
    """A new person, with the first membership."""

    field_order = ("name", "email", "role", "organization", "capacity", "starts_on", "ends_on", "owner")

    class Meta(PersonForm.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        template = MembershipForm(user=self.user, person=None)
        for name in ("organization", "capacity", "starts_on", "ends_on"):
            self.fields[name] = template.fields[name]
            self.fields[name].required = False
        self.fields["organization"].help_text = _("Whose rows this person sees. More can be added afterwards.")
        self.fields["capacity"].help_text = _("Empty: what goes with the role.")
        self.fields["starts_on"].help_text = _("Empty: today.")
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Fill in what goes without saying."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        role = data.get("role")
        if role is None or data.get("organization") is None:
            return data
        usual = Membership.Capacity.MSI if role == Role.MSI_MEMBER else Membership.Capacity.MEMBER
        if role == Role.BRM_MANAGER:
            usual = Membership.Capacity.MANAGER_PRIMARY
        data["capacity"] = data.get("capacity") or usual
        data["starts_on"] = data.get("starts_on") or timezone.localdate()
        return data


class MembershipForm(ScopedModelForm):
    """Where a person belongs, in which capacity, from when to when."""

    class Meta:
        model = Membership

    def __init__(self, *args: Any, person: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person is None:
            choices = [("", "---------"), *Membership.Capacity.choices]
        else:
            self.instance.user = person
            fitting = CAPACITIES[person.role]
            choices = [choice for choice in Membership.Capacity.choices if choice[0] in fitting]
        self.fields["capacity"].choices = choices  # type: ignore[attr-defined]  # the stubs know a Field only
        if person is None:
            self.fields["capacity"].initial = ""
        self.initial["starts_on"] = timezone.localdate()


class EndMembershipForm(ScopedModelForm):
    """The last day of a membership, and why."""

    class Meta:
        model = Membership
        fields = ("ends_on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].required = self.fields["reason"].required = True
        self.fields["ends_on"].label = _("Last day")
        self.fields["ends_on"].help_text = _("The membership holds through this day.")
        if self.instance.ends_on is None:
            self.initial["ends_on"] = timezone.localdate()


class DeactivationForm(forms.Form):
    """What else ends with an account."""

    end_memberships = forms.BooleanField(
        label=_("End the memberships today too, so that others can take over"), required=False, initial=True
    )


class NameForm(forms.ModelForm):
    """What people change of themselves."""

    class Meta:
        model = User
        fields = ("name",)


class ScopesInput(forms.CheckboxSelectMultiple):
    """A table of resources, with a box for reading and one for writing each."""

    template_name = "accounts/scopes_input.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        boxes = [option for _group, options, _index in context["widget"]["optgroups"] for option in options]
        width = len(ACTIONS)
        context["actions"] = ACTIONS.values()
        context["resources"] = [
            {"label": label, "boxes": boxes[start : start + width]}
            for label, start in zip(resources().values(), range(0, len(boxes), width), strict=True)
        ]
        return context


def scope_choices() -> list[tuple[str, str]]:
    """Every scope, in words."""
    return [
        (scope(resource, action), f"{label}: {verb}")
        for resource, label in resources().items()
        for action, verb in ACTIONS.items()
    ]


class TokenForm(forms.ModelForm):
    """A new API token: what uses it, until when, and what it may touch."""

    expires_on = forms.DateField(
        label=_("Last day"), widget=DAY, help_text=_("Within a year. Shorter is safer: a token opens the door alone.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=ScopesInput,
        choices=scope_choices,
        help_text=_("It never sees or changes more than you may yourself."),
    )

    class Meta:
        model = ApiToken
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["expires_on"].initial = today + timedelta(days=90)

    def clean_expires_on(self) -> datetime.date:
        """Refuse days that are over, and more than a year."""
        day: datetime.date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day < today + TOKEN_LIVES_AT_MOST:
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day

    def expires_at(self) -> datetime.datetime:
        """The end of the last day, in the state's time zone."""
        day = self.cleaned_data["expires_on"] + timedelta(days=1)
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
