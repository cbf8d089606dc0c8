"""The rules that every edition of the method keeps to, in words; the database holds the same ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from kernel.figures import plain_number
from metrics.methodologies.figures import Band
from metrics.models import Dimension

HUNDRED = Decimal(100)
MOST_OF_DELIVERY = Decimal(20)  # schedule and cost together


@dataclass(frozen=True)
class Rule:
    """One rule, and whether what was entered keeps to it; `detail` says what is missing."""

    words: str
    holds: bool
    detail: str = ""


@dataclass(frozen=True)
class BandProblem:
    """What is wrong with one grade, and with which column of it."""

    position: int
    column: str
    words: str


def rules(
    weights: Mapping[str, Decimal | None],
    score_at_target: Decimal | None,
    minimum_coverage: Decimal | None,
    bands: Sequence[Band | None],
) -> list[Rule]:
    """Every rule, for what was entered so far; none stands for what is missing or no figure."""
    return [
        _total(weights),
        _delivery(weights),
        Rule(
            _("Meeting a target earns more than 0 and at most 100."),
            score_at_target is not None and 0 < score_at_target <= HUNDRED,
        ),
        Rule(
            _("The minimum coverage lies between 0% and 100%."),
            minimum_coverage is not None and 0 <= minimum_coverage <= 1,
        ),
        *_grades(bands),
    ]


def _total(weights: Mapping[str, Decimal | None]) -> Rule:
    words = _("The seven weights total 100, and none is negative.")
    missing = [str(Dimension(code).label) for code, weight in weights.items() if weight is None]
    if missing:
        return Rule(words, False, _("Missing: %(dimensions)s.") % {"dimensions": ", ".join(missing)})
    entered = [weight for weight in weights.values() if weight is not None]
    total = sum(entered, Decimal(0))
    figures = {"total": plain_number(total), "difference": plain_number(abs(HUNDRED - total))}
    if total < HUNDRED:
        return Rule(words, False, _("They total %(total)s: %(difference)s missing.") % figures)
    if total > HUNDRED:
        return Rule(words, False, _("They total %(total)s: %(difference)s too many.") % figures)
    holds = min(entered) >= 0
    return Rule(words, holds, "" if holds else _("One is negative."))


def _delivery(weights: Mapping[str, Decimal | None]) -> Rule:
    together = sum((weights[each] or Decimal(0) for each in (Dimension.SCHEDULE, Dimension.COST)), Decimal(0))
    holds = together <= MOST_OF_DELIVERY
    detail = "" if holds else _("Together they weigh %(together)s.") % {"together": plain_number(together)}
    return Rule(_("Schedule and cost together stay at or under 20: outcomes lead."), holds, detail)


def _grades(bands: Sequence[Band | None]) -> list[Rule]:
    known = [band for band in bands if band is not None]
    problems = list(band_problems(known))
    starts = [problem.words for problem in problems if problem.column == "start"]
    names = [problem.words for problem in problems if problem.column == "name"]
    complete = bool(bands) and len(known) == len(bands)
    missing = [] if complete else [_("A grade's name or score is missing.")]
    return [
        Rule(
            _("The lowest grade starts at 0, each other above the one before it, all below 100."),
            complete and not starts,
            " ".join(starts or missing),
        ),
        Rule(_("Each grade has a name of its own."), complete and not names, " ".join(names)),
    ]


def band_problems(bands: Sequence[Band]) -> Iterator[BandProblem]:
    """What is wrong with grades, given from the lowest up; positions begin at 1."""
    for position, band in enumerate(bands, start=1):
        if position == 1 and band.start != 0:
            yield BandProblem(position, "start", _("The lowest grade starts at 0."))
        if not 0 <= band.start < HUNDRED:
            words = _("“%(name)s” starts below 0 or not below 100.") % {"name": band.name}
            yield BandProblem(position, "start", words)
        if band.name in {other.name for other in bands[: position - 1]}:
            words = _("There is another grade named “%(name)s”.") % {"name": band.name}
            yield BandProblem(position, "name", words)
    for position, (lower, upper) in enumerate(pairwise(bands), start=2):
        if upper.start <= lower.start:
            words = _("“%(upper)s” does not start above “%(lower)s”.") % {"upper": upper.name, "lower": lower.name}
            yield BandProblem(position, "start", words)
