"""Health answers without login, and says so where a part is missing."""

from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from brm_portal import health
from brm_portal.wsgi import application


def test_a_living_process_says_so_without_asking_the_database(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "zlib", "unheard-of"])
def test_no_charset_breaks_a_request(charset: str) -> None:
    environ: dict[str, Any] = {"QUERY_STRING": "a=%C3%A4", "CONTENT_TYPE": f"application/json; charset={charset}"}
    setup_testing_defaults(environ)
    assert application.request_class(environ).GET["a"] == "ä"


@pytest.mark.django_db
def test_ready_with_database_redis_and_migrations(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["checks"] == {"database": True, "migrations": True, "redis": True}


@pytest.mark.django_db
def test_not_ready_before_a_migration_is_applied(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_seen_applied", False)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'vendors'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {"database": True, "migrations": False, "redis": True}


@pytest.mark.django_db
def test_not_ready_without_redis(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == {"database": True, "migrations": True, "redis": False}
