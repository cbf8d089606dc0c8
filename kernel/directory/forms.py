"""Forms of the directory: an organization together with its profile in a room, and its contacts."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.directory.models import Organization
from kernel.directory.operations import save_organization
from kernel.forms import ScopedModelForm


class ProfileForm(ScopedModelForm):
    """A form for a profile (agency, vendor) and the organization it belongs to, saved together.

    A code that exists already without this profile is the same organization in a second part, as a
    bureau that runs its own services is: the profile is added to it.
    """

    code = forms.CharField(
        label=_("Code"), max_length=100, help_text=_("Short and unique; other systems refer to it. It does not change.")
    )
    name = forms.CharField(label=_("Name"), max_length=250)
    parent = forms.ModelChoiceField(
        Organization.objects.all(), label=_("Part of"), required=False, empty_label=_("Nothing: it stands on its own")
    )

    field_order = ("code", "name", "parent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        organization = self.instance.organization
        self.initial = {
            **self.initial,
            "code": organization.code,
            "name": organization.name,
            "parent": organization.parent_id,
        }
        self.fields["organization_version"] = forms.IntegerField(widget=forms.HiddenInput, initial=organization.version)
        self.fields["parent"].queryset = self.fields["parent"].queryset.exclude(  # type: ignore[attr-defined]
            path__contains=[organization.pk]
        )

    def lost_update(self) -> bool:
        """Whether profile or organization changed since this form was opened."""
        organization = self.instance.organization
        return super().lost_update() or self.cleaned_data["organization_version"] != organization.version

    def save(self, commit: bool = True) -> models.Model:
        """Write the organization first, then its profile."""
        facts = {name: self.cleaned_data[name] for name in ("code", "name", "parent")}
        save_organization(profile=self.instance, by=self.user, **facts)
        return super().save(commit)
