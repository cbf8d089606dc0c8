"""Who is meant: departments and their bureaus, which exports name by number here and by name there."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.text import slugify

from agencies.it_dashboard.rows import Investment, PortfolioItem

CODE_LENGTH = 100


@dataclass(frozen=True)
class Body:
    """A department (without a root) or one of its bureaus."""

    code: str
    name: str
    root: str | None = None


def root_of(uii: str) -> str:
    """The department an investment's identifier names: what stands before its first hyphen."""
    return uii.partition("-")[0]


class Bureaus:
    """The departments and bureaus of an export, and of what is known from before."""

    def __init__(self, investments: Iterable[Investment], portfolio: Iterable[PortfolioItem], known: Iterable[Body]):
        self.known = {body.code: body for body in known}
        self.met: dict[str, Body] = {}
        investments = list(investments)
        self._meet_departments(investments, portfolio)
        names: dict[str, Counter[str]] = {}
        for row in investments:
            names.setdefault(row.bureau_code, Counter())[row.bureau_name] += 1
        for row in investments:
            self._meet(Body(row.bureau_code, _most_frequent(names[row.bureau_code]), row.root_code))
        # Bureaus that carry a number of their own; a name may be short for one of these.
        self.numbered = [body for body in (self.known | self.met).values() if _is_numbered(body)]

    def _meet_departments(self, investments: Iterable[Investment], portfolio: Iterable[PortfolioItem]) -> None:
        for row in investments:
            self._meet(Body(row.root_code, row.root_name))
        for item in portfolio:
            code = root_of(item.uii)
            # A department of which only the portfolio is given has no name but its code.
            self._meet(self.met.get(code) or self.known.get(code) or Body(code, code))

    def _meet(self, body: Body) -> Body:
        return self.met.setdefault(body.code, body)

    def named(self, name: str, root: str) -> Body:
        """The bureau that `name` means within a department; met for the first time where none is meant."""
        return self._meet(self._same(name, root) or self._alike(name, root) or _new(name, root))

    def _same(self, name: str, root: str) -> Body | None:
        bureaus = [body for body in (self.known | self.met).values() if body.root == root]
        department = self.met[root]
        return next((body for body in (*bureaus, department) if _key(body.name) == _key(name)), None)

    def _alike(self, name: str, root: str) -> Body | None:
        """The one bureau whose name begins with `name`, or that begins `name`."""
        wanted = _key(name)
        alike = [
            body
            for body in self.numbered
            if body.root == root and (_key(body.name).startswith(wanted) or wanted.startswith(_key(body.name)))
        ]
        return alike[0] if len(alike) == 1 else None

    def of_department(self, root: str) -> list[Body]:
        """All agencies of a department: itself, its bureaus, and those known from before."""
        bodies = (self.known | self.met).values()
        return [body for body in bodies if root in (body.code, body.root)]


def _key(name: str) -> str:
    return name.casefold()


def _most_frequent(names: Counter[str]) -> str:
    return names.most_common(1)[0][0]


def _new(name: str, root: str) -> Body:
    return Body(_code_of(name, root), name, root)


def _code_of(name: str, root: str) -> str:
    return f"{root}-{slugify(name) or 'bureau'}"[:CODE_LENGTH].rstrip("-")


def _is_numbered(body: Body) -> bool:
    return body.root is not None and body.code != _code_of(body.name, body.root)
