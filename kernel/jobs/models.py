"""Long work, cut into ranges. These rows are the truth about what is to do; Redis only wakes workers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.jobs.querysets import JobQuerySet, JobRangeQuerySet


class State(models.TextChoices):
    """Where work stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


# What tasks count, in words; any other figure shows under its own name.
FIGURES = {
    "rows": _("Rows"),
    "suggested": _("Likely duplicates found"),
    "no_longer_likely": _("No longer likely"),
    "merged": _("Merged"),
    "created": _("Created"),
    "overwritten": _("Overwritten"),
    "replaced": _("Replaced"),
    "removed": _("Removed"),
    "restored": _("Back as before"),
    "unchanged": _("Nothing to change"),
    "refused": _("Refused"),
}


class Job(models.Model):
    """One piece of long work that somebody, or the clock, asked for."""

    State = State
    UNFINISHED: ClassVar[tuple[str, ...]] = (State.QUEUED, State.RUNNING)

    kind = models.CharField(_("kind"), max_length=200, help_text=_("The Celery task that does its ranges."))
    title = models.CharField(_("what"), max_length=300)
    params = models.JSONField(_("asked for"), default=dict)
    request_key = models.CharField(
        max_length=64, null=True, help_text="The same for the same request; null: joins no other and is joined by none."
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("asked for by"),
        help_text=_("None: the portal itself."),
    )
    joined_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("also asked for by"), blank=True
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    total = models.PositiveIntegerField(_("to do"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    error = models.TextField(_("error"), blank=True)
    result = models.JSONField(_("result"), default=dict, help_text="Figures by name, summed over the ranges.")
    result_url = models.CharField(max_length=500, blank=True, help_text="The page that shows what came of it.")
    created_at = models.DateTimeField(_("asked for"), db_default=Now())
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="job_newest"),
            models.Index(fields=["requested_by", "-created_at"], name="job_of_user"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request_key"], condition=Q(state__in=["queued", "running"]), name="job_same_request_once"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="job_done_at_most_total"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed"], finished_at__isnull=False),
                name="job_finished_when_over",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:job_detail", args=[self.pk])

    def is_unfinished(self) -> bool:
        """Whether it waits or runs."""
        return self.state in self.UNFINISHED

    def figures(self) -> list[tuple[str, int]]:
        """What came of it, with the words for it."""
        order = {name: position for position, name in enumerate(FIGURES)}
        names = sorted(self.result, key=lambda name: (order.get(name, len(order)), name))
        return [(str(FIGURES.get(name, name)), self.result[name]) for name in names]

    def percent(self) -> int:
        """How much of it is done, rounded down, so that 100 means all."""
        return 100 * self.done // self.total if self.total else 100 * (not self.is_unfinished())

    def progress_text(self) -> str:
        """How far it is: 12 of 30."""
        return _now("%(done)d of %(total)d") % {"done": self.done, "total": self.total}

    def progress_mark(self) -> str:
        """What changes with each step, for a page that shows progress."""
        return f"{self.state}-{self.done}"


class JobRange(models.Model):
    """One part of a job, done by one worker in one transaction, under a lease that it must keep up."""

    State = State

    job = models.ForeignKey(Job, models.CASCADE, related_name="ranges", verbose_name=_("job"))
    position = models.PositiveIntegerField(_("position"))
    payload = models.JSONField(_("what is in it"))
    size = models.PositiveIntegerField(_("size"), default=1)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    token = models.UUIDField(null=True, help_text="Who holds the lease: a new one with every claim.")
    lease_until = models.DateTimeField(_("lease until"), null=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    woken_at = models.DateTimeField(null=True, help_text="When workers were last told, or are to be told again.")
    error = models.TextField(_("error"), blank=True)
    result = models.JSONField(_("result"), default=dict)

    objects = JobRangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("range of a job")
        verbose_name_plural = _("ranges of jobs")
        ordering = ["job", "position"]
        indexes = [
            models.Index(fields=["state"], name="jobrange_to_do", condition=Q(state__in=["queued", "running"])),
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="jobrange_position"),
            models.CheckConstraint(
                condition=Q(state="running", token__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(token__isnull=True, lease_until__isnull=True)),
                name="jobrange_leased_while_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.position}"
