"""The building: composition root and kernel of the portal."""

from brm_portal.celery import app as celery_app

__all__ = ["celery_app"]
