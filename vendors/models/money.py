"""Currencies of amounts."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

currency_validator = RegexValidator(r"^[A-Z]{3}$", _("Use a three-letter currency code such as USD."))


def default_currency() -> str:
    """The state's own currency."""
    return settings.CURRENCY
