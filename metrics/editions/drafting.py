"""Editions until their first use: drafted, changed, discarded by the CIO's office."""

import re
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from metrics.editions.rules import band_problems
from metrics.methodologies.figures import Band
from metrics.models import GradeBand, Methodology
from metrics.models.methodologies import ARITHMETIC_FIELDS


def next_edition(methodology: Methodology) -> Methodology:
    """An edition to begin with, not stored: all that an old one says, under a code of its own."""
    values = {name: getattr(methodology, name) for name in ("name", *ARITHMETIC_FIELDS)}
    edition = edition_number(Methodology(name=methodology.name))
    stem = re.sub(rf"-{methodology.edition}$", "", methodology.code)
    return Methodology(code=f"{stem}-{edition}"[:100], edition=edition, **values)


def bands_of(methodology: Methodology) -> list[Band]:
    """The grades of a stored methodology, from the lowest up."""
    return [Band(band.lower_bound, band.name) for band in methodology.bands.order_by("position")]


@transaction.atomic
def draft_edition(*, methodology: Methodology, bands: Sequence[Band], by: User) -> Methodology:
    """Store a new edition with its grades, given from the lowest up. Raises PermissionDenied to all but the office."""
    _require_office(by)
    methodology.edition = edition_number(methodology)
    methodology.save()
    _write_bands(methodology, bands)
    return methodology


@transaction.atomic
def change_edition(*, methodology: Methodology, bands: Sequence[Band], by: User) -> Methodology:
    """Store what was changed of an edition that was never used. Raises PermissionDenied to all but the office."""
    _require_office(by)
    _lock_unused(methodology)
    methodology.edition = edition_number(methodology)
    methodology.save(update_fields=["code", "name", "edition", *ARITHMETIC_FIELDS])
    if _write_bands(methodology, bands):
        # Grades are part of what people edit, so whoever holds the version before is told.
        Methodology.objects.filter(pk=methodology.pk).update(version=F("version") + 1)
    return methodology


@transaction.atomic
def discard_edition(*, methodology: Methodology, by: User) -> None:
    """Delete an edition that was never used: no figure rests on it, and the history keeps what it said.

    Raises PermissionDenied to all but the office.
    """
    _require_office(by)
    stored = _lock_unused(methodology)
    if stored.is_default:
        raise ValidationError(_("It is the state's default. Use another methodology first."))
    stored.bands.all().delete()
    stored.delete()


def _require_office(by: User) -> None:
    if not Methodology.objects.all().creatable_by(by):
        raise PermissionDenied


def _lock_unused(methodology: Methodology) -> Methodology:
    """Hold the stored row until the transaction ends, so that nobody begins to use it meanwhile."""
    stored: Methodology = Methodology.objects.select_for_update().get(pk=methodology.pk)
    if stored.first_used_at is not None:
        raise ValidationError(_("A methodology that was used does not change. Make a new edition of it."))
    return stored


def edition_number(methodology: Methodology) -> int:
    """Its number among the editions of its name: what it has, else the next one."""
    same_name = Methodology.objects.filter(name=methodology.name)
    own = same_name.filter(pk=methodology.pk).values_list("edition", flat=True).first()
    latest: int = same_name.aggregate(edition=Max("edition"))["edition"] or 0
    return own or latest + 1


def _write_bands(methodology: Methodology, bands: Sequence[Band]) -> bool:
    """Make these its grades, and return whether that changed any; those that stay as they are keep their row."""
    problems = [problem.words for problem in band_problems(bands)]
    if not bands:
        problems = [_("There is no grade.")]
    if problems:
        raise ValidationError({"bands": problems})
    wanted = {(position, band.name, band.start) for position, band in enumerate(bands, start=1)}
    stored = {(band.position, band.name, band.lower_bound): band.pk for band in methodology.bands.all()}
    methodology.bands.filter(pk__in=[key for facts, key in stored.items() if facts not in wanted]).delete()
    GradeBand.objects.bulk_create(
        GradeBand(methodology=methodology, position=position, name=name, lower_bound=start)
        for position, name, start in sorted(wanted - set(stored))
    )
    return wanted != set(stored)
