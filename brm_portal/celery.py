"""The Celery application: workers compute, beat keeps time. PostgreSQL holds the truth about work to do."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brm_portal.settings")
app = Celery("brm_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
