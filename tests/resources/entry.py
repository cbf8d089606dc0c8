"""A kind of rows as all tests that walk everything know it, and the side that a row of it stands on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model

from kernel.accounts.models import User
from kernel.directory.models import Organization
from metrics.models import Methodology
from tests.conftest import Cast, World
from tests.resources.letters import Line
from vendors.models import Contract, Service, ServiceLevel, Vendor


@dataclass
class Side:
    """What rows hang on, and one row of each model that hangs on it, made where it is first asked for."""

    name: str  # "ours", "theirs" or of another side beside them; it stands in codes
    world: World
    cast: Cast
    agency: Organization
    vendor: Vendor
    contract: Contract
    service: Service
    level: ServiceLevel
    methodology: Methodology
    integrator: Organization
    member: User  # whose own rows they are
    makers: Mapping[type[Model], Callable[["Side"], Model]]
    rows: dict[type[Model], Any] = field(default_factory=dict)

    def __getitem__(self, model: type[Model]) -> Any:
        if model not in self.rows:
            self.rows[model] = self.makers[model](self)
        return self.rows[model]

    @property
    def is_ours(self) -> bool:
        return self.name == "ours"

    @property
    def is_theirs(self) -> bool:
        return self.name == "theirs"


@dataclass(frozen=True)
class Resource:
    """One kind of rows; `name` is what the API calls them, none where it has none of them."""

    model: type[Model]
    make: Callable[[Side], Model]
    name: str = ""
    pages: Mapping[str, Line] = field(default_factory=dict)
    reads: Line = Line("")
    changes: Line | None = None  # and creates; none: nobody writes over the API
    actions: Mapping[str, Line] = field(default_factory=dict)  # what else is sent to a row
    actions_of_list: Mapping[str, Line] = field(default_factory=dict)
    referred_to_as: tuple[str, ...] = ()  # fields and parameters, of whatever resource, that name such a row
    body: Mapping[str, Any] = field(default_factory=dict)  # what creates a row
    change: Mapping[str, Any] = field(default_factory=dict)  # what changes that row
    beside: tuple[int, int] = (0, 0)  # queries beside the user, the count and the rows: of a list and of a row
    # Fields that answers show, with what they hold in our row and in theirs: an answer so tells of whose it speaks.
    marks: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def lines(self) -> dict[str, Line]:
        """What visitors get from each route about these rows."""
        lines = {**self.pages, **(self.api_lines() if self.name else {})}
        return {route: replace(line, model=line.model or self.model) for route, line in lines.items()}

    def api_lines(self) -> dict[str, Line]:
        """A list is open to whoever is in, and holds what they may see; a row answers to its readers."""
        changes = self.changes
        lines = {
            "list": Line("uooooooo", sends=self._to_list(changes) if changes else None),
            "detail": Line(*_asked(self.reads), sends=self._to_row(changes) if changes else None),
        }
        lines |= {name: Line(UNREAD, UNREAD, sends=self._to_row(line)) for name, line in self.actions.items()}
        lines |= {name: Line(UNREAD, sends=self._to_list(line)) for name, line in self.actions_of_list.items()}
        return {f"api:{self.name}-{name}": line for name, line in lines.items()}

    def _to_list(self, line: Line) -> tuple[str, str]:
        return "u" + "".join("o" if sign == "o" else "f" for sign in line.ours[1:]), ""

    def _to_row(self, line: Line) -> tuple[str, str]:
        """Whoever sees a row is refused in so many words; to whoever does not it does not exist."""
        seen = {"o": "f", "x": "x"}
        ours, theirs = (
            "u" + "".join("o" if sign == "o" else seen[read] for sign, read in zip(sends[1:], reads[1:], strict=True))
            for sends, reads in zip((line.ours, line.theirs), (self.reads.ours, self.reads.theirs), strict=True)
        )
        return ours, theirs


UNREAD = "ummmmmmm"


def _asked(line: Line) -> tuple[str, str]:
    """The letters of a page as the API writes them: whoever is not in must authenticate."""
    return "u" + line.ours[1:], "u" + line.theirs[1:]


def pages_of(stem: str, *, listed: Line, reads: Line, changes: Line) -> dict[str, Line]:
    """The four pages of rows with a list of their own."""
    return {
        f"{stem}_list": listed,
        f"{stem}_create": changes,
        f"{stem}_detail": reads,
        f"{stem}_update": changes,
    }


def part_pages(stem: str, whole: type[Model], changes: Line, *, also: tuple[str, ...] = ()) -> dict[str, Line]:
    """The pages of rows that are shown where what they are part of is."""
    rest = {f"{stem}_{page}": changes for page in ("update", *also)}
    return {f"{stem}_create": changes.of(whole), **rest}
