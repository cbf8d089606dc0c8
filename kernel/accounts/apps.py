from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who logs in: users and tokens."""

    name = "kernel.accounts"
    verbose_name = _("Accounts")
