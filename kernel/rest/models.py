"""Answers that are kept, so that a request that comes again is not carried out again."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.rest.querysets import KeptAnswerQuerySet


class KeptAnswer(models.Model):
    """What one POST with an Idempotency-Key was answered."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+", verbose_name=_("user")
    )
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the request's address and body.")
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.TextField(_("body"), blank=True)
    created_at = models.DateTimeField(_("sent"), db_default=Now())

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="keptanswer_key_of_user")]
        indexes = [models.Index(fields=["created_at"], name="keptanswer_created_at")]

    def __str__(self) -> str:
        return self.key
