"""What is sent: what the description allows and what it does not, about rows that exist, and garbage."""

import json
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any
from urllib.parse import unquote_plus

from django.db.models import Model
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, Response

from metrics.models import Dimension, Series
from tests.api.keys import VIEWSET, key_path
from tests.resources import BY_NAME, Rows
from vendors.models import Integration

Known = dict[str, list[Any]]

# Fields and parameters that name another row: of which model, and where it holds its key.
REFERENCES: dict[str, tuple[type[Model], str]] = {
    "integrator": (Integration, "integrator.code"),
    **{
        field: (entry.model, key_path(VIEWSET[name]))
        for name, entry in BY_NAME.items()
        for field in entry.referred_to_as
    },
}
LISTS = ("scorecards", "vendors")
# What else a write holds so that it succeeds: what the bodies of the entries hold, and this. Where a name means
# several things, its resource stands before it.
VALUES: dict[str, Any] = {
    **{
        f"{name}.{field}": value
        for name, entry in BY_NAME.items()
        for field, value in {**entry.change, **entry.body}.items()
        if field not in REFERENCES
    },
    "amendments.is_renewal": False,
    "amendments.targets": [],
    "denominator": None,
    "floor": "90",
    "keep": "ours-1",
    "minimum_coverage": "0.5",
    "months": 12,
    "new_ends_on": "2031-12-31",
    "notice_period": 3,
    "numerator": None,
    "period_start": "2020-07",
    "phone": "555-0100",
    "q": "of",
    "reason": "Agreed",
    "renewal_months": 12,
    "renewals_left": 2,
    "ends_on": "2025-06-30",
    "retired_on": "2024-01-01",
    "stretch": "99",
    "title": "New",
    "website": "https://example.gov/",
    "weight": "2",
    "weights": {**dict.fromkeys(Dimension.values, "0"), "outcomes": "80", "service_quality": "20"},
    "yearly_spending": {"amount": "12.50", "currency": "EUR"},
    "service-level-templates.floor": None,
    "service-level-templates.stretch": None,
}
HEADERS = {"If-Match": "*"}
SPARE_SERIES = "spare"  # of Health; no outcome is measured by it

# One value in a body that is right but for it.
WEIRD: list[Any] = [
    *("\0", "a\0b", "\ud800", "", " ", "x" * 2000, "\u202e", "C-1-uptime ", "http://["),
    *("NaN", "-Infinity", "1e999999", "-1", "1.0000000001", "9" * 40),
    *("0001-01-01", "9999-12-31", "0001-01", "9999-12", "2020-13"),
    *(None, True, 0, -1, 1.5, 2**63, 10**400, -1e308, [], {}, [[[]]], {"a": {"b": [None]}}),
]
# Bodies that nobody can mean.
GARBAGE: list[bytes] = [
    *(b"", b"{", b"[]", b"null", b"1", b'"x"', b"NaN", b"1" * 5000, b"[" * 100_000, b'{"a":' * 100_000),
    *(b"\xff\xfe", b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'"\\ud800"', b'{"\\ud800": 1}', b'{"a\\u0000": 1}'),
    *(b'{"code": NaN, "value": -Infinity}', b'{"code": 1e400}', b'{"code": 1, "code": 2}'),
    *(b'{"code": ' + b"1" * 4000 + b"}", b'{"code": ' + b"[" * 900 + b"]" * 900 + b"}"),
    b'{"measurements": [{"series": 1e5, "observed_on": 5}]}',
]
MEDIA_TYPES = [
    *("application/json", "application/json; charset=utf-16", "application/json; charset=zlib"),
    *("application/merge-patch+json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    *("text/plain", "nonsense", ""),
]

# About a row of ours; of anybody's; as described; not as described; right but for one value; garbage.
WAYS = ("ours", "anybody's", "described", "undescribed", "spoilt", "garbage")


@dataclass
class Attempt:
    """One request: a case of the description, and what goes out instead of its body and headers."""

    case: Case
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def send(self, application: Any, headers: dict[str, str]) -> Response:
        """Send it to the application, in process, with further headers."""
        instead = {} if self.body is None else {"data": self.body}
        return self.case.call(app=application, headers={**headers, **self.headers}, **instead)


def said(response: Response) -> str:
    """What the request said: an answer may say it again."""
    request = response.request
    body = request.body or b""
    return unquote_plus(str(request.url)) + (body.decode(errors="replace") if isinstance(body, bytes) else str(body))


def known_values(rows: Rows) -> Known:
    """What may stand in a field or parameter; of references first ours, then theirs."""
    ours = rows[0][Series]
    row = {"series": ours.code, "observed_on": "2022-01-31", "value": "97.5"}
    known: Known = {"measurements": [[row]], **{name: [value] for name, value in VALUES.items()}}
    for name, (model, path) in REFERENCES.items():
        keys = [attrgetter(path)(side[model]) for side in rows]
        known[name] = [[key] for key in keys] if name in LISTS else keys
    # What is not taken yet: Health has subscribed to our service, and its outcome is measured by our series.
    known["subscriptions.service"] = known["service"][::-1]
    known["outcome-measures.series"] = [SPARE_SERIES]
    return known


class Attempts:
    """Draws requests of one operation."""

    def __init__(
        self, operation: Any, *, resource: str, keys: list[Any], own: int, fields: set[str], known: Known
    ) -> None:
        self.operation = operation
        self.resource = resource
        self.keys = keys
        self.own = own  # which of them it should succeed with
        self.fields = fields
        self.known = known
        self.described = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        self.undescribed = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    def strategy(self) -> st.SearchStrategy[Attempt]:
        """Every way, the one that should succeed first."""
        return st.composite(self.drawn)()

    def drawn(self, draw: st.DrawFn) -> Attempt:
        """One request of a way that is drawn too."""
        way = draw(st.sampled_from(WAYS))
        case = draw(self.undescribed if way == "undescribed" else self.described)
        if self.keys and (way != "undescribed" or draw(st.booleans())):
            whose = [self.own] if way in {"ours", "spoilt"} else [0, 1]
            case.path_parameters = dict.fromkeys(case.path_parameters, self.keys[draw(st.sampled_from(whose))])
        if way in {"described", "undescribed"}:
            return Attempt(case)
        self.feed(draw, case, is_ours=way != "anybody's")
        if way == "spoilt":
            return self.spoilt(draw, case)
        if way == "garbage" and self.fields:
            media_type = draw(st.sampled_from(MEDIA_TYPES))
            return Attempt(case, {"Content-Type": media_type}, draw(st.sampled_from(GARBAGE)))
        return Attempt(case)

    def feed(self, draw: st.DrawFn, case: Case, *, is_ours: bool) -> None:
        """Put what is known into query, headers and body; whoever creates a row says all that is known."""
        described = {parameter.name for parameter in self.operation.headers}
        case.headers.update({name: text for name, text in HEADERS.items() if name in described})
        case.query = {name: self.value(draw, name, value, is_ours) for name, value in (case.query or {}).items()}
        if not self.fields:
            return
        body = case.body if isinstance(case.body, dict) else {}
        missing = {} if self.keys else {name: None for name in self.fields if self.choices(name)}
        body = {name: self.value(draw, name, value, is_ours) for name, value in {**missing, **body}.items()}
        # What names the row stays.
        case.body = {**body, **{name: key for name, key in case.path_parameters.items() if name in body}}

    def value(self, draw: st.DrawFn, name: str, described: Any, is_ours: bool) -> Any:
        """A known value of a field or parameter, or else what the description made of it."""
        choices = self.choices(name) or [described]
        return choices[0] if is_ours else draw(st.sampled_from(choices))

    def choices(self, name: str) -> list[Any]:
        """The known values of a field or parameter."""
        return self.known.get(f"{self.resource}.{name}") or self.known.get(name) or []

    def spoilt(self, draw: st.DrawFn, case: Case) -> Attempt:
        """The case with one value that nobody expects, in the body or in the query."""
        weird = draw(st.sampled_from(WEIRD))
        if isinstance(case.body, dict) and case.body:
            body = {**case.body, draw(st.sampled_from(sorted(case.body))): weird}
            return Attempt(case, {"Content-Type": case.media_type or ""}, json.dumps(body).encode())
        if case.query:
            text = str(weird).encode(errors="replace").decode()
            case.query = {**case.query, draw(st.sampled_from(sorted(case.query))): text}
        return Attempt(case)
