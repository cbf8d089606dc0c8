from collections.abc import Callable, Iterator

import pytest
from django.db import connection


@pytest.fixture
def written(db: None) -> Iterator[Callable[[], list[int]]]:
    """The numbers that the tests' task has written, in order; each time it wrote one counts."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS written_numbers (number int); TRUNCATE written_numbers")

    def numbers() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM written_numbers ORDER BY number")
            return [number for (number,) in cursor.fetchall()]

    yield numbers
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE written_numbers")
