"""Small exports of the IT Dashboard, written as files: a department with one bureau, changed as a test needs."""

import csv
from pathlib import Path
from typing import Any

INVESTMENT = {
    "uii": "005-000000001",
    "investment_title": "Permits",
    "agency": "005 - Department of Agriculture",
    "bureau": "45 - Agricultural Marketing Service",
    "date_investment_first_submitted": "2015-09-17",
    "date_last_investment_detail_update": "2021-04-27",
    "includes_shared_service": "NO",
    "total_cost_py_2021_musd": "$21.500000",
}
ITEM = {
    "UII": "005-000000001",
    "Bureau": "Agricultural Marketing Service",
    "Investment Title": "Permits online",
    "Total FY2021 Spending ($M)": "$20.250",
    "Type": "Major IT",
    "CIO Rating": "4",
    "# of Projects": "2",
}
METRIC = {
    "uii": "005-000000001",
    "metric_id": "7",
    "metric_description": "Permits issued in time",
    "unit_of_measure": "Percentage",
    "performance_measurement_category_mapping": "2 - Strategic and Business Results",
    "agency_baseline_capability": "80.0",
    "target_2020": "90.0",
    "target_2021": "95.0",
    "measurement_condition": "Over target",
    "reporting_frequency": "Monthly",
    "agency_strategic_objective_or_priority_goal": "005SO18001 : Serve people better.",
    "is_metric_retired": "No",
}
RESULT = {
    "uii": "005-000000001",
    "metric_id": "7",
    "actual_result_id": "1001",
    "actual_result": "92.500000",
    "date_of_actual_result": "03/31/2020",
    "comment": "Late",
}
ACTIVITY = {
    "uii": "005-000000001",
    "unique_project_id": "11",
    "activity_name": "Release",
    "structure_id": "11.1",
    "planned_completion_date": "2020-05-31",
    "actual_completion_date": "2020-05-30",
    "planned_total_costs_musd": "0.500000",
    "actual_total_costs_musd": "0.600000",
}
FILES = {
    "investments.csv": INVESTMENT,
    "it_portfolio.csv": ITEM,
    "performance_metrics.csv": METRIC,
    "metric_actual_results.csv": RESULT,
    "project_activities.csv": ACTIVITY,
}

Rows = list[dict[str, Any]]


def write_export(
    folder: Path,
    *,
    investments: Rows | None = None,
    portfolio: Rows | None = None,
    metrics: Rows | None = None,
    results: Rows | None = None,
    activities: Rows | None = None,
) -> Path:
    """An export in `folder`; each row says only how it differs from the usual one, none given is one usual row."""
    folder.mkdir(parents=True, exist_ok=True)
    given = (investments, portfolio, metrics, results, activities)
    for (name, usual), rows in zip(FILES.items(), given, strict=True):
        write_rows(folder / name, [usual | row for row in ([{}] if rows is None else rows)], list(usual))
    return folder


def write_rows(path: Path, rows: Rows, columns: list[str], *, header: bool = True, encoding: str = "utf-8") -> None:
    """A CSV file as spreadsheets write it, with CRLF."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns)
        if header:
            writer.writeheader()
        writer.writerows(rows)
