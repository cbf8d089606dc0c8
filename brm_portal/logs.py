"""Structured logs: what happened, with request and task ids; no personal data and no secrets."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# What PostgreSQL adds to an error: the values of the row in question.
ERROR_DETAIL = re.compile(r"^(DETAIL|CONTEXT): .*$", re.MULTILINE)


def without_row_values(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Leave a row's values out of a database error: they may be anybody's."""
    for key in ("event", "exception", "error"):
        if isinstance(event.get(key), str):
            event[key] = ERROR_DETAIL.sub(r"\1: left out", event[key])
    return event


def logging_config(*, json: bool) -> dict[str, Any]:
    """Return Django's LOGGING dictionary; JSON lines in production, readable lines elsewhere."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    without_row_values,
                    renderer,
                ],
            }
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "structured"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "loggers": {
            # They write paths; how a request ended is logged by `RequestLogMiddleware`.
            "django.request": {"handlers": ["nowhere"], "propagate": False},
            "django.security.csrf": {"handlers": ["nowhere"], "propagate": False},
            "django.server": {"handlers": ["nowhere"], "propagate": False},
            # django-structlog says the same of a task, with its id and without its result.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
        "root": {"handlers": ["console"], "level": "INFO"},
    }
