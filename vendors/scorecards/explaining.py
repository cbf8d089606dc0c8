"""Explanations of a scorecard: its stored figures arranged so that people can follow them."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.accounts.models import User
from kernel.figures import percent_text, plain_number, score_text
from metrics.models import Dimension
from vendors.models import Scorecard, ScorecardDimension, ScorecardLine
from vendors.scorecards.comparing import LineChange, line_changes

Part = TypeVar("Part", ScorecardLine, ScorecardDimension)
HUNDRED = Decimal(100)
# Up to so many lines the sum of a dimension is written out.
WRITTEN_OUT = 6
# Of what moved the score, so many are told.
CHANGES_SHOWN = 8


@dataclass(frozen=True)
class TargetInForce:
    """One target of a line, and what was reached under it."""

    since: datetime.date
    floor: Decimal | None
    target: Decimal
    stretch: Decimal | None
    months: int
    value: Decimal | None
    attainment: Decimal | None


@dataclass(frozen=True)
class LineReport:
    """One line with the points of the overall score it could bring, brought and lost."""

    line: ScorecardLine
    possible: Decimal | None

    @property
    def counts(self) -> Decimal:
        """How much it counts within its dimension."""
        return self.line.weight * self.line.criticality

    @property
    def lost(self) -> Decimal | None:
        """The points between what it brought and what full attainment would have."""
        if self.possible is None or self.line.contribution is None:
            return None
        return self.possible - self.line.contribution

    @property
    def has_target(self) -> bool:
        """Whether a target was in force in any month that counts."""
        return bool(self.line.segments)

    @property
    def months_in_words(self) -> str:
        """How many months have data, and how many were due; a quarterly figure may come every month, which is more."""
        line = self.line
        words = ngettext(
            "data in %(with)d month, %(n)d due", "data in %(with)d months, %(n)d due", line.months_with_data
        )
        return words % {"with": line.months_with_data, "n": line.months_expected}

    @property
    def targets(self) -> list[TargetInForce]:
        """The targets in force, oldest first."""
        return [
            TargetInForce(
                since=datetime.date.fromisoformat(f"{segment['from']}-01"),
                months=segment["months"],
                **{n: _figure(segment[n]) for n in ("floor", "target", "stretch", "value", "attainment")},  # type: ignore[arg-type]
            )
            for segment in self.line.segments
        ]


@dataclass(frozen=True)
class DimensionReport:
    """One dimension with its lines, its part in the score and what it was before."""

    row: ScorecardDimension
    score: Decimal
    scored_weights: Decimal
    totals: dict[str, Any]
    lines: Sequence[LineReport]

    @property
    def label(self) -> str:
        """Its name."""
        return str(Dimension(self.row.dimension).label)

    @property
    def takes_part(self) -> bool:
        """Whether it has a part in the overall score."""
        return self.row.weight > 0 and self.row.score is not None

    @property
    def share(self) -> Decimal | None:
        """Its share of the overall score, 0 to 1, once the dimensions without a score are left out."""
        return self.row.weight / self.scored_weights if self.takes_part else None

    @property
    def points(self) -> Decimal | None:
        """What it brought to the overall score."""
        return None if self.share is None or self.row.score is None else self.share * self.row.score

    @property
    def lost(self) -> Decimal | None:
        """What it lost of the overall score."""
        return None if self.share is None or self.points is None else self.share * HUNDRED - self.points

    @property
    def pull(self) -> Decimal:
        """How far it moves the overall score up or down."""
        return self.row.weight * ((self.row.score or Decimal(0)) - self.score)

    @property
    def sum_of_weights(self) -> str:
        """Σ of the weights of the lines that have an attainment."""
        return plain_number(self.totals["scored_weight"] or Decimal(0))

    @property
    def sum_attained(self) -> str:
        """Σ of weight × attainment."""
        return plain_number(self.totals["attained"] or Decimal(0))

    @property
    def written_out(self) -> str:
        """The weighted mean with every line's figures, where they are few: (3 × 75.0 + 1 × 0.0) ÷ (3 + 1)."""
        scored = [(plain_number(each.counts), each.line.attainment) for each in self.lines]
        terms = [(weight, attained) for weight, attained in scored if attained is not None]
        if not 1 < len(terms) <= WRITTEN_OUT or len(terms) != self.totals["scored"]:
            return ""
        products = " + ".join(f"{weight} × {score_text(attained)}" for weight, attained in terms)
        return f"({products}) ÷ ({' + '.join(weight for weight, _attained in terms)})"


@dataclass(frozen=True)
class DimensionChange:
    """One dimension's score in the period before and now; none where it had none."""

    dimension: str
    old: Decimal | None
    new: Decimal | None

    @property
    def label(self) -> str:
        """Its name."""
        return str(Dimension(self.dimension).label)

    @property
    def change(self) -> Decimal | None:
        """How far it moved, where it has both."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True)
class Explanation:
    """All that a scorecard's page says beside the scorecard's own figures."""

    card: Scorecard
    dimensions: Sequence[DimensionReport]
    hidden_lines: int
    hidden_contribution: Decimal
    before: Scorecard | None
    dimension_changes: Sequence[DimensionChange]
    changes: Sequence[LineChange]
    replaced: Scorecard | None
    revised: Sequence[LineChange]

    @property
    def scored(self) -> list[DimensionReport]:
        """The dimensions that have a part in the overall score."""
        return [each for each in self.dimensions if each.takes_part]

    @property
    def scored_weights(self) -> Decimal:
        """The weights of the dimensions that have a part in the score."""
        return sum((each.row.weight for each in self.scored), Decimal(0))

    @property
    def lost(self) -> Decimal | None:
        """The points between the score and 100."""
        return None if self.card.score is None else HUNDRED - self.card.score

    @property
    def score_change(self) -> Decimal | None:
        """How the score moved since the period before, whatever the evidence; the trend asks for enough of it."""
        if self.before is None or self.before.score is None or self.card.score is None:
            return None
        return self.card.score - self.before.score

    @property
    def revision_change(self) -> Decimal | None:
        """How the score moved against the revision before."""
        if self.replaced is None or self.replaced.score is None or self.card.score is None:
            return None
        return self.card.score - self.replaced.score

    @property
    def lines(self) -> list[LineReport]:
        """All lines the user may see."""
        return [line for each in self.dimensions for line in each.lines]

    @property
    def without_data(self) -> list[LineReport]:
        """Lines that nothing was measured for."""
        return [each for each in self.lines if not each.line.months_with_data]

    @property
    def without_target(self) -> list[LineReport]:
        """Lines that nobody agreed a target for, so that nothing can be scored."""
        return [each for each in self.lines if not each.has_target]

    @property
    def latest_months(self) -> list[datetime.date]:
        """The latest month with data of each line that has any, oldest first."""
        return sorted(each.line.latest_month for each in self.lines if each.line.latest_month)

    @property
    def headline(self) -> str:
        """The whole scorecard in a few sentences."""
        return " ".join(part for part in (self._verdict(), self._pulls(), self._evidence()) if part)

    def _verdict(self) -> str:
        if self.card.score is None:
            return _("No score: no service level has both data and a target.")
        score = score_text(self.card.score, self.card.methodology.edges)
        if self.card.grade is None:
            return _("Insufficient evidence for a grade; what there is scores %(score)s of 100.") % {"score": score}
        return _("%(score)s of 100: %(grade)s.") % {"score": score, "grade": self.card.grade.name}

    def _pulls(self) -> str:
        ranked = sorted(self.scored, key=lambda each: each.pull)
        if not ranked:
            return ""
        lowest, highest = ranked[0], ranked[-1]
        if len(ranked) == 1:
            return _("It rests on %(dimension)s alone.") % {"dimension": lowest.label.lower()}
        if lowest.pull == highest.pull:
            return _("All its dimensions score alike.")
        return _("Pulled up by %(highest)s, held down by %(lowest)s.") % {
            "highest": _named(highest, self.card.methodology.edges),
            "lowest": _named(lowest, self.card.methodology.edges),
        }

    def _evidence(self) -> str:
        minimum = self.card.methodology.minimum_coverage
        there = percent_text(self.card.coverage, minimum)
        if self.card.coverage < minimum:
            return _("%(there)s of the evidence expected was there; a grade needs %(minimum)s.") % {
                "there": there,
                "minimum": percent_text(minimum),
            }
        return _("%(there)s of the evidence expected was there.") % {"there": there}

    @property
    def evidence_in_words(self) -> str:
        """How many of the lines have data."""
        lines = len(self.lines)
        if not lines:
            return _("The agencies you belong to are party to none of the contracts it is measured under.")
        words = ngettext(
            "%(with)d of %(lines)d service level has data in this period.",
            "%(with)d of %(lines)d service levels have data in this period.",
            lines,
        )
        return words % {"with": lines - len(self.without_data), "lines": lines}


def explain(card: Scorecard, user: User, revisions: Sequence[Scorecard]) -> Explanation:
    """Arrange what `user` may see of a scorecard: five queries, whatever its size.

    `revisions` are all of this vendor, period and methodology that the user may see, the latest first.
    """
    earlier = Scorecard.objects.visible_to(user).current().of_edition(card.edition.before)
    before = earlier.filter(vendor=card.vendor).first()
    replaced = next((each for each in revisions if each.revision < card.revision), None)
    compared = [each for each in (card, before, replaced) if each is not None]
    lines = ScorecardLine.objects.visible_to(user).filter(scorecard__in=compared)
    all_lines = list(lines.select_related("service_level__series__indicator", "service_level__contract"))
    dimensions = list(ScorecardDimension.objects.visible_to(user).filter(scorecard__in=compared))
    # Sums over all lines, also those that an agency member does not see one by one.
    totals = ScorecardLine.objects.filter(scorecard=card).totals()
    own = [line for line in all_lines if line.scorecard_id == card.pk]
    return Explanation(
        card=card,
        dimensions=_dimensions(card, own, _of(dimensions, card), totals),
        hidden_lines=sum(each["lines"] for each in totals.values()) - len(own),
        hidden_contribution=_sum(each["contributed"] for each in totals.values()) - _sum(x.contribution for x in own),
        before=before,
        dimension_changes=_dimension_changes(_of(dimensions, before), _of(dimensions, card)) if before else [],
        changes=line_changes(_of(all_lines, card, before), card, before) if before else [],
        replaced=replaced,
        revised=line_changes(_of(all_lines, card, replaced), card, replaced) if replaced else [],
    )


def _dimensions(
    card: Scorecard,
    lines: Iterable[ScorecardLine],
    rows: Sequence[ScorecardDimension],
    totals: dict[str, dict[str, Any]],
) -> list[DimensionReport]:
    scored_weights = _sum(row.weight for row in rows if row.weight > 0 and row.score is not None)
    reports = [
        DimensionReport(
            row=row,
            score=card.score or Decimal(0),
            scored_weights=scored_weights,
            totals=totals[row.dimension],
            lines=_lines([line for line in lines if line.dimension == row.dimension], row, scored_weights, totals),
        )
        for row in rows
        if row.dimension in totals
    ]
    return sorted(reports, key=lambda each: (-(each.lost if each.lost is not None else Decimal(-1)), -each.row.weight))


def _lines(
    lines: Iterable[ScorecardLine],
    row: ScorecardDimension,
    scored_weights: Decimal,
    totals: dict[str, dict[str, Any]],
) -> list[LineReport]:
    scored_weight = totals[row.dimension]["scored_weight"]

    def possible(line: ScorecardLine) -> Decimal | None:
        if line.contribution is None:
            return None
        return HUNDRED * row.weight / scored_weights * line.weight * line.criticality / scored_weight

    return [LineReport(line, possible(line)) for line in lines]


def _dimension_changes(then: Iterable[ScorecardDimension], now: Iterable[ScorecardDimension]) -> list[DimensionChange]:
    old, new = ({row.dimension: row.score for row in rows if row.weight > 0} for rows in (then, now))
    changes = [DimensionChange(each, old.get(each), new.get(each)) for each in Dimension.values]
    return [each for each in changes if each.old is not None or each.new is not None]


def _of(parts: Iterable[Part], *cards: Scorecard) -> list[Part]:
    keys = {card.pk for card in cards}
    return [part for part in parts if part.scorecard_id in keys]


def _named(dimension: DimensionReport, edges: list[Decimal]) -> str:
    assert dimension.row.score is not None
    return f"{dimension.label.lower()} ({score_text(dimension.row.score, edges)})"


def _figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _sum(figures: Iterable[Decimal | None]) -> Decimal:
    return sum((figure for figure in figures if figure is not None), Decimal(0))
