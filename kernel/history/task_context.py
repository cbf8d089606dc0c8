"""By which task a row was changed: the context each history event of a Celery task carries."""

from typing import Any

import pghistory
from celery import Task


class ContextTask(Task):
    """A task whose name stands in the history of what it writes."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with pghistory.context(task=self.name):
            return super().__call__(*args, **kwargs)
