"""Rows of a catalogue, in our words."""

import datetime
from dataclasses import dataclass

from vendors.imports.contracts.rows import Party, Place

SERVICE_PREFIX = "FedRAMP-"


@dataclass(frozen=True)
class ServiceRow:
    """One product that a provider offers."""

    place: Place
    key: str
    name: str
    description: str
    lifecycle: str
    provider: Party
    is_governmental: bool

    @property
    def code(self) -> str:
        """What the service is called here."""
        return f"{SERVICE_PREFIX}{self.key}"


@dataclass(frozen=True)
class AgencyRow:
    """One agency; `parent` is the department it is part of."""

    party: Party
    parent: Party | None = None


@dataclass(frozen=True)
class UseRow:
    """One agency's use of one product, from its first authorization to the end of the last one."""

    place: Place
    service: ServiceRow
    agency: AgencyRow
    starts_on: datetime.date
    ends_on: datetime.date | None

    def joined(self, other: "UseRow") -> "UseRow":
        """Both as one: a file names an authorization anew when it is renewed or changed."""
        ends = [self.ends_on, other.ends_on]
        last = None if None in ends else max(end for end in ends if end is not None)
        return UseRow(self.place, self.service, self.agency, min(self.starts_on, other.starts_on), last)
