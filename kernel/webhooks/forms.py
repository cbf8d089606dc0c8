"""Forms of webhooks."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.accounts.models import User
from kernel.forms import ScopedModelForm
from kernel.webhooks.events import subscribable
from kernel.webhooks.models import Endpoint


class EndpointForm(ScopedModelForm):
    """An endpoint: where, what, and by whose rights."""

    event_types = forms.MultipleChoiceField(
        label=_("Events"),
        choices=subscribable,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What the other system is told of."),
    )

    class Meta:
        model = Endpoint

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # An integration acts for its owner; an account that is closed sees nothing.
        people = Q(is_active=True) | Q(pk=self.instance.acts_for_id)
        choices: Any = self.fields["acts_for"]
        choices.queryset = User.objects.visible_to(self.user).filter(people)
        if self.instance.pk is None:
            self.initial.setdefault("acts_for", self.user.pk)
