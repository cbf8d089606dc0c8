"""The whole API as described: schemathesis sends what the description allows, what it does not, and garbage.

As every kind of visitor: nothing breaks, nothing is answered that is not described, nothing is told that belongs to
others, a row out of sight answers like one that does not exist, and what is refused leaves no trace. What
`tests/resources/` grants also succeeds at least once, so that this does not look at refusals alone.
"""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.urls import resolve
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from brm_portal.wsgi import application
from kernel.accounts.models import ApiToken
from kernel.accounts.operations import issue_token
from kernel.accounts.scopes import SAFE_METHODS, all_scopes
from kernel.rest.models import KeptAnswer
from metrics.measurements.excluding import exclude_measurement
from metrics.models import Measurement
from tests.api.contract.attempts import SPARE_SERIES, Attempt, Attempts, known_values, said
from tests.api.contract.marks import Mark, mark_rows, mark_shared
from tests.api.keys import key_of
from tests.conftest import JANUARY, Cast, World, make_service_level
from tests.resources import VISITORS, Rows
from tests.test_access import ROUTES, changed, letters, trace, view_of

pytestmark = pytest.mark.slow

Described = dict[str, Any]

EXAMPLES = 3  # of each operation as each visitor
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# What HTTP itself may answer anywhere; the description has it among any other problems.
ANYWHERE = {405, 406, 415}
UNKNOWN = {"string": "unheard-of", "integer": 999_999_999}


class Visit:
    """One visitor's way through the API, and what was wrong on it."""

    def __init__(self, visitor: str, cast: Cast, marks: list[Mark]) -> None:
        # An integration reads and writes what its owner may.
        self.role = "agency_member" if visitor == "integration" else visitor
        self.headers = {} if visitor == "nobody" else token_of(visitor, cast)
        self.secrets = {mark.text for mark in marks if self.role not in mark.readers}
        self.unread = {mark.text for mark in marks if self.role in mark.readers}
        self.before = trace()
        self.wrong: dict[tuple[str, str], str] = {}

    def signs(self, route: str, method: str) -> str:
        """What the table says of our row and of theirs, or of a list."""
        signs = letters(route, sending=method not in SAFE_METHODS)
        return "".join(each[VISITORS.index(self.role)] for each in signs)

    def try_out(self, operation: Any, described: Described, rows: Rows) -> None:
        """Send requests of every way, each undone before the next."""
        path, method = operation.path, operation.method.upper()
        route = resolve(example_of(described, path)).view_name
        keys = [key_of(view_of(ROUTES[route]), side) for side in rows] if "{" in path else []
        if route == "api:measurements-readmit":
            keys[0] = Measurement.objects.get(excluded_at__isnull=False).pk
        signs = self.signs(route, method)
        hidden = {str(key) for key, sign in zip(keys, signs, strict=False) if sign == "x"}
        attempts = Attempts(
            operation,
            resource=view_of(ROUTES[route]).resource,
            keys=keys,
            own=max(signs.find("o"), 0),
            fields=fields_of(described, path, operation.method),
            known=known_values(rows),
        )
        statuses = set()

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(attempts.strategy())
        def send(attempt: Attempt) -> None:
            response = self.send(attempt)
            statuses.add(response.status_code)
            for what in self.judge(attempt.case, response):
                self.note(attempt, response, what)
            if hidden & {str(key) for key in attempt.case.path_parameters.values()}:
                self.compare(attempt, response, described)

        send()
        if "o" in signs and not any(200 <= status < 300 for status in statuses):
            self.wrong[operation.label, "never succeeds"] = f"answered {sorted(statuses)}"

    def send(self, attempt: Attempt) -> Response:
        """The answer; what the request wrote is undone, and a refused one must have written nothing."""
        with transaction.atomic():
            response = attempt.send(application, self.headers)
            if attempt.case.method not in SAFE_METHODS and response.status_code >= 400:
                # A request with an Idempotency-Key has its answer kept, whatever it is.
                written = set(changed(self.before, trace())) - {KeptAnswer._meta.db_table}
                if written:
                    self.note(attempt, response, f"refused, it wrote to {sorted(written)}")
            transaction.set_rollback(True)
        return response

    def judge(self, case: Case, response: Response) -> Iterator[str]:
        """What is wrong with an answer."""
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            yield from (f"{failure.title}: {failure.message}" for failure in failures.exceptions)
        named = {int(status) for status in case.operation.definition.raw["responses"] if status.isdigit()}
        if response.status_code not in named | ANYWHERE:
            yield f"{response.status_code} is not described"
        if self.role == "nobody" and response.status_code < 400:
            yield "open to the world"
        told = response.text + str(response.headers)
        asked = said(response)
        self.unread -= {text for text in self.unread if text in told}
        yield from (f"tells {text}" for text in sorted(self.secrets) if text in told and text not in asked)

    def compare(self, attempt: Attempt, response: Response, described: Described) -> None:
        """A row out of sight must answer like one that does not exist."""
        case = attempt.case
        hidden = case.path_parameters
        (parameter,) = path_parameters(described, case.path)
        case.path_parameters = {parameter["name"]: UNKNOWN[parameter["schema"]["type"]]}
        unknown = self.send(attempt)
        case.path_parameters = hidden
        if (response.status_code, response.content) != (unknown.status_code, unknown.content):
            self.note(attempt, response, f"unknown answers {unknown.status_code}")

    def note(self, attempt: Attempt, response: Response, what: str) -> None:
        """Keep the first request that shows what is wrong."""
        told = f"{attempt!r:.600} -> {response.status_code} {response.text:.300}"
        self.wrong.setdefault((attempt.case.operation.label, what), told)


def token_of(visitor: str, cast: Cast) -> dict[str, str]:
    """The headers of a token that opens everything its user may; its use is noted already."""
    user = cast.by_role()[visitor]
    now = timezone.now()
    token, secret = issue_token(
        user=user,
        name="all",
        scopes=all_scopes(),
        expires_at=now + datetime.timedelta(days=1),
        by=cast.cio if visitor == "integration" else user,
    )
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now + datetime.timedelta(hours=1))
    return {"Authorization": f"Bearer {secret}"}


def make_spare_rows(world: World, cast: Cast) -> None:
    """Have a measurement that can be admitted again, and a series that can measure another outcome."""
    series = make_service_level(SPARE_SERIES, world.contract).series
    measurement = Measurement.objects.create(series=series, observed_on=JANUARY, value=1)
    exclude_measurement(measurement=measurement, reason="Sensor broken", by=cast.cio)


def path_parameters(described: Described, path: str) -> list[dict[str, Any]]:
    """The parameters in a path."""
    operation = next(iter(described["paths"][path].values()))
    return [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "path"]


def example_of(described: Described, path: str) -> str:
    """An address of this path."""
    for parameter in path_parameters(described, path):
        path = path.replace(f"{{{parameter['name']}}}", str(UNKNOWN[parameter["schema"]["type"]]))
    return path


def fields_of(described: Described, path: str, method: str) -> set[str]:
    """The fields that a body may hold."""
    content = described["paths"][path][method].get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    return set(described["components"]["schemas"].get(reference.rpartition("/")[2], {}).get("properties", {}))


@pytest.mark.parametrize("visitor", [*VISITORS, "integration"])
def test_the_api_is_as_described(visitor: str, rows: Rows, world: World, cast: Cast) -> None:
    described: Described = SchemaGenerator().get_schema(request=None, public=True)
    make_spare_rows(world, cast)
    visit = Visit(visitor, cast, [*mark_rows(rows), *mark_shared(world, cast)])
    for operation in schemathesis.openapi.from_dict(described).get_all_operations():
        visit.try_out(operation.ok(), described, rows)
    assert visit.wrong == {}
    assert visit.unread == set()
