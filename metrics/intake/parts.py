"""Files kept in the database in pieces, read and written a piece at a time."""

from collections.abc import Iterable, Iterator

from metrics.models import Import, ImportPart

PART = 1_000_000


def stored(owner: Import, kind: str) -> Iterator[bytes]:
    """The pieces of a file in order, one in memory at a time."""
    positions = ImportPart.objects.filter(owner=owner, kind=kind).order_by("position").values_list("pk", flat=True)
    for key in list(positions):
        yield bytes(ImportPart.objects.values_list("content", flat=True).get(pk=key))


def store(owner: Import, kind: str, chunks: Iterable[bytes]) -> None:
    """Keep a file in place of what was kept of that kind."""
    ImportPart.objects.filter(owner=owner, kind=kind).delete()
    for position, content in enumerate(chunks, start=1):
        ImportPart.objects.create(owner=owner, kind=kind, position=position, content=content)
