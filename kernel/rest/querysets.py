"""The access rule of what the API keeps."""

from kernel.access import OwnQuerySet, Unwritten


class KeptAnswerQuerySet(Unwritten, OwnQuerySet):
    """Kept answers go back to whoever sent the request, and to nobody else."""
