"""Triggers that mark vendors as due for scoring where supply changes what a scorecard reads (§7)."""

from metrics.models.marks import marks

SERVICE_LEVEL_CHANGED = marks(
    "scoring_due",
    reads=("series_id", "contract_id", "dimension", "weight", "first_month", "last_month"),
    sql="""
        INSERT INTO vendors_scoringdue (vendor_id, first_month, last_month)
        SELECT DISTINCT contract.vendor_id, changed.first_month, changed.last_month
        FROM {rows} AS changed JOIN vendors_contract AS contract ON contract.id = changed.contract_id
    """,
)

CONTRACT_CHANGED = marks(
    "scoring_due",
    reads=("vendor_id", "criticality"),
    sql="""
        INSERT INTO vendors_scoringdue (vendor_id, first_month, last_month)
        SELECT DISTINCT changed.vendor_id, level.first_month, level.last_month
        FROM {rows} AS changed JOIN vendors_servicelevel AS level ON level.contract_id = changed.id
    """,
    on="u",
)
