"""What the rows of an export become, rule by rule."""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agencies.it_dashboard.loading import METHODOLOGY_CODE, import_folder
from agencies.it_dashboard.mapping import criticality_of
from agencies.it_dashboard.measures import unit_of
from kernel.directory.models import Organization
from metrics.models import Indicator, Measurement, Methodology, Outcome, Series, Target
from tests.agencies.exports import ITEM, write_export, write_rows
from vendors.models import Contract, Service, ServiceLevel, Subscription, Vendor

pytestmark = pytest.mark.django_db
UII = "005-000000001"
OTHER = "005-000000002"


def names() -> dict[str, str]:
    return dict(Organization.objects.values_list("code", "name"))


def providers() -> dict[str, str]:
    return dict(Service.objects.values_list("code", "provider__organization__code"))


def subscribers(service: str) -> set[str]:
    return set(Subscription.objects.filter(service__code=service).values_list("agency__code", flat=True))


def test_an_investment_becomes_bureau_agreement_and_service(tmp_path: Path) -> None:
    report = import_folder(write_export(tmp_path))
    assert report.refused == []
    assert names() == {"005": "Department of Agriculture", "005-45": "Agricultural Marketing Service"}
    bureau = Organization.objects.get(code="005-45")
    assert bureau.parent == Organization.objects.get(code="005")
    assert bureau.path == [bureau.parent_id, bureau.pk]
    assert bureau.agency.pk == bureau.pk
    assert (bureau.vendor.kind, bureau.vendor.segment) == (Vendor.Kind.INTERNAL, Vendor.Segment.TACTICAL)
    assert not Vendor.objects.filter(organization__code="005").exists()

    contract = Contract.objects.get(number=UII)
    assert (contract.vendor, contract.agency) == (bureau.vendor, bureau)
    assert (contract.kind, contract.title) == (Contract.Kind.INTERNAL_AGREEMENT, "Permits")
    assert (contract.value, contract.currency, contract.criticality) == (Decimal("21500000.00"), "USD", 3)
    assert (contract.starts_on, contract.ends_on) == (datetime.date(2015, 9, 17), None)
    assert contract.holder == Contract.Holder.AGENCY

    service = Service.objects.get(code=UII)
    assert (service.name, service.lifecycle) == ("Permits online", Service.Lifecycle.LIVE)
    assert (service.yearly_spending, service.contract) == (Decimal("20250000.00"), contract)
    assert subscribers(UII) == {"005-45"}


def test_a_metric_becomes_a_service_level_with_targets_outcome_and_results(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path))
    level = ServiceLevel.objects.get(series__code=f"{UII}-7")
    assert (level.dimension, level.weight, str(level.service)) == ("outcomes", Decimal(1), "Permits online")
    assert (level.first_month, level.last_month) == (datetime.date(2020, 1, 1), None)
    indicator = level.series.indicator
    assert (indicator.code, indicator.name, indicator.unit) == (f"{UII}-7", "Permits issued in time", "%")
    assert (indicator.direction, indicator.aggregation, indicator.cadence) == ("higher", "mean", "monthly")
    assert list(level.series.targets.values_list("effective_from", "floor", "target", "stretch")) == [
        (datetime.date(2020, 1, 1), Decimal(80), Decimal(90), None),
        (datetime.date(2021, 1, 1), Decimal(80), Decimal(95), None),
    ]
    outcome = Outcome.objects.get()
    assert (outcome.code, outcome.name) == ("005-45-005SO18001", "Serve people better.")
    assert outcome.organization.code == "005-45"
    assert [measure.series for measure in outcome.measures.all()] == [level.series]
    result = level.series.measurements.get()
    assert (result.observed_on, result.value) == (datetime.date(2020, 3, 31), Decimal("92.5"))
    assert (result.reference, result.comment) == ("1001", "Late")


def test_activities_and_ratings_become_schedule_cost_and_risk(tmp_path: Path) -> None:
    late = {"structure_id": "11.2", "actual_completion_date": "2020-06-01"}
    unplanned = {"structure_id": "11.3", "planned_completion_date": "", "planned_total_costs_musd": "0"}
    not_done = {"structure_id": "11.4", "actual_completion_date": "", "actual_total_costs_musd": ""}
    import_folder(write_export(tmp_path, activities=[{}, late, unplanned, not_done]))

    def facts(code: str) -> tuple[Any, ...]:
        level = ServiceLevel.objects.get(series__code=f"{UII}-{code}")
        indicator, target = level.series.indicator, level.series.targets.get()
        figures = (target.effective_from, target.floor, target.target, target.stretch)
        kind = (indicator.unit, indicator.direction, indicator.aggregation, indicator.cadence)
        return level.dimension, level.weight, kind, figures

    def results(code: str) -> list[tuple[Any, ...]]:
        rows = Measurement.objects.filter(series__code=f"{UII}-{code}")
        return list(rows.values_list("observed_on", "reference", "value", "numerator", "denominator"))

    january = datetime.date(2020, 1, 1)
    assert facts("schedule") == ("schedule", 1, ("%", "higher", "ratio", "quarterly"), (january, 0, 80, 100))
    assert facts("cost") == ("cost", 1, ("%", "lower", "ratio", "quarterly"), (january, 130, 100, 90))
    assert facts("risk") == ("risk_compliance", 1, ("points", "higher", "last", "yearly"), (january, 1, 3, 5))
    in_may, in_june = datetime.date(2020, 5, 30), datetime.date(2020, 6, 1)
    assert results("schedule") == [(in_may, "11.1", None, 1, 1), (in_june, "11.2", None, 0, 1)]
    assert results("cost") == [
        (in_may, "11.1", None, 600_000, 500_000),
        (in_june, "11.2", None, 600_000, 500_000),
    ]
    assert results("risk") == [(datetime.date(2021, 4, 27), "", 4, None, None)]


def test_an_agreement_without_such_data_has_no_such_service_levels(tmp_path: Path) -> None:
    not_done = {"actual_completion_date": ""}
    import_folder(
        write_export(tmp_path, metrics=[], results=[], portfolio=[{"CIO Rating": "--"}], activities=[not_done])
    )
    assert not ServiceLevel.objects.exists()
    assert Contract.objects.exists()


@pytest.mark.parametrize(
    ("cost", "criticality"),
    [(None, 1), (4_999_999, 1), (5_000_000, 2), (20_000_000, 3), (50_000_000, 4), (99_999_999, 4), (100_000_000, 5)],
)
def test_criticality_follows_yearly_cost(cost: int | None, criticality: int) -> None:
    assert criticality_of(None if cost is None else Decimal(cost)) == criticality


def test_a_vendors_highest_criticality_makes_its_segment(tmp_path: Path) -> None:
    bureaus = {"10": ["$100", "$1"], "20": ["$50"], "30": ["$20"], "40": ["$5.0"], "50": ["0"], "60": ["--"]}
    investments = [
        {"uii": f"005-{bureau}{index}", "bureau": f"{bureau} - Bureau {bureau}", "total_cost_py_2021_musd": cost}
        for bureau, costs in bureaus.items()
        for index, cost in enumerate(costs)
    ]
    import_folder(write_export(tmp_path, investments=investments, metrics=[], results=[], activities=[]))
    segments = dict(Vendor.objects.values_list("organization__code", "segment"))
    assert segments == {
        "005-10": "strategic",
        "005-20": "tactical",
        "005-30": "tactical",
        "005-40": "operational",
        "005-50": "commodity",
        "005-60": "commodity",
        "005-agricultural-marketing-service": "commodity",
    }


@pytest.mark.parametrize("name", ["Office of Chief Information Officer", "Office of the Chief Information Officer"])
def test_the_cios_office_holds_its_own_agreements(tmp_path: Path, name: str) -> None:
    import_folder(write_export(tmp_path, investments=[{"bureau": f"12 - {name}"}], portfolio=[]))
    assert Contract.objects.get().holder == Contract.Holder.CIO_OFFICE


def test_every_agency_of_the_department_subscribes_to_a_shared_service(tmp_path: Path) -> None:
    investments = [{"includes_shared_service": "YES"}, {"uii": OTHER, "bureau": "96 - Forest Service"}]
    portfolio = [{}, {"UII": "005-3", "Bureau": "Office of Civil Rights"}, {"UII": "009-1", "Bureau": "Institutes"}]
    import_folder(write_export(tmp_path, investments=investments, portfolio=portfolio))
    assert subscribers(UII) == {"005", "005-45", "005-96", "005-office-of-civil-rights"}
    assert subscribers(OTHER) == {"005-96"}
    assert subscribers("005-3") == {"005-office-of-civil-rights"}
    assert subscribers("009-1") == {"009-institutes"}


def test_an_investment_missing_from_the_portfolio_is_a_service_too(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path, portfolio=[]))
    service = Service.objects.get()
    assert (service.code, service.name, service.provider.organization.code) == (UII, "Permits", "005-45")
    assert (service.yearly_spending, service.contract) == (None, Contract.objects.get(number=UII))


def test_the_portfolio_names_bureaus_by_name(tmp_path: Path) -> None:
    investments = [
        {"uii": "005-1", "bureau": "25 - Farm Production and Conservation Business"},
        {"uii": "005-2", "bureau": "30 - Research Service"},
        {"uii": "005-3", "bureau": "31 - Research Service North"},
    ]
    bureaus = {
        "005-11": "farm  production and conservation business",
        "005-12": "Farm Production and Conservation Business Center",
        "005-13": "Farm Production",
        "005-14": "Research Service",
        "005-15": "Research",
        "005-16": "Department of Agriculture",
        "005-17": "Office of Civil Rights & Appeals",
        "005-18": "Office of Civil Rights & Appeals",
        "009-19": "Farm Production",
    }
    portfolio = [{"UII": uii, "Bureau": bureau} for uii, bureau in bureaus.items()]
    import_folder(write_export(tmp_path, investments=investments, portfolio=portfolio, metrics=[], results=[]))
    found = providers()
    assert {uii: found[uii] for uii in bureaus} == {
        "005-11": "005-25",
        "005-12": "005-25",
        "005-13": "005-25",
        "005-14": "005-30",
        # Two bureaus begin so: neither is meant for certain.
        "005-15": "005-research",
        "005-16": "005",
        "005-17": "005-office-of-civil-rights-appeals",
        "005-18": "005-office-of-civil-rights-appeals",
        # Another department, and one that only the portfolio tells of.
        "009-19": "009-farm-production",
    }
    assert names()["005-25"] == "Farm Production and Conservation Business"
    assert names()["009"] == "009"


def test_several_departments_and_portfolios_come_in_at_once(tmp_path: Path) -> None:
    energy = {
        "uii": "019-000000001",
        "agency": "019 - Department of Energy",
        "bureau": "45 - Energy Programs",
        "includes_shared_service": "YES",
    }
    write_export(
        tmp_path,
        investments=[{}, energy],
        metrics=[{}, {"uii": energy["uii"], "metric_id": "8", "measurement_condition": "Under target"}],
        results=[{}, {"uii": energy["uii"], "metric_id": "8"}],
    )
    items = [ITEM | {"UII": energy["uii"], "Bureau": "Energy Programs"}, ITEM | {"UII": "019-2", "Bureau": "Labs"}]
    write_rows(tmp_path / "it_portfolio_019.csv", items, list(ITEM), header=False)
    report = import_folder(tmp_path)
    assert report.refused == []
    assert providers() == {UII: "005-45", energy["uii"]: "019-45", "019-2": "019-labs"}
    assert subscribers(str(energy["uii"])) == {"019", "019-45", "019-labs"}
    series = Series.objects.get(code="019-000000001-8")
    assert series.agency == series.provider == Organization.objects.get(code="019-45")
    assert series.direction == "lower"
    assert Methodology.objects.filter(code=METHODOLOGY_CODE).count() == 1


def test_a_portfolio_may_have_no_header_and_more_columns(tmp_path: Path) -> None:
    write_export(tmp_path)
    wide = ITEM | {"": "x", "extra": "y"}
    write_rows(tmp_path / "it_portfolio.csv", [wide, wide | {"UII": OTHER}], list(wide), header=False)
    import_folder(tmp_path)
    assert providers() == {UII: "005-45", OTHER: "005-45"}


def test_byte_order_marks_extra_columns_and_other_names_of_columns_are_read(tmp_path: Path) -> None:
    write_export(tmp_path)
    wide = {"note": "ignored"} | ITEM | {"Total FY2021 Spending ($M)": "$1,987.700"}
    columns = list(ITEM)
    write_rows(tmp_path / "it_portfolio.csv", [wide], [*columns, "note"], encoding="utf-8-sig")
    for name in ("investments.csv", "project_activities.csv"):
        path = tmp_path / name
        content = path.read_text(encoding="utf-8").replace("_musd", "").replace("\r\n", "\n")
        path.write_text(content, encoding="utf-8-sig", newline="\n")
    report = import_folder(tmp_path)
    assert report.refused == []
    assert Service.objects.get().yearly_spending == Decimal("1987700000.00")
    assert ServiceLevel.objects.filter(series__code=f"{UII}-cost").exists()


@pytest.mark.parametrize(
    ("category", "dimension"),
    [
        ("1 - Customer Satisfaction (Process Results)", "service_quality"),
        ("", "service_quality"),
        ("2 - Strategic and Business Results", "outcomes"),
        ("3 - Financial Performance", "cost"),
        ("4 - Innovation", "innovation"),
        ("3 – Financial Performance", "cost"),
    ],
)
def test_a_category_is_a_dimension_and_only_results_have_outcomes(
    tmp_path: Path, category: str, dimension: str
) -> None:
    import_folder(write_export(tmp_path, metrics=[{"performance_measurement_category_mapping": category}]))
    assert ServiceLevel.objects.get(series__code=f"{UII}-7").dimension == dimension
    assert Outcome.objects.exists() == (dimension == "outcomes")


def test_one_outcome_per_bureau_and_objective(tmp_path: Path) -> None:
    goal, free = "005SO18001 : Serve people better.", "Serve people, wherever they live"
    metrics: list[dict[str, Any]] = [
        {"metric_id": str(number), "uii": uii, "agency_strategic_objective_or_priority_goal": objective}
        for number, (uii, objective) in enumerate([(UII, goal), (UII, goal), (OTHER, goal), (UII, free), (UII, "")])
    ]
    investments = [{}, {"uii": OTHER, "bureau": "96 - Forest Service"}]
    import_folder(write_export(tmp_path, investments=investments, metrics=metrics, results=[]))
    measured = {outcome.code: outcome.measures.count() for outcome in Outcome.objects.all()}
    assert measured.pop("005-45-005SO18001") == 2
    assert measured.pop("005-96-005SO18001") == 1
    [(code, measures)] = measured.items()
    assert code.startswith("005-45-serve-people-wherever-they-live-")
    assert measures == 1


@pytest.mark.parametrize("unit", ["%", "Percent", "percent", "Percentage", "percentage"])
def test_percent_has_many_spellings(unit: str) -> None:
    assert unit_of(unit) == "%"


def test_other_units_are_kept_in_lower_case(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path, metrics=[{"unit_of_measure": " Percent  Complete "}]))
    assert Indicator.objects.get(code=f"{UII}-7").unit == "percent complete"


@pytest.mark.parametrize(
    ("condition", "baseline", "floors"),
    [
        ("Over target", "80", [80, 80]),
        ("Over target", "90", [None, 90]),
        ("Over target", "99", [None, None]),
        ("Over target", "", [None, None]),
        ("Under target", "80", [None, None]),
        ("Under target", "92", [92, None]),
        ("Under target", "99", [99, 99]),
    ],
)
def test_the_baseline_is_a_floor_where_it_is_worse(
    tmp_path: Path, condition: str, baseline: str, floors: list[int | None]
) -> None:
    metric = {"measurement_condition": condition, "agency_baseline_capability": baseline}
    import_folder(write_export(tmp_path, metrics=[metric]))
    targets = Target.objects.filter(series__code=f"{UII}-7").order_by("effective_from")
    assert list(targets.values_list("floor", flat=True)) == floors


def test_empty_targets_are_not_created_and_a_service_level_without_any_is_kept(tmp_path: Path) -> None:
    metrics = [{"target_2020": ""}, {"metric_id": "8", "target_2020": "", "target_2021": ""}]
    import_folder(write_export(tmp_path, metrics=metrics))
    months = Target.objects.filter(series__code=f"{UII}-7").values_list("effective_from", flat=True)
    assert list(months) == [datetime.date(2021, 1, 1)]
    assert ServiceLevel.objects.filter(series__code=f"{UII}-8", series__targets=None).exists()


@pytest.mark.parametrize(
    ("frequency", "cadence"),
    [("Monthly", "monthly"), ("Quarterly", "quarterly"), ("Semi-Annual", "semiannual"), ("Annual", "yearly")],
)
def test_frequency_is_cadence(tmp_path: Path, frequency: str, cadence: str) -> None:
    import_folder(write_export(tmp_path, metrics=[{"reporting_frequency": frequency}]))
    assert Indicator.objects.get(code=f"{UII}-7").cadence == cadence


def test_a_retired_metric_ends_with_its_last_dated_result(tmp_path: Path) -> None:
    results = [
        {"actual_result_id": "1", "date_of_actual_result": "01/02/2020"},
        {"actual_result_id": "2", "date_of_actual_result": "2019-12-31"},
        {"actual_result_id": "3", "date_of_actual_result": ""},
    ]
    import_folder(write_export(tmp_path, metrics=[{"is_metric_retired": "Yes"}], results=results))
    assert ServiceLevel.objects.get(series__code=f"{UII}-7").last_month == datetime.date(2020, 1, 1)
    assert Measurement.objects.filter(series__code=f"{UII}-7").count() == 2


def test_blank_is_not_retired(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path, metrics=[{"is_metric_retired": ""}], results=[]))
    assert ServiceLevel.objects.get(series__code=f"{UII}-7").last_month is None


def test_the_methodology_is_the_published_one(tmp_path: Path) -> None:
    import_folder(write_export(tmp_path))
    methodology = Methodology.objects.get(code=METHODOLOGY_CODE)
    assert (methodology.name, methodology.edition, methodology.is_default) == ("Federal IT Dashboard", 1, False)
    assert (methodology.score_at_target, methodology.minimum_coverage) == (75, Decimal("0.35"))
    assert methodology.weights() == {
        "outcomes": 40,
        "service_quality": 25,
        "relationship": 0,
        "risk_compliance": 10,
        "cost": 10,
        "schedule": 10,
        "innovation": 5,
    }
    assert list(methodology.bands.values_list("lower_bound", "name")) == [
        (Decimal(0), "Unsatisfactory"),
        (Decimal(50), "Marginal"),
        (Decimal(70), "Satisfactory"),
        (Decimal(85), "Very Good"),
        (Decimal(95), "Exceptional"),
    ]
