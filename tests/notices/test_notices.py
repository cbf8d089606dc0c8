"""Telling people: on a page, beside the name in the header, and by e-mail within a minute."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel.accounts.models import User
from kernel.notices.models import Notice
from kernel.notices.operations import mail_notices, notify
from tests.conftest import Cast

Login = Callable[[User], Client]


def test_a_notice_is_for_one_person(cast: Cast, login: Login) -> None:
    notify(people=[cast.manager], text="A contract ends.", url="/contracts/1/")
    assert "A contract ends." in login(cast.manager).get("/notices/").content.decode()
    assert "A contract ends." not in login(cast.cio).get("/notices/").content.decode()


def test_the_header_counts_what_is_unread_without_a_query_of_its_own(cast: Cast, login: Login) -> None:
    client = login(cast.vendor_member)
    with CaptureQueriesContext(connection) as before:
        assert "new notice" not in client.get("/notices/").content.decode()
    notify(people=[cast.vendor_member], text="One")
    notify(people=[cast.vendor_member], text="Two")
    with CaptureQueriesContext(connection) as after:
        assert "2 new notices" in client.get("/notices/").content.decode()
    assert len(before) == len(after)
    client.post("/notices/read/")
    assert "new notice" not in client.get("/notices/").content.decode()


def test_one_e_mail_a_person(cast: Cast, settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example.gov"
    notify(people=[cast.manager, cast.cio], text="A contract ends.", url="/contracts/1/")
    notify(people=[cast.manager], text="A grade fell.")
    assert mail_notices() == 2
    to_manager = next(each for each in mail.outbox if each.to == [cast.manager.email])
    assert "2 notices" in to_manager.subject
    assert "https://portal.example.gov/contracts/1/" in to_manager.body
    assert "A grade fell." in to_manager.body
    assert mail_notices() == 0
    assert len(mail.outbox) == 2


def test_what_was_read_is_old_or_of_a_closed_account_is_not_mailed(cast: Cast) -> None:
    notify(people=[cast.manager, cast.cio, cast.auditor], text="Old news")
    Notice.objects.filter(person=cast.manager).update(read_at=timezone.now())
    Notice.objects.filter(person=cast.cio).update(created_at=timezone.now() - timedelta(days=2))
    User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    assert mail_notices() == 0


def test_a_mail_server_that_is_away_is_asked_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    notify(people=[cast.manager], text="A contract ends.")

    def away(*_args: object, **_kwargs: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("kernel.notices.operations.send_mail", away)
        assert mail_notices() == 0
    assert mail_notices() == 1
