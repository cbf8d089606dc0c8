"""What people are told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.notices.querysets import NoticeQuerySet


class Notice(models.Model):
    """One thing that one person is told, and whether it was read."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("person")
    )
    text = models.CharField(_("text"), max_length=500)
    url = models.CharField(_("page"), max_length=500, blank=True, help_text=_("Where to look, or what to do."))
    created_at = models.DateTimeField(_("told"), db_default=Now())
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["created_at"], condition=Q(mailed_at__isnull=True), name="notice_unmailed"),
        ]

    def __str__(self) -> str:
        return self.text
