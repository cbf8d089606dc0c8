"""Who is told what: addresses of other systems, the messages to them, and each attempt to deliver one."""

import uuid
from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel import secrecy
from kernel.editing import Versioned, raise_version
from kernel.tracking import tracked
from kernel.webhooks.addresses import AddressRefused, check_url
from kernel.webhooks.events import event_choices
from kernel.webhooks.querysets import AttemptQuerySet, DeliveryQuerySet, EndpointQuerySet

SECRET_PURPOSE = "webhook"
# What counts deliveries is no edit of the endpoint.
KEPT_BY_DELIVERIES = ("failures", "counted_at", "delivered_at")


@tracked(exclude=("secret", "earlier_secret", *KEPT_BY_DELIVERIES))
class Endpoint(Versioned):
    """One address of another system, and what it is told."""

    WRITTEN = ("name", "url", "event_types", "acts_for")
    FAILURES_ALLOWED = 10
    # Many messages that fail together are one outage: a failure counts once in this time.
    COUNTED_EVERY = timedelta(hours=1)
    EARLIER_SECRET_LIVES = timedelta(days=1)

    name = models.CharField(_("name"), max_length=200, help_text=_("Which system it is, so you know what to fix."))
    url = models.URLField(_("address"), max_length=500, help_text=_("Begins with https://, on the open internet."))
    event_types = ArrayField(
        models.CharField(max_length=40, choices=event_choices),
        verbose_name=_("events"),
        help_text=_("What the other system is told of."),
    )
    acts_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="webhook_endpoints",
        verbose_name=_("acts for"),
        help_text=_("The person or integration whose rights decide which rows it is told of."),
    )
    secret = models.TextField(editable=False, help_text="Signs messages; encrypted.")
    earlier_secret = models.TextField(blank=True, default="", editable=False)
    earlier_secret_until = models.DateTimeField(null=True, editable=False)
    disabled_at = models.DateTimeField(_("switched off"), null=True, editable=False)
    disabled_reason = models.CharField(_("why"), max_length=500, blank=True, default="", editable=False)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    counted_at = models.DateTimeField(null=True, editable=False, help_text="When a failure last counted.")
    delivered_at = models.DateTimeField(_("last delivered"), null=True, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(event_types__len__gt=0), name="endpoint_has_event_types"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="raise_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=list(KEPT_BY_DELIVERIES)),
                func=raise_version.func,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("webhooks:webhook_detail", args=[self.pk])

    def clean(self) -> None:
        """Messages may go to the address, as far as it can be told without looking it up."""
        try:
            check_url(self.url)
        except AddressRefused as error:
            raise ValidationError({"url": str(error)}) from None

    def event_names(self) -> list[str]:
        """What it is told of, in words."""
        words = dict(event_choices())
        return [str(words[each]) for each in self.event_types]

    def state_in_words(self) -> str:
        """Whether it is told at all."""
        return str(_("Switched off") if self.disabled_at else _("On"))

    def signing_secrets(self) -> list[str]:
        """The secrets to sign with: the present one, and for a day the one before."""
        secrets = [self.secret]
        if self.earlier_secret_until is not None and self.earlier_secret_until > timezone.now():
            secrets.append(self.earlier_secret)
        return [secrecy.decrypt(each, SECRET_PURPOSE) for each in secrets]


class Delivery(models.Model):
    """One message to one endpoint, and whether it has arrived: the outbox, written with what it tells of."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        GIVEN_UP = "given_up", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, db_index=False, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.CharField(_("event"), max_length=40, choices=event_choices)
    key = models.CharField(max_length=200, help_text="What happened to what: told once to each endpoint.")
    body = models.TextField(_("message"), help_text="The JSON text as it is signed and sent, every time the same.")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(_("happened"), db_default=Now())
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, help_text="Since it was last asked for.")
    next_attempt_at = models.DateTimeField(
        _("next attempt"), db_default=Now(), help_text="While an attempt is under way: when another may begin."
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["endpoint", "key"], name="delivery_told_once")]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["endpoint", "-created_at"], name="delivery_of_endpoint"),
            models.Index(fields=["created_at"], name="delivery_created_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} · {self.pk}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("webhooks:message_detail", args=[self.pk])


class Attempt(models.Model):
    """One attempt to deliver a message, and what came of it."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts", verbose_name=_("delivery"))
    started_at = models.DateTimeField(_("at"))
    milliseconds = models.PositiveIntegerField(_("took"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    error = models.CharField(_("error"), max_length=500, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=1000, blank=True, default="", help_text="How it began.")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.started_at:%Y-%m-%d %H:%M:%S}"

    @property
    def succeeded(self) -> bool:
        """Whether the other system took the message: any 2xx answer says so."""
        return self.status is not None and 200 <= self.status < 300
