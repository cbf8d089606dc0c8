"""Previews of an edition of the method: what published scorecards would become, figured out, never written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from metrics.models import Dimension, GradeBand, Methodology
from vendors.models import Scorecard, Vendor
from vendors.querysets.scorecards import ScorecardQuerySet
from vendors.scorecards import sql
from vendors.scorecards.computing import read_scores
from vendors.scorecards.periods import Edition, Editions

BILLIONTH = Decimal("1e-9")


class Move(models.TextChoices):
    """What becomes of a vendor's grade."""

    RISES = "rises", _("Rises")
    FALLS = "falls", _("Falls")
    STAYS = "stays", _("Stays")
    UNGRADED = "ungraded", _("Becomes ungraded")
    GRADED = "graded", _("Becomes graded")


@dataclass(frozen=True)
class Part:
    """One dimension of a scorecard: what it weighs and reached."""

    weight: Decimal
    score: Decimal | None
    coverage: Decimal


@dataclass(frozen=True)
class Reading:
    """A scorecard's figures by one methodology."""

    score: Decimal | None = None
    coverage: Decimal = Decimal(0)
    grade: GradeBand | None = None
    parts: dict[str, Part] = field(default_factory=dict)

    def points(self, dimension: str) -> Decimal:
        """What a dimension brings to the score; together they are the score."""
        scored = sum((part.weight for part in self.parts.values() if part.score is not None), Decimal(0))
        part = self.parts.get(dimension)
        if part is None or part.score is None or not scored:
            return Decimal(0)
        return part.weight * part.score / scored


@dataclass(frozen=True)
class Comparison:
    """One vendor before and after; `by_position` where both methodologies have as many grades."""

    card: Scorecard
    before: Reading
    after: Reading
    by_position: bool

    @property
    def vendor(self) -> Vendor:
        """Whose it is."""
        return self.card.vendor

    @property
    def change(self) -> Decimal | None:
        """How far the score moves."""
        if self.before.score is None or self.after.score is None:
            return None
        return self.after.score - self.before.score

    @property
    def move(self) -> Move:
        """What becomes of the grade; where the numbers of grades differ, of the score."""
        before, after = self.before.grade, self.after.grade
        if before is None or after is None:
            if before is after:
                return Move.STAYS
            return Move.GRADED if before is None else Move.UNGRADED
        way = after.position - before.position if self.by_position else self.change or 0
        if not way:
            return Move.STAYS
        return Move.RISES if way > 0 else Move.FALLS

    @property
    def moved_by(self) -> dict[str, Decimal]:
        """How far each dimension moves the score; together they are the change."""
        return {
            code: (self.after.points(code) - self.before.points(code)).quantize(BILLIONTH) for code in Dimension.values
        }


@dataclass(frozen=True)
class Preview:
    """What a methodology would make of one period that another one scored."""

    methodology: Methodology
    former: Methodology
    edition: Edition
    comparisons: Sequence[Comparison]

    @property
    def by_position(self) -> bool:
        """Whether grades are compared, or, where their numbers differ, scores."""
        return len(self.former.edges) == len(self.methodology.edges)

    @property
    def counts(self) -> dict[Move, int]:
        """How many vendors do what."""
        moves = [each.move for each in self.comparisons]
        return {move: moves.count(move) for move in Move}

    @property
    def dimensions(self) -> list[Dimension]:
        """The dimensions that move any score, the heaviest first."""
        weights = self.methodology.weights()
        moving = {code for each in self.comparisons for code, points in each.moved_by.items() if points}
        return [Dimension(code) for code in sorted(Dimension.values, key=lambda code: -weights[code]) if code in moving]


def previewable(methodology: Methodology, cards: ScorecardQuerySet, wanted: str | None = None) -> Editions:
    """The periods to compare with: those that other editions of the same name scored.

    Where there are none, those that the state's default scored, else all.
    """
    others = cards.current().exclude(methodology=methodology)
    choices = (others.filter(methodology__name=methodology.name), others.filter(methodology__is_default=True), others)
    return Editions(next((found for rows in choices if (found := rows.editions())), []), wanted)


def preview_edition(methodology: Methodology, edition: Edition, cards: ScorecardQuerySet) -> Preview:
    """Compare the current ones of `cards` in one period with what a methodology would make of them.

    A fixed number of statements, however many vendors there are; the vendors' rows are not held.
    """
    current = cards.current().of_edition(edition).select_related("vendor__organization", "grade")
    stored = list(current.prefetch_related("dimensions").order_by("vendor__organization__name", "pk"))
    rows = Methodology.objects.prefetch_related("bands").in_bulk([methodology.pk, edition.methodology_id])
    former, proposed = rows[edition.methodology_id], rows[methodology.pk]
    after = _readings(proposed, edition, [card.vendor_id for card in stored])
    by_position = len(former.edges) == len(proposed.edges)
    grades = {band.pk: band for band in former.bands.all()}
    comparisons = [
        Comparison(card, _stored(card, grades), after.get(card.vendor_id, Reading()), by_position) for card in stored
    ]
    return Preview(proposed, former, edition, sorted(comparisons, key=_what_matters))


# What people look for first.
URGENCY = (Move.UNGRADED, Move.FALLS, Move.RISES, Move.GRADED, Move.STAYS)


def _what_matters(each: Comparison) -> tuple[int, Decimal]:
    return URGENCY.index(each.move), -abs(each.change or Decimal(0))


def _stored(card: Scorecard, grades: dict[int, GradeBand]) -> Reading:
    parts = {row.dimension: Part(row.weight, row.score, row.coverage) for row in card.dimensions.all()}
    return Reading(card.score, card.coverage, grades.get(card.grade_id or 0), parts)


def _readings(methodology: Methodology, edition: Edition, vendor_ids: list[int]) -> dict[int, Reading]:
    """What a methodology makes of vendors in a period, by the statements that computing uses."""
    period = edition.period
    grades = {band.pk: band for band in methodology.bands.all()}
    with transaction.atomic(), connection.cursor() as cursor:
        read_scores(cursor, period.start, period.months, methodology, vendor_ids)
        cursor.execute(sql.READ_DIMENSIONS)
        parts: dict[int, dict[str, Part]] = {}
        for vendor, dimension, weight, score, coverage in cursor.fetchall():
            parts.setdefault(vendor, {})[dimension] = Part(weight, score, coverage)
        cursor.execute(sql.READ_CARDS)
        return {
            vendor: Reading(score, coverage, grades.get(grade), parts[vendor])
            for vendor, score, coverage, grade in cursor.fetchall()
        }
