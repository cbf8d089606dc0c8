"""The table that `make bench` prints."""

from dataclasses import dataclass

from rich.table import Table

from tests.bench.measuring import Figure


@dataclass(frozen=True)
class Row:
    """One figure with all data, and the same with a tenth where that was measured."""

    figure: Figure
    tenth: Figure | None

    @property
    def growth(self) -> float | None:
        """How many times as much it took with ten times the data."""
        return self.figure.took / self.tenth.took if self.tenth and self.tenth.took else None


def table_of(rows: list[Row]) -> Table:
    """All figures, those that miss their bar in red."""
    table = Table("what", "took", "beside", "took", "times", "at most", "at a tenth", "growth")
    for row in rows:
        figure, tenth = row.figure, row.tenth
        table.add_row(
            figure.name,
            _amount(figure.took, figure.unit),
            figure.beside,
            _amount(figure.other, figure.unit),
            _number(figure.ratio),
            _bar(figure),
            _number(tenth.ratio if tenth else None),
            _number(row.growth),
            style=None if figure.keeps else "red",
        )
    return table


def _amount(amount: float, unit: str) -> str:
    return f"{amount:,.2f} {unit}" if unit == "s" else f"{amount:,.0f} {unit}".strip()


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:.3f}"


def _bar(figure: Figure) -> str:
    if figure.most is None:
        return ""
    more = f" or +{figure.or_more_by:g} {figure.unit}" if figure.or_more_by else ""
    return f"{figure.most:g}{more}"
