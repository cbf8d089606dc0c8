"""The API describes itself without a warning, and its own answers fit the description."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from jsonschema import Draft202012Validator

from brm_portal.api import VIEWSETS
from kernel.rest.keyset import KeysetPagination
from metrics.models import Measurement
from tests.api.keys import VIEWSET, key_of
from tests.conftest import JANUARY, Cast, World
from tests.resources import Rows
from tests.vendors.scorecards.cards import make_scorecard

Get = Callable[..., Any]


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The description, made as strictly as it can be."""
    file = Path(tmp_path_factory.mktemp("schema")) / "schema.yaml"
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(file))
    return yaml.safe_load(file.read_text())


def validate(schema: dict[str, Any], described: dict[str, Any], value: Any) -> None:
    whole = {**described, "components": schema["components"]}
    Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


def fits(schema: dict[str, Any], path: str, answer: Any) -> None:
    described = schema["paths"][path]["get"]["responses"][str(answer.status_code)]
    (media_type,) = described["content"]
    assert answer["Content-Type"] == media_type
    validate(schema, described["content"][media_type]["schema"], answer.json())


def test_it_is_openapi_3_1_with_both_ways_to_log_in(schema: dict[str, Any]) -> None:
    assert schema["openapi"] == "3.1.0"
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert {"token": []} in schema["paths"]["/api/v1/vendors/"]["get"]["security"]


def test_every_parameter_of_every_list_is_described(schema: dict[str, Any]) -> None:
    for viewset in VIEWSETS:
        described = {row["name"] for row in schema["paths"][f"/api/v1/{viewset.resource}/"]["get"]["parameters"]}
        declared = set(viewset.filterset_class.base_filters)
        turning = "after" if viewset.pagination_class is KeysetPagination else "page"
        assert described == declared | {"ordering", turning, "page_size"}


def test_every_operation_says_what_it_is_for(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["description"], path


def test_examples_fit_their_description(schema: dict[str, Any]) -> None:
    answers = [
        content
        for operations in schema["paths"].values()
        for operation in operations.values()
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
    ]
    examples = [(content["schema"], example) for content in answers for example in content.get("examples", {}).values()]
    assert len(examples) > len(VIEWSETS)
    for described, example in examples:
        validate(schema, described, example["value"])


def test_answers_fit_their_description(schema: dict[str, Any], cast: Cast, world: World, rows: Rows, get: Get) -> None:
    series = world.service_level.series
    Measurement.objects.create(series=series, observed_on=JANUARY.replace(day=2), numerator=1, denominator=3)
    make_scorecard(world.acme, world.methodology, JANUARY, by=cast.cio, lines={world.service_level: None})
    for user in (cast.cio, cast.agency_member, cast.msi_member):
        for name, viewset in VIEWSET.items():
            of_row = next(path for path in schema["paths"] if path.startswith(f"/api/v1/{name}/{{"))
            fits(schema, f"/api/v1/{name}/", get(f"{name}/", user))
            fits(schema, f"/api/v1/{name}/", get(f"{name}/", user, page=99))
            fits(schema, f"/api/v1/{name}/", get(f"{name}/", user, nonsense=1))
            fits(schema, of_row, get(f"{name}/{key_of(viewset, rows[0])}/", user))
        fits(schema, "/api/v1/search/", get("search/", user, q="acme"))
        fits(schema, "/api/v1/search/", get("search/", user))
        fits(schema, "/api/v1/spending/", get("spending/", user))
        fits(schema, "/api/v1/spending/", get("spending/", user, by="nonsense"))
