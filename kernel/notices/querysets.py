"""Access rules of notices."""

from typing import Self

from kernel.access import NO_ROLE, OwnQuerySet


class NoticeQuerySet(OwnQuerySet):
    """A notice is for one person and nobody else, who marks it as read."""

    person = "person"
    creator_roles = NO_ROLE

    def unread(self) -> Self:
        """Notices nobody has read yet."""
        return self.filter(read_at__isnull=True)
