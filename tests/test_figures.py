"""Figures on pages: rounded for reading, never across an edge that decides something."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.figures import money_in_full, money_text, percent_text, plain_number, score_text

BANDS = [Decimal(0), Decimal(50), Decimal(70), Decimal(85), Decimal(95)]
scores = st.decimals(0, 100, places=9)


def band(score: Decimal) -> int:
    return sum(score >= edge for edge in BANDS)


@given(scores)
def test_a_score_is_shown_in_the_band_it_is_in(score: Decimal) -> None:
    shown = Decimal(score_text(score, BANDS))
    assert band(shown) == band(score)
    assert abs(shown - score) <= Decimal("0.1")


@given(scores)
def test_without_known_bands_no_score_is_shown_as_the_next_whole_number(score: Decimal) -> None:
    assert int(Decimal(score_text(score))) == int(score)


@pytest.mark.parametrize(
    ("score", "shown"),
    [("84.96", "84.9"), ("84.94", "84.9"), ("85", "85.0"), ("99.99", "99.9"), ("100", "100.0"), ("74.25", "74.2")],
)
def test_scores(score: str, shown: str) -> None:
    assert score_text(Decimal(score), BANDS) == shown


def test_an_edge_between_tenths_is_kept_too() -> None:
    assert score_text(Decimal("72.46"), [Decimal("72.5")]) == "72.4"


@given(st.decimals(0, 1, places=9), st.decimals(0, 1, places=2))
def test_coverage_is_shown_on_its_side_of_the_minimum(share: Decimal, minimum: Decimal) -> None:
    shown = percent_text(share, minimum)
    if shown == "<1%":
        assert share < Decimal("0.01")
        return
    assert (Decimal(shown.rstrip("%")) >= minimum * 100) == (share >= minimum)


@pytest.mark.parametrize(("share", "shown"), [("0.996", "99%"), ("1", "100%"), ("0", "0%"), ("0.0001", "<1%")])
def test_all_and_nothing_are_said_only_where_true(share: str, shown: str) -> None:
    assert percent_text(Decimal(share)) == shown
    assert percent_text(Decimal(share), Decimal("0.6")) == shown


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1234567", "USD", "$1.2M"),
        ("999960000", "USD", "$1B"),
        ("999", "USD", "$999"),
        ("1500", "USD", "$1.5K"),
        ("-2500000000", "USD", "-$2.5B"),
        ("1234567", "CHF", "1.2M CHF"),
        ("0", "USD", "$0"),
        ("12000000000000", "USD", "$12,000B"),
    ],
)
def test_money_is_short(amount: str, currency: str, shown: str) -> None:
    assert money_text(Decimal(amount), currency) == shown


def test_money_in_full_names_its_currency() -> None:
    assert money_in_full(Decimal("1234567.5"), "USD") == "$1,234,567.50 USD"


@pytest.mark.parametrize(("figure", "shown"), [("95.000000000", "95"), ("0.5", "0.5"), ("12345.67891", "12,345.6789")])
def test_numbers_lose_needless_zeros(figure: str, shown: str) -> None:
    assert plain_number(Decimal(figure)) == shown
