"""Undoing an import as a whole: everything is as it was before, or nothing changes and the page says why."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kernel.jobs.models import Job
from metrics.imports.sent import merge_sent
from metrics.imports.undoing import do_undo, start_undo
from metrics.measurements.excluding import exclude_measurement
from metrics.measurements.folding import fold_due
from metrics.models import Import, ImportedMeasurement, Measurement, MonthlyValue
from tests.conftest import Cast, World, make_service_level
from tests.metrics.imports.test_pages import HEADER, run, send
from tests.vendors.scorecards.cards import make_scorecard

Login = Callable[..., Client]
JUNE = datetime.date(2020, 6, 1)
NEW = f"{HEADER}C-1-uptime,2020-06-01,99,\nC-1-uptime,2020-07-01,98,\n"


def taken(client: Client, text: str = NEW) -> Import:
    """Send a file and take all of it."""
    row = send(client, text)
    run(client, row, "all")
    assert row.merged_at is not None
    return row


def undo(client: Client, row: Import) -> str:
    """Confirm that a file is undone, do what a worker would, and read the page."""
    address = reverse("metrics:import_undo", args=[row.pk])
    page = client.post(address, follow=True).content.decode()
    row.refresh_from_db()
    assert row.job is not None
    if not row.job.is_unfinished():
        return page
    for part in row.job.ranges.all():
        do_undo(part.pk)
    row.refresh_from_db()
    return client.get(row.get_absolute_url()).content.decode()


def state() -> tuple[list[Any], list[Any]]:
    """All measurements but for their versions, and all monthly values, once what is due is folded."""
    fold_due()
    told = [field.name for field in Measurement._meta.concrete_fields if field.name not in {"id", "version"}]
    return list(Measurement.objects.values_list(*told)), list(MonthlyValue.objects.order_by("pk").values())


def test_everything_is_as_it_was(cast: Cast, world: World, login: Login) -> None:
    series = world.service_level.series
    share = make_service_level("share", world.contract, aggregation="ratio").series
    for day, comment in ((1, "fine"), (2, "night"), (3, ""), (4, "")):
        Measurement.objects.create(series=series, observed_on=JUNE.replace(day=day), value=90, comment=comment)
    Measurement.objects.create(series=share, observed_on=JUNE, numerator=1, denominator=2)
    excluded = Measurement.objects.get(observed_on=JUNE.replace(day=3))
    exclude_measurement(measurement=excluded, reason="Meter broken.", by=cast.cio)
    before = state()
    client = login(cast.cio)
    row = taken(
        client,
        "series,observed_on,value,numerator,denominator,comment\n"
        "C-1-uptime,2020-06-01,95,,,fine\nC-1-uptime,2020-06-02,90,,,day\nC-1-uptime,2020-06-03,91,,,\n"
        "C-1-uptime,2020-06-04,90,,,\nC-1-uptime,2020-06-05,99,,,\nC-1-uptime,2020-07-01,99,,,\nshare,2020-06-01,,3,4,\n",
    )
    assert (row.report["created"], row.report["replaced"], row.report["unchanged"]) == (2, 4, 1)
    assert state() != before
    asked = client.get(reverse("metrics:import_undo", args=[row.pk])).content.decode()
    assert "2 measurements that were new are removed." in asked
    assert "4 measurements that were replaced get back their earlier figures and comments." in asked
    page = undo(client, row)
    assert state() == before
    assert "This import was undone" in page
    assert "Carol had it undone" in page
    assert (row.undone_by, row.job and row.job.result) == (cast.cio, {"removed": 2, "restored": 4})
    assert not ImportedMeasurement.objects.exists()
    events = Measurement.pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
    assert events.filter(pgh_label="delete", pgh_context__user=cast.cio.pk).count() == 2
    assert "Imported, then undone" in client.get(reverse("metrics:import_create")).content.decode()


def test_it_is_undone_once(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    row = taken(client)
    undo(client, row)
    jobs = Job.objects.count()
    assert "undone already" in undo(client, row)
    assert Job.objects.count() == jobs


@pytest.mark.parametrize("again", ["C-1-uptime,2020-06-01,99,\n", "nonsense,2020-06-01,99,\n"])
def test_what_changed_nothing_is_not_undone(cast: Cast, world: World, login: Login, again: str) -> None:
    Measurement.objects.create(series=world.service_level.series, observed_on=JUNE, value=99)
    client = login(cast.cio)
    row = send(client, f"{HEADER}{again}")
    for _ in range(2):
        assert "nothing to undo" in undo(client, row)
        assert "Undo this import" not in client.get(row.get_absolute_url()).content.decode()
        run(client, row, "all")
    assert Measurement.objects.count() == 1


def edit(cast: Cast, row: Measurement) -> None:
    row.comment = "Read again"
    row.save()


def exclude(cast: Cast, row: Measurement) -> None:
    exclude_measurement(measurement=row, reason="Meter broken.", by=cast.cio)


def send_again(cast: Cast, row: Measurement) -> None:
    merge_sent(rows=[{"series": "C-1-uptime", "observed_on": "2020-06-01", "value": 97}], by=cast.cio, is_partial=False)


def remove(cast: Cast, row: Measurement) -> None:
    row.delete()


TOUCHES = [edit, exclude, send_again, remove]


@pytest.mark.parametrize("touch", TOUCHES)
def test_what_was_touched_since_stands_in_the_way(cast: Cast, login: Login, touch: Callable[..., None]) -> None:
    client = login(cast.cio)
    row = taken(client)
    assert "Undo this import" in client.get(row.get_absolute_url()).content.decode()
    touch(cast, Measurement.objects.get(observed_on=JUNE))
    before = state()
    says = "1 of its measurements was changed, excluded or sent again since."
    page = client.get(row.get_absolute_url()).content.decode()
    assert says in page
    assert "Undo this import" not in page
    asked = client.get(reverse("metrics:import_undo", args=[row.pk]))
    assert (asked.status_code, asked["Location"]) == (302, row.get_absolute_url())
    assert says in undo(client, row)
    assert (state(), row.undone_at) == (before, None)


def test_what_is_touched_before_a_worker_comes_stands_in_the_way_too(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    row = taken(client)
    row = start_undo(measurement_import=row, by=cast.cio)
    assert "The import is being undone" in client.get(row.get_absolute_url()).content.decode()
    edit(cast, Measurement.objects.get(observed_on=JUNE))
    before = state()
    assert row.job is not None
    do_undo(row.job.ranges.get().pk)
    row.refresh_from_db()
    page = client.get(row.get_absolute_url()).content.decode()
    assert "The import could not be undone" in page
    assert "1 of its measurements was changed" in page
    assert (state(), row.undone_at) == (before, None)


def test_a_later_import_is_undone_first(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    before = state()
    first = taken(client)
    between = state()
    second = taken(client, f"{HEADER}C-1-uptime,2020-06-01,95,\nC-1-uptime,2020-07-01,95,\n")
    third = taken(client, f"{HEADER}C-1-uptime,2020-06-01,94,\n")
    assert "2 of its measurements were changed" in undo(client, first)
    for row in (third, second):
        undo(client, row)
    assert state() == between
    undo(client, first)
    assert state() == before


def test_published_scorecards_stand_in_the_way(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    row = taken(client)
    before = state()
    lines = {world.service_level: 80}
    for start in (JUNE.replace(month=3), JUNE.replace(month=8)):
        make_scorecard(world.acme, world.methodology, start, by=cast.cio, lines=lines)
    make_scorecard(world.acme, world.methodology, JUNE, 1, lines=lines)
    make_scorecard(world.rival, world.methodology, JUNE, 1, by=cast.cio, lines={world.other_service_level: 80})
    assert "Undo this import" in client.get(row.get_absolute_url()).content.decode()
    make_scorecard(world.acme, world.methodology, JUNE.replace(month=7), 2, by=cast.cio, lines=lines)
    says = "1 scorecard, published since, covers months that it measured."
    assert says in client.get(row.get_absolute_url()).content.decode()
    year = make_scorecard(world.acme, world.methodology, JUNE.replace(month=1), 12, by=cast.cio, lines=lines)
    year.superseded_at = timezone.now()
    year.save()
    assert "2 scorecards, published since, cover months that it measured." in undo(client, row)
    assert (state(), row.undone_at) == (before, None)


def test_what_was_published_before_did_not_use_it(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    make_scorecard(world.acme, world.methodology, JUNE, by=cast.cio, lines={world.service_level: 80})
    row = taken(client)
    Import.objects.update(merged_at=timezone.now())  # the time of this test's one transaction lies before it
    undo(client, row)
    assert row.undone_at is not None
    assert not Measurement.objects.exists()


def test_who_may_undo(cast: Cast, login: Login) -> None:
    row = taken(login(cast.msi_member))
    address = reverse("metrics:import_undo", args=[row.pk])
    for name in ("manager", "auditor", "agency_member", "vendor_member", "outsider"):
        assert login(getattr(cast, name)).post(address).status_code == 404, name
    assert "Undo this import" not in login(cast.auditor).get(row.get_absolute_url()).content.decode()
    assert Measurement.objects.count() == 2
    assert "Mina had it undone" in undo(login(cast.msi_member), row)
    row = taken(login(cast.msi_member))
    undo(login(cast.cio), row)
    assert "Carol had it undone" in login(cast.msi_member).get(row.get_absolute_url()).content.decode()


def test_what_is_not_ones_own_any_more_stands_in_the_way(cast: Cast, login: Login) -> None:
    client = login(cast.manager)
    row = taken(client)
    cast.manager.memberships.all().delete()
    assert "2 of its measurements are not yours to change any more." in undo(client, row)
    assert Measurement.objects.count() == 2
    undo(login(cast.cio), row)
    assert not Measurement.objects.exists()


def test_a_history_with_a_gap_undoes_nothing(cast: Cast, world: World, login: Login) -> None:
    Measurement.objects.create(series=world.service_level.series, observed_on=JUNE, value=90)
    client = login(cast.cio)
    row = taken(client)
    ImportedMeasurement.objects.filter(version_found=1).update(version_found=7)
    before = state()
    assert "The history does not hold all of the earlier figures." in undo(client, row)
    assert (state(), row.undone_at) == (before, None)


def test_only_files_sent_through_the_page_are_noted(cast: Cast, world: World) -> None:
    send_again(cast, Measurement())
    assert Measurement.objects.count() == 1
    assert not ImportedMeasurement.objects.exists()
    row = Import.objects.create(file_name="x.csv", started_by=cast.cio)
    with pytest.raises(ValidationError, match="nothing to undo"):
        start_undo(measurement_import=row, by=cast.cio)
