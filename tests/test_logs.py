"""Log lines name requests and tasks by id and hold nothing that is anybody's."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.db import IntegrityError
from django.test import Client

from brm_portal.logs import logging_config
from kernel.access import Role
from kernel.accounts.models import User

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything logged since, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter = logging_config(json=True)["formatters"]["structured"]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_request_is_one_line_with_id_and_route(client: Client, lines: Lines) -> None:
    client.get("/healthz?token=s3cret", headers={"User-Agent": "s3cret"})
    (line,) = lines()
    assert line["event"] == "request_finished"
    assert line["request"] == "GET healthz"
    assert line["code"] == 200
    assert line["request_id"]
    assert "s3cret" not in str(line)
    assert "127.0.0.1" not in str(line)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nowhere/s3cret/", "/accounts/password/reset/key/1-s3cret/"])
def test_a_path_is_never_logged(client: Client, lines: Lines, path: str) -> None:
    client.get(path)
    assert lines()
    assert "s3cret" not in str(lines())


@pytest.mark.django_db
def test_a_database_error_is_logged_without_the_row(lines: Lines) -> None:
    twice = [User(email="alice@example.gov", name=name, role=Role.AUDITOR) for name in ("Alice", "Alice again")]
    try:
        User.objects.bulk_create(twice)
    except IntegrityError:
        logging.getLogger("anything").exception("failed")
    (line,) = lines()
    assert "IntegrityError" in line["exception"]
    assert "alice" not in str(line)
