"""Triggers that mark what is due, written by the statement that makes it so, in its own transaction.

Marks are only ever added here: writers never wait for each other, and whoever works them off deletes
them first and reads in a later statement, so nothing that commits in between is lost.
"""

import pgtrigger

EVER = "0001-01-01"


INSERTED, DELETED = "(SELECT * FROM new_rows)", "(SELECT * FROM old_rows)"
BOTH_SIDES = "(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows)"


def on_statement(name: str, sql: str, *, on: str = "iud", updated: str = BOTH_SIDES) -> list[pgtrigger.Trigger]:
    """Triggers that run `sql` once per statement over its `{rows}`: added, removed, and both sides of `updated`."""
    events = {
        "i": (pgtrigger.Insert, pgtrigger.Referencing(new="new_rows"), INSERTED),
        "u": (pgtrigger.Update, pgtrigger.Referencing(old="old_rows", new="new_rows"), updated),
        "d": (pgtrigger.Delete, pgtrigger.Referencing(old="old_rows"), DELETED),
    }
    return [
        pgtrigger.Trigger(
            name=f"{name}_{event}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=f"{sql.format(rows=rows)}; RETURN NULL;",
        )
        for event, (operation, referencing, rows) in events.items()
        if event in on
    ]


def marks(name: str, *, reads: tuple[str, ...], sql: str, on: str = "iud") -> list[pgtrigger.Trigger]:
    """Triggers that mark by `sql` where rows come, go, or change in what the arithmetic `reads` of them."""
    old = ", ".join(f"o.{column}" for column in reads)
    new = ", ".join(f"n.{column}" for column in reads)
    differ = f"FROM old_rows o JOIN new_rows n USING (id) WHERE ROW({old}) IS DISTINCT FROM ROW({new})"
    return on_statement(name, sql, on=on, updated=f"(SELECT o.* {differ} UNION ALL SELECT n.* {differ})")


FOLD_DUE = marks(
    "fold_due",
    reads=("series_id", "observed_on", "reference", "value", "numerator", "denominator", "excluded_at"),
    sql="""
        INSERT INTO metrics_folddue (series_id, month)
        SELECT DISTINCT changed.series_id, date_trunc('month', changed.observed_on::timestamp)::date
        FROM {rows} AS changed
    """,
)

# A target counts from its month until the next one's.
TARGET_CHANGED = marks(
    "series_change",
    reads=("series_id", "effective_from", "floor", "target", "stretch", "direction"),
    sql="""
        INSERT INTO metrics_serieschange (series_id, first_month, last_month)
        SELECT DISTINCT changed.series_id, changed.effective_from, (
            SELECT (min(next.effective_from) - interval '1 month')::date FROM metrics_target AS next
            WHERE next.series_id = changed.series_id AND next.effective_from > changed.effective_from)
        FROM {rows} AS changed
    """,
)

SERIES_CHANGED = marks(
    "series_change",
    reads=("code", "indicator_id"),
    sql=f"""
        INSERT INTO metrics_serieschange (series_id, first_month)
        SELECT DISTINCT changed.id, date '{EVER}' FROM {{rows}} AS changed
    """,
    on="u",
)

INDICATOR_CHANGED = marks(
    "series_change",
    reads=("direction", "aggregation", "cadence", "unit"),
    sql=f"""
        INSERT INTO metrics_serieschange (series_id, first_month)
        SELECT DISTINCT series.id, date '{EVER}'
        FROM {{rows}} AS changed JOIN metrics_series AS series ON series.indicator_id = changed.id
    """,
    on="u",
)

OUTCOME_DUE_BY_SERIES = marks(
    "outcome_due",
    reads=(),
    sql="""
        INSERT INTO metrics_outcomedue (outcome_id, first_month, last_month)
        SELECT DISTINCT measure.outcome_id, changed.first_month, changed.last_month
        FROM {rows} AS changed JOIN metrics_outcomeseries AS measure USING (series_id)
    """,
    on="i",
)

OUTCOME_DUE_BY_MEASURES = marks(
    "outcome_due",
    reads=("outcome_id", "series_id", "weight"),
    sql=f"""
        INSERT INTO metrics_outcomedue (outcome_id, first_month)
        SELECT DISTINCT changed.outcome_id, date '{EVER}' FROM {{rows}} AS changed
    """,
)

# Outcomes are judged by the default methodology's score at target.
OUTCOME_DUE_BY_METHODOLOGY = marks(
    "outcome_due",
    reads=("is_default", "score_at_target"),
    sql=f"""
        INSERT INTO metrics_outcomedue (outcome_id, first_month)
        SELECT outcome.id, date '{EVER}' FROM metrics_outcome AS outcome
        WHERE EXISTS (SELECT 1 FROM {{rows}} AS changed WHERE changed.is_default)
    """,
    on="iu",
)
