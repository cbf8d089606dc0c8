"""Who may enter by password."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from brm_portal.access import Role


class PeopleBackend(AuthenticationBackend):
    """People enter by e-mail and password; an integration has tokens only, and no session of it is believed."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return super().user_can_authenticate(user) and getattr(user, "role", None) != Role.INTEGRATION
