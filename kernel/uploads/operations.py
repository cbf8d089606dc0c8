"""Files that people send: kept, tried out, taken as their sender chose, undone. Jobs do the work."""

from collections.abc import Iterable
from typing import Any, TypeVar

from celery import Task
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kernel.accounts.models import User
from kernel.jobs.operations import start_job
from kernel.uploads.models import Upload, UploadPart
from kernel.uploads.parts import store

AnyUpload = TypeVar("AnyUpload", bound=Upload)


@transaction.atomic
def keep_file(*, model: type[AnyUpload], file_name: str, chunks: Iterable[bytes], by: User, **said: Any) -> AnyUpload:
    """Keep a file and what its sender said of it; nothing is done with it yet."""
    rows: Any = model._default_manager.all()
    if not rows.creatable_by(by):
        raise PermissionDenied
    row: AnyUpload = rows.create(file_name=file_name[-255:], started_by=by, **said)
    store(row, UploadPart.Kind.SENT, chunks)
    return row


@transaction.atomic
def start_upload(*, task: "Task[..., None]", by: User, **kept: Any) -> Any:
    """Keep a file and have it tried out; nothing is written until `run_upload`."""
    return try_out(keep_file(by=by, **kept), task=task, by=by)


@transaction.atomic
def run_upload(*, upload: AnyUpload, mode: str, task: "Task[..., None]", by: User) -> AnyUpload:
    """Take a file that was tried out: all of its rows, or the good ones."""
    row = lock_upload(upload, by)
    if mode not in row.WAYS:
        raise ValidationError(_("Choose whether all rows are taken or the good ones only."))
    if not row.is_ready():
        raise ValidationError(_("This file was taken already, or has not been tried out yet."))
    row.mode, row.report = mode, {}
    return put_to_work(row, task=task, title=_("Import %(file)s"), by=by, params={"mode": mode})


def lock_upload(upload: AnyUpload, by: User) -> AnyUpload:
    """Hold a file as it is stored until the transaction ends. Raises PermissionDenied where `by` may not change it."""
    rows: Any = type(upload)._default_manager.all()
    row: AnyUpload | None = rows.editable_by(by).select_for_update(of=("self",)).filter(pk=upload.pk).first()
    if row is None:
        raise PermissionDenied
    return row


def try_out(row: AnyUpload, *, task: "Task[..., None]", by: User) -> AnyUpload:
    """Have a file that was just kept, or is held, tried out, perhaps anew."""
    row.mode, row.report = Upload.Mode.DRY_RUN, {}
    return put_to_work(row, task=task, title=_("Try out %(file)s"), by=by, params={"mode": row.mode})


def put_to_work(
    row: AnyUpload, *, task: "Task[..., None]", title: str, by: User, params: dict[str, Any] | None = None
) -> AnyUpload:
    """Have a job do something with a file that is held."""
    row.job = start_job(
        task=task,
        title=(title % {"file": row.file_name})[:300],
        params={"import": row.pk, **(params or {})},
        ranges=[row.pk],
        by=by,
        result_url=row.get_absolute_url(),
    )
    row.save(update_fields=["mode", "report", "job"])
    return row
