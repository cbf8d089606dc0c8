"""OCDS for tests: the files beside them, and releases made by hand."""

import io
import json
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any

from vendors.imports.contracts.reporting import Report
from vendors.imports.ocds.loading import import_contracts

DATA = Path(__file__).parent / "ocds_data"
OCID = "ocds-test-1"
RELEASE: dict[str, Any] = {
    "ocid": OCID,
    "id": "1",
    "date": "2024-01-10T12:00:00Z",
    "tag": ["contract"],
    "parties": [
        {"id": "b", "name": "Department of Roads", "identifier": {"scheme": "US-X", "id": "R1"}},
        {"id": "s", "name": "Paving, Inc.", "identifier": {"scheme": "US-EIN", "id": "12-345"}},
    ],
    "buyer": {"id": "b"},
    "awards": [{"id": "a", "suppliers": [{"id": "s"}], "value": {"amount": 900, "currency": "USD"}}],
    "contracts": [
        {
            "id": "c",
            "awardID": "a",
            "title": "Pave the roads",
            "status": "active",
            "value": {"amount": 1000.5, "currency": "USD"},
            "period": {"startDate": "2024-02-01T00:00:00-05:00", "endDate": "2025-01-31T23:59:59-05:00"},
            "dateSigned": "2024-01-09T23:30:00-05:00",
            "implementation": {
                "milestones": [
                    {"id": "m", "title": "Half", "dueDate": "2024-08-01T00:00:00Z", "status": "partiallyMet"}
                ],
                "transactions": [
                    {
                        "id": "t",
                        "date": "2024-05-01T00:00:00Z",
                        "value": {"amount": 250.255, "currency": "USD"},
                        "payer": {"id": "b", "name": "Department of Roads"},
                        "payee": {"id": "unknown", "name": "Somebody Else"},
                    }
                ],
            },
        }
    ],
}


def release(**changes: Any) -> dict[str, Any]:
    """The release above with other top-level fields."""
    return {**deepcopy(RELEASE), **changes}


def contract(**changes: Any) -> list[dict[str, Any]]:
    """The contracts of the release above: its one contract with other fields."""
    return [{**deepcopy(RELEASE["contracts"][0]), **changes}]


def take(*contents: Any, **options: Any) -> Report:
    """Import what is given: each a file, by its path, as bytes, or as what JSON is made of."""
    files = []
    for number, content in enumerate(contents, start=1):
        if isinstance(content, Path):
            files.append((content.name, partial(content.open, "rb")))
            continue
        sent = content if isinstance(content, bytes) else json.dumps(content).encode()
        files.append((f"{number}.json", partial(io.BytesIO, sent)))
    return import_contracts(files=files, **options)


def reasons(report: Report) -> list[str]:
    """Why pieces were refused."""
    return [refused.reason for refused in report.first_refused]
