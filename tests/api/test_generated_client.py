"""A client generated from the API's description reads a scorecard, lists vendors and writes a measurement."""

import datetime
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from kernel.accounts.models import User
from kernel.rest.description import operations
from metrics.models import Dimension, Measurement
from tests.api.test_permissions import bearer
from tests.conftest import JANUARY, Cast, World, make_service_level
from tests.vendors.scorecards.measured import card_of, compute, measure
from vendors.models import Scorecard, ScorecardLine
from vendors.scorecards.publishing import publish_scorecards

pytestmark = pytest.mark.slow

PACKAGE = "portal_client"

Part = Callable[[str], ModuleType]
Enter = Callable[..., Any]


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    """Generate the client as another system's developer would: `part("models")` is one of its modules."""
    folder = Path(tmp_path_factory.mktemp("client"))
    call_command("spectacular", "--fail-on-warn", "--file", str(folder / "schema.yaml"))
    generate(folder / "schema.yaml", folder / PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield lambda name: import_module(f"{PACKAGE}.{name}")


def generate(schema: Path, package: Path) -> None:
    """Write the client's package; what the generator warns of, such as an operation left out, is a failure."""
    config = schema.with_name("config.yaml")
    config.write_text("post_hooks: []")  # Nobody reads this code, so it needs no formatter.
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none"]
    paths = ["--path", str(schema), "--config", str(config), "--output-path", str(package)]
    done = subprocess.run([*command, *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()


@pytest.fixture
def enter(part: Part, live_server: LiveServer) -> Enter:
    """A client that calls the running portal with a token of somebody."""

    def with_token(user: User, *scopes: str, by: User | None = None) -> Any:
        token = bearer(user, *scopes, by=by)["Authorization"].removeprefix("Bearer ")
        return part("client").AuthenticatedClient(base_url=live_server.url, token=token)

    return with_token


@pytest.fixture
def card(world: World, cast: Cast) -> Scorecard:
    """Acme's scorecard of a year, measured in every dimension, computed and published."""
    targets = {JANUARY: (Decimal(90), Decimal(95), Decimal(100))}
    measure(world.service_level, 97)
    for dimension in set(Dimension.values) - {world.service_level.dimension}:
        level = make_service_level(f"C-1-{dimension}", world.contract, dimension=dimension, targets=targets)
        measure(level, 95)
    compute(world.methodology, world.acme)
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    return card_of(world.acme)


def test_every_operation_has_a_module_that_can_be_imported(part: Part) -> None:
    files = [file for file in Path(str(part("api").__file__)).parent.glob("*/*.py") if file.stem != "__init__"]
    assert {file.stem for file in files} == set(operations())
    for file in files:
        assert callable(part(f"api.{file.parent.name}.{file.stem}").sync_detailed)


def test_an_id_is_sent_as_it_was_read(part: Part) -> None:
    assert part("models").Scorecard.__annotations__["id"] == "int"
    assert part("api.scorecards.scorecards_retrieve").sync.__annotations__["id"] is int


def test_a_scorecard_is_read_with_typed_figures(
    card: Scorecard, world: World, cast: Cast, part: Part, enter: Enter
) -> None:
    client = enter(cast.integration, "scorecards:read", by=cast.cio)
    (listed,) = part("api.scorecards.scorecards_list").sync(client=client, vendor="acme", current=True).results
    read = part("api.scorecards.scorecards_retrieve").sync(listed.id, client=client)
    models = part("models")
    assert isinstance(listed, models.Scorecard)
    assert isinstance(read, models.ScorecardDetail)
    assert (read.id, read.revision, read.months, read.period_start) == (card.pk, card.revision, 12, "2020-07")
    assert (read.vendor.code, read.vendor.name) == ("acme", "Acme Cloud")
    assert (read.status, read.current) == (models.ScorecardStatus.PUBLISHED, True)
    assert (Decimal(read.score), Decimal(read.coverage)) == (card.score, card.coverage)
    assert (read.grade, read.grade_position) == (card.grade.name, card.grade.position)
    assert (read.computed_at, read.published_at) == (card.computed_at, card.published_at)
    assert {row.dimension for row in read.dimensions} == set(models.Dimension)
    line = next(line for line in read.lines if line.service_level == "C-1-uptime")
    row = ScorecardLine.objects.get(scorecard=card, service_level=world.service_level)
    assert line.dimension == models.Dimension.SERVICE_QUALITY
    assert (Decimal(line.value), Decimal(line.attainment)) == (row.value, row.attainment)
    assert (Decimal(line.contribution), line.criticality) == (row.contribution, row.criticality)
    assert (line.months_with_data, line.months_expected) == (12, 12)
    assert [(target.from_, Decimal(target.target), target.months) for target in line.targets] == [("2020-01", 95, 12)]
    assert (read.other_lines.count, Decimal(read.other_lines.contribution)) == (0, 0)


def test_vendors_are_listed_page_by_page(world: World, cast: Cast, part: Part, enter: Enter) -> None:
    client = enter(cast.cio, "vendors:read")
    listed = part("api.vendors.vendors_list").sync(client=client, ordering="code", page_size=2, page=2)
    assert listed.count == 3
    assert [(row.code, row.kind) for row in listed.results] == [("rival", part("models").VendorKind.PRIVATE_PARTNER)]
    assert listed.next_ is None


def test_a_measurement_is_written_and_corrected(world: World, cast: Cast, part: Part, enter: Enter) -> None:
    client = enter(cast.msi_member, "measurements:read", "measurements:write")
    models = part("models")
    day = datetime.date(2022, 1, 31)
    body = models.MeasurementWrite(series="C-1-uptime", observed_on=day, value="99.125")
    written = part("api.measurements.measurements_create").sync_detailed(client=client, body=body)
    assert (written.status_code, written.parsed.observed_on) == (201, day)
    assert Decimal(written.parsed.value) == Decimal("99.125")
    change = part("api.measurements.measurements_partial_update").sync_detailed
    corrected = {"body": models.PatchedMeasurementWrite(value="98"), "if_match": written.headers["ETag"]}
    assert change(written.parsed.id, client=client, **corrected).status_code == 200
    row = Measurement.objects.get()
    assert (row.pk, row.value) == (written.parsed.id, 98)
    late = change(written.parsed.id, client=client, **corrected)
    assert (late.status_code, type(late.parsed), late.parsed.status) == (412, models.Problem, 412)


def test_a_refusal_names_the_fields(world: World, cast: Cast, part: Part, enter: Enter) -> None:
    models = part("models")
    body = models.MeasurementWrite(series="C-2-uptime", observed_on=datetime.date(2022, 1, 31), value="1")
    client = enter(cast.msi_member, "measurements:write")
    problem = part("api.measurements.measurements_create").sync(client=client, body=body)
    assert isinstance(problem, models.Problem)
    assert [error.field for error in problem.errors] == ["series"]
