"""Forms of services, subscriptions and integrations."""

from typing import Any

from kernel.forms import ScopedModelForm, form_field
from vendors.models import Integration, Service, Subscription


class ServiceForm(ScopedModelForm):
    """A service in the catalogue."""

    class Meta:
        model = Service
        fields = (
            "code",
            "name",
            "description",
            "provider",
            "contract",
            "lifecycle",
            "yearly_spending",
            "currency",
        )
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["provider"].queryset.select_related("organization")  # type: ignore[attr-defined]
        self.fields["provider"].queryset = choices  # type: ignore[attr-defined]
        if self.instance.pk is not None:
            self.fields["code"].disabled = True


class SubscriptionForm(ScopedModelForm):
    """An agency's use of the page's service."""

    class Meta:
        model = Subscription
        fields = ("agency", "starts_on", "ends_on")
        formfield_callback = form_field


class IntegrationForm(ScopedModelForm):
    """Which integrator orchestrates the page's vendor, or one service of it."""

    class Meta:
        model = Integration
        fields = ("integrator", "service", "starts_on", "ends_on")
        formfield_callback = form_field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["service"].queryset.filter(provider=self.instance.supplier)  # type: ignore[attr-defined]
        self.fields["service"].queryset = own  # type: ignore[attr-defined]
