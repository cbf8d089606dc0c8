"""Publishing scorecards, and what moved between two of them."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from metrics.models import Methodology
from tests.conftest import Cast, World, make_service_level
from tests.vendors.scorecards.measured import START, card_of, compute, measure
from vendors.models import Scorecard, ScorecardLine
from vendors.scorecards.comparing import LineChange, line_changes
from vendors.scorecards.publishing import publish_scorecards

pytestmark = pytest.mark.django_db


def moved(new: Scorecard, old: Scorecard) -> list[LineChange]:
    lines = ScorecardLine.objects.filter(scorecard__in=[new, old]).select_related("service_level__series")
    return line_changes(lines, new, old)


@pytest.fixture
def drafts(world: World) -> World:
    measure(world.service_level, 95)
    compute(world.methodology)
    return world


@pytest.mark.parametrize("role", ["manager", "agency_member", "vendor_member", "msi_member", "auditor", "integration"])
def test_only_the_cio_office_publishes(drafts: World, cast: Cast, role: str) -> None:
    with pytest.raises(PermissionDenied):
        publish_scorecards(scorecards=Scorecard.objects.all(), by=getattr(cast, role))
    assert set(Scorecard.objects.values_list("status", flat=True)) == {"draft"}


def test_publishing_many_at_once(drafts: World, cast: Cast) -> None:
    assert publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio) == 2
    assert Scorecard.objects.current().count() == 2
    card = card_of(drafts.acme)
    assert (card.status, card.published_by) == ("published", cast.cio)
    assert Methodology.objects.get(pk=drafts.methodology.pk).first_used_at is not None


def test_publishing_again_changes_nothing(drafts: World, cast: Cast) -> None:
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    before = list(Scorecard.objects.order_by("pk").values())
    assert publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio) == 0
    assert list(Scorecard.objects.order_by("pk").values()) == before


def test_a_later_revision_supersedes_the_earlier(drafts: World, cast: Cast) -> None:
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    first = card_of(drafts.acme)
    measure(drafts.service_level, 100)
    compute(drafts.methodology)
    assert publish_scorecards(scorecards=Scorecard.objects.filter(vendor=drafts.acme), by=cast.cio) == 1
    first.refresh_from_db()
    assert first.superseded_at is not None
    assert Scorecard.objects.current().get(vendor=drafts.acme).revision == 2
    assert Scorecard.objects.current().get(vendor=drafts.rival).revision == 1


def test_what_is_published_does_not_change(drafts: World, cast: Cast) -> None:
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    for rows, change in (
        (Scorecard.objects.all(), {"score": 1}),
        (Scorecard.objects.all(), {"status": "draft", "published_at": None, "published_by": None}),
        (ScorecardLine.objects.all(), {"attainment": 1}),
        (Methodology.objects.filter(pk=drafts.methodology.pk), {"score_at_target": 1}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_what_moved_and_by_how_much(drafts: World, cast: Cast, django_assert_num_queries: Any) -> None:
    publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
    old = card_of(drafts.acme)
    measure(drafts.service_level, 100)
    added = make_service_level("C-1-speed", drafts.contract, targets={START: (0, 50, 100)})
    make_service_level("C-1-calm", drafts.contract, dimension="cost")
    measure(added, 50)
    compute(drafts.methodology)
    new = card_of(drafts.acme)
    with django_assert_num_queries(1):
        changes = {change.service_level.code: change for change in moved(new, old)}
    assert changes["C-1-uptime"].attainment_change == 25
    assert changes["C-1-uptime"].contribution_change == Decimal(50) - 75
    assert (changes["C-1-speed"].old, changes["C-1-speed"].attainment_change) == (None, None)
    assert changes["C-1-speed"].contribution_change == Decimal("37.5")
    assert changes["C-1-calm"].contribution_change == 0


def test_nothing_moved_between_a_scorecard_and_itself(drafts: World) -> None:
    card = card_of(drafts.acme)
    assert moved(card, card) == []
