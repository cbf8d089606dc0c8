"""How figures look on pages: rounded for reading, never across an edge that decides something."""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

HUNDRED = Decimal(100)
TENTH = Decimal("0.1")
WHOLE = Decimal(1)
MONEY_STEPS = ((Decimal(1_000_000_000), "B"), (Decimal(1_000_000), "M"), (Decimal(1_000), "K"))
MONEY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


def rounded(figure: Decimal, step: Decimal, edges: Iterable[Decimal] = ()) -> Decimal:
    """Round to `step`, but stay on the side of every edge the exact figure is on."""
    nearest = figure.quantize(step, rounding=ROUND_HALF_EVEN)
    if any(figure < edge <= nearest for edge in edges):
        return figure.quantize(step, rounding=ROUND_FLOOR)
    return nearest


def score_text(score: Decimal, edges: Iterable[Decimal] | None = None) -> str:
    """A score with 1 decimal. Without known edges every whole number counts as one, and so does 100."""
    known = [*edges, HUNDRED] if edges is not None else [score.to_integral_value(rounding=ROUND_FLOOR) + 1]
    return f"{rounded(score, TENTH, known)}"


def percent_text(share: Decimal, minimum: Decimal | None = None) -> str:
    """A share of 0 to 1 as a whole percent; 100% only where nothing is missing, 0% only where there is nothing."""
    percent = share * HUNDRED
    if 0 < percent < 1:
        return "<1%"
    if minimum is None:
        return f"{percent.quantize(WHOLE, rounding=ROUND_FLOOR)}%"
    return f"{rounded(percent, WHOLE, [minimum * HUNDRED, HUNDRED])}%"


def money_text(amount: Decimal, currency: str) -> str:
    """An amount for tables: $1.2M; small amounts in full."""
    sign = "-" if amount < 0 else ""
    size = abs(amount)
    prefix, suffix = _money_marks(currency)
    for index, (step, letter) in enumerate(MONEY_STEPS):
        if size < step:
            continue
        short = (size / step).quantize(TENTH, rounding=ROUND_HALF_EVEN)
        if short >= 1000 and index:
            step, letter = MONEY_STEPS[index - 1]
            short = (size / step).quantize(TENTH, rounding=ROUND_HALF_EVEN)
        return f"{sign}{prefix}{short.normalize():,f}{letter}{suffix}"
    return f"{sign}{prefix}{size.quantize(WHOLE, rounding=ROUND_HALF_EVEN):,}{suffix}"


def money_in_full(amount: Decimal, currency: str) -> str:
    """An amount to the cent with its currency: $1,234,567.00 USD."""
    prefix = MONEY_SIGNS.get(currency, "")
    sign = "-" if amount < 0 else ""
    return f"{sign}{prefix}{abs(amount):,.2f} {currency}"


def _money_marks(currency: str) -> tuple[str, str]:
    sign = MONEY_SIGNS.get(currency)
    return (sign, "") if sign else ("", f" {currency}")


def plain_number(figure: Decimal) -> str:
    """A figure without needless zeros, with thousands separated; at most 4 decimals."""
    short = figure.quantize(Decimal("0.0001"), rounding=ROUND_HALF_EVEN)
    text = f"{short:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
