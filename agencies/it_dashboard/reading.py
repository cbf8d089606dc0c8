"""From an export's files to typed rows; what cannot be read is refused by row, with the reason."""

import csv
import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from agencies.it_dashboard import cells
from agencies.it_dashboard.rows import Activity, Export, Investment, Kind, Metric, Place, PortfolioItem, Refused, Result

Value = TypeVar("Value")

PORTFOLIOS = "it_portfolio*.csv"
# A portfolio without a header row has these columns in this order, and perhaps more behind them.
PORTFOLIO_ORDER = ("uii", "bureau", "investment title", "spending", "type", "cio rating")
SPENDING_HEADER = re.compile(r"total fy ?\d{4} spending.*")
MILLIONS_SUFFIX = "_musd"
TARGET_MONTHS = {"target_2020": datetime.date(2020, 1, 1), "target_2021": datetime.date(2021, 1, 1)}
# What fits into a code beside the other part.
ID_LENGTH = 50


class BrokenExportError(Exception):
    """An export that cannot be imported at all; the message names the file and what is wrong with it."""


class RefusedRowError(ValueError):
    """A row that is not taken; the message says why in plain words."""


@dataclass(frozen=True)
class Cells:
    """The cells of one row by column, and where it stands."""

    place: Place
    by_column: dict[str, str]

    def read(self, column: str, parse: Callable[[str], Value]) -> Value:
        """The cell of a column as what it holds."""
        try:
            return parse(self.by_column[column])
        except cells.RefusedCellError as error:
            raise RefusedRowError(f"{column}: {error}") from None

    def text(self, column: str, limit: int) -> str:
        """The cell of a column as text."""
        return self.read(column, lambda cell: cells.text(cell, limit))

    def code(self, column: str) -> str:
        """The cell of a column as an identifier."""
        return self.read(column, lambda cell: cells.code(cell, ID_LENGTH))

    def uii(self) -> str:
        """The investment's identifier; the part before its first hyphen names the department."""
        uii = self.code("uii")
        if "-" not in uii[1:]:
            raise RefusedRowError(_("uii: “%(uii)s” names no department before a hyphen") % {"uii": uii})
        return uii


@dataclass(frozen=True)
class Table:
    """One kind of file: what its rows become, the columns that are read, and how a row is read."""

    kind: Kind
    columns: tuple[str, ...]
    parse: Callable[[Cells], object]


def read_export(folder: Path) -> Export:
    """Read all files of an export; raises BrokenExportError where one is missing or lacks a column."""
    if not folder.is_dir():
        raise BrokenExportError(_("There is no folder %(folder)s.") % {"folder": folder})
    portfolios = sorted(folder.glob(PORTFOLIOS))
    missing = [name for name in TABLES if not (folder / name).is_file()]
    if not portfolios:
        missing.append(PORTFOLIOS)
    if missing:
        raise BrokenExportError(
            _("Missing in %(folder)s: %(files)s.") % {"folder": folder, "files": ", ".join(missing)}
        )
    refused: list[Refused] = []

    def rows(name: str) -> tuple[Any, ...]:
        return tuple(_parsed(TABLES[name], _with_header(folder / name, TABLES[name]), refused))

    return Export(
        investments=rows("investments.csv"),
        portfolio=tuple(row for path in portfolios for row in _parsed(PORTFOLIO, _portfolio(path), refused)),
        metrics=rows("performance_metrics.csv"),
        results=rows("metric_actual_results.csv"),
        activities=rows("project_activities.csv"),
        refused=tuple(refused),
    )


def _parsed(table: Table, rows: Iterable[Cells | Refused], refused: list[Refused]) -> Iterator[Any]:
    """The rows that can be read; the others go to `refused`."""
    for row in rows:
        if isinstance(row, Refused):
            refused.append(row)
            continue
        try:
            yield table.parse(row)
        except RefusedRowError as error:
            refused.append(Refused(table.kind, row.place, cells.clean(row.by_column["uii"]), str(error)))


def _lines(path: Path) -> Iterator[tuple[Place, list[str]]]:
    """The rows of a CSV file that hold anything, each with the line it begins on."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        # Strict, for a quote that is never closed would swallow all rows behind it.
        reader = csv.reader(file, strict=True)
        begins = 1
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield Place(path.name, begins), row
                begins = reader.line_num + 1
        except (csv.Error, UnicodeDecodeError) as error:
            message = _("%(file)s cannot be read from line %(line)d on: %(error)s.")
            raise BrokenExportError(message % {"file": path.name, "line": begins, "error": error}) from None


def _column(header: str) -> str:
    """The name of a column, which differs a little from export to export."""
    name = cells.clean(header).casefold().removesuffix(MILLIONS_SUFFIX)
    return "spending" if SPENDING_HEADER.fullmatch(name) else name


def _with_header(path: Path, table: Table) -> Iterator[Cells | Refused]:
    lines = _lines(path)
    _place, header = next(lines, (None, []))
    names = [_column(cell) for cell in header]
    missing = [column for column in table.columns if column not in names]
    if missing:
        message = _("%(file)s lacks the columns: %(columns)s.")
        raise BrokenExportError(message % {"file": path.name, "columns": ", ".join(missing)})
    return (_cells(table, names, place, row) for place, row in lines)


def _portfolio(path: Path) -> Iterator[Cells | Refused]:
    """The rows of a portfolio; it has a header row only if its first cell is UII."""
    _place, first = next(_lines(path), (None, []))
    if not first or _column(first[0]) == "uii":
        return _with_header(path, PORTFOLIO)
    names = list(PORTFOLIO_ORDER)
    return (_cells(PORTFOLIO, names, place, row[: len(names)]) for place, row in _lines(path))


def _cells(table: Table, names: list[str], place: Place, row: list[str]) -> Cells | Refused:
    """A row's cells by column; refused where it ends before a column that is read, or goes on behind the last."""
    by_column: dict[str, str] = {}
    for name, cell in zip(names, row, strict=False):
        by_column.setdefault(name, cell)
    if not by_column.keys() >= set(table.columns) or any(cell.strip() for cell in row[len(names) :]):
        reason = _("the row has %(cells)d cells for %(columns)d columns") % {"cells": len(row), "columns": len(names)}
        return Refused(table.kind, place, cells.clean(row[0]), reason)
    return Cells(place, by_column)


def _investment(row: Cells) -> Investment:
    root_code, root_name = row.read("agency", lambda cell: cells.numbered_name(cell, 250))
    bureau_code, bureau_name = row.read("bureau", lambda cell: cells.numbered_name(cell, 250))
    submitted_on = row.read("date_investment_first_submitted", cells.day)
    if submitted_on is None:
        raise RefusedRowError(_("date_investment_first_submitted: it is empty"))
    uii = row.uii()
    return Investment(
        place=row.place,
        uii=uii,
        title=row.text("investment_title", 500) or uii,
        root_code=root_code,
        root_name=root_name,
        bureau_code=f"{root_code}-{bureau_code}",
        bureau_name=bureau_name,
        submitted_on=submitted_on,
        updated_on=row.read("date_last_investment_detail_update", cells.day),
        is_shared=cells.clean(row.by_column["includes_shared_service"]).casefold() == "yes",
        cost=row.read("total_cost_py_2021", cells.dollars),
    )


def _portfolio_item(row: Cells) -> PortfolioItem:
    uii = row.uii()
    bureau_name = row.text("bureau", 250)
    if not bureau_name:
        raise RefusedRowError(_("bureau: it is empty"))
    return PortfolioItem(
        place=row.place,
        uii=uii,
        bureau_name=bureau_name,
        title=row.text("investment title", 500) or uii,
        spending=row.read("spending", cells.dollars),
        rating=row.text("cio rating", 40),
    )


def _metric(row: Cells) -> Metric:
    targets = {month: row.read(column, cells.number) for column, month in TARGET_MONTHS.items()}
    metric_id = row.code("metric_id")
    return Metric(
        place=row.place,
        uii=row.uii(),
        metric_id=metric_id,
        description=row.text("metric_description", 1000) or metric_id,
        unit=row.text("unit_of_measure", 100),
        category=row.text("performance_measurement_category_mapping", 200),
        baseline=row.read("agency_baseline_capability", cells.number),
        targets=tuple((month, target) for month, target in targets.items() if target is not None),
        condition=row.text("measurement_condition", 100),
        frequency=row.text("reporting_frequency", 100),
        objective=row.text("agency_strategic_objective_or_priority_goal", 1000),
        is_retired=cells.clean(row.by_column["is_metric_retired"]).casefold() == "yes",
    )


def _result(row: Cells) -> Result:
    uii, metric_id = row.uii(), row.code("metric_id")
    observed_on = row.read("date_of_actual_result", cells.day)
    if observed_on is None:
        raise RefusedRowError(_("the result has no date"))
    value = row.read("actual_result", cells.number)
    if value is None:
        raise RefusedRowError(_("the result has no value"))
    return Result(
        place=row.place,
        uii=uii,
        metric_id=metric_id,
        result_id=row.text("actual_result_id", 120),
        value=value,
        observed_on=observed_on,
        comment=cells.clean(row.by_column["comment"]),
    )


def _activity(row: Cells) -> Activity:
    return Activity(
        place=row.place,
        uii=row.uii(),
        structure_id=row.text("structure_id", 120),
        planned_on=row.read("planned_completion_date", cells.day),
        completed_on=row.read("actual_completion_date", cells.day),
        planned_cost=row.read("planned_total_costs", cells.dollars),
        actual_cost=row.read("actual_total_costs", cells.dollars),
    )


PORTFOLIO = Table(Kind.SERVICE, ("uii", "bureau", "investment title", "spending", "cio rating"), _portfolio_item)
TABLES = {
    "investments.csv": Table(
        Kind.CONTRACT,
        (
            "uii",
            "investment_title",
            "agency",
            "bureau",
            "date_investment_first_submitted",
            "date_last_investment_detail_update",
            "includes_shared_service",
            "total_cost_py_2021",
        ),
        _investment,
    ),
    "performance_metrics.csv": Table(
        Kind.SERVICE_LEVEL,
        (
            "uii",
            "metric_id",
            "metric_description",
            "unit_of_measure",
            "performance_measurement_category_mapping",
            "agency_baseline_capability",
            *TARGET_MONTHS,
            "measurement_condition",
            "reporting_frequency",
            "agency_strategic_objective_or_priority_goal",
            "is_metric_retired",
        ),
        _metric,
    ),
    "metric_actual_results.csv": Table(
        Kind.MEASUREMENT,
        ("uii", "metric_id", "actual_result_id", "actual_result", "date_of_actual_result", "comment"),
        _result,
    ),
    "project_activities.csv": Table(
        Kind.MEASUREMENT,
        (
            "uii",
            "structure_id",
            "planned_completion_date",
            "actual_completion_date",
            "planned_total_costs",
            "actual_total_costs",
        ),
        _activity,
    ),
}
