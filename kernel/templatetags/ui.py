"""The portal's parts for pages: `{% load ui %}`.

Figures (filters): `score`, `tenths`, `coverage`, `money`, `points`, `number`, `month`, `quarter`, `ago`.
Parts (tags): `icon`, `grade`, `status`, `trend`, `coverage_bar`, `bar`, `sparkline`, `stat`, `define`,
`empty`, `breadcrumbs`, `tabs`, `url_with`. Each tag's docstring shows its use.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import slugify
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from kernel.figures import money_in_full, money_text, percent_text, plain_number, score_text

register = template.Library()

NOTHING = "–"
GRADE_TONES = ("unsatisfactory", "marginal", "satisfactory", "very-good", "exceptional")
INSUFFICIENT = "insufficient-evidence"
STATUS_ICONS = {
    "on-track": "grade-satisfactory",
    "at-risk": "grade-marginal",
    "off-track": "grade-unsatisfactory",
    "no-data": "grade-insufficient-evidence",
}


# --- figures -----------------------------------------------------------------------------------


@register.filter
def score(value: Any, edges: Iterable[Decimal] | None = None) -> str:
    """`{{ card.score|score:edges }}`: 1 decimal, never across a band's edge; a dash for none."""
    return NOTHING if value is None else score_text(Decimal(value), edges)


@register.filter
def tenths(value: Any) -> str:
    """`{{ line.contribution|tenths }}`: 1 decimal, plainly rounded; for parts of a score, which no band judges."""
    return NOTHING if value is None else score_text(Decimal(value), ())


@register.filter
def coverage(value: Any, minimum: Any = None) -> str:
    """`{{ card.coverage|coverage:methodology.minimum_coverage }}`: a whole percent, never across the minimum."""
    if value is None:
        return NOTHING
    return percent_text(Decimal(value), None if minimum is None else Decimal(minimum))


@register.filter
def money(value: Any, currency: str = "") -> str:
    """`{{ contract.value|money:contract.currency }}`: short, the full amount on hover and for machines."""
    if value is None:
        return NOTHING
    amount, code = Decimal(value), currency or settings.CURRENCY
    return format_html(
        '<data value="{}" title="{}">{}</data>', amount, money_in_full(amount, code), money_text(amount, code)
    )


@register.filter
def money_full(value: Any, currency: str = "") -> str:
    """`{{ contract.value|money_full:contract.currency }}`: to the cent with the currency's code."""
    return NOTHING if value is None else money_in_full(Decimal(value), currency or settings.CURRENCY)


@register.filter
def points(value: Any) -> str:
    """`{{ change|points }}`: a difference of scores with its sign, +2.4 or −1.0."""
    if value is None:
        return NOTHING
    size = f"{abs(Decimal(value)):.1f}"
    if size == "0.0":
        return size
    return f"+{size}" if value > 0 else f"−{size}"


@register.filter
def number(value: Any) -> str:
    """`{{ line.value|number }}`: without needless zeros, thousands separated."""
    return NOTHING if value is None else plain_number(Decimal(value))


@register.filter
def kind_of(form: Any) -> str:
    """`{{ form|kind_of }}`: what a model form is about, in words."""
    return str(form._meta.model._meta.verbose_name) if hasattr(form, "_meta") else ""


@register.filter
def month(value: date | None) -> str:
    """`{{ target.month|month }}`: Jul 2020."""
    return date_format(value, "M Y") if value else NOTHING


@register.filter
def quarter(value: date | None) -> str:
    """`{{ start|quarter }}`: the fiscal quarter that a month begins or lies in, Q1 FY2021."""
    if value is None:
        return NOTHING
    return fiscal_quarter(value, settings.FISCAL_YEAR_START_MONTH)


def fiscal_quarter(value: date, start_month: int) -> str:
    """The fiscal quarter of a day; a fiscal year is named by the calendar year it ends in."""
    months_in = (value.month - start_month) % 12
    year = value.year if start_month == 1 or value.month < start_month else value.year + 1
    return _("Q%(quarter)d FY%(year)d") % {"quarter": months_in // 3 + 1, "year": year}


@register.filter
def ago(value: date | datetime | None) -> str:
    """`{{ observed_on|ago }}`: 3 months ago, with the date itself on hover."""
    if value is None:
        return NOTHING
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}" title="{}">{}</time>', day.isoformat(), date_format(day), _age(day))


def _age(day: date) -> str:
    today = timezone.localdate()
    if day == today:
        return _("today")
    if day == today - timedelta(days=1):
        return _("yesterday")
    if day > today:
        return _("in %(time)s") % {"time": timesince(today, day, depth=1)}
    return _("%(time)s ago") % {"time": timesince(day, today, depth=1)}


# --- parts -------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "edit" %}` beside a word, or `{% icon "edit" "Edit" %}` alone; names are in front/icons.json."""
    href = f"{static('build/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


def grade_tone(name: str, position: int | None = None, bands: int = 5) -> str:
    """The look of a grade: by its name where that is one of the five known ratings, else by its position."""
    tone = slugify(name.replace("_", " "))
    if tone in GRADE_TONES:
        return tone
    if position is None:
        return INSUFFICIENT
    return GRADE_TONES[round((position - 1) / max(bands - 1, 1) * (len(GRADE_TONES) - 1))]


@register.simple_tag
def grade(band: Any, position: int | None = None, bands: int = 5, size: str = "", pill: bool = False) -> SafeString:
    """`{% grade card.grade %}`: shape and word; `size="large"`, `pill=True`. None: insufficient evidence.

    `band` is a grade band, or a grade's name; names that are not the five usual ones also pass `position`.
    """
    word = str(getattr(band, "name", band) or _("Insufficient evidence"))
    tone = grade_tone(word, getattr(band, "position", position), bands)
    classes = f"grade grade--{tone} tone--{tone}" + (f" grade--{size}" if size else "")
    return format_html(
        '<span class="{}{}">{}{}</span>', classes, " grade--pill" if pill else "", icon(f"grade-{tone}"), word
    )


@register.simple_tag
def status(code: str, label: str = "", pill: bool = False) -> SafeString:
    """`{% status reading.status reading.get_status_display %}`: on track, at risk, off track, no data."""
    tone = code.replace("_", "-")
    classes = f"status tone--{tone}" + (" status--pill" if pill else "")
    shape = STATUS_ICONS.get(tone, "grade-insufficient-evidence")
    return format_html(
        '<span class="{}">{}{}</span>', classes, icon(shape), label or code.replace("_", " ").capitalize()
    )


@register.simple_tag
def trend(change: Any, unit: str = "") -> SafeString:
    """`{% trend card.trend %}`: arrow, sign and figure in words for screen readers; none: a dash."""
    if change is None:
        return format_html(
            '<span class="trend">{}<span class="visually-hidden">{}</span></span>', NOTHING, _("no comparison")
        )
    text = points(change)
    if text == "0.0":
        return format_html('<span class="trend">{}{}</span>', icon("remove"), _("unchanged"))
    up = Decimal(change) > 0
    return format_html(
        '<span class="trend trend--{}">{}<span class="visually-hidden">{} </span>{}{}</span>',
        "up" if up else "down",
        icon("arrow_upward" if up else "arrow_downward"),
        _("up") if up else _("down"),
        text,
        f" {unit}" if unit else "",
    )


@register.inclusion_tag("ui/bar.html")
def coverage_bar(value: Any, minimum: Any = None, wide: bool = False) -> dict[str, Any]:
    """`{% coverage_bar card.coverage methodology.minimum_coverage %}`: how much evidence, the minimum marked."""
    share = Decimal(value or 0)
    low = minimum is not None and share < Decimal(minimum)
    return {
        "fill": f"{min(share, Decimal(1)) * 100:.2f}%",
        "mark": f"{Decimal(minimum) * 100:.2f}%" if minimum is not None else "",
        "text": coverage(value, minimum),
        "low": low,
        "wide": wide,
    }


@register.inclusion_tag("ui/bar.html")
def bar(value: Any, of: Any = 100, text: str = "", tone: str = "primary", wide: bool = False) -> dict[str, Any]:
    """`{% bar 74.2 of=100 text="74.2" tone="satisfactory" %}`: a plain bar; the text carries the figure."""
    whole = Decimal(of or 0)
    share = min(max(Decimal(value or 0) / whole, Decimal(0)), Decimal(1)) if whole else Decimal(0)
    return {"fill": f"{share * 100:.2f}%", "text": text, "tone": tone, "wide": wide}


@register.inclusion_tag("ui/sparkline.html")
def sparkline(
    values: Sequence[Any], label: str = "", low: Any = 0, high: Any = 100, goal: Sequence[Any] = ()
) -> dict[str, Any]:
    """`{% sparkline scores label="Score over six quarters" %}`: drawn by the server; gaps where a value is none.

    `goal` is what was to be reached at each value, drawn as a second line.
    """
    edges = Decimal(low), Decimal(high)
    return {
        "lines": [" ".join(run) for run in _spark_runs(values, *edges) if len(run) > 1],
        "points": [run[0].split(",") for run in _spark_runs(values, *edges) if len(run) == 1],
        "goals": [" ".join(run) for run in _spark_runs(goal, *edges) if len(run) > 1],
        "dot": _spark_dot(values, low, high),
        "label": label,
    }


def _spark_point(index: int, count: int, value: Any, low: Decimal, high: Decimal) -> tuple[str, str]:
    x = Decimal(index) / max(count - 1, 1) * 96 + 2
    share = (Decimal(value) - low) / (high - low) if high > low else Decimal("0.5")
    return f"{x:.1f}", f"{Decimal(22) - min(max(share, Decimal(0)), Decimal(1)) * 20:.1f}"


def _spark_runs(values: Sequence[Any], low: Decimal, high: Decimal) -> list[list[str]]:
    """The points of each unbroken run of values."""
    runs: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        runs[-1].append(",".join(_spark_point(index, len(values), value, low, high)))
    return runs


def _spark_dot(values: Sequence[Any], low: Any, high: Any) -> tuple[str, str] | None:
    if not values or values[-1] is None:
        return None
    return _spark_point(len(values) - 1, len(values), values[-1], Decimal(low), Decimal(high))


@register.inclusion_tag("ui/stat.html")
def stat(label: str, value: Any, href: str = "", note: str = "", change: Any = None, tone: str = "") -> dict[str, Any]:
    """`{% stat label=_("Vendors") value=24 href=url note="of 26" %}`: a figure that links to the list behind it.

    Put several into `<div class="tiles">` (or `tiles tiles--joined`).
    """
    return {"label": label, "value": value, "href": href, "note": note, "change": change, "tone": tone}


@register.inclusion_tag("ui/define.html")
def define(word: str, text: str) -> dict[str, Any]:
    """`{% define _("Coverage") _("How much of the evidence …") %}`: a word of the trade, explained."""
    return {"word": word, "text": text}


@register.inclusion_tag("ui/empty.html")
def empty(title: str, text: str = "", href: str = "", action: str = "", shape: str = "search") -> dict[str, Any]:
    """`{% empty title=_("No vendors match") text=… href=url action=_("Clear filters") %}`: says what to do next."""
    return {"title": title, "text": text, "href": href, "action": action, "shape": shape}


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """`{% url "jobs:job_list" as up %}{% breadcrumbs _("Jobs") up job.title %}`: name, URL, …, this page."""
    names, urls = parts[0::2], parts[1::2]
    return {"links": list(zip(names, urls, strict=False)), "here": names[-1] if len(parts) % 2 else ""}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Sequence[dict[str, Any]], label: str = "") -> dict[str, Any]:
    """`{% tabs sections label=vendor.name %}`: sections of one thing; items: label, url, count, current."""
    return {"items": items, "label": label}


@register.simple_tag(takes_context=True)
def url_with(context: template.Context, **changes: Any) -> str:
    """`{% url_with page=2 %}`: the present address with other query parameters; none or "" removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"
