"""A Celery application that does nothing but tick, for the tests of beat."""

import os

from celery import Celery

app = Celery(
    "ticking",
    broker=os.environ["TICKS_BROKER"],
    beat_scheduler="brm_portal.beat:LockedScheduler",
    beat_schedule={"tick": {"task": "tick", "schedule": 0.2, "options": {"queue": os.environ["TICKS_QUEUE"]}}},
)
