"""Columns of lists: what files get of each, and what a page draws."""

import datetime
from decimal import Decimal
from typing import Any

from kernel.tables import (
    ActionColumn,
    Column,
    DateColumn,
    DrawnColumn,
    FigureColumn,
    FlagColumn,
    MoneyColumn,
    NameColumn,
    Table,
    TimeColumn,
    TrendColumn,
    WordsColumn,
)

NOON = datetime.datetime(2026, 7, 1, 16, 0, 5, 123, tzinfo=datetime.UTC)
ROW: dict[str, Any] = {
    "pk": 1,
    "name": "Acme & Sons",
    "code": "acme",
    "value": Decimal("1234567.80"),
    "currency": "CAD",
    "trend": Decimal("-2.5"),
    "starts_on": datetime.date(2026, 7, 1),
    "changed_at": NOON,
    "is_active": False,
    "agencies": ["Health", "Parks", "Roads"],
    "state": "Draft",
    "score": Decimal("74.123456789"),
}


class SampleTable(Table):
    """One column of each kind."""

    name = NameColumn(code="code")
    value = MoneyColumn(currency="currency")
    trend = TrendColumn()
    starts_on = DateColumn(default="–")
    changed_at = TimeColumn(default="never")
    is_active = FlagColumn()
    agencies = WordsColumn(few=2)
    state = DrawnColumn("<b>{{ value }}</b>")
    score = FigureColumn(text=lambda value: f"{value:.1f}")
    plain = Column(accessor="state")
    choose = ActionColumn()

    def render_plain(self, value: str) -> str:
        return f"“{value}”"


def drawn(row: dict[str, Any]) -> dict[str, str]:
    """The cells of a page, by column."""
    (shown,) = SampleTable([row]).rows
    return {column.name: str(cell) for column, cell in shown.items()}


def in_a_file(row: dict[str, Any]) -> dict[str, Any]:
    """The values of a file, by column."""
    table = SampleTable([row])
    _, values = table.as_values()
    return dict(zip((each.name for each in table.columns if each.name != "choose"), values, strict=True))


def test_files_get_values() -> None:
    assert in_a_file(ROW) == {
        "name": "Acme & Sons",
        "value": Decimal("1234567.80"),
        "trend": Decimal("-2.5"),
        "starts_on": datetime.date(2026, 7, 1),
        # Where the state is, and as spreadsheets can hold it: without a zone.
        "changed_at": datetime.datetime(2026, 7, 1, 12, 0, 5),  # noqa: DTZ001
        "is_active": "no",
        "agencies": "Health, Parks, Roads",
        "state": "Draft",
        "score": Decimal("74.123456789"),
        "plain": "Draft",
    }


def test_pages_draw_them() -> None:
    cells = drawn(ROW)
    assert cells["name"] == 'Acme &amp; Sons<span class="sub">acme</span>'
    assert "CAD" in cells["value"]
    assert "<data" in cells["value"]
    assert "down" in cells["trend"]
    assert cells["starts_on"] == "07/01/2026"
    assert cells["changed_at"] == "Jul 1, 2026, noon"
    assert cells["is_active"] == "no"
    assert cells["agencies"] == "Health, Parks and 1 more"
    assert cells["state"] == "<b>Draft</b>"
    assert cells["score"] == "74.1"
    assert cells["plain"] == "“Draft”"


def test_what_is_not_there_is_a_word_on_the_page_and_an_empty_cell_in_files() -> None:
    row = {**ROW, "starts_on": None, "changed_at": None, "value": None}
    assert (drawn(row)["starts_on"], drawn(row)["changed_at"]) == ("–", "never")
    values = in_a_file(row)
    assert [values[name] for name in ("starts_on", "changed_at", "value")] == [None, None, None]
