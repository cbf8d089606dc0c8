"""Files of releases and records as streams: however large they are, one release or record is in memory."""

import codecs
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

import ijson
from django.utils.translation import gettext as _

from vendors.imports.contracts.rows import Kind, Place, Refused, Release
from vendors.imports.ocds.versions import is_versioned, latest_values

CHUNK = 1 << 20
DEEPEST = 100
LARGEST_FILE = 20_000_000_000
LARGEST_NUMBER = Decimal(10) ** 21
LONGEST_OCID, LONGEST_ID, LONGEST_DATE = 200, 300, 40
TABLES = frozenset({".csv", ".xlsx", ".xls", ".ods", ".tsv"})
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What publishers use that do not write UTF-8; every byte means something in it.
OLDER_ENCODING = "iso-8859-1"
Found = Release | Refused
Events = Iterator[tuple[str, Any]]


class TooDeepError(ValueError):
    """Objects in objects in objects, beyond what any release needs."""


class TooLargeError(ValueError):
    """More than anybody publishes in one file, as small archives made with malice unpack to."""


def read_file(name: str, file: BinaryIO) -> Iterator[Found]:
    """Every release of a file, of all files in an archive, or why there is none. Never raises for what is in it."""
    start = file.read(4)
    file.seek(0)
    if not start:
        yield _refused_file(name, _("The file is empty."))
    elif start.startswith(b"PK"):
        yield from _read_archive(name, file)
    elif start.startswith(b"\x1f\x8b"):
        with gzip.open(file) as unpacked:
            yield from _read_packed(name, cast(BinaryIO, unpacked))
    elif PurePosixPath(name).suffix.lower() in TABLES:
        yield _refused_file(name, _("This is a table. Send OCDS as JSON, JSON lines, or a zip of these."))
    else:
        yield from _read_json(name, file)


def _read_archive(name: str, file: BinaryIO) -> Iterator[Found]:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        yield _refused_file(name, _("The archive is damaged."))
        return
    members = [each for each in archive.infolist() if _holds_json(each)]
    if not members:
        yield _refused_file(name, _("The archive holds no JSON file."))
    for member in members:
        inner = f"{name}/{member.filename}"
        try:
            with archive.open(member) as unpacked:
                yield from _read_packed(inner, cast(BinaryIO, unpacked))
        except (RuntimeError, NotImplementedError, zipfile.BadZipFile):
            yield _refused_file(inner, _("It cannot be unpacked: it is encrypted, damaged, or packed in a rare way."))


def _holds_json(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    is_hidden = any(part.startswith((".", "__")) for part in path.parts)
    return not member.is_dir() and not is_hidden and path.suffix.lower() in {".json", ".jsonl", ".ndjson"}


def _read_packed(name: str, unpacked: BinaryIO) -> Iterator[Found]:
    try:
        yield from _read_json(name, unpacked)
    except (zlib.error, EOFError, OSError, zipfile.BadZipFile):
        yield _refused_file(name, _("It is damaged: unpacking broke off."))


def _read_json(name: str, file: BinaryIO) -> Iterator[Found]:
    reader = _Reader(name)
    try:
        events = ijson.basic_parse(_as_utf8(file), multiple_values=True, buf_size=CHUNK)
        yield from reader.documents(events)
    except ijson.JSONError as error:
        # Only what is wrong: the parser's message goes on with a drawing of the place.
        words = re.split(r"\\n|\n", str(error), maxsplit=1)[0].removeprefix("b'").removeprefix('b"')
        reason = _("After %(count)d releases or records it is no JSON: %(error)s")
        yield _refused_file(name, reason % {"count": reader.position, "error": words})
        return
    except TooDeepError:
        yield _refused_file(name, _("Objects lie deeper in each other than %(limit)d.") % {"limit": DEEPEST})
        return
    except TooLargeError:
        yield _refused_file(name, _("It is, unpacked, larger than %(limit)d bytes.") % {"limit": LARGEST_FILE})
        return
    if not reader.has_found:
        yield _refused_file(name, _("It holds no releases and no records."))


class _Recoded:
    """A file in another encoding, read as UTF-8. The parser would read past a plain `codecs.EncodedFile`."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self.text = codecs.getreader(encoding)(file)

    def read(self, size: int) -> bytes:
        return self.text.read(size).encode()


def _as_utf8(file: BinaryIO) -> BinaryIO | _Recoded:
    encoding = _encoding(file)
    file.seek(0)
    return file if encoding == "utf-8" else _Recoded(file, encoding)


def _encoding(file: BinaryIO) -> str:
    """How a file is written; all of it is read for that, which also tells whether an archive unpacks without end."""
    start = file.read(4)
    marked = next((encoding for mark, encoding in MARKS if start.startswith(mark)), "")
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding, size = marked or "utf-8", 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > LARGEST_FILE:
            raise TooLargeError
        if encoding == "utf-8":
            encoding = encoding if _decodes(decoder, chunk) else OLDER_ENCODING
    return encoding if encoding != "utf-8" or _decodes(decoder, b"", final=True) else OLDER_ENCODING


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _refused_file(name: str, reason: str) -> Refused:
    return Refused(Kind.FILE, Place(name), "", reason)


class _Reader:
    """Finds releases in the JSON values of one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.position = 0
        self.has_found = False

    def documents(self, events: Events) -> Iterator[Found]:
        """Packages, releases and records, one after the other or in an array."""
        for event, value in events:
            for found in self._document(event, value, events, in_array=False):
                self.has_found = True
                yield found

    def _document(self, event: str, value: Any, events: Events, *, in_array: bool) -> Iterator[Found]:
        if event == "start_map":
            yield from self._object(events)
        elif event == "start_array" and not in_array:
            for inner, inner_value in _until(events, "end_array"):
                yield from self._document(inner, inner_value, events, in_array=True)
        else:
            _build(event, value, events)
            yield self._refuse("", _("This is no object, so neither a release nor a record nor a package of them."))

    def _object(self, events: Events) -> Iterator[Found]:
        """One package, or one bare release or record; what a package lists is handed out while it is read."""
        rest: dict[str, Any] = {}
        full = linked = 0
        is_package = False
        for _event, key in _until(events, "end_map"):
            event, value = next(events)
            if key not in ("releases", "records") or event != "start_array":
                rest[key] = _build(event, value, events)
                continue
            is_package = True
            for inner, inner_value in _until(events, "end_array"):
                item = _build(inner, inner_value, events)
                if key == "releases" and _is_link(item):
                    linked += 1
                    continue
                full += 1
                yield from self._record(item) if key == "records" else self._release(item)
        if full:
            return
        if "compiledRelease" in rest or "versionedRelease" in rest or linked:
            yield from self._record({**rest, "releases": [{"url": ""}] * linked})
        elif not is_package and "ocid" in rest:
            yield from self._release(rest)
        elif is_package:
            yield self._refuse("", _("The package is empty."))
        else:
            yield self._refuse("", _("This is neither a release nor a record nor a package of them."))

    def _record(self, record: Any) -> Iterator[Found]:
        """The releases of a record, or else what sums them up."""
        if not isinstance(record, dict):
            yield self._refuse("", _("This is no object, so no record."))
            return
        listed = record.get("releases")
        releases = listed if isinstance(listed, list) else []
        full = [each for each in releases if not _is_link(each)]
        if full and len(full) == len(releases):
            for release in full:
                yield from self._release(release)
        elif isinstance(compiled := record.get("compiledRelease"), dict):
            yield from self._release({"ocid": record.get("ocid"), **compiled}, is_compiled=True)
        elif isinstance(versioned := record.get("versionedRelease"), dict):
            yield from self._release({"ocid": record.get("ocid"), **versioned}, is_compiled=True)
        elif releases:
            reason = _(
                "It only says where its releases are, and the portal fetches none. Send the releases themselves."
            )
            yield self._refuse(_key(record.get("ocid")), reason)
        else:
            yield self._refuse(_key(record.get("ocid")), _("The record holds no release."))

    def _release(self, release: Any, *, is_compiled: bool = False) -> Iterator[Found]:
        self.position += 1
        if not isinstance(release, dict):
            yield self._refuse("", _("This is no object, so no release."))
            return
        ocid = _key(release.get("ocid"))
        if not ocid or len(ocid) > LONGEST_OCID:
            yield self._refuse(ocid[:LONGEST_OCID], _("It does not say which contracting process it is about (ocid)."))
            return
        date = _key(release.get("date"))[:LONGEST_DATE]
        if is_versioned(release):
            release, date = latest_values(release)
            is_compiled = True
        tags = release.get("tag")
        yield Release(
            place=Place(self.name, self.position),
            ocid=ocid,
            release_id=(_key(release.get("id")) or f"{ocid} {date}".strip())[:LONGEST_ID],
            date=date,
            is_compiled=is_compiled or (isinstance(tags, list) and "compiled" in tags),
            content=release,
        )

    def _refuse(self, key: str, reason: str) -> Refused:
        return Refused(Kind.RELEASE, Place(self.name, self.position), key, reason)


def _until(events: Events, end: str) -> Iterable[tuple[str, Any]]:
    """Events up to the end of the array or object that is open."""
    for event, value in events:
        if event == end:
            return
        yield event, value


def _build(event: str, value: Any, events: Events, depth: int = 0) -> Any:
    """The value that begins with an event; text as PostgreSQL takes it, numbers as JSON knows them."""
    if depth > DEEPEST:
        raise TooDeepError
    if event == "start_map":
        built = {}
        for _event, key in _until(events, "end_map"):
            inner, inner_value = next(events)
            built[_text(key)] = _build(inner, inner_value, events, depth + 1)
        return built
    if event == "start_array":
        return [_build(inner, each, events, depth + 1) for inner, each in _until(events, "end_array")]
    if event == "string":
        return _text(value)
    return _number(value) if event == "number" else value


def _text(value: str) -> str:
    plain = value.replace("\0", "")
    return plain if plain.isascii() else plain.encode("utf-8", "replace").decode()


def _number(value: Any) -> int | float | str:
    """Numbers beyond all money are kept as text, which nothing takes for a number."""
    if abs(value) >= LARGEST_NUMBER:
        return str(value)[:40]
    return value if isinstance(value, int) else float(value)


def _is_link(item: Any) -> bool:
    """Whether it is no release but says where one is."""
    return isinstance(item, dict) and "ocid" not in item and "url" in item


def _key(value: Any) -> str:
    """An id as text: some publishers write numbers."""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
