"""The building: the composition root of the portal, which no room imports."""

from brm_portal.celery import app as celery_app

__all__ = ["celery_app"]
