"""Computing scorecards: digests, revisions, what is due, and sessions side by side."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from metrics.models import SeriesChange, Target
from tests.conftest import Cast, World, make_contract, make_methodology, make_service_level, make_vendor
from tests.sessions import Session
from tests.vendors.scorecards.measured import START, YEAR, card_of, compute, measure, work_off
from vendors.models import Contract, Scorecard, ScorecardLine, ScoringDue, ServiceLevel, Vendor
from vendors.scorecards import sql as scoring_sql
from vendors.scorecards.computing import (
    Computed,
    compute_scorecards,
    last_closed_periods,
    periods_due,
    pull_series_changes,
    recompute_due,
)
from vendors.scorecards.publishing import publish_scorecards


@pytest.fixture
def measured(world: World) -> World:
    """Acme meets its target all year; Rival has no data; the cast's outsider has no service level."""
    measure(world.service_level, 95)
    work_off()
    return world


@pytest.mark.django_db
class TestDigest:
    def test_a_first_computation_creates_drafts(self, measured: World) -> None:
        assert compute(measured.methodology) == Computed(created=2)
        card = card_of(measured.acme)
        assert (card.score, card.status, card.revision, card.grade) == (75, "draft", 1, None)
        assert card.coverage == Decimal("0.2")
        assert card_of(measured.rival).score is None

    def test_again_changes_nothing(self, measured: World) -> None:
        compute(measured.methodology)
        before = list(Scorecard.objects.order_by("pk").values())
        lines = list(ScorecardLine.objects.order_by("pk").values_list("pk", flat=True))
        assert compute(measured.methodology) == Computed(unchanged=2)
        assert list(Scorecard.objects.order_by("pk").values()) == before
        assert list(ScorecardLine.objects.order_by("pk").values_list("pk", flat=True)) == lines

    def test_a_figure_written_otherwise_is_the_same_figure(self, measured: World) -> None:
        compute(measured.methodology)
        level = measured.service_level
        level.weight = Decimal("1.000")
        level.save()
        Target.objects.filter(series=level.series).update(target=Decimal("95.0000"))
        assert compute(measured.methodology) == Computed(unchanged=2)

    def test_what_lies_outside_the_period_does_not_count(self, measured: World) -> None:
        compute(measured.methodology)
        measure(measured.service_level, 10, (datetime.date(2020, 6, 1), datetime.date(2021, 7, 1)))
        ServiceLevel.objects.filter(pk=measured.service_level.pk).update(last_month=datetime.date(2022, 1, 1))
        assert compute(measured.methodology) == Computed(unchanged=2)

    @pytest.mark.parametrize(
        "change",
        [
            lambda level: measure(level, 80, (YEAR[3],)),
            lambda level: ServiceLevel.objects.filter(pk=level.pk).update(weight=2),
            lambda level: ServiceLevel.objects.filter(pk=level.pk).update(dimension="cost"),
            lambda level: ServiceLevel.objects.filter(pk=level.pk).update(last_month=YEAR[5]),
            lambda level: ServiceLevel.objects.filter(pk=level.pk).update(first_month=YEAR[5]),
            lambda level: Contract.objects.filter(pk=level.contract_id).update(criticality=5),
            lambda level: Target.objects.filter(series=level.series).update(stretch=None),
            lambda level: Target.objects.create(
                series=level.series, direction="higher", effective_from=YEAR[4], floor=90, target=95, stretch=100
            ),
            lambda level: type(level.series.indicator).objects.filter(pk=level.series.indicator_id).update(
                cadence="quarterly"
            ),
            lambda level: type(level.series).objects.filter(pk=level.series_id).update(code="renamed"),
        ],
    )  # fmt: skip
    def test_every_input_marks_the_vendor_and_changes_the_digest(
        self, measured: World, change: Callable[[ServiceLevel], object]
    ) -> None:
        compute(measured.methodology)
        before, other = card_of(measured.acme), card_of(measured.rival)
        assert not ScoringDue.objects.exists()
        change(measured.service_level)
        work_off()
        after = card_of(measured.acme)
        assert after.pk == before.pk
        assert after.digest != before.digest
        assert card_of(measured.rival).version == other.version
        assert not ScoringDue.objects.exists()
        assert not SeriesChange.objects.exists()


@pytest.mark.django_db
class TestRevisions:
    def test_beside_a_published_scorecard_a_new_revision_starts_as_a_draft(self, measured: World, cast: Cast) -> None:
        compute(measured.methodology)
        publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
        measure(measured.service_level, 100)
        assert compute(measured.methodology) == Computed(created=1, unchanged=2)
        draft = card_of(measured.acme)
        assert (draft.revision, draft.status, draft.score) == (2, "draft", 100)
        assert Scorecard.objects.current().get(vendor=measured.acme).score == 75
        measure(measured.service_level, 90)
        assert compute(measured.methodology) == Computed(overwritten=1, unchanged=2)
        assert card_of(measured.acme).pk == draft.pk

    def test_a_draft_that_came_back_to_what_is_published_goes(self, measured: World, cast: Cast) -> None:
        compute(measured.methodology)
        publish_scorecards(scorecards=Scorecard.objects.all(), by=cast.cio)
        measure(measured.service_level, 100, (YEAR[0],))
        compute(measured.methodology)
        measure(measured.service_level, 95, (YEAR[0],))
        assert compute(measured.methodology) == Computed(removed=1, unchanged=2)
        assert card_of(measured.acme).status == "published"

    def test_a_vendor_without_a_line_has_no_scorecard(self, measured: World) -> None:
        ServiceLevel.objects.filter(pk=measured.other_service_level.pk).update(first_month=datetime.date(2022, 1, 1))
        assert compute(measured.methodology) == Computed(created=1, unchanged=1)
        ServiceLevel.objects.filter(pk=measured.service_level.pk).update(first_month=datetime.date(2022, 1, 1))
        assert compute(measured.methodology) == Computed(removed=1, unchanged=1)
        assert not Scorecard.objects.exists()

    def test_each_methodology_has_scorecards_of_its_own(self, measured: World) -> None:
        other = make_methodology("other", score_at_target=Decimal(60), is_default=False)
        compute(measured.methodology)
        assert compute(other) == Computed(created=2)
        assert set(Scorecard.objects.filter(vendor=measured.acme).values_list("score", flat=True)) == {60, 75}

    def test_a_methodology_is_used_from_its_first_scorecard_on(self, measured: World) -> None:
        compute(measured.methodology)
        measured.methodology.refresh_from_db()
        assert measured.methodology.first_used_at is not None


@pytest.mark.django_db
class TestDue:
    def test_only_periods_that_were_computed_and_are_touched_are_computed_again(self, measured: World) -> None:
        compute(measured.methodology)
        compute(measured.methodology, months=1)
        year, month = card_of(measured.acme), card_of(measured.acme, months=1)
        measure(measured.service_level, 100, (YEAR[5],))
        work_off()
        assert card_of(measured.acme).version == year.version + 1
        assert card_of(measured.acme, months=1).version == month.version
        assert Scorecard.objects.count() == 4

    def test_a_new_vendor_comes_into_periods_that_others_have(self, measured: World) -> None:
        compute(measured.methodology)
        late = make_vendor("late", "Late Inc")
        level = make_service_level("C-9-uptime", make_contract("C-9", late, measured.parks))
        assert list(ScoringDue.objects.values_list("vendor_id", flat=True)) == [late.pk]
        measure(level, 5)
        work_off()
        assert card_of(late).revision == 1

    def test_a_target_counts_until_the_next_one(self, measured: World) -> None:
        series = measured.service_level.series
        Target.objects.create(series=series, direction="higher", effective_from=YEAR[6], target=96)
        Target.objects.filter(series=series, effective_from=YEAR[6]).update(target=97)
        Target.objects.filter(series=series, effective_from__lt=START).update(target=94)
        ranges = set(SeriesChange.objects.values_list("first_month", "last_month"))
        assert ranges == {(YEAR[6], None), (datetime.date(2020, 1, 1), YEAR[5])}

    def test_work_comes_in_portions(self, measured: World) -> None:
        compute(measured.methodology)
        ScoringDue.objects.bulk_create(
            ScoringDue(vendor=vendor, first_month=START) for vendor in Vendor.objects.all() for _ in range(3)
        )
        assert [recompute_due(limit=1), recompute_due(limit=1), recompute_due(limit=1)] == [1, 1, 0]

    def test_periods_due_are_the_last_closed_with_data_and_without_scorecards(self, measured: World) -> None:
        assert periods_due() == []
        (month, _), *_ = last_closed_periods()
        measure(measured.service_level, 95, (month,))
        measure(measured.other_service_level, 95, (month,))
        # That one vendor was computed by hand does not do for the others.
        compute_scorecards(
            period_start=month,
            months=1,
            methodology=measured.methodology,
            vendors=Vendor.objects.filter(pk=measured.acme.pk),
        )
        found = periods_due()
        assert (month, 1) in {(due.period_start, due.months) for due in found}
        assert {due.methodology for due in found} == {measured.methodology}
        for due in found:
            compute_scorecards(
                period_start=due.period_start,
                months=due.months,
                methodology=due.methodology,
                vendors=Vendor.objects.all(),
            )
        assert periods_due() == []

    def test_quarters_and_years_follow_the_fiscal_year(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.FISCAL_YEAR_START_MONTH = 10
        monkeypatch.setattr("vendors.scorecards.computing.timezone.localdate", lambda: datetime.date(2021, 3, 15))
        assert last_closed_periods() == [
            (datetime.date(2021, 2, 1), 1),
            (datetime.date(2020, 10, 1), 3),
            (datetime.date(2019, 10, 1), 12),
        ]


@pytest.mark.django_db
class TestStatements:
    def test_they_do_not_grow_with_the_vendors(self, measured: World, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(STATEMENTS):
            compute(measured.methodology, measured.acme)
        for n in range(30):
            contract = make_contract(f"N-{n}", make_vendor(f"n-{n}", f"Vendor {n}"), measured.parks)
            make_service_level(f"N-{n}-uptime", contract, targets={START: (1, 2, 3)})
        with django_assert_num_queries(STATEMENTS):
            assert compute(measured.methodology) == Computed(created=31, unchanged=1)


# A savepoint and its release, the lock, first use, and the nineteen pieces of SQL.
STATEMENTS = 23


@pytest.mark.django_db(transaction=True)
class TestTwoSessions:
    def test_requested_twice_at_once_is_computed_once(self, measured: World) -> None:
        with (
            Session(lambda: compute(measured.methodology), hold_before=scoring_sql.CLEAR) as first,
            Session(lambda: compute(measured.methodology)) as second,
        ):
            assert second.is_waiting()
            assert first.finish() == Computed(created=2)
            assert second.finish() == Computed(unchanged=2)
        assert Scorecard.objects.count() == 2

    def test_ranges_of_vendors_do_not_wait_for_each_other(self, measured: World) -> None:
        compute(measured.methodology, measured.acme)
        measure(measured.service_level, 96)
        with Session(lambda: compute(measured.methodology, measured.acme), hold_before=scoring_sql.CLEAR) as first:
            assert compute(measured.methodology, measured.rival) == Computed(created=1)
            assert first.finish() == Computed(overwritten=1)

    def test_what_changes_while_scorecards_are_computed_is_computed_again(self, measured: World) -> None:
        with Session(lambda: compute(measured.methodology), hold_before=scoring_sql.CLEAR) as computing:
            measure(measured.service_level, 100)
            pull_series_changes()
            with Session(recompute_due) as recomputing:
                assert recomputing.is_waiting()
                computing.finish()
                assert recomputing.finish() == 1
        assert card_of(measured.acme).score == 100
        assert not ScoringDue.objects.exists()

    def test_a_computation_that_fails_leaves_everything_due(self, measured: World) -> None:
        compute(measured.methodology)
        measure(measured.service_level, 100)
        pull_series_changes()

        def fail(execute: Any, sql: str, params: object, many: bool, context: object) -> object:
            if sql == scoring_sql.WRITE_LINES:
                raise InterruptedError
            return execute(sql, params, many, context)

        with connection.execute_wrapper(fail), pytest.raises(InterruptedError):
            recompute_due()
        assert card_of(measured.acme).score == 75
        assert ScoringDue.objects.exists()
        assert recompute_due() == 1
        assert card_of(measured.acme).score == 100
