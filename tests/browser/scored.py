"""A small state with all that pages show: measured, scored, published, revised, drafted, with an outcome and a job."""

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kernel.accounts.models import User
from kernel.accounts.operations import issue_calendar_address, issue_token
from kernel.directory.models import Contact
from kernel.jobs.models import Job
from kernel.jobs.operations import start_job
from kernel.notices.operations import notify
from kernel.saved_views.models import SavedView
from kernel.uploads.operations import keep_file, run_upload, start_upload
from kernel.webhooks.delivering import claim, write_down
from kernel.webhooks.models import Attempt
from kernel.webhooks.operations import create_endpoint, send_test, switch_off
from metrics.editions.drafting import draft_edition, next_edition
from metrics.imports.undoing import do_undo, start_undo
from metrics.imports.uploading import do_import
from metrics.measurements.excluding import exclude_measurement
from metrics.measurements.folding import fold_due
from metrics.methodologies.figures import Band
from metrics.models import Dimension, Import, Measurement, Methodology, Outcome, OutcomeSeries, Series
from metrics.outcomes.reading import refresh_outcome_readings
from tests.conftest import JANUARY, Cast, World, make_contract, make_service_level
from tests.vendors.identity.rows import make_merge, make_pair
from tests.vendors.imports.ocds import RELEASE
from tests.vendors.imports.test_catalogue import EXTRACT as CATALOGUE
from vendors.contract_parts.amending import TargetChange, amend_contract
from vendors.identity.deciding import merge_pair, undo
from vendors.imports.pages.uploading import do_import as do_contracts
from vendors.imports.tables.trying import try_out_table
from vendors.imports.tables.undoing import do_undo as undo_table
from vendors.imports.tables.undoing import start_undo as start_table_undo
from vendors.models import Contract, ContractImport, Scorecard, ServiceLevelTemplate, Vendor
from vendors.scorecards.computing import compute_scorecards
from vendors.scorecards.publishing import publish_scorecards
from vendors.scorecards.requesting import compute_range

FIRST, SECOND = JANUARY, datetime.date(2020, 4, 1)


@dataclass
class Scored:
    """What a test asks for by name."""

    world: World
    cast: Cast
    published: Scorecard
    draft: Scorecard
    outcome: Outcome


def measure(series: Series, values: list[object], *, reference: str = "") -> None:
    """One measurement a month from January on; none: a month without."""
    Measurement.objects.bulk_create(
        Measurement(series=series, observed_on=FIRST.replace(month=month, day=15), value=value, reference=reference)
        for month, value in enumerate(values, start=1)
        if value is not None
    )


def compute(world: World, start: datetime.date, months: int = 3) -> None:
    """Fold what is due and compute one period of every vendor."""
    fold_due()
    compute_scorecards(period_start=start, months=months, methodology=world.methodology, vendors=Vendor.objects.all())


def make_scored(world: World, cast: Cast) -> Scored:
    """Two quarters published, the second one twice, and a year as a draft."""
    measure_all(world)
    for start in (FIRST, SECOND):
        compute(world, start)
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    late = datetime.date(2020, 5, 20)
    Measurement.objects.create(series=world.service_level.series, observed_on=late, value=91, reference="late")
    compute(world, SECOND)
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    compute(world, FIRST, 12)
    outcome = make_outcome(world)
    make_surroundings(world, cast)
    own = Scorecard.objects.filter(vendor=world.acme)
    return Scored(
        world=world,
        cast=cast,
        published=own.current().get(period_start=SECOND),
        draft=own.get(status=Scorecard.Status.DRAFT),
        outcome=outcome,
    )


def measure_all(world: World) -> None:
    """Acme under two contracts, one of them with another agency; a silent series and one without a target."""
    weights = {f"{dimension}_weight": 0 for dimension in Dimension.values}
    weights |= {"outcomes_weight": 60, "service_quality_weight": 40}
    Methodology.objects.update(**weights, minimum_coverage=Decimal("0.5"))
    targets: dict = {JANUARY: (Decimal(60), Decimal(80), Decimal(90)), SECOND: (Decimal(60), Decimal(85), None)}
    parks = make_contract("C-3", world.acme, world.parks, criticality=1)
    result = make_service_level("C-1-outcome", world.contract, dimension="outcomes", targets=targets)
    elsewhere = make_service_level("C-3-quality", parks, targets=targets)
    make_service_level("C-1-silent", world.contract, targets=targets)
    untargeted = make_service_level("C-1-untargeted", world.contract, unit="calls answered at once")
    measure(world.service_level.series, ["97.5", "97.5", "97.5", "92.5", "92.5", "92.5"])
    measure(world.other_service_level.series, [99, 99, 99, 99, 99, 99])
    measure(result.series, [70, 70, 70, 80, 80, None])
    measure(elsewhere.series, [80, 80, 80, 90, 90, 90])
    measure(untargeted.series, [1, 1, 1, 1, 1, 1])


def make_outcome(world: World) -> Outcome:
    """Permits within a week, measured by the contract's result."""
    outcome = Outcome.objects.create(code="permits", organization=world.health, name="Permits within a week")
    series = Series.objects.get(code="C-1-outcome")
    OutcomeSeries.objects.create(outcome=outcome, series=series)
    refresh_outcome_readings()
    return outcome


def make_surroundings(world: World, cast: Cast) -> Job:
    """A person to talk to, a token, something in the history, and a job."""
    Contact.objects.create(organization=world.health, name="Ida Wells", email="ida@example.gov")
    world.contract.title = "Hosting and operations"
    world.contract.save()
    day = timezone.now() + datetime.timedelta(days=30)
    for user in (cast.cio, cast.agency_member, cast.vendor_member, cast.msi_member):
        issue_token(user=user, name="Spreadsheet", scopes=["service-levels:read"], expires_at=day, by=user)
        issue_calendar_address(by=user)
        SavedView.objects.create(owner=user, page="vendors:vendor_list", query="search=a", name="With an a")
    SavedView.objects.create(owner=cast.manager, page="vendors:vendor_list", name="The manager's", is_shared=True)
    send_files(cast)
    send_contracts(cast)
    fulfil(world, cast)
    make_twins(world, cast)
    tell_others(cast)
    draft_letters(world, cast)
    return start_job(task=compute_range, title="Compute a quarter", params={}, ranges=[], by=cast.cio)


def tell_others(cast: Cast) -> None:
    """Two webhooks: one with a message that arrived, one that failed and one that waits; one switched off."""
    told = {"url": "https://example.org/hook", "event_types": ["job.finished"], "acts_for": cast.integration}
    endpoint, _secret = create_endpoint(name="Warehouse", by=cast.cio, **told)
    for status, error in ((204, ""), (None, "There is no such host.")):
        message = send_test(endpoint=endpoint, by=cast.cio)
        claimed = claim(str(message.pk))
        write_down(
            claimed, Attempt(delivery=claimed, started_at=timezone.now(), milliseconds=9, status=status, error=error)
        )
    send_test(endpoint=endpoint, by=cast.cio)
    closed, _secret = create_endpoint(name="Old system", by=cast.cio, **told)
    switch_off(endpoint=closed, by=cast.cio)
    notify(people=[cast.cio, cast.agency_member], text="A contract ends in 30 days.", url="/contracts/")


def draft_letters(world: World, cast: Cast) -> None:
    """An edition with grades of its own that would leave Acme without one; nothing was computed with it."""
    world.methodology.refresh_from_db()
    edition = next_edition(world.methodology)
    edition.minimum_coverage = Decimal("0.9")
    bands = [Band(Decimal(start), name) for start, name in ((0, "F"), (60, "D"), (70, "C"), (80, "B"), (90, "A"))]
    draft_edition(methodology=edition, bands=bands, by=cast.cio)


def send_files(cast: Cast) -> None:
    """Files of measurements: one tried out, with a refused row; one taken; one touched since; one undone."""
    try_out("july.csv", "C-1-uptime,2020-07-15,97\nnonsense,2020-07-15,1\n", cast.cio)
    take("august.csv", "C-1-untargeted,2020-08-15,1\n", cast.cio)
    take("september.csv", "C-1-untargeted,2020-09-15,1\n", cast.cio)
    touched = Measurement.objects.get(observed_on=FIRST.replace(month=9, day=15))
    exclude_measurement(measurement=touched, reason="Counted twice.", by=cast.cio)
    october = take("october.csv", "C-1-untargeted,2020-10-15,1\n", cast.cio)
    work(start_undo(measurement_import=october, by=cast.cio), do_undo)


def send_contracts(cast: Cast) -> None:
    """Tables; a catalogue tried out; a file that holds no contract; and one that was taken before."""
    send_tables(cast)
    kept = {"task": do_contracts, "model": ContractImport, "by": cast.cio}
    holds = ContractImport.Holds.CATALOGUE
    catalogue = [CATALOGUE.read_bytes()]
    work(start_upload(file_name="catalogue.json", chunks=catalogue, holds=holds, **kept), do_contracts)
    sent = {"none.json": {"ocid": "ocds-none", "id": "1"}, "roads.json": RELEASE}
    for name, content in sent.items():
        row = start_upload(file_name=name, chunks=[json.dumps(content).encode()], **kept)
        work(row, do_contracts)
    take_contracts(row, cast)


def send_tables(cast: Cast) -> None:
    """Tables: one taken, one undone, one tried out, one whose columns nobody chose yet, one that is none."""
    good = b"Contract number,Vendor,Agency,Start date,Amount\nT-1,Paving Inc,Roads,1/2/24,5\nT-2,,Roads,soon,6\n"
    taken, undone, _tried = (try_table(f"{name}.csv", good, cast, source=name) for name in ("taken", "undone", "tried"))
    keep_table("new.csv", good, cast)
    keep_table("none.csv", b"\n", cast)
    for row in (taken, undone):
        take_contracts(row, cast)
    work(start_table_undo(contract_import=undone, by=cast.cio), undo_table)


def take_contracts(row: ContractImport, cast: Cast) -> None:
    """Take what can be taken of a file that was tried out."""
    work(run_upload(upload=row, mode=ContractImport.Mode.PARTIAL, task=do_contracts, by=cast.cio), do_contracts)


def keep_table(name: str, content: bytes, cast: Cast, source: str = "City") -> ContractImport:
    """A table that was sent."""
    holds = ContractImport.Holds.CONTRACT_TABLE
    said = {"holds": holds, "settings": {"source": source}}
    return keep_file(model=ContractImport, file_name=name, chunks=[content], by=cast.cio, **said)


def try_table(name: str, content: bytes, cast: Cast, source: str) -> ContractImport:
    """A table that was tried out."""
    row = keep_table(name, content, cast, source)
    headers = {"number": "Contract number", "vendor": "Vendor", "agency": "Agency", "starts_on": "Start date"}
    chosen = {"columns": headers, "agency": "", "totals": False}
    return work(try_out_table(contract_import=row, chosen=chosen, by=cast.cio), do_contracts)


def fulfil(world: World, cast: Cast) -> None:
    """What became of the contract between Acme and Health."""
    contract = world.contract
    soon = timezone.localdate() + datetime.timedelta(days=40)
    terms = {"ends_on": soon, "notice_period": 30, "notice_unit": "days", "renewal_months": 12}
    Contract.objects.filter(pk=contract.pk).update(**terms, renews_automatically=True)
    contract.milestones.create(reference="M-3", title="Handed over", due_on=soon)
    contract.amendments.create(
        reference="A-1", signed_on=FIRST, reason="More users than foreseen", value_change=50_000, new_ends_on=SECOND
    )
    contract.milestones.create(reference="M-1", title="First site moved", due_on=FIRST, met_on=FIRST, status="met")
    contract.milestones.create(reference="M-2", title="All sites moved", due_on=SECOND, status="not_met")
    contract.payments.create(reference="P-1", paid_on=FIRST, amount=1_200, payer=world.health, payee_name="Acme")
    contract.co_suppliers.create(vendor=world.rival)
    change = TargetChange(world.service_level, FIRST.replace(year=2021), target=Decimal(97))
    amend_contract(contract=contract, reference="A-2", reason="More rely on it", targets=[change], by=cast.cio)
    indicator = world.service_level.series.indicator
    ServiceLevelTemplate.objects.create(
        code="uptime", name="Uptime", indicator=indicator, dimension="service_quality", floor=90, target=95
    )


def make_twins(world: World, cast: Cast) -> None:
    """Vendors that may be one: a pair to decide, one that was merged, and one merge that was undone."""
    make_pair("east")
    acme = Vendor.objects.get(pk=world.acme.pk)
    merged = make_pair("west")
    merge_pair(pair=merged, keep=merged.one, reason="One firm", by=cast.cio)
    make_merge(acme, cast.cio)
    undo(merge=make_merge(world.rival, cast.cio), by=cast.cio)


def try_out(name: str, rows: str, by: User) -> Import:
    """A file that was sent and tried out."""
    text = f"series,observed_on,value\n{rows}".encode()
    return work(start_upload(model=Import, file_name=name, chunks=[text], task=do_import, by=by), do_import)


def take(name: str, rows: str, by: User) -> Import:
    """A file all of whose rows were taken."""
    row = try_out(name, rows, by)
    return work(run_upload(upload=row, mode=Import.Mode.ALL, task=do_import, by=by), do_import)


def work(row: Any, task: Any) -> Any:
    """Do what a worker would."""
    assert row.job is not None
    for part in row.job.ranges.all():
        task(part.pk)
    row.refresh_from_db()
    return row
