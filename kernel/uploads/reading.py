"""Files that were sent, as a job reads them: tried out or taken, and what came of them written down.

@upload_task("agencies.import_ideas", IdeaImport)
def do_import(row, sent, *, mode, refused_to):
    ...
    return Result(figures={"rows": 12, "created": 11, "refused": 1}, told={"first_refused": [...]}, written=...)
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from celery import Task
from django.contrib.postgres.functions import TransactionNow

from kernel.jobs.working import JobError, range_task
from kernel.uploads.models import Upload, UploadPart
from kernel.uploads.parts import pieces, store, stored


class FileRefusedError(Exception):
    """The file as a whole cannot be read; its text says why, in words for its sender."""


@dataclass(frozen=True)
class Result:
    """What came of a file, or would come of it: the figures its job counts, and what its page tells besides."""

    figures: dict[str, int]
    told: dict[str, Any] = field(default_factory=dict)
    written: bool = False


def upload_task(name: str, model: type[Upload]) -> "Callable[[Callable[..., Result]], Task[..., None]]":
    """Make `read(row, sent, *, mode, refused_to)` the task of that name, which tries files out and takes them.

    The reader acts by the rule of `row.started_by`, writes nothing where it only tries out, and writes what it
    refuses to `refused_to`, as CSV. Where it raises FileRefusedError, the sender reads why.
    """

    def make(read: Callable[..., Result]) -> "Task[..., None]":
        def read_once(params: dict[str, Any], payload: Any) -> dict[str, int]:
            rows = model._default_manager.select_related("started_by").select_for_update(of=("self",))
            return _read(rows.get(pk=payload), params["mode"], read)

        read_once.__doc__ = read.__doc__
        return range_task(name)(read_once)

    return make


def _read(row: Upload, mode: str, read: Callable[..., Result]) -> dict[str, int]:
    with tempfile.TemporaryFile("w+", encoding="utf-8-sig", newline="") as refused, opened(row) as sent:
        try:
            result = read(row, sent, mode=mode, refused_to=refused)
        except FileRefusedError as error:
            raise JobError(str(error)) from error
        refused.flush()
        refused.seek(0)
        store(row, UploadPart.Kind.REFUSED, pieces(refused.buffer))
    _write_down(row, result)
    return result.figures


@contextmanager
def opened(row: Upload) -> Iterator[BinaryIO]:
    """A kept file as a whole, not read from the database on the way: a COPY keeps the connection busy."""
    with tempfile.TemporaryFile() as sent:
        sent.writelines(stored(row, UploadPart.Kind.SENT))
        sent.seek(0)
        yield cast(BinaryIO, sent)


def _write_down(row: Upload, result: Result) -> None:
    row.report = {**result.figures, **result.told}
    if result.written:
        # The time that the database itself gives to all that is written in this transaction.
        row.merged_at = TransactionNow()
        row.parts.filter(kind=UploadPart.Kind.SENT).delete()
    row.save(update_fields=["report", "merged_at"])
