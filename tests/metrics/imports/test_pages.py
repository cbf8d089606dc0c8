"""Files of measurements sent through the page: tried out first, taken as chosen, seen by their sender."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.jobs.models import Job
from metrics.imports.uploading import do_import
from metrics.models import Import, ImportPart, Measurement
from tests.conftest import Cast

Login = Callable[..., Client]
URL = "/measurements/import/"
HEADER = "series,observed_on,value,comment\n"


def send(client: Client, text: str, **fields: str) -> Import:
    """Send a file and have it tried out."""
    response = client.post(URL, {"file": SimpleUploadedFile("june.csv", text.encode()), **fields})
    assert response.status_code == 302, response.context["form"].errors
    row: Import = Import.objects.latest("pk")
    work(row)
    return row


def work(row: Import) -> None:
    """Do what a worker would."""
    row.refresh_from_db()
    assert row.job is not None
    for part in row.job.ranges.all():
        do_import(part.pk)
    row.refresh_from_db()


def run(client: Client, row: Import, mode: str) -> None:
    client.post(reverse("metrics:import_run", args=[row.pk]), {"mode": mode})
    work(row)


def test_a_file_is_tried_out_before_it_is_taken(cast: Cast, login: Login) -> None:
    client = login(cast.manager)
    row = send(client, f"{HEADER}C-1-uptime,2020-06-01,99,\nC-1-uptime,2020-06-02,98,\n")
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Import all rows" in page
    assert not Measurement.objects.exists()
    run(client, row, "all")
    assert (row.report["created"], row.report["refused"]) == (2, 0)
    measurement = Measurement.objects.first()
    assert measurement is not None
    assert measurement.recorded_at == row.merged_at
    assert not ImportPart.objects.exists()
    assert "Imported" in client.get(row.get_absolute_url()).content.decode()


def test_refused_rows_are_shown_and_downloaded_and_the_good_ones_taken(cast: Cast, login: Login) -> None:
    client = login(cast.msi_member)
    row = send(client, f"{HEADER}C-1-uptime,2020-06-01,99,\nC-2-uptime,2020-06-01,99,=1+1\nC-1-uptime,never,98,\n")
    page = client.get(row.get_absolute_url()).content.decode()
    assert "There is no series with this code." in page
    assert "Import the good row only" in page
    refused = b"".join(client.get(reverse("metrics:import_refused", args=[row.pk]))).decode("utf-8-sig")  # type: ignore[arg-type]  # streamed
    assert [line.split(",")[:2] for line in refused.splitlines()[1:]] == [["3", "unknown_series"], ["4", "bad_date"]]
    assert "'=1+1" in refused
    run(client, row, "partial")
    assert Measurement.objects.get().series.code == "C-1-uptime"


def test_all_or_nothing_writes_nothing_where_a_row_is_refused(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    row = send(client, f"{HEADER}C-1-uptime,2020-06-01,99,\nC-1-uptime,never,98,\n")
    run(client, row, "all")
    assert not Measurement.objects.exists()
    assert "Nothing was imported" in client.get(row.get_absolute_url()).content.decode()


def test_a_file_is_taken_once(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    row = send(client, f"{HEADER}C-1-uptime,2020-06-01,99,\n")
    run(client, row, "all")
    response = client.post(reverse("metrics:import_run", args=[row.pk]), {"mode": "all"}, follow=True)
    assert "taken already" in response.content.decode()
    assert Job.objects.count() == 2


def test_a_file_too_large_for_memory_is_kept_in_pieces(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    days = [f"2020-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 28)]
    rows = [f"C-1-uptime,{day},99,{'long ' * 2_000}\n" for day in days]
    row = send(client, HEADER + "".join(rows))
    assert row.parts.count() > 2
    run(client, row, "all")
    assert Measurement.objects.count() == len(days)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("series;observed_on;value\n", "semicolons"),
        ("SLA,observed_on,value\n", "no column series"),
    ],
)
def test_a_file_that_says_not_what_is_what_is_sent_back(cast: Cast, login: Login, text: str, says: str) -> None:
    response = login(cast.cio).post(URL, {"file": SimpleUploadedFile("x.csv", text.encode())})
    assert response.status_code == 200
    assert says in response.content.decode()
    assert not Import.objects.exists()


def test_columns_may_be_called_otherwise(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    row = send(client, "SLA,observed_on,Result\nC-1-uptime,2020-06-01,99\n", columns="series = SLA\nvalue=Result\n")
    assert row.report["created"] == 1
    wrong = client.post(URL, {"file": SimpleUploadedFile("x.csv", b"a\n"), "columns": "price = SLA"})
    assert "does not begin with one of" in wrong.content.decode()


def test_what_fails_while_it_is_read_says_so(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    row = send(client, HEADER)
    assert "The file has no rows below its header." in client.get(row.get_absolute_url()).content.decode()


def test_imports_are_seen_by_their_sender_and_the_cio_office(cast: Cast, login: Login) -> None:
    row = send(login(cast.msi_member), f"{HEADER}C-1-uptime,2020-06-01,99,\n")
    for name, status in {"cio": 200, "auditor": 200, "manager": 404, "vendor_member": 404}.items():
        assert login(getattr(cast, name)).get(row.get_absolute_url()).status_code == status, name
    assert login(cast.auditor).get(URL).status_code == 404
    with CaptureQueriesContext(
        connection,
    ) as few:
        login(cast.cio).get(URL)
    send(login(cast.msi_member), f"{HEADER}C-1-uptime,2020-06-01,99,\n")
    with CaptureQueriesContext(connection) as more:
        login(cast.cio).get(URL)
    assert len(few) == len(more)
