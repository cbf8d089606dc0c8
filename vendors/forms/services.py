"""Forms of services, subscriptions and integrations."""

from typing import Any

from kernel.forms import ScopedModelForm
from vendors.models import Integration


class IntegrationForm(ScopedModelForm):
    """Which integrator orchestrates the page's vendor, or one service of it."""

    class Meta:
        model = Integration

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["service"].queryset.filter(provider=self.instance.supplier)  # type: ignore[attr-defined]
        self.fields["service"].queryset = own  # type: ignore[attr-defined]
