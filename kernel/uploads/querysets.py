"""Who sees files that were sent."""

from django.db.models import Q

from kernel.access import NOBODY, Actor, OverseenQuerySet, PartQuerySet, Unwritten


class UploadQuerySet(OverseenQuerySet):
    """Files: whoever sent one sees it, as long as such files are theirs to send; the office and auditors see all."""

    person = "started_by"

    def own_rule(self, user: Actor) -> Q:
        return super().own_rule(user) if user.role in self.creator_roles else NOBODY


class UploadPartQuerySet(Unwritten, PartQuerySet):
    """Pieces of files are read through their upload's page alone: who sees it sees them."""

    whole = "owner"
