"""What files that people send have in common, whatever is in them."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.jobs.models import Job, State
from kernel.uploads.querysets import UploadPartQuerySet


class Upload(models.Model):
    """One file that somebody sent: tried out first, then taken as its sender chose. Its parts are in `parts`."""

    class Mode(models.TextChoices):
        """What becomes of good rows."""

        DRY_RUN = "dry_run", _("Try out, write nothing")
        ALL = "all", _("All rows or none")
        PARTIAL = "partial", _("The good rows only")

    # The names of its pages in the URLconf: this, and _detail, _run, _refused and, where it can be undone, _undo.
    PAGES: ClassVar[str]
    # How files of this kind can be taken.
    WAYS: ClassVar[tuple[Mode, ...]] = (Mode.ALL, Mode.PARTIAL)
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
    merged_at = models.DateTimeField(_("imported"), null=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        abstract = True
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Its page."""
        return self._page("detail")

    def run_url(self) -> str:
        """Where it is taken."""
        return self._page("run")

    def refused_url(self) -> str:
        """Where all that was refused is downloaded."""
        return self._page("refused")

    def undo_url(self) -> str:
        """Where it is undone, if its kind can be."""
        return self._page("undo")

    def _page(self, name: str) -> str:
        return reverse(f"{self.PAGES}_{name}", args=[self.pk])

    def is_ready(self) -> bool:
        """Whether it was tried out and waits for its sender's choice."""
        return self.mode == self.Mode.DRY_RUN and bool(self.report)

    def is_at_work(self) -> bool:
        """Whether a job reads it, or undoes it, right now."""
        return self.job is not None and self.job.is_unfinished()

    def is_undoable(self) -> bool:
        """Whether there is something to undo; what stands in the way is another matter."""
        return False

    def state(self) -> str | Promise:
        """What became of it so far, in words."""
        if self.undone_at is not None:
            return _("Imported, then undone")
        if self.merged_at is not None:
            return _("Imported")
        if self.job is not None and self.job.state == State.FAILED:
            return _("Failed")
        if self.is_ready():
            return _("Tried out, waits for your choice")
        return _("Being read") if self.is_at_work() else _("Not imported")

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

    objects = UploadPartQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = _("part of an import")
        verbose_name_plural = _("parts of imports")
        ordering = ["owner", "kind", "position"]
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "position"], name="%(class)s_position")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.kind} {self.position}"
