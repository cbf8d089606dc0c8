"""What people were reminded of, so that nobody is told twice."""

import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from vendors.models.supply import Contract
from vendors.querysets import ReminderQuerySet


class Reminder(models.Model):
    """That people were told, so many days ahead, of one day of one contract."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="reminders", verbose_name=_("contract"))
    kind = models.CharField(_("kind"), max_length=10)
    day = models.DateField(_("day"))
    days_ahead = models.PositiveSmallIntegerField(_("days ahead"))
    told_at = models.DateTimeField(_("told"), db_default=Now())

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-told_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "kind", "day", "days_ahead"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.kind} {self.day}"

    @property
    def key(self) -> tuple[int, str, datetime.date, int]:
        """What it reminded of."""
        return (self.contract_id, str(self.kind), self.day, self.days_ahead)
