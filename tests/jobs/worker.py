"""A task for tests: it writes numbers, and can be made to stop amid them."""

from typing import Any

from django.db import connection

from kernel.jobs.working import JobError, range_task

STOP_LOCK = 4_711_000
Numbers = list[int]


@range_task("tests.write_numbers")
def write_numbers(params: dict[str, Any], payload: Numbers) -> dict[str, int]:
    """Insert each number; wait amid them for the lock of each number named in `stops_at`; fail where told to."""
    with connection.cursor() as cursor:
        for number in payload:
            if number in params.get("refuses", ()):
                raise JobError(f"{number} cannot be written.")
            if number in params.get("breaks_at", ()):
                raise ZeroDivisionError("secret figures")
            cursor.execute("INSERT INTO written_numbers VALUES (%s)", [number])
            if number in params.get("stops_at", ()):
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STOP_LOCK + number])
    return {"written": len(payload)}
