"""Writing many rows of a model in one statement: what is new or differs, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

# Rows stand here, seen by their own session alone, while they are compared with those of the model.
STAGE = "upsert_stage"


@dataclass(frozen=True)
class Counts:
    """What writing did to the rows of one kind."""

    created: int = 0
    replaced: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.created + other.created, self.replaced + other.replaced, self.unchanged + other.unchanged)


@dataclass(frozen=True)
class Upsert:
    """How rows of a model are written: by which columns they are known, and which ones the source speaks of.

    `kept` columns are set when a row is created; later they are what people made of them.
    """

    model: type[models.Model]
    key: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of a row, in the order that `write` takes them."""
        return self.key + self.replaced + self.kept

    def write(self, rows: Iterable[Sequence[Any]]) -> Counts:
        """Write rows, one per key, and count; rows that are as they should be are not touched."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE {STAGE} AS SELECT {_list(self.columns)} FROM {table} LIMIT 0")
            staged = 0
            with cursor.copy(f"COPY {STAGE} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    staged += 1
            cursor.execute(f"ANALYZE {STAGE}")
            defaults = self._defaults()
            cursor.execute(self._statement(table, tuple(defaults)), list(defaults.values()))
            created, replaced = cursor.fetchone()
            cursor.execute(f"DROP TABLE {STAGE}")
        return Counts(created, replaced, staged - created - replaced)

    def _statement(self, table: str, defaults: tuple[str, ...]) -> str:
        same_key = " AND ".join(f"present.{column} = staged.{column}" for column in self.key)
        is_new = f"present.{self.key[0]} IS NULL"
        differs, on_conflict = is_new, "DO NOTHING"
        if self.replaced:
            before, after = (_row(side, self.replaced) for side in ("present", "staged"))
            differs = f"{is_new} OR {before} IS DISTINCT FROM {after}"
            on_conflict = f"DO UPDATE SET {', '.join(f'{column} = EXCLUDED.{column}' for column in self.replaced)}"
        constants = "".join(", %s" for _ in defaults)
        return f"""
            WITH changed AS MATERIALIZED (
                SELECT staged.*, {is_new} AS is_new
                FROM {STAGE} AS staged LEFT JOIN {table} AS present ON {same_key}
                WHERE {differs}
            ), written AS (
                INSERT INTO {table} ({_list(self.columns + defaults)})
                SELECT {_list(self.columns)}{constants} FROM changed
                ON CONFLICT ({_list(self.key)}) {on_conflict}
            )
            SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM changed
        """

    def _defaults(self) -> dict[str, Any]:
        """The model's own defaults for the columns of a new row that nobody speaks of."""
        return {
            column: field.get_default()
            for field in self.model._meta.concrete_fields
            if (column := field.column) and column not in self.columns and not isinstance(field, models.AutoField)
        }


def _list(columns: Iterable[str]) -> str:
    return ", ".join(columns)


def _row(side: str, columns: Iterable[str]) -> str:
    return f"ROW({', '.join(f'{side}.{column}' for column in columns)})"
