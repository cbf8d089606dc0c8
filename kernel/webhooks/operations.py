"""What the CIO's office does with webhooks; each checks first who asks."""

import base64
import secrets
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from kernel import secrecy
from kernel.accounts.models import User
from kernel.webhooks.events import TEST
from kernel.webhooks.models import SECRET_PURPOSE, Delivery, Endpoint
from kernel.webhooks.recording import Message, delivery_of, wake

SECRET_BYTES = 32


def new_secret() -> str:
    """A secret to sign with, as the convention writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


@transaction.atomic
def create_endpoint(
    *, name: str, url: str, event_types: Sequence[str], acts_for: User, by: User
) -> tuple[Endpoint, str]:
    """Return a new endpoint and the secret its messages are signed with, which is shown this once.

    Raises PermissionDenied to everyone but the CIO's office, ValidationError where messages may not go there.
    """
    if not Endpoint.objects.all().creatable_by(by):
        raise PermissionDenied
    if not acts_for.is_active:
        raise ValidationError({"acts_for": _("This account is closed: it sees nothing to be told of.")})
    secret = new_secret()
    endpoint = Endpoint(
        name=name,
        url=url,
        event_types=list(event_types),
        acts_for=acts_for,
        secret=secrecy.encrypt(secret, SECRET_PURPOSE),
    )
    endpoint.full_clean()
    endpoint.save()
    return endpoint, secret


@transaction.atomic
def replace_secret(*, endpoint: Endpoint, by: User) -> str:
    """Return a new secret; for a day messages are signed with the earlier one too, so that nothing is lost."""
    row, secret = _locked(endpoint, by), new_secret()
    row.earlier_secret, row.earlier_secret_until = row.secret, timezone.now() + Endpoint.EARLIER_SECRET_LIVES
    row.secret = secrecy.encrypt(secret, SECRET_PURPOSE)
    row.save(update_fields=["secret", "earlier_secret", "earlier_secret_until"])
    return secret


@transaction.atomic
def switch_off(*, endpoint: Endpoint, by: User) -> None:
    """Send nothing more; what waits goes on waiting."""
    row = _locked(endpoint, by)
    if row.disabled_at is None:
        row.disabled_at = timezone.now()
        row.disabled_reason = _("by %(name)s") % {"name": by.name}
        row.save(update_fields=["disabled_at", "disabled_reason"])


@transaction.atomic
def switch_on(*, endpoint: Endpoint, by: User) -> None:
    """Send again, what waits first."""
    row = _locked(endpoint, by)
    row.disabled_at, row.disabled_reason, row.failures, row.counted_at = None, "", 0, None
    row.save(update_fields=["disabled_at", "disabled_reason", "failures", "counted_at"])
    row.deliveries.filter(state=Delivery.State.WAITING).update(next_attempt_at=Now())
    transaction.on_commit(wake)


@transaction.atomic
def send_test(*, endpoint: Endpoint, by: User) -> Delivery:
    """Send a message that tells of nothing, to see whether it arrives."""
    row = _locked(endpoint, by)
    message = Message(key=f"test:{secrets.token_hex(8)}", data={"message": _("This is a test.")})
    delivery = delivery_of(row, TEST, message)
    delivery.save()
    transaction.on_commit(wake)
    return delivery


@transaction.atomic
def redeliver(*, delivery: Delivery, by: User) -> None:
    """Send a message again, as it was and under its id, with all its attempts before it."""
    rows = Delivery.objects.editable_by(by).select_for_update(of=("self",)).select_related("endpoint")
    row: Delivery | None = rows.filter(pk=delivery.pk).first()
    if row is None:
        raise PermissionDenied
    if row.endpoint.disabled_at is not None:
        raise ValidationError(_("Switch the webhook on first."))
    row.state, row.tries, row.next_attempt_at = Delivery.State.WAITING, 0, timezone.now()
    row.save(update_fields=["state", "tries", "next_attempt_at"])
    transaction.on_commit(wake)


def _locked(endpoint: Endpoint, by: User) -> Endpoint:
    row: Endpoint | None = (
        Endpoint.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=endpoint.pk).first()
    )
    if row is None:
        raise PermissionDenied
    return row
