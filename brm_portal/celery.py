"""The Celery application: workers compute, beat keeps time. PostgreSQL holds the truth about work to do."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brm_portal.settings")
app = Celery("brm_portal", task_cls="kernel.history.task_context:ContextTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def log_as_django_does(**_kwargs: Any) -> None:
    """Keep Celery from logging in its own way."""
    logging.config.dictConfig(settings.LOGGING)
