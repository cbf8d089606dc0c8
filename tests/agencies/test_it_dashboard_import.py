"""How an export comes in: whole or not at all, again without a trace, with every refused row told."""

import csv
import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.it_dashboard.loading import import_folder
from agencies.it_dashboard.reading import BrokenExportError
from agencies.it_dashboard.rows import Kind
from kernel.accounts.models import User
from kernel.directory.models import Organization
from metrics.measurements.folding import fold_due
from metrics.models import FoldDue, Indicator, Measurement, Series, SeriesChange, Target
from tests.agencies.exports import FILES, INVESTMENT, ITEM, METRIC, Rows, write_export, write_rows
from vendors.models import Contract, ScoringDue, Service, ServiceLevel, Subscription, Vendor

pytestmark = pytest.mark.django_db
UII = "005-000000001"


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, events and marks included, and where each stands on disk."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT ctid::text, xmin::text, t::text FROM "{table}" AS t ORDER BY ctid')
            found[table] = cursor.fetchall()
    return found


def refusals(folder: Path) -> list[tuple[str, int, str, str, str]]:
    """File, line, kind, key and reason of what an import refuses."""
    report = import_folder(folder)
    return [(row.place.file, row.place.line, row.kind.value, row.key, row.reason) for row in report.refused]


# --- again ---


def test_imported_again_it_changes_nothing_and_says_so(tmp_path: Path) -> None:
    write_export(tmp_path, investments=[{"includes_shared_service": "YES"}], results=[{}, {"actual_result": "x"}])
    assert not import_folder(tmp_path).changed_nothing()
    fold_due()
    before = everything()
    report = import_folder(tmp_path)
    assert everything() == before
    assert report.changed_nothing()
    assert {counts.unchanged > 0 for counts in report.counts.values()} == {True}
    assert len(report.refused) == 1


def test_only_what_differs_is_replaced(tmp_path: Path) -> None:
    results = [{}, {"actual_result_id": "1002", "date_of_actual_result": "04/30/2020"}]
    import_folder(write_export(tmp_path, results=results))
    fold_due()
    for marks in (SeriesChange, ScoringDue):
        marks.objects.all().delete()
    results[1]["actual_result"] = "93"
    report = import_folder(write_export(tmp_path, results=results))
    assert {kind for kind, counts in report.counts.items() if counts.created or counts.replaced} == {Kind.MEASUREMENT}
    assert report.counts[Kind.MEASUREMENT].replaced == 1
    replaced = Measurement.objects.get(reference="1002")
    assert (replaced.value, replaced.version) == (93, 2)
    event = apps.get_model("metrics", "MeasurementEvent").objects.get()
    assert (event.pgh_obj_id, event.value) == (replaced.pk, Decimal("92.5"))
    assert event.pgh_context["command"] == "import_it_dashboard"
    assert [(mark.series_id, mark.month) for mark in FoldDue.objects.all()] == [
        (replaced.series_id, datetime.date(2020, 4, 1))
    ]


def test_what_the_source_speaks_of_is_replaced_and_what_people_decided_stays(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path))
    Service.objects.update(lifecycle=Service.Lifecycle.RETIRING)
    ServiceLevel.objects.filter(series__code=f"{UII}-7").update(weight=3)
    Target.objects.filter(series__code=f"{UII}-7").update(stretch=100)
    Subscription.objects.update(ends_on=datetime.date(2020, 6, 30))
    Organization.objects.filter(code="005-45").update(is_cio_office=True, name="Something else")
    report = import_folder(
        write_export(
            tmp_path,
            investments=[{"total_cost_py_2021_musd": "$150"}],
            portfolio=[{"Investment Title": "Permits for all"}],
            metrics=[{"target_2021": "96"}],
        )
    )
    service = Service.objects.get()
    assert (service.lifecycle, service.name) == (Service.Lifecycle.RETIRING, "Permits for all")
    assert ServiceLevel.objects.get(series__code=f"{UII}-7").weight == 3
    assert list(Target.objects.filter(series__code=f"{UII}-7").values_list("target", "stretch")) == [
        (90, 100),
        (96, 100),
    ]
    assert Subscription.objects.get().ends_on == datetime.date(2020, 6, 30)
    bureau = Organization.objects.get(code="005-45")
    assert (bureau.is_cio_office, bureau.name) == (True, "Agricultural Marketing Service")
    assert (Contract.objects.get().criticality, Vendor.objects.get().segment) == (5, "strategic")
    replaced = {kind for kind, counts in report.counts.items() if counts.replaced}
    assert replaced == {Kind.ORGANIZATION, Kind.VENDOR, Kind.CONTRACT, Kind.SERVICE, Kind.TARGET}


def test_an_excluded_result_stays_excluded(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path))
    by = User.objects.create_user("carol@example.gov", name="Carol", role=User.Role.CIO_OFFICE)
    excluded = {"excluded_at": timezone.now(), "excluded_by": by, "exclusion_reason": "Sensor broken"}
    Measurement.objects.filter(series__code=f"{UII}-7").update(**excluded)
    import_folder(write_export(tmp_path, results=[{"actual_result": "10"}]))
    result = Measurement.objects.get(series__code=f"{UII}-7")
    assert (result.value, result.exclusion_reason) == (10, "Sensor broken")
    assert not Measurement.objects.counted().filter(pk=result.pk).exists()


def test_a_bureau_met_by_name_is_met_again_in_a_later_export(tmp_path: Path) -> None:
    names = ["Office of Civil Rights", "Office of Civil Rights and Appeals", "Office of Civil"]
    portfolio = [{"UII": f"005-{number}", "Bureau": name} for number, name in enumerate(names)]
    import_folder(write_export(tmp_path, portfolio=portfolio))
    before = set(Service.objects.values_list("code", "provider"))
    assert len({provider for _code, provider in before}) == 4
    report = import_folder(write_export(tmp_path, portfolio=portfolio[::-1]))
    assert report.changed_nothing()
    assert set(Service.objects.values_list("code", "provider")) == before


def test_the_number_of_statements_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def statements(count: int) -> int:
        uiis = [f"005-{count:03}{number:06}" for number in range(count)]
        write_export(
            tmp_path,
            investments=[{"uii": uii, "bureau": f"{uii[-2:]} - Bureau {uii[-2:]}"} for uii in uiis],
            portfolio=[{"UII": uii, "Bureau": f"Office {uii[-2:]}"} for uii in uiis],
            metrics=[{"uii": uii} for uii in uiis],
            results=[{"uii": uii} for uii in uiis],
            activities=[{"uii": uii} for uii in uiis],
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_folder(tmp_path)
        return len(queries)

    import_folder(write_export(tmp_path))
    assert statements(2) == statements(40)


# --- refused rows ---


@pytest.mark.parametrize(
    ("rows", "line", "reason"),
    [
        ({"investments": [{"agency": "Agriculture"}]}, 2, "agency: “Agriculture” is not written “number - name”"),
        ({"investments": [{"bureau": "45"}]}, 2, "bureau: “45” is not written “number - name”"),
        (
            {"investments": [{"date_investment_first_submitted": ""}]},
            2,
            "date_investment_first_submitted: it is empty",
        ),
        (
            {"investments": [{"date_investment_first_submitted": "02/30/2020"}]},
            2,
            "date_investment_first_submitted: “02/30/2020” is no day of the calendar",
        ),
        (
            {"investments": [{"total_cost_py_2021_musd": "a lot"}]},
            2,
            "total_cost_py_2021: “a lot” is no amount of money",
        ),
        ({"investments": [{"uii": "999"}]}, 2, "uii: “999” names no department before a hyphen"),
        (
            {"investments": [{"investment_title": "x" * 501}]},
            2,
            f"investment_title: “{'x' * 40}…” is longer than 500 characters",
        ),
        ({"portfolio": [{"Bureau": " "}]}, 2, "bureau: it is empty"),
        ({"portfolio": [{"Total FY2021 Spending ($M)": "NaN"}]}, 2, "spending: “NaN” is no amount of money"),
        ({"portfolio": [{"UII": ""}]}, 2, "uii: it is empty"),
        ({"portfolio": [{"CIO Rating": "6"}]}, 2, "CIO rating “6” is not 1 to 5"),
        (
            {"investments": [{"date_last_investment_detail_update": ""}]},
            2,
            "date_last_investment_detail_update is empty, so nobody knows when its CIO rated it",
        ),
        ({"metrics": [{"metric_id": "7 b"}]}, 2, "metric_id: “7 b” is no identifier"),
        (
            {"metrics": [{"measurement_condition": ""}]},
            2,
            "measurement_condition is blank, so nobody knows which direction is better",
        ),
        ({"metrics": [{"measurement_condition": "Near"}]}, 2, "measurement_condition “Near” is unknown"),
        ({"metrics": [{"reporting_frequency": "Often"}]}, 2, "reporting_frequency “Often” is unknown"),
        (
            {"metrics": [{"performance_measurement_category_mapping": "9 - Other"}]},
            2,
            "performance_measurement_category_mapping “9 - Other” is unknown",
        ),
        ({"metrics": [{"target_2021": "high"}]}, 2, "target_2021: “high” is no number"),
        ({"metrics": [{"target_2021": "1" + "0" * 21}]}, 2, f"target_2021: “1{'0' * 21}” is too large"),
        ({"metrics": [{"is_metric_retired": "Yes"}], "results": []}, 2, "it is retired and has no dated result"),
        ({"metrics": [{}, {"uii": "005-2"}]}, 3, "its investment is missing or refused"),
        ({"results": [{}, {"date_of_actual_result": ""}]}, 3, "the result has no date"),
        ({"results": [{"actual_result": ""}]}, 2, "the result has no value"),
        ({"results": [{"date_of_actual_result": "3/31/20"}]}, 2, "date_of_actual_result: “3/31/20” is no date"),
        ({"results": [{"actual_result": "1e999"}]}, 2, "actual_result: “1e999” is too large"),
        ({"results": [{}, {"metric_id": "9"}]}, 3, "its metric is missing"),
        ({"activities": [{"uii": "005-2"}]}, 2, "its investment is missing or refused"),
        ({"activities": [{"actual_completion_date": "soon"}]}, 2, "actual_completion_date: “soon” is no date"),
    ],
)
def test_a_row_is_refused_with_its_reason(tmp_path: Path, rows: dict[str, Rows], line: int, reason: str) -> None:
    write_export(tmp_path, **rows)
    found = {(refused_line, refused_reason) for _file, refused_line, _kind, _key, refused_reason in refusals(tmp_path)}
    assert (line, reason) in found


def test_a_metric_retired_before_2020_is_refused_with_its_results(tmp_path: Path) -> None:
    write_export(
        tmp_path,
        metrics=[{"is_metric_retired": "Yes"}],
        results=[{"actual_result_id": "1", "date_of_actual_result": "12/31/2019"}, {"date_of_actual_result": ""}],
    )
    assert refusals(tmp_path) == [
        (
            "metric_actual_results.csv",
            2,
            "measurement",
            f"{UII}-7 1",
            "its metric is refused: it is retired and ended before 2020-01",
        ),
        ("metric_actual_results.csv", 3, "measurement", UII, "the result has no date"),
        ("performance_metrics.csv", 2, "service_level", f"{UII}-7", "it is retired and ended before 2020-01"),
    ]
    assert not Series.objects.filter(code=f"{UII}-7").exists()


def test_of_rows_given_twice_the_later_counts(tmp_path: Path) -> None:
    write_export(
        tmp_path,
        investments=[{"investment_title": "Old"}, {"investment_title": "New"}],
        metrics=[{"target_2020": "1"}, {}],
        results=[{"actual_result": "1"}, {"actual_result": "2"}],
        activities=[{}, {"actual_total_costs_musd": "0.7"}],
    )
    write_rows(tmp_path / "it_portfolio_2.csv", [ITEM | {"Investment Title": "Permits 2"}], list(ITEM))
    found = {(file, line): reason for file, line, _kind, _key, reason in refusals(tmp_path)}
    assert found == {
        ("investments.csv", 2): "given again in investments.csv, line 3; the later row counts",
        ("it_portfolio.csv", 2): "given again in it_portfolio_2.csv, line 2; the later row counts",
        ("performance_metrics.csv", 2): "given again in performance_metrics.csv, line 3; the later row counts",
        ("metric_actual_results.csv", 2): "given again in metric_actual_results.csv, line 3; the later row counts",
        ("project_activities.csv", 2): "given again in project_activities.csv, line 3; the later row counts",
    }
    assert (Contract.objects.get().title, Service.objects.get().name) == ("New", "Permits 2")
    assert Measurement.objects.get(series__code=f"{UII}-7").value == 2
    assert Measurement.objects.get(series__code=f"{UII}-cost").numerator == 700_000


def test_short_and_long_rows_are_refused(tmp_path: Path) -> None:
    write_export(tmp_path)
    path = tmp_path / "metric_actual_results.csv"
    with path.open("a", newline="") as file:
        file.write(f"{UII},7,1002,93\r\n\r\n{UII},7,1003,93,04/30/2020,Two, three\r\n")
    assert [(line, reason) for _file, line, _kind, _key, reason in refusals(tmp_path)] == [
        (3, "the row has 4 cells for 6 columns"),
        (5, "the row has 7 cells for 6 columns"),
    ]


def test_lines_are_counted_where_rows_begin(tmp_path: Path) -> None:
    write_export(tmp_path, results=[{"comment": "two\nlines"}, {"date_of_actual_result": ""}])
    assert [(line, reason) for _file, line, _kind, _key, reason in refusals(tmp_path)] == [
        (4, "the result has no date")
    ]


def test_an_agreement_that_is_measured_keeps_its_parties(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path))
    moved = [{"bureau": "96 - Forest Service"}]
    reasons = {line[0]: line[4] for line in refusals(write_export(tmp_path, investments=moved))}
    assert reasons["investments.csv"] == (
        "it moved from bureau 005-45 to 005-96, and an agreement that is measured keeps its parties"
    )
    assert reasons["performance_metrics.csv"] == "its investment is missing or refused"
    assert Contract.objects.get().agency.code == "005-45"


def test_an_indicator_in_use_keeps_its_condition_and_unit(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path))
    for change in ({"measurement_condition": "Under target"}, {"unit_of_measure": "Days"}):
        reasons = {line[0]: line[4] for line in refusals(write_export(tmp_path, metrics=[change]))}
        reason = "unit or condition changed, and those of an indicator that is in use are fixed"
        assert reasons["performance_metrics.csv"] == reason
    assert Indicator.objects.get(code=f"{UII}-7").direction == "higher"


# --- broken exports ---


def nothing_written() -> bool:
    return not any(model.objects.exists() for model in (Organization, Contract, Service, Series, Measurement))


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    write_export(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(BrokenExportError, match=name.replace("portfolio", r"portfolio\*")):
        import_folder(tmp_path)
    assert nothing_written()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (name, column)
        for name, usual in FILES.items()
        for column in usual
        if column not in {"UII", "Type", "# of Projects"}
    ],
)
def test_a_missing_column_is_named_and_nothing_is_written(tmp_path: Path, name: str, column: str) -> None:
    write_export(tmp_path)
    usual = FILES[name]
    columns = [each for each in usual if each != column]
    write_rows(tmp_path / name, [{each: usual[each] for each in columns}], columns)
    if column in {"unique_project_id", "activity_name"}:
        assert import_folder(tmp_path).refused == []
        return
    read_as = "spending" if "Spending" in column else column.casefold().removesuffix("_musd")
    with pytest.raises(BrokenExportError, match=f"{name} lacks the columns: {read_as}"):
        import_folder(tmp_path)
    assert nothing_written()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "lacks the columns: uii, metric_id"),
        (b"\xff\xfe\x00", "cannot be read from line 1 on"),
        (b'"uii,metric_id\r\n005-1,7\r\n', "cannot be read from line 1 on"),
    ],
)
def test_a_broken_file_is_named_and_nothing_is_written(tmp_path: Path, content: bytes, message: str) -> None:
    write_export(tmp_path)
    (tmp_path / "metric_actual_results.csv").write_bytes(content)
    with pytest.raises(BrokenExportError, match=f"metric_actual_results.csv {message}"):
        import_folder(tmp_path)
    assert nothing_written()


def test_what_the_database_refuses_late_leaves_nothing(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path))
    Target.objects.update(stretch=None)
    Target.objects.filter(series__code=f"{UII}-7", effective_from="2021-01-01").update(stretch=96)
    before = everything()
    write_export(tmp_path, portfolio=[{"Investment Title": "Renamed"}], metrics=[{"target_2021": "97"}])
    with pytest.raises(CommandError, match="target_stretch_is_better"):
        call_command("import_it_dashboard", str(tmp_path), stdout=StringIO())
    assert everything() == before


# --- the command ---


def test_the_command_tells_what_it_did_and_writes_the_refused_rows(tmp_path: Path) -> None:
    write_export(tmp_path / "in", results=[{}, {"date_of_actual_result": "", "uii": "005-000000002"}])
    refused, output = tmp_path / "out" / "refused.csv", StringIO()
    call_command("import_it_dashboard", str(tmp_path / "in"), refused=refused, stdout=output)
    told = output.getvalue()
    assert str(refused) in told
    assert "the result has no date" in told
    assert "nothing changed" not in told
    [measurements] = [line.split() for line in told.splitlines() if "Measurements" in line]
    assert [cell for cell in measurements if cell.isdigit()] == ["4", "0", "0", "1"]
    with refused.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["file", "line", "kind", "key", "reason"],
            ["metric_actual_results.csv", "3", "measurement", "005-000000002", "the result has no date"],
        ]
    call_command("import_it_dashboard", str(tmp_path / "in"), refused=refused, stdout=output)
    assert "nothing changed" in output.getvalue()


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no folder .*Nothing was imported\."):
        call_command("import_it_dashboard", str(tmp_path / "nowhere"), stdout=StringIO())


def test_it_asks_for_a_place_for_refused_rows_before_it_imports(tmp_path: Path) -> None:
    write_export(tmp_path)
    with pytest.raises(CommandError, match="--refused FILE"):
        call_command("import_it_dashboard", str(tmp_path), refused=tmp_path, stdout=StringIO())
    assert nothing_written()


def test_cells_of_refused_rows_are_no_formulas(tmp_path: Path) -> None:
    write_export(tmp_path, metrics=[METRIC | {"uii": "=1+1"}], investments=[INVESTMENT])
    refused = tmp_path / "refused.csv"
    call_command("import_it_dashboard", str(tmp_path), refused=refused, stdout=StringIO())
    assert ",'=1+1," in refused.read_text(encoding="utf-8-sig")
