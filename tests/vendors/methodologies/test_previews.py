"""What an edition would change: the same figures as computing with it, nothing written, at a fixed cost."""

import random
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings

from metrics.editions.drafting import draft_edition, next_edition
from metrics.measurements.folding import fold_due
from metrics.methodologies.figures import Band
from metrics.models import Dimension, Methodology
from tests import random_state
from tests.conftest import Cast, World, make_contract, make_methodology, make_service_level, make_vendor
from tests.metrics.editions.drawn import LAWFUL, Drawn
from tests.metrics.editions.test_editions import LETTERS
from tests.vendors.conftest import Q2, Measured, measure
from tests.vendors.scorecards.test_agreeing import TOLERANCE
from vendors.methodologies.previewing import Comparison, Move, Preview, Reading, preview_edition, previewable
from vendors.models import Scorecard, Vendor
from vendors.scorecards.computing import compute_scorecards
from vendors.scorecards.periods import Edition, Period
from vendors.scorecards.publishing import publish_scorecards

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]


@pytest.fixture
def former(measured: Measured, world: World) -> Methodology:
    """What scored Acme, with the weights that the fixture gave it."""
    world.methodology.refresh_from_db()
    return world.methodology


def standard_with(bounds: tuple[int, ...]) -> Drawn:
    """The standard method, but for the scores at which its five grades begin."""
    weights = {dimension: getattr(Methodology(), f"{dimension}_weight") for dimension in Dimension.values}
    bands = [Band(Decimal(bound), name) for bound, name in zip(bounds, "FDCBA", strict=True)]
    return Drawn(weights, Decimal(75), Decimal("0.60"), bands)


def differ(one: Decimal | None, other: Decimal | None) -> bool:
    """Whether two figures differ by more than rounding."""
    if one is None or other is None:
        return one is not other
    return abs(one - other) > TOLERANCE


def edition_of(methodology: Methodology, period: Period) -> Edition:
    return Edition(period, methodology.pk, str(methodology), methodology.is_default)


def assert_same(each: Comparison, card: Scorecard) -> None:
    """A previewed scorecard is the one that computing wrote."""
    assert each.after.grade == card.grade
    assert not differ(each.after.score, card.score)
    assert not differ(each.after.coverage, card.coverage)
    stored = {part.dimension: part for part in card.dimensions.all()}
    assert stored.keys() == each.after.parts.keys()
    for dimension, part in each.after.parts.items():
        assert part.weight == stored[dimension].weight
        assert not differ(part.score, stored[dimension].score)
        assert not differ(part.coverage, stored[dimension].coverage)


def test_previewing_is_what_computing_then_writes(cast: Cast) -> None:
    random_state.fill(random.Random(7), cast.cio, vendors=20)
    fold_due()
    former, period = Methodology.objects.get(code="default-1"), Period(random_state.FIRST, 12)
    compute_scorecards(period_start=period.start, months=12, methodology=former, vendors=Vendor.objects.all())
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    vendors = Scorecard.objects.count()
    seen: set[Move] = set()

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(drawn=LAWFUL)
    @example(standard_with((0, 50, 70, 85, 95)))
    @example(standard_with((0, 1, 2, 3, 4)))
    @example(standard_with((0, 96, 97, 98, 99)))
    def holds(drawn: Drawn) -> None:
        with transaction.atomic():
            edition = draft_edition(methodology=drawn.methodology("drawn", "Drawn"), bands=drawn.bands, by=cast.cio)
            preview = preview_edition(edition, edition_of(former, period), Scorecard.objects.all())
            assert Scorecard.objects.count() == vendors
            assert not Methodology.objects.filter(pk=edition.pk, first_used_at__isnull=False).exists()
            compute_scorecards(period_start=period.start, months=12, methodology=edition, vendors=Vendor.objects.all())
            computed = {card.vendor_id: card for card in Scorecard.objects.filter(methodology=edition)}
            assert {each.card.vendor_id for each in preview.comparisons} == computed.keys()
            for each in preview.comparisons:
                assert_same(each, computed[each.card.vendor_id])
                assert each.before.score == each.card.score
                assert each.before.grade == each.card.grade
                moved = sum(each.moved_by.values(), Decimal(0))
                assert abs(moved - ((each.after.score or 0) - (each.before.score or 0))) < Decimal("1e-7")
                seen.add(each.move)
            transaction.set_rollback(True)

    holds()
    assert seen >= {Move.RISES, Move.FALLS, Move.STAYS}


def preview_of(methodology: Methodology) -> Preview:
    cards = Scorecard.objects.all()
    edition = previewable(methodology, cards).selected
    assert edition is not None
    return preview_edition(methodology, edition, cards)


def test_grades_are_compared_by_position_where_there_are_as_many(former: Methodology, cast: Cast) -> None:
    edition = draft_edition(methodology=next_edition(former), bands=LETTERS, by=cast.cio)
    preview = preview_of(edition)
    (each,) = preview.comparisons
    assert (preview.edition.period, preview.former) == (Period(Q2, 3), former)
    assert each.before.grade is not None
    assert each.after.grade is not None
    assert each.change == 0
    assert (each.before.grade.name, each.after.grade.name) == ("Marginal", "D")
    assert each.move == Move.STAYS


def test_scores_are_compared_where_the_numbers_of_grades_differ(former: Methodology, cast: Cast) -> None:
    begun = next_edition(former)
    begun.outcomes_weight, begun.service_quality_weight = Decimal(40), Decimal(60)
    pass_or_fail = [Band(Decimal(0), "Fail"), Band(Decimal(60), "Pass")]
    (each,) = preview_of(draft_edition(methodology=begun, bands=pass_or_fail, by=cast.cio)).comparisons
    assert each.change
    assert each.move == (Move.RISES if each.change > 0 else Move.FALLS)
    assert each.moved_by["outcomes"] < 0 < each.moved_by["service_quality"]


def test_more_evidence_asked_for_leaves_vendors_ungraded(former: Methodology, cast: Cast) -> None:
    begun = next_edition(former)
    begun.minimum_coverage = Decimal(1)
    preview = preview_of(draft_edition(methodology=begun, bands=LETTERS, by=cast.cio))
    assert preview.counts == {**dict.fromkeys(Move, 0), Move.UNGRADED: 1}
    (each,) = preview.comparisons
    back = Comparison(each.card, each.after, each.before, by_position=True)
    assert back.move == Move.GRADED
    assert Comparison(each.card, Reading(), Reading(), by_position=True).move == Move.STAYS


def test_the_same_name_goes_before_the_default(measured: Measured, world: World, cast: Cast) -> None:
    other = make_methodology("elsewhere", is_default=False)
    fold_due()
    compute_scorecards(period_start=Q2, months=3, methodology=other, vendors=Vendor.objects.all())
    publish_scorecards(scorecards=Scorecard.objects.open(), by=cast.cio)
    by_name = draft_edition(methodology=next_edition(other), bands=LETTERS, by=cast.cio)
    assert preview_of(by_name).former == other
    stranger = Methodology(code="s", name="Stranger")
    assert preview_of(draft_edition(methodology=stranger, bands=LETTERS, by=cast.cio)).former == world.methodology


# --- as a page ---


@pytest.fixture
def edition(former: Methodology, cast: Cast) -> Methodology:
    """Another edition, which asks for all evidence and lets outcomes count less."""
    begun = next_edition(former)
    begun.outcomes_weight, begun.service_quality_weight = Decimal(50), Decimal(50)
    begun.minimum_coverage = Decimal(1)
    return draft_edition(methodology=begun, bands=LETTERS, by=cast.cio)


def test_a_page_shows_who_moves_and_by_what(edition: Methodology, world: World, cast: Cast, login: Login) -> None:
    client, url = login(cast.cio), reverse("vendors:methodology_preview", args=[edition.code])
    assert url in client.get(edition.get_absolute_url()).content.decode()
    page = client.get(url).content.decode()
    for words in ("Becomes ungraded", "Acme Cloud", "before: Marginal", "Marginal / D", "CSV"):
        assert words in page, words
    panel = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel
    assert "Every vendor, with the difference per dimension" in panel
    assert "Acme Cloud" not in client.get(url, {"move": "rises"}).content.decode().split('id="every"')[1]
    rows = client.get(url, {"export": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Vendor,Code,What happens,Grade before,Grade,Score before,Score,Difference,Outcomes")
    assert rows[1].startswith("Acme Cloud,acme,Becomes ungraded,Marginal,Insufficient evidence,")
    assert client.get(url, {"period": "nonsense"}).status_code == 200


def test_without_scorecards_there_is_nothing_to_compare(world: World, cast: Cast, login: Login) -> None:
    begun = draft_edition(methodology=next_edition(world.methodology), bands=LETTERS, by=cast.cio)
    url = reverse("vendors:methodology_preview", args=[begun.code])
    assert "no published scorecard to compare with" in login(cast.auditor).get(url).content.decode()
    assert login(cast.cio).get(url, {"export": "csv"}).status_code == 200


def test_it_costs_the_same_however_many_vendors(
    edition: Methodology, world: World, cast: Cast, login: Login, cost: Callable[[Client, str], int]
) -> None:
    client, url = login(cast.cio), reverse("vendors:methodology_preview", args=[edition.code])
    few = cost(client, url)
    for number in range(4):
        contract = make_contract(f"M-{number}", make_vendor(f"more-{number}", f"More {number}"), world.health)
        level = make_service_level(f"M-{number}", contract, targets={Q2: (Decimal(60), Decimal(80), None)})
        measure(level.series, [90, 90, 90], Q2)
    fold_due()
    compute_scorecards(period_start=Q2, months=3, methodology=world.methodology, vendors=Vendor.objects.all())
    publish_scorecards(scorecards=Scorecard.objects.open(), by=cast.cio)
    with CaptureQueriesContext(connection) as many:
        assert "More 3" in client.get(url).content.decode()
    assert len(many) == few
