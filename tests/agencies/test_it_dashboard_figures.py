"""The shipped department's data, imported and scored, against what an independent implementation got."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from agencies.it_dashboard.loading import METHODOLOGY_CODE, import_folder
from metrics.measurements.folding import fold_due
from metrics.methodologies.figures import (
    Aggregation,
    Band,
    Cadence,
    Direction,
    MethodologyInput,
    MonthlyValue,
    SeriesInput,
    ServiceLevelInput,
    Target,
)
from metrics.methodologies.scoring import INSUFFICIENT_EVIDENCE, scorecard
from metrics.models import Methodology, Series
from vendors.models import Scorecard, ServiceLevel, Vendor
from vendors.scorecards.computing import compute_scorecards

DATA = settings.BASE_DIR / "agencies" / "it_dashboard" / "data" / "usda-2021"
EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "it-dashboard-expected.json").read_text())
START = datetime.date(2020, 7, 1)
MONTHS = 12
CLOSE = Decimal("0.000001")


def close(figure: Decimal | None, expected: float | None) -> bool:
    """Equal to 1e-6; none equals only none."""
    if figure is None or expected is None:
        return figure is None and expected is None
    return abs(figure - Decimal(str(expected))) <= CLOSE


def differences(found: dict[str, dict[str, Any]]) -> list[str]:
    """What differs from the expected figures, vendor by vendor."""
    expected = EXPECTED["vendors"]
    wrong = [f"{vendor}: only one side has it" for vendor in found.keys() ^ expected.keys()]
    for vendor in found.keys() & expected.keys():
        ours, theirs = found[vendor], expected[vendor]
        for figure in ("score", "coverage"):
            if not close(ours[figure], theirs[figure]):
                wrong.append(f"{vendor} {figure}: {ours[figure]} instead of {theirs[figure]}")
        if ours["grade"].casefold() != theirs["grade"].casefold():
            wrong.append(f"{vendor}: {ours['grade']} instead of {theirs['grade']}")
        for dimension in ours["dimensions"].keys() | theirs["dimensions"].keys():
            if not close(ours["dimensions"].get(dimension), theirs["dimensions"].get(dimension)):
                wrong.append(f"{vendor} {dimension}")
        if ours["lines"].keys() != theirs["lines"].keys():
            wrong.append(f"{vendor}: other lines {ours['lines'].keys() ^ theirs['lines'].keys()}")
        for code in ours["lines"].keys() & theirs["lines"].keys():
            if not all(map(close, ours["lines"][code], theirs["lines"][code])):
                wrong.append(f"{code}: {ours['lines'][code]} instead of {theirs['lines'][code]}")
    return wrong


def by_arithmetic(methodology: Methodology) -> dict[str, dict[str, Any]]:
    """The figures by the yardstick, from what stands in the database."""
    method = MethodologyInput(
        weights=methodology.weights(),
        score_at_target=methodology.score_at_target,
        minimum_coverage=methodology.minimum_coverage,
        bands=tuple(Band(band.lower_bound, band.name) for band in methodology.bands.all()),
    )
    levels: dict[str, list[ServiceLevelInput]] = {}
    for row in ServiceLevel.objects.select_related(
        "contract__vendor__organization", "series__indicator"
    ).prefetch_related("series__targets", "series__monthly_values"):
        vendor = row.contract.vendor.organization.code
        levels.setdefault(vendor, []).append(
            ServiceLevelInput(
                code=row.code,
                dimension=row.dimension,
                weight=row.weight,
                criticality=row.contract.criticality,
                first_month=row.first_month,
                last_month=row.last_month,
                series=series_input(row.series),
            )
        )
    cards = {vendor: scorecard(rows, method, START, MONTHS) for vendor, rows in levels.items()}
    return {
        vendor: {
            "score": card.score,
            "coverage": card.coverage,
            "grade": card.grade,
            "dimensions": {each.dimension: each.score for each in card.dimensions if each.score is not None},
            "lines": {line.code: (line.attainment, line.coverage) for line in card.lines},
        }
        for vendor, card in cards.items()
        if card is not None
    }


def series_input(series: Series) -> SeriesInput:
    indicator = series.indicator
    return SeriesInput(
        direction=Direction(indicator.direction),
        aggregation=Aggregation(indicator.aggregation),
        cadence=Cadence(indicator.cadence),
        unit=indicator.unit,
        targets=tuple(Target(row.effective_from, row.target, row.floor, row.stretch) for row in series.targets.all()),
        values=tuple(
            MonthlyValue(
                row.month, row.n, row.total, row.minimum, row.maximum, row.last, row.numerator, row.denominator
            )
            for row in series.monthly_values.all()
        ),
    )


def by_production(methodology: Methodology) -> dict[str, dict[str, Any]]:
    """The figures that production computed and stored."""
    compute_scorecards(period_start=START, months=MONTHS, methodology=methodology, vendors=Vendor.objects.all())
    cards = Scorecard.objects.of_period(START, MONTHS).select_related("vendor__organization", "grade")
    return {
        card.vendor.organization.code: {
            "score": card.score,
            "coverage": card.coverage,
            "grade": card.grade.name if card.grade else INSUFFICIENT_EVIDENCE,
            "dimensions": {each.dimension: each.score for each in card.dimensions.all() if each.score is not None},
            "lines": {line.service_level.code: (line.attainment, line.coverage) for line in card.lines.all()},
        }
        for card in cards.prefetch_related("dimensions", "lines__service_level__series")
    }


@pytest.mark.django_db
@pytest.mark.slow
def test_imported_and_scored_it_equals_the_independent_figures() -> None:
    import_folder(DATA)
    fold_due()
    methodology = Methodology.objects.get(code=METHODOLOGY_CODE)
    assert (EXPECTED["period_start"], EXPECTED["months"]) == ("2020-07", MONTHS)
    assert differences(by_arithmetic(methodology)) == []
    assert differences(by_production(methodology)) == []
