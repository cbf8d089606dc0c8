"""Many people and systems at once, against the server that the demo starts."""

import csv
import json
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from brm_portal.demo.processes import Children, wait_until_ready, web
from kernel.access import Role
from kernel.accounts.models import User
from tests.bench.measuring import Effort, Figure
from tests.bench.people import HOST, session_of, token
from vendors.models import Scorecard, ServiceLevel, Vendor

AT_ONCE = 200  # users that arrive in a second
ROWS = 30
USERS = Path(__file__).parent / "users.py"


@dataclass(frozen=True)
class Answers:
    """What a number of users at once met."""

    requests: int
    failures: int
    p95: float


def figures(effort: Effort) -> list[Figure]:
    """The slowest twentieth of answers to many users beside that to few; none may fail."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder, Children() as children:
        children.start("bench-web", web(port))
        wait_until_ready(port, children)
        cast = Path(folder) / "cast.json"
        cast.write_text(json.dumps({"people": _people(), "systems": _systems()}))
        few, many = (_locust(users, effort.load_seconds, port, cast) for users in (effort.few, effort.many))
        children.confirm_alive()
    return [
        Figure(f"p95, {effort.many} users", many.p95, f"p95, {effort.few} users", few.p95, unit="ms"),
        Figure("failed requests", few.failures + many.failures, "all", few.requests + many.requests, unit="", most=0),
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _people() -> list[dict[str, Any]]:
    """Everybody who may log in, with the pages they see, by kind."""
    people = User.objects.exclude(role=Role.INTEGRATION).order_by("pk")
    return [{"session": session_of(person), "kinds": _pages(person)} for person in people]


def _pages(person: User) -> dict[str, list[str]]:
    cards = Scorecard.objects.visible_to(person).current()
    levels = ServiceLevel.objects.visible_to(person).select_related("series")
    return {
        "home": ["/overview/" if person.role == Role.CIO_OFFICE else "/"],
        "vendors": ["/vendors/"],
        "vendor": [each.get_absolute_url() for each in Vendor.objects.visible_to(person)[:ROWS]],
        "scorecard": [each.get_absolute_url() for each in cards[:ROWS]],
        "series": [each.get_absolute_url() for each in levels[:ROWS]],
    }


def _systems() -> list[dict[str, Any]]:
    """One system, with what it reads."""
    codes = ServiceLevel.objects.values_list("series__code", flat=True)[:ROWS]
    lists = {name: [f"/api/v1/{name}/"] for name in ("vendors", "scorecards", "measurements")}
    return [
        {
            "token": token(),
            "kinds": {**lists, "service-level": [f"/api/v1/service-levels/{code}/" for code in codes]},
        }
    ]


def _locust(users: int, seconds: int, port: int, cast: Path) -> Answers:
    """Let locust be so many users for so long; it ends with 1 where a request failed."""
    report = cast.parent / f"with-{users}"
    command = [sys.executable, "-m", "locust", "--locustfile", str(USERS), "--headless", "--only-summary"]
    command += ["--users", str(users), "--spawn-rate", str(AT_ONCE), "--run-time", f"{seconds}s"]
    command += ["--stop-timeout", "60"]  # who has asked is answered
    command += ["--host", f"http://{HOST}:{port}", "--csv", str(report), "--exit-code-on-error", "0"]
    environment = os.environ | {"BENCH_CAST": str(cast)}
    output = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    if output.returncode:
        raise AssertionError(f"locust ended with {output.returncode}: {output.stderr[-2_000:]}")
    for failure in _rows(Path(f"{report}_failures.csv")):
        print(f"{failure['Occurrences']} times: {failure['Error']}", file=sys.stderr)
    total = next(row for row in _rows(Path(f"{report}_stats.csv")) if row["Name"] == "Aggregated")
    return Answers(int(total["Request Count"]), int(total["Failure Count"]), float(total["95%"]))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
