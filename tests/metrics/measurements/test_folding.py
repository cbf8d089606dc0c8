"""Folding what is due: what marks, what is written, and that nothing is lost between sessions."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from metrics.measurements import folding_sql
from metrics.measurements.folding import fold_due
from metrics.models import FoldDue, Measurement, MonthlyValue, Series, SeriesChange
from tests.conftest import Cast, World
from tests.sessions import Session

MARCH, APRIL = datetime.date(2020, 3, 1), datetime.date(2020, 4, 1)


def measure(series: Series, day: datetime.date, value: int, reference: str = "") -> Measurement:
    return Measurement.objects.create(series=series, observed_on=day, value=Decimal(value), reference=reference)


def due() -> list[datetime.date]:
    return list(FoldDue.objects.order_by("month").values_list("month", flat=True))


def changes() -> list[tuple[datetime.date, datetime.date | None]]:
    return list(SeriesChange.objects.order_by("pk").values_list("first_month", "last_month"))


@pytest.fixture
def series(world: World) -> Series:
    SeriesChange.objects.all().delete()
    return world.service_level.series


@pytest.mark.django_db
class TestMarks:
    def test_one_mark_per_month_and_statement(self, series: Series) -> None:
        Measurement.objects.bulk_create(
            Measurement(series=series, observed_on=day, reference=str(n), value=1)
            for n, day in enumerate([MARCH, datetime.date(2020, 3, 31), APRIL])
        )
        assert due() == [MARCH, APRIL]

    def test_a_measurement_that_moves_marks_both_months(self, series: Series) -> None:
        measurement = measure(series, MARCH, 1)
        fold_due()
        Measurement.objects.filter(pk=measurement.pk).update(observed_on=APRIL)
        assert due() == [MARCH, APRIL]

    def test_what_is_not_folded_marks_nothing(self, series: Series) -> None:
        measurement = measure(series, MARCH, 1)
        fold_due()
        Measurement.objects.filter(pk=measurement.pk).update(comment="A calm month")
        assert due() == []

    def test_raw_sql_and_deletion_mark_too(self, series: Series) -> None:
        measure(series, MARCH, 1)
        fold_due()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE metrics_measurement SET value = 2")
            assert due() == [MARCH]
            fold_due()
            cursor.execute("DELETE FROM metrics_measurement")
        assert due() == [MARCH]

    def test_a_measurement_sent_again_replaces_and_marks(self, series: Series) -> None:
        measure(series, MARCH, 1)
        fold_due()
        Measurement.objects.bulk_create(
            [Measurement(series=series, observed_on=MARCH, value=5)],
            update_conflicts=True,
            unique_fields=["series", "observed_on", "reference"],
            update_fields=["value"],
        )
        assert fold_due() == 1
        assert MonthlyValue.objects.get().total == 5


@pytest.mark.django_db
class TestFold:
    def test_without_marks_nothing_is_done(self, series: Series) -> None:
        assert fold_due() == 0

    def test_a_month_and_what_it_tells_higher_rooms(self, series: Series) -> None:
        measure(series, MARCH, 3)
        measure(series, datetime.date(2020, 5, 9), 4)
        assert fold_due() == 2
        assert list(MonthlyValue.objects.order_by("month").values_list("month", "n", "total")) == [
            (MARCH, 1, 3),
            (datetime.date(2020, 5, 1), 1, 4),
        ]
        assert changes() == [(MARCH, datetime.date(2020, 5, 1))]
        assert due() == []

    def test_only_months_that_are_due_are_folded(self, series: Series) -> None:
        measure(series, MARCH, 3)
        measure(series, datetime.date(2020, 5, 9), 4)
        measure(series, APRIL, 5)
        FoldDue.objects.filter(month=APRIL).delete()
        assert fold_due() == 2
        assert not MonthlyValue.objects.filter(month=APRIL).exists()

    def test_a_fold_that_changes_nothing_tells_nothing(self, series: Series) -> None:
        measure(series, MARCH, 3)
        fold_due()
        SeriesChange.objects.all().delete()
        FoldDue.objects.create(series=series, month=MARCH)
        FoldDue.objects.create(series=series, month=MARCH)
        assert fold_due() == 0
        assert changes() == []

    def test_an_excluded_measurement_takes_no_part_until_it_is_lifted(self, series: Series, cast: Cast) -> None:
        measurement = measure(series, MARCH, 3)
        fold_due()
        Measurement.objects.filter(pk=measurement.pk).update(
            excluded_at=timezone.now(), excluded_by=cast.cio, exclusion_reason="Sensor out of order"
        )
        assert fold_due() == 1
        assert not MonthlyValue.objects.exists()
        Measurement.objects.filter(pk=measurement.pk).update(excluded_at=None, excluded_by=None, exclusion_reason="")
        assert fold_due() == 1
        assert MonthlyValue.objects.get().last == 3

    def test_the_last_of_a_day_has_the_greatest_reference_by_code_point(self, series: Series) -> None:
        for value, reference in enumerate(["10", "9", "B", "a", ""]):
            measure(series, MARCH, value, reference)
        fold_due()
        assert MonthlyValue.objects.get().last == 3

    def test_the_number_of_statements_does_not_grow(self, series: Series, django_assert_num_queries: Any) -> None:
        measure(series, MARCH, 1)
        with django_assert_num_queries(10):
            fold_due()
        Measurement.objects.bulk_create(
            Measurement(series=series, observed_on=MARCH + datetime.timedelta(days=n), reference="more", value=n)
            for n in range(400)
        )
        with django_assert_num_queries(10):
            fold_due()


@pytest.mark.django_db(transaction=True)
class TestTwoSessions:
    def test_what_commits_after_the_marks_went_is_read_or_stays_due(self, series: Series) -> None:
        measure(series, MARCH, 1, "first")
        with Session(fold_due, hold_before=folding_sql.WRITE_NEW) as folding:
            measure(series, MARCH, 2, "second")
            folding.finish()
        assert MonthlyValue.objects.get().total == 3
        assert due() == [MARCH]
        assert fold_due() == 0

    def test_what_commits_after_the_measurements_were_read_stays_due(self, series: Series) -> None:
        measure(series, MARCH, 1, "first")
        with Session(fold_due, hold_before=folding_sql.WRITE) as folding:
            measure(series, MARCH, 2, "second")
            folding.finish()
        assert MonthlyValue.objects.get().total == 1
        assert fold_due() == 1
        assert MonthlyValue.objects.get().total == 3

    def test_a_slower_fold_never_overwrites_a_newer_one(self, series: Series) -> None:
        measure(series, MARCH, 1, "first")
        with Session(fold_due, hold_before=folding_sql.WRITE) as slow:
            measure(series, MARCH, 2, "second")
            with Session(fold_due) as quick:
                assert quick.is_waiting()
                slow.finish()
                assert quick.finish() == 1
        assert MonthlyValue.objects.get().total == 3
        assert due() == []

    def test_a_fold_that_fails_leaves_its_marks(self, series: Series) -> None:
        measure(series, MARCH, 1)

        def fail(execute: Any, sql: str, params: object, many: bool, context: object) -> object:
            if sql == folding_sql.WRITE:
                raise InterruptedError
            return execute(sql, params, many, context)

        with connection.execute_wrapper(fail), pytest.raises(InterruptedError):
            fold_due()
        assert due() == [MARCH]
        assert fold_due() == 1
