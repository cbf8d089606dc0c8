"""Files kept in the database in pieces, read and written a piece at a time."""

from collections.abc import Iterable, Iterator
from typing import Any

from kernel.uploads.models import Upload

PART = 1_000_000


def stored(owner: Upload, kind: str) -> Iterator[bytes]:
    """The pieces of a file in order, one in memory at a time."""
    positions = owner.parts.filter(kind=kind).order_by("position").values_list("pk", flat=True)
    for key in list(positions):
        yield bytes(owner.parts.values_list("content", flat=True).get(pk=key))


def store(owner: Upload, kind: str, chunks: Iterable[bytes]) -> None:
    """Keep a file in place of what was kept of that kind."""
    owner.parts.filter(kind=kind).delete()
    for position, content in enumerate(chunks, start=1):
        owner.parts.create(kind=kind, position=position, content=content)


def pieces(file: Any) -> Iterator[bytes]:
    """An open binary file in pieces of the size they are kept in."""
    while piece := file.read(PART):
        yield piece
