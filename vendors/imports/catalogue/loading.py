"""Importing a catalogue: providers, services and agencies, and which agency uses what."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import BinaryIO, TextIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kernel.directory.models import Organization
from kernel.upsert import Counts, Upsert
from vendors.imports.catalogue.reading import Catalogue, NoCatalogueError
from vendors.imports.catalogue.rows import AgencyRow, ServiceRow, UseRow
from vendors.imports.contracts.parties import Bodies
from vendors.imports.contracts.reporting import IMPORT_LOCK, Report, Run
from vendors.imports.contracts.rows import Kind, Place, Refused
from vendors.models import Service, Subscription, Vendor

SOURCE = "FedRAMP"
VENDOR = Upsert(Vendor, ("organization_id",), (), ("kind",))
SERVICE = Upsert(Service, ("code",), ("name", "description", "provider_id", "lifecycle"))


@transaction.atomic
def import_catalogue(
    *, name: str, opened: Callable[[], BinaryIO], writes: bool = True, refused_to: TextIO | None = None
) -> Report:
    """Import one file of the FedRAMP Marketplace.

    Idempotent: what is there already is left untouched, and what a later file says replaces what earlier ones did.
    Without `writes` it is only tried out; all refused pieces are written to `refused_to` as CSV. A file that is no
    catalogue is refused as a whole.
    """
    run = Run(refused_to)
    run.report.files = 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
    try:
        with opened() as file:
            catalogue = Catalogue(name, file)
    except NoCatalogueError as error:
        run.refuse(Refused(Kind.FILE, Place(name), name, str(error)))
        return run.report
    for refused in catalogue.refused:
        run.refuse(refused)
    _write(run, list(catalogue.services.values()), list(catalogue.uses.values()))
    if not writes:
        transaction.set_rollback(True)
    return run.report


def _write(run: Run, services: list[ServiceRow], uses: list[UseRow]) -> None:
    agencies = list(dict.fromkeys(use.agency for use in uses))
    departments = [agency.parent for agency in agencies if agency.parent is not None]
    parties = [row.provider for row in services] + departments + [agency.party for agency in agencies]
    bodies = Bodies(parties, source=SOURCE)
    counts = bodies.take_in(parties)
    _place_under_departments(agencies, bodies)
    kinds = {
        bodies.pk_of(row.provider): Vendor.Kind.CROSS_JURISDICTIONAL
        if row.is_governmental
        else Vendor.Kind.PRIVATE_PARTNER
        for row in services
    }
    counts[Kind.VENDOR] = VENDOR.write(sorted(kinds.items()))
    taken = _without_foreign_contracts(run, services, bodies)
    counts[Kind.SERVICE] = SERVICE.write(
        (row.code, row.name, row.description, bodies.pk_of(row.provider), row.lifecycle) for row in taken
    )
    counts[Kind.SUBSCRIPTION] = _write_uses(run, uses, bodies)
    run.report.add(counts)


def _place_under_departments(agencies: Iterable[AgencyRow], bodies: Bodies) -> None:
    """Where an organization has no place yet; people may have given it another one."""
    departments = {bodies.pk_of(each.party): bodies.pk_of(each.parent) for each in agencies if each.parent is not None}
    rows = list(Organization.objects.filter(pk__in=departments, parent=None))
    for row in rows:
        row.parent_id = departments[row.pk] if departments[row.pk] != row.pk else None
    Organization.objects.bulk_update(rows, ["parent"])


def _without_foreign_contracts(run: Run, rows: list[ServiceRow], bodies: Bodies) -> list[ServiceRow]:
    """Those whose provider stays the one that their contract here is with."""
    bound = Service.objects.filter(code__in=[row.code for row in rows], contract__isnull=False)
    providers = dict(bound.values_list("code", "provider_id"))
    taken = []
    for row in rows:
        if providers.get(row.code, bodies.pk_of(row.provider)) == bodies.pk_of(row.provider):
            taken.append(row)
            continue
        reason = _("It is delivered under a contract with another vendor here; the file now names %(name)s.")
        run.refuse(Refused(Kind.SERVICE, row.place, row.key, reason % {"name": row.provider.name}))
    return taken


def _write_uses(run: Run, uses: list[UseRow], bodies: Bodies) -> Counts:
    """One subscription for each agency and service: new, brought up to date, or left as it is."""
    codes = {use.service.code for use in uses}
    services = dict(Service.objects.filter(code__in=codes).values_list("code", "pk"))
    present: dict[tuple[int, int], list[Subscription]] = defaultdict(list)
    for row in Subscription.objects.filter(service__in=services.values()):
        present[row.agency_id, row.service_id].append(row)
    new: list[Subscription] = []
    changed: list[Subscription] = []
    unchanged = 0
    for use in uses:
        agency, service = bodies.pk_of(use.agency.party), services[use.service.code]
        found = present[agency, service]
        if any((row.starts_on, row.ends_on) == (use.starts_on, use.ends_on) for row in found):
            unchanged += 1
        elif not found:
            new.append(Subscription(agency_id=agency, service_id=service, starts_on=use.starts_on, ends_on=use.ends_on))
            found.append(new[-1])
        elif len(found) == 1 and found[0].pk is not None:
            found[0].starts_on, found[0].ends_on = use.starts_on, use.ends_on
            changed.append(found[0])
        else:
            reason = _("This agency has several subscriptions to it here; change these on the service's page.")
            key = f"{use.service.key} {use.agency.party.name}"
            run.refuse(Refused(Kind.SUBSCRIPTION, use.place, key, reason))
    Subscription.objects.bulk_create(new)
    Subscription.objects.bulk_update(changed, ["starts_on", "ends_on"])
    return Counts(len(new), len(changed), unchanged)
