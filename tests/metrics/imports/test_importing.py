"""Measurements from files: what is taken, what is refused and why, and that bad input leaves no trace."""

import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from kernel.accounts.models import User
from kernel.uploads.reading import FileRefusedError
from metrics.imports.importing import Mode, Report, import_measurements
from metrics.measurements.folding import fold_due
from metrics.models import FoldDue, Measurement
from tests.conftest import Cast, World, make_service_level

HEADER = "series,observed_on,value,numerator,denominator,reference,comment\n"
JUNE = datetime.date(2020, 6, 1)


def take(text: str | bytes, by: User | None = None, mode: str = Mode.PARTIAL, **options: Any) -> Report:
    content = text if isinstance(text, bytes) else text.encode()
    return import_measurements(file=io.BytesIO(content), by=by, mode=mode, **options)


def reasons(report: Report) -> list[tuple[int, str]]:
    return [(each.line, each.code) for each in report.first_refused]


def test_rows_are_created_replaced_and_left_alone(world: World) -> None:
    text = f"{HEADER}C-1-uptime,2020-06-01,99.5,,,,fine\nC-1-uptime,2020-06-02,98,,,night,\n"
    first = take(text)
    assert (first.rows, first.created, first.replaced, first.unchanged) == (2, 2, 0, 0)
    again = take(text)
    assert (again.created, again.replaced, again.unchanged) == (0, 0, 2)
    changed = take(text.replace("99.5", "97.25"))
    assert (changed.created, changed.replaced, changed.unchanged) == (0, 1, 1)
    row = Measurement.objects.get(observed_on=JUNE)
    assert (row.value, row.comment, row.version) == (Decimal("97.25"), "fine", 2)
    assert fold_due() == 1


def test_sending_the_same_again_leaves_no_trace(world: World) -> None:
    text = f"{HEADER}C-1-uptime,2020-06-01,99.5,,,,\n"
    take(text)
    FoldDue.objects.all().delete()
    take(text)
    assert not FoldDue.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"unheard-of,2020-06-01,1,,,,", "unknown_series"),
        (b"C-1-uptime,01/06/2020,1,,,,", "bad_date"),
        (b"C-1-uptime,2020-02-30,1,,,,", "bad_date"),
        (b"C-1-uptime,20200601,1,,,,", "bad_date"),
        (b"C-1-uptime,2999-01-01,1,,,,", "future_date"),
        (b"C-1-uptime,2020-06-01,NaN,,,,", "bad_number"),
        (b"C-1-uptime,2020-06-01,-Infinity,,,,", "bad_number"),
        (b"C-1-uptime,2020-06-01,1_000,,,,", "bad_number"),
        (b"C-1-uptime,2020-06-01,good,,,,", "bad_number"),
        ("C-1-uptime,2020-06-01,٣,,,,".encode(), "bad_number"),
        (b"C-1-uptime,2020-06-01,0.0000000001,,,,", "too_long_number"),
        (b"C-1-uptime,2020-06-01,1e21,,,,", "too_long_number"),
        (b"C-1-uptime,2020-06-01,,,,,", "one_form"),
        (b"C-1-uptime,2020-06-01,1,1,2,,", "one_form"),
        (b"C-1-uptime,2020-06-01,,1,,,", "one_form"),
        (b"C-1-uptime,2020-06-01,,1,2,,", "needs_value"),
        (b"share,2020-06-01,50,,,,", "needs_sums"),
        (b"share,2020-06-01,,1,0,,", "zero_denominator"),
        (b"share,2020-06-01,,1,-2,,", "negative_denominator"),
        (b"C-1-uptime,2020-06-01,1,,,\xff\xfe,", "not_utf8"),
        (b"C-1-uptime,2020-06-01,1,,,a\x00b,", "nul"),
        (b"C-1-uptime,2020-06-01,1,,,", "ragged"),
        (b"C-1-uptime,2020-06-01,1,,,,,", "ragged"),
        (b'C-1-uptime,2020-06-01,1,,,"a"b,', "unreadable"),
        (b"C-1-uptime,2020-06-01,1,,," + b"r" * 121 + b",", "long_reference"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_the_good_ones_taken(world: World, row: bytes, reason: str) -> None:
    make_service_level("share", world.contract, aggregation="ratio")
    text = HEADER.encode() + b"C-1-uptime,2020-05-01,99,,,,\n" + row + b"\nC-1-uptime,2020-05-02,98,,,,\n"
    refused = take(text, mode=Mode.ALL)
    assert reasons(refused) == [(3, reason)]
    assert not refused.written
    assert not Measurement.objects.exists()
    assert not FoldDue.objects.exists()
    taken = take(text)
    assert (taken.created, taken.refused) == (2, 1)


def test_a_quotation_mark_that_never_closes_is_refused(world: World) -> None:
    report = take(f'{HEADER}C-1-uptime,2020-06-01,1,,,,\nC-1-uptime,2020-06-02,1,,,"never,\n')
    assert reasons(report) == [(3, "unreadable")]
    assert report.created == 1


def test_nothing_out_of_nothing_is_a_fair_ratio(world: World) -> None:
    make_service_level("share", world.contract, aggregation="ratio")
    assert take(f"{HEADER}share,2020-06-01,,0,0,,\nshare,2020-06-02,,3,4,,\n").created == 2


def test_rows_that_contradict_each_other_are_all_refused(world: World) -> None:
    same, other = "C-1-uptime,2020-06-01,99,,,,\n", "C-1-uptime,2020-06-01,98,,,,\n"
    assert reasons(take(HEADER + same + same + other)) == [(2, "clash"), (3, "clash"), (4, "clash")]
    assert not Measurement.objects.exists()


def test_rows_that_say_the_same_twice_are_taken_once(world: World) -> None:
    report = take(f"{HEADER}C-1-uptime,2020-06-01,99,,,,\nC-1-uptime,2020-06-01,99.0,,,,\n", mode=Mode.ALL)
    assert (report.created, report.unchanged, report.refused, report.written) == (1, 1, 0, True)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_are_read_without_complaint(world: World, end: str, mark: bytes) -> None:
    text = f"{HEADER}C-1-uptime,2020-06-01,99,,,,naïve\nC-1-uptime,2020-06-32,98,,,,\n\n".replace("\n", end)
    report = take(mark + text.encode())
    assert (report.created, reasons(report)) == (1, [(3, "bad_date")])
    assert Measurement.objects.get().comment == "naïve"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (HEADER.encode(), "no rows"),
        (b"series;observed_on;value\na;2020-01-01;1\n", "semicolons"),
        (b"series\tobserved_on\tvalue\n", "tabs"),
        (b"observed_on,value\n2020-01-01,1\n", "no column series"),
        (b"series,observed_on,numerator\n", "no column value"),
        (b"series,Series,observed_on,value\n", "Two columns"),
        (HEADER.encode("utf-16"), "not UTF-8"),
        (b"se\xffries,observed_on,value\n", "not UTF-8"),
        (b"a" * 1_200_000, "longer than a million"),
        (b'"series,observed_on', "quotation mark"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(world: World, content: bytes, says: str) -> None:
    with pytest.raises(FileRefusedError, match=says):
        take(content)


def test_headers_may_be_named_otherwise_and_more_columns_stand_by(world: World) -> None:
    text = "SLA,Observed On,Result,Ward\nC-1-uptime,2020-06-01,99,7\n"
    report = take(text, columns={"series": "SLA", "value": "Result"})
    assert (report.created, report.ignored) == (1, ["Ward"])


def test_a_file_without_comments_keeps_earlier_ones(world: World) -> None:
    take(f"{HEADER}C-1-uptime,2020-06-01,99,,,,kept\n")
    assert take("series,observed_on,value\nC-1-uptime,2020-06-01,99\n").unchanged == 1
    assert take("series,observed_on,value\nC-1-uptime,2020-06-01,98\n").replaced == 1
    assert Measurement.objects.get().comment == "kept"


def test_what_is_excluded_stays_excluded(cast: Cast) -> None:
    take(f"{HEADER}C-1-uptime,2020-06-01,99,,,,\n")
    Measurement.objects.update(excluded_at=timezone.now(), excluded_by=cast.cio, exclusion_reason="Meter broken.")
    assert take(f"{HEADER}C-1-uptime,2020-06-01,98,,,,\n").replaced == 1
    row = Measurement.objects.get()
    assert (row.value, row.exclusion_reason) == (Decimal(98), "Meter broken.")
    assert fold_due() == 0


OWN_AND_FOREIGN = f"{HEADER}C-1-uptime,2020-06-01,99,,,,\nC-2-uptime,2020-06-01,99,,,,\n"


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("cio", []),
        ("manager", [(3, "not_yours")]),
        ("msi_member", [(3, "unknown_series")]),
        ("vendor_member", [(2, "not_yours"), (3, "unknown_series")]),
        ("agency_member", [(2, "not_yours"), (3, "unknown_series")]),
        ("auditor", [(2, "not_yours"), (3, "not_yours")]),
        ("outsider", [(2, "unknown_series"), (3, "unknown_series")]),
    ],
)
def test_people_write_only_what_is_theirs(cast: Cast, who: str, refused: list[tuple[int, str]]) -> None:
    report = take(OWN_AND_FOREIGN, by=getattr(cast, who))
    assert reasons(report) == refused
    assert Measurement.objects.count() == 2 - len(refused)


def test_a_dry_run_foresees_what_the_import_does(world: World) -> None:
    take(f"{HEADER}C-1-uptime,2020-06-01,99,,,,\nC-1-uptime,2020-06-02,99,,,,\n")
    text = (
        f"{HEADER}C-1-uptime,2020-06-01,99,,,,\nC-1-uptime,2020-06-02,98,,,,\nC-1-uptime,2020-06-03,97,,,,\nx,y,1,,,,\n"
    )
    foreseen, done = take(text, mode=Mode.DRY_RUN), take(text)
    assert foreseen.figures() == {**done.figures()}
    assert (foreseen.created, foreseen.replaced, foreseen.unchanged, foreseen.refused) == (1, 1, 1, 1)


def test_the_command_imports_all_or_nothing(world: World, tmp_path: Path) -> None:
    file, refused = tmp_path / "in.csv", tmp_path / "refused.csv"
    file.write_text(f"{HEADER}C-1-uptime,2020-06-01,99,,,,\nC-1-uptime,2020-06-01x,99,,,=1+1,\n")
    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_measurements", file, refused=refused)
    assert not Measurement.objects.exists()
    assert refused.read_text("utf-8-sig").splitlines()[1].startswith("3,bad_date,")
    assert "'=1+1" in refused.read_text("utf-8-sig")
    call_command("import_measurements", file, partial=True, dry_run=True)
    assert not Measurement.objects.exists()
    call_command("import_measurements", file, partial=True)
    assert Measurement.objects.count() == 1


def test_the_command_says_what_it_cannot_do(world: World, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("SLA,observed_on,value\nC-1-uptime,2020-06-01,99\n")
    with pytest.raises(CommandError, match="no column series"):
        call_command("import_measurements", file)
    with pytest.raises(CommandError, match="COLUMN=HEADER"):
        call_command("import_measurements", file, map=["SLA"])
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_measurements", tmp_path / "nowhere.csv")
    call_command("import_measurements", file, map=["series=SLA"])
    assert Measurement.objects.count() == 1
