"""The scorecard on paper, a tagged PDF: the words and figures of its page, as data for `scorecard.typ`."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog
import typst
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kernel.templatetags.ui import coverage, month, number, points, score, tenths
from vendors.models import Scorecard
from vendors.scorecards.comparing import LineChange
from vendors.scorecards.explaining import CHANGES_SHOWN, DimensionReport, Explanation, LineReport, TargetInForce

TEMPLATE = Path(__file__).with_name("scorecard.typ")
PAPER = "us-letter"

Words = dict[str, Any]

logger = structlog.get_logger(__name__)


def scorecard_pdf(explanation: Explanation, *, address: str) -> bytes:
    """The scorecard as PDF/UA-1: tagged, with language and title; `address` is where its page stands."""
    data = {"data": json.dumps(document(explanation, address))}
    try:
        return compiled(data, pdf_standards="ua-1")
    except typst.TypstError as error:
        # A letter that no font here has: the standard forbids the box in its place, people would rather have it.
        logger.warning("pdf_not_ua", error=error.message)
        return compiled(data)


def compiled(data: dict[str, str], **options: Any) -> bytes:
    """The template with its data as PDF, tagged in any case; no font or package but what typst brings."""
    pdf = typst.compile(TEMPLATE.read_bytes(), format="pdf", ignore_system_fonts=True, sys_inputs=data, **options)
    assert isinstance(pdf, bytes)  # one file, since it is asked for no other place
    return pdf


def document(explanation: Explanation, address: str) -> Words:
    """All that the template reads."""
    card = explanation.card
    return {
        "title": f"{card.vendor} · {card.period}",
        "subject": _("Scorecard"),
        "lang": (get_language() or settings.LANGUAGE_CODE).partition("-")[0],
        "paper": PAPER,
        "state": settings.STATE_NAME,
        "kicker": f"{settings.STATE_NAME} · {_('Scorecard')} · {card.period}",
        "vendor": str(card.vendor),
        "meta": [
            card.get_status_display(),
            _("Revision %(n)d") % {"n": card.revision},
            f"{_('Methodology')}: {card.methodology}",
        ],
        "alerts": alerts(card),
        "headline": explanation.headline,
        "facts": facts(card),
        "tables": [
            dimension_table(explanation),
            *changes(explanation),
            *(line_table(card, each) for each in explanation.dimensions if each.lines),
        ],
        "closing": [*hidden(explanation), *record(card)],
        "digest": card.digest,
        "footer": f"{address}  ·  {date_format(timezone.localtime(), 'DATETIME_FORMAT')}",
    }


def alerts(card: Scorecard) -> list[str]:
    """What must be known before reading on."""
    if card.status == Scorecard.Status.DRAFT:
        return [_("This is a draft: it is computed again whenever its data changes.")]
    if card.superseded_at is not None:
        return [_("A later revision has taken its place.")]
    return []


def facts(card: Any) -> list[dict[str, str]]:
    """Grade, score, change and coverage."""
    methodology = card.methodology
    before = {"period": card.period.before.name}
    change = _("against %(period)s") if card.trend is not None else _("%(period)s gives nothing to compare with")
    minimum = {"minimum": coverage(methodology.minimum_coverage)}
    needs = _("of the evidence expected; a grade needs %(minimum)s") % minimum
    shown = [
        (_("Grade"), card.grade.name if card.grade else _("Insufficient evidence"), str(card.period)),
        (_("Score"), score(card.score, methodology.edges), _("of 100")),
        (_("Change"), points(card.trend), change % before),
        (_("Coverage"), coverage(card.coverage, methodology.minimum_coverage), needs),
    ]
    return [{"label": label, "value": value, "note": note} for label, value, note in shown]


def dimension_table(explanation: Explanation) -> Words:
    """What each dimension weighs, scores, brings and loses."""
    card, edges = explanation.card, explanation.card.methodology.edges
    return {
        "title": _("Dimensions"),
        "note": _("Where most points were lost first"),
        "head": [_("Dimension"), _("Weight"), _("Score"), _("Coverage"), _("Contributes"), _("Loses")],
        "numeric": [False, True, True, True, True, True],
        "shares": [1, 0, 0, 0, 0, 0],
        "rows": [
            [
                each.label,
                number(each.row.weight),
                score(each.row.score, edges),
                coverage(each.row.coverage),
                tenths(each.points),
                tenths(each.lost),
            ]
            for each in explanation.dimensions
        ],
        "foot": [
            _("Overall"),
            number(explanation.scored_weights),
            score(card.score, edges),
            coverage(card.coverage, card.methodology.minimum_coverage),
            score(card.score, edges),
            tenths(explanation.lost),
        ],
    }


def changes(explanation: Explanation) -> list[Words]:
    """What moved against the period before, the largest first."""
    before = explanation.before
    if before is None or not explanation.changes:
        return []
    edges = explanation.card.methodology.edges
    scores = {"old": score(before.score, edges), "new": score(explanation.card.score, edges)}
    shown = explanation.changes[:CHANGES_SHOWN]
    return [
        {
            "title": _("What changed since the period before"),
            "note": f"{before.period}: {scores['old']} → {scores['new']}",
            "head": [_("Service level"), _("Value"), _("Attainment"), _("Moved the score by")],
            "numeric": [False, True, True, True],
            "shares": [1, 0, 0, 0],
            "rows": [change_row(each) for each in shown],
            "foot": [],
        }
    ]


def change_row(change: LineChange) -> list[str]:
    """One service level then and now."""
    sides = (change.old, change.new)
    return [
        f"{change.service_level.series.indicator.name}\n{change.service_level.code}",
        " → ".join(number(side.value if side else None) for side in sides),
        " → ".join(score(side.attainment if side else None) for side in sides),
        points(change.contribution_change),
    ]


def line_table(card: Scorecard, dimension: DimensionReport) -> Words:
    """The service levels of one dimension."""
    return {
        "title": dimension.label,
        "note": part_taken(card, dimension),
        "head": [
            _("Service level"),
            _("Value"),
            _("Target in force"),
            _("Attainment"),
            _("Coverage"),
            _("Latest data"),
            _("Weight"),
            _("Contributes"),
            _("Loses"),
        ],
        "numeric": [False, True, False, True, True, True, True, True, True],
        "shares": [5, 0, 2, 0, 2, 0, 0, 0, 0],
        "rows": [line_row(report) for report in sorted(dimension.lines, key=most_lost_first)],
        "foot": [],
    }


def most_lost_first(report: LineReport) -> tuple[bool, Decimal]:
    """The order of lines: the unscored last."""
    return report.lost is None, -(report.lost or Decimal(0))


def line_row(report: LineReport) -> list[str]:
    """One service level."""
    line, level = report.line, report.line.service_level
    targets = [target_words(each, is_one_of_several=len(report.targets) > 1) for each in report.targets]
    return [
        f"{level.series.indicator.name}\n{level.code} · {level.contract.title}",
        in_unit(line.value, level.series.indicator.unit),
        "\n".join(targets) or _("no target"),
        score(line.attainment),
        f"{coverage(line.coverage)}\n{report.months_in_words}",
        month(line.latest_month),
        f"{number(line.weight)} × {line.criticality}",
        tenths(line.contribution),
        tenths(report.lost),
    ]


def in_unit(figure: Decimal | None, unit: str) -> str:
    """A figure with its unit: 97.5%, or 12 days."""
    text = number(figure)
    if figure is None or not unit:
        return text
    return f"{text}%" if unit == "%" else f"{text} {unit}"


def target_words(target: TargetInForce, *, is_one_of_several: bool) -> str:
    """A target with its floor and stretch; where it did not hold all the time, since when and what came of it."""
    sides = [
        words % {"figure": number(figure)}
        for words, figure in ((_("floor %(figure)s"), target.floor), (_("stretch %(figure)s"), target.stretch))
        if figure is not None
    ]
    words = f"{number(target.target)} ({', '.join(sides)})" if sides else number(target.target)
    if not is_one_of_several:
        return words
    since = {"since": month(target.since), "value": number(target.value), "attained": score(target.attainment)}
    came = _("since %(since)s: %(value)s attains %(attained)s") if target.months else _("since %(since)s: no data")
    return f"{words}, {came % since}"


def part_taken(card: Scorecard, dimension: DimensionReport) -> str:
    """What a dimension has to do with the score."""
    if dimension.takes_part:
        words = _(
            "%(score)s of 100 at weight %(weight)s: contributes %(points)s points to the score and loses %(lost)s"
        )
        return words % {
            "score": score(dimension.row.score, card.methodology.edges),
            "weight": number(dimension.row.weight),
            "points": tenths(dimension.points),
            "lost": tenths(dimension.lost),
        }
    if dimension.row.weight:
        return _("No line could be scored, so it takes no part in the score")
    return _("Weight 0: shown, but takes no part in the score")


def hidden(explanation: Explanation) -> list[Words]:
    """The service levels of contracts that the reader is no party to, as one sum."""
    count = explanation.hidden_lines
    if not count:
        return []
    words = ngettext(
        "%(n)d service level of a contract that you are not a party to contributes %(points)s points.",
        "%(n)d service levels of contracts that you are not a party to contribute %(points)s points together.",
        count,
    )
    told = words % {"n": count, "points": tenths(explanation.hidden_contribution)}
    return [{"title": _("All other service levels"), "words": [told]}]


def record(card: Scorecard) -> list[Words]:
    """When it was computed and published."""
    words = [_("Computed: %(when)s") % {"when": moment(card.computed_at)}]
    if card.published_at is not None:
        words.append(_("Published: %(when)s") % {"when": moment(card.published_at)})
    words.append(_("Digest of everything the arithmetic read (SHA-256):"))
    return [{"title": _("Record"), "words": words}]


def moment(value: Any) -> str:
    """A day and time of the state."""
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")
