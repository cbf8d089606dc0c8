"""Files that people send through a page: kept in pieces, tried out by a job first, then taken, perhaps undone.

A new kind of file takes, in its room: an `Upload` with its `UploadPart` and an `UploadQuerySet` that says who sends
such files; a reader under `upload_task`, which the room's tasks.py names; an `UploadForm`; and `UploadCreate`,
`UploadDetail`, `UploadRun` and `UploadRefused`, each with its line in urls.py. A template only where its page tells
more than the figures and the first refused rows.
"""
