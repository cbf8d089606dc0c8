"""What the clock does for notices."""

from celery import shared_task

from kernel.notices.operations import mail_notices


@shared_task(name="notices.mail")
def mail() -> None:
    """Mail what people were told since the last time."""
    mail_notices()
