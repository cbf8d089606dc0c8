"""Meanings of columns: as chosen for one file, and as remembered of its source."""

from collections.abc import Mapping

from vendors.imports.tables.reading import Manner
from vendors.models import ContractImport, TableMapping

HEADERS_REMEMBERED = 20


def manner_of(row: ContractImport) -> Manner:
    """How a file that was sent is read: as its sender chose."""
    chosen = row.settings
    columns = {name: [header] for name, header in chosen.get("columns", {}).items()}
    return Manner(row.holds, chosen["source"], columns, chosen.get("agency", ""), chosen.get("totals", False))


def known_mapping(source: str, holds: str) -> TableMapping:
    """How such tables of a source were read last; nothing chosen where there were none."""
    known: TableMapping | None = TableMapping.objects.filter(source=source, holds=holds).first()
    return known or TableMapping(source=source, holds=holds)


def remember(manner: Manner) -> None:
    """Keep how a table was read for the next one of its source; headers that it had before stay known."""
    known = known_mapping(manner.source, manner.holds)
    known.columns = {name: _latest_first(name, manner.columns, known.columns) for name in manner.columns}
    known.agency, known.totals = manner.agency, manner.totals
    known.save()


def _latest_first(name: str, chosen: Mapping[str, list[str]], known: Mapping[str, list[str]]) -> list[str]:
    return list(dict.fromkeys([*chosen[name], *known.get(name, [])]))[:HEADERS_REMEMBERED]
