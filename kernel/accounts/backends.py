"""Who may enter by password."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from kernel.access import EVERYONE
from kernel.accounts.models import User
from kernel.notices.models import Notice


class PeopleBackend(AuthenticationBackend):
    """People enter by e-mail and password; an integration has tokens only, and no session of it is believed."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return super().user_can_authenticate(user) and getattr(user, "role", None) in EVERYONE

    def get_user(self, user_id: int) -> User | None:
        """Who a session is of, in one query with the number of unread notices that every page shows."""
        user: User | None = User.objects.with_unread(Notice.objects.unread()).filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None
