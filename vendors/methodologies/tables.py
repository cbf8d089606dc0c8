"""Previews as tables and charts show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kernel.tables import Column, FigureColumn, Table
from kernel.templatetags import ui
from metrics.models import GradeBand
from vendors.links import vendor_link
from vendors.methodologies.previewing import Comparison, Move, Preview
from vendors.tables.scorecards import GradeColumn, in_words

CHARTED = 12


class PreviewTable(Table):
    """Vendors by what becomes of them, with how far each dimension moves the score."""

    vendor = Column(accessor="vendor__organization__name", verbose_name=_("Vendor"))
    code = Column(accessor="vendor__organization__code", verbose_name=_("Code"), visible=False)
    move = Column(accessor="move__label", verbose_name=_("What happens"), visible=False)
    grade_before = GradeColumn(
        accessor="before__grade", order_by="before__score", verbose_name=_("Grade before"), visible=False
    )
    grade = GradeColumn(accessor="after__grade", order_by="after__score", verbose_name=_("Grade"))
    score_before = FigureColumn(accessor="before__score", verbose_name=_("Score before"), visible=False)
    score = FigureColumn(accessor="after__score", verbose_name=_("Score"), empty_values=())
    change = FigureColumn(verbose_name=_("Difference"), empty_values=())

    class Meta:
        caption = _("Vendors before and after")
        empty_text = _("No vendor does that.")
        default = "–"

    def __init__(self, *args: Any, preview: Preview, **kwargs: Any) -> None:
        self.preview = preview
        parts = [
            (each.value, FigureColumn(accessor=f"moved_by__{each.value}", verbose_name=each.label, text=ui.points))
            for each in preview.dimensions
        ]
        super().__init__(*args, extra_columns=parts, **kwargs)

    def render_vendor(self, record: Comparison) -> SafeString:
        link, card = vendor_link(self.request, record.vendor.organization), record.card.get_absolute_url()
        return format_html('{}<span class="sub"><a href="{}">{}</a></span>', link, card, _now("Scorecard"))

    def render_grade(self, record: Comparison) -> SafeString:
        after = ui.grade(record.after.grade, bands=len(self.preview.methodology.edges))
        if in_words(record.after.grade) == in_words(record.before.grade):
            return after
        before = _now("before: %(grade)s") % {"grade": in_words(record.before.grade)}
        return format_html('{}<span class="sub">{}</span>', after, before)

    def render_score(self, record: Comparison) -> SafeString:
        after = ui.score(record.after.score, self.preview.methodology.edges)
        before = ui.score(record.before.score, self.preview.former.edges)
        words = _now("before: %(score)s") % {"score": before}
        return format_html('<span class="score">{}</span><span class="sub">{}</span>', after, words)

    def render_change(self, value: Decimal | None, record: Comparison) -> SafeString:
        if record.move == Move.STAYS:
            return ui.trend(value)
        return format_html('{}<span class="sub">{}</span>', ui.trend(value), record.move.label)


def moves_rows(preview: Preview) -> list[dict[str, Any]]:
    """The vendors whose score moves most, for the chart of moves."""
    moved = [each for each in preview.comparisons if each.change]
    return [
        {
            "label": each.vendor.organization.name,
            "href": each.card.get_absolute_url(),
            "before": each.before.score,
            "after": each.after.score,
            "before_text": ui.score(each.before.score, preview.former.edges),
            "after_text": ui.score(each.after.score, preview.methodology.edges),
            "change_text": ui.points(each.change),
            "grade": in_words(each.after.grade),
        }
        for each in sorted(moved, key=lambda each: -abs(each.change or Decimal(0)))[:CHARTED]
    ]


@dataclass(frozen=True)
class Standing:
    """One grade of the two methodologies, or none, with the vendors at it before and after."""

    label: str
    tone: str
    before: int
    after: int


def standings(preview: Preview) -> list[Standing]:
    """Insufficient evidence, then the grades from the lowest up.

    Grades at the same place are one where both have as many; else those of one name are.
    """
    place = attrgetter("position") if preview.by_position else attrgetter("name")
    before, after = ({place(band): band for band in each.bands.all()} for each in (preview.former, preview.methodology))
    held = [[place(band) if band else None for band in side] for side in _grades(preview)]
    both = sorted({**before, **after}.items(), key=lambda item: item[1].lower_bound)
    rows = [Standing(_now("Insufficient evidence"), ui.INSUFFICIENT, *(side.count(None) for side in held))]
    for key, band in both:
        names = dict.fromkeys(each[key].name for each in (before, after) if key in each)
        tone = ui.grade_tone(band.name, band.position, len(after if key in after else before))
        rows.append(Standing(" / ".join(names), tone, *(side.count(key) for side in held)))
    return rows


def _grades(preview: Preview) -> tuple[list[GradeBand | None], list[GradeBand | None]]:
    """Every vendor's grade before and after."""
    return [each.before.grade for each in preview.comparisons], [each.after.grade for each in preview.comparisons]


def standing_rows(preview: Preview, shown: Sequence[Standing]) -> list[dict[str, Any]]:
    """Before and after, for the stacked chart whose columns are the standings."""
    return [
        {"label": str(preview.former), "cells": [{"value": each.before} for each in shown]},
        {"label": str(preview.methodology), "cells": [{"value": each.after} for each in shown]},
    ]
