"""Letters for what visitors get from an address, one per kind of visitor, and the patterns they mostly form.

A line holds what visitors get for a row of *ours* (Health, Acme, their contract and all that hangs on it), and for a
row of *theirs* (Parks, Rival); of an address that names no row the first alone counts. Visitors, in order: nobody,
CIO office, BRM manager of Health and Acme, auditor, member of Health, member of Acme, the integrator of Acme, member
of a vendor nobody here deals with.

`o` is served, `x` does not exist for them (404), `f` is seen but not theirs to do (403), `b` lacks a parameter (400),
`L` is led to the login, `>` is led elsewhere, `u` must authenticate (401), `m` cannot be read, only sent to (405).
Where sending is another matter than reading, `sends` holds the letters for both rows.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model

VISITORS = ("nobody", "cio", "manager", "auditor", "agency_member", "vendor_member", "msi_member", "outsider")


@dataclass(frozen=True)
class Line:
    """What visitors get from one route."""

    ours: str
    theirs: str = ""
    sends: tuple[str, str] | None = None
    model: type[Model] | None = None  # whose row the address names; none: that of the entry the line stands in
    arguments: dict[str, Any] | None = None  # fixed ones, where a row says nothing
    shown: int = 1  # of so many rows the page is looked at in a browser, for it differs by their state
    looks: tuple[str, ...] = ("",)  # queries that let it look differently
    is_file: bool = False  # what is sent is no page

    def of(self, model: type[Model]) -> "Line":
        """The same about a row of another model than the entry's."""
        return replace(self, model=model)

    def showing(self, rows: int) -> "Line":
        """The same, looked at with so many rows."""
        return replace(self, shown=rows)

    def looking(self, *queries: str) -> "Line":
        """The same, looked at with these queries too."""
        return replace(self, looks=("", *queries))

    def as_file(self) -> "Line":
        """The same, where a file is sent."""
        return replace(self, is_file=True)

    def sending(self, sent: "Line") -> "Line":
        """The same to read; who may send is another matter."""
        return replace(self, sends=(sent.ours, sent.theirs))


def to(letters: str, **arguments: Any) -> Line:
    """A route without a row."""
    return Line(letters, arguments=arguments)


def both(letters: str) -> Line:
    """A route where it makes no difference whose the row is."""
    return Line(letters, letters)


#                            nobody, cio, manager, auditor, agency, vendor, msi, outsider
EVERYBODY = both("Looooooo")
ALL_BUT_INTEGRATORS = to("Loooooxo")
STAFF = both("Loooxxxx")
OFFICE_ALONE = both("Loxxxxxx")
OFFICE_SEEN_BY_STAFF = both("Loffxxxx")
OFFICE_AND_AUDITOR = both("Loxoxxxx")
# Staff see all; of partners those whom the row is about.
AGENCY_SIDE = Line("Looooxxx", "Loooxxxx")
PARTIES = Line("Loooooxx", "Loooxxxx")
PARTIES_AND_INTEGRATOR = Line("Loooooox", "Loooxxxx")
SUPPLIERS = Line("Loooxoox", "Loooxxxx")
# Rows that somebody asked for: a manager's own, the office's and the auditor's all.
WHO_ASKED = Line("Loooxxxx", "Loxoxxxx")
# The office changes all, a manager what is assigned to them.
EDITORS = Line("Looxxxxx", "Lofxxxxx")
EDITORS_AND_AGENCY = Line("Looxoxxx", "Lofxxxxx")
EDITORS_AND_INTEGRATOR = Line("Looxxxox", "Lofxxxxx")
# One's own token, or what the office issued.
OWN_OR_OFFICE = Line("Lxxxoxxx", "Loxxxxxx")
# What is one's own and nobody else's.
OWNER = Line("Lxxxoxxx", "Lxxxxxxo")
SENT_BY_OFFICE = both("Lmxxxxxx").sending(OFFICE_ALONE)
