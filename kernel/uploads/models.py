"""What files that people send have in common, whatever is in them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.jobs.models import Job


class Upload(models.Model):
    """One file that somebody sent: tried out first, then taken as its sender chose. Its parts are in `parts`."""

    class Mode(models.TextChoices):
        """What becomes of good rows."""

        DRY_RUN = "dry_run", _("Try out, write nothing")
        ALL = "all", _("All rows or none")
        PARTIAL = "partial", _("The good rows only")

    SHOWN: ClassVar[tuple[tuple[str, Any], ...]] = (
        ("rows", _("Rows")),
        ("created", _("New")),
        ("replaced", _("Replaced")),
        ("unchanged", _("Left unchanged")),
        ("refused", _("Refused")),
    )
    parts: Any  # the concrete pieces name their owner

    file_name = models.CharField(_("file"), max_length=255)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    started_at = models.DateTimeField(_("sent"), db_default=Now())
    mode = models.CharField(_("mode"), max_length=7, choices=Mode.choices, default=Mode.DRY_RUN)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("job"))
    report = models.JSONField(_("result"), default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    def is_ready(self) -> bool:
        """Whether it was tried out and waits for its sender's choice."""
        return self.mode == self.Mode.DRY_RUN and bool(self.report)

    def figures(self) -> list[tuple[Any, int]]:
        """What came of it, in words."""
        return [(label, self.report[name]) for name, label in self.SHOWN if name in self.report]

    def good_rows(self) -> int:
        """How many rows are not refused."""
        return int(self.report.get("rows", 0)) - int(self.report.get("refused", 0))


class UploadPart(models.Model):
    """A piece of the file that was sent, or of the list of refused rows: any host's worker reads and writes them."""

    class Kind(models.TextChoices):
        """What the pieces make up."""

        SENT = "sent", _("What was sent")
        REFUSED = "refused", _("Refused rows")

    owner: Any  # concrete pieces refer to their own kind of upload
    owner_id: int
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    position = models.PositiveIntegerField(_("position"))
    content = models.BinaryField(_("content"))

    class Meta:
        abstract = True
        ordering = ["owner", "kind", "position"]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.kind} {self.position}"
