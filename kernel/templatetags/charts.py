"""Charts for pages: `{% load charts %}`. Each tag writes a table of the figures, from which the script draws.

Rows are dicts; figures are Decimals or numbers, `text` what people read where that differs. No other script
or markup is needed: the chart's script is loaded where a page has a chart.
"""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import template

from kernel.templatetags.ui import grade_tone

register = template.Library()

Row = dict[str, Any]


@register.inclusion_tag("charts/stacked.html")
def stacked_chart(label: str, head: str, columns: Sequence[Row], rows: Sequence[Row]) -> Row:
    """`{% stacked_chart label=_("Vendors at each grade") head=_("Quarter") columns=columns rows=rows %}`.

    columns: {label, tone} from the lowest grade up; rows: {label, cells: [{value, href}], note}.
    """
    return {
        "label": label,
        "head": head,
        "columns": [{**column, "shape": f"grade-{column['tone']}"} for column in columns],
        "rows": rows,
        "notes": any(row.get("note") for row in rows),
    }


@register.inclusion_tag("charts/scores.html")
def score_chart(
    label: str, rows: Iterable[Row], bands: Iterable[Any], name: str = "", median_name: str = "", grade_name: str = ""
) -> Row:
    """`{% score_chart label=_("Score over time") rows=rows bands=bands %}`.

    rows, oldest first: {label, score, text, grade, position, coverage, href, median, median_text};
    bands: objects with name, position, lower_bound; a tone of a row's or a band's own goes before its grade's.
    """
    known = list(bands)
    toned = [{"tone": grade_tone(row.get("grade") or "", row.get("position"), len(known)), **row} for row in rows]
    return {
        "label": label,
        "rows": toned,
        "bands": _bands(known),
        "name": name,
        "median_name": median_name,
        "grade_name": grade_name,
        "medians": any(row.get("median") is not None for row in toned),
    }


def _tone_of_band(band: Any, bands: int) -> str:
    return getattr(band, "tone", None) or grade_tone(band.name, band.position, bands)


@register.inclusion_tag("charts/moves.html")
def moves_chart(label: str, head: str, rows: Sequence[Row], bands: Iterable[Any]) -> Row:
    """`{% moves_chart label=_("Scores that move most") head=_("Vendor") rows=rows bands=bands %}`.

    rows, in the order shown: {label, href, before, after, before_text, after_text, change_text, grade};
    bands: objects with name, position, lower_bound, those of the scores after.
    """
    return {"label": label, "head": head, "rows": rows, "bands": _bands(bands)}


def _bands(bands: Iterable[Any]) -> str:
    """Grade bands as the script reads them, from the lowest up."""
    ordered = sorted(bands, key=lambda band: band.lower_bound)
    return json.dumps(
        [
            {"from": float(band.lower_bound), "name": band.name, "tone": _tone_of_band(band, len(ordered))}
            for band in ordered
        ]
    )


@register.inclusion_tag("charts/measurements.html")
def measurement_chart(
    label: str, measurements: Iterable[Row], targets: Iterable[Row], unit: str = "", end: Any = None
) -> Row:
    """`{% measurement_chart label=… measurements=rows targets=targets unit=indicator.unit end=today %}`.

    measurements, oldest first: {day, value, comment, excluded (the reason, or empty)};
    targets, oldest first: {month, floor, target, stretch}.
    """
    return {"label": label, "measurements": measurements, "targets": targets, "unit": unit, "end": end}


@register.inclusion_tag("charts/bars.html")
def bar_chart(
    label: str,
    head: str,
    value_head: str,
    rows: Sequence[Row],
    maximum: Decimal | int | None = None,
    note_head: str = "",
) -> Row:
    """`{% bar_chart label=_("Dimensions") head=_("Dimension") value_head=_("Score") rows=rows maximum=100 %}`.

    rows, in the order shown: {label, href, value, text, tone, note}.
    """
    return {
        "label": label,
        "head": head,
        "value_head": value_head,
        "rows": rows,
        "maximum": maximum,
        "note_head": note_head,
    }
