"""Parties become organizations: known by an identifier, else by the name in its normal form, else new."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models.functions import Coalesce
from django.utils.text import slugify

from kernel.directory.models import Address, Alias, Identifier, Organization
from kernel.directory.names import NormalName, normal_names
from kernel.upsert import Counts
from vendors.imports.contracts.rows import Kind, Party

NOT_IN_CODES = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)
LONGEST_CODE = 90
SOURCE = "OCDS"
Pair = tuple[str, str]


@dataclass
class Body:
    """An organization that is there or about to be: what it is known by."""

    organization: Organization
    identifiers: set[Pair] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    def may_be(self, party: Party) -> bool:
        """Whether no register tells the two apart: two numbers of one register are two organizations."""
        own = {scheme for scheme, _value in self.identifiers}
        return not any(scheme in own for scheme, _value in party.identifiers)


class Bodies:
    """The organizations that the parties of some processes may be; a fixed number of statements however many."""

    def __init__(self, parties: Iterable[Party], source: str = SOURCE) -> None:
        self.source = source
        self.parties = list(dict.fromkeys(parties))
        self.normal = normal_names(name for party in self.parties for name in (party.name, *party.other_names))
        self.by_pk: dict[int, Body] = {}
        self.by_identifier: dict[Pair, Body] = {}
        self.by_name: dict[str, list[Body]] = defaultdict(list)
        self._find()

    def _find(self) -> None:
        pairs = {pair for party in self.parties for pair in party.identifiers}
        names = {self.normal[party.name] for party in self.parties} - {""}
        rows = Identifier.objects.filter(value__in={value for _scheme, value in pairs})
        owners = {(each.scheme, each.value): each.organization_id for each in rows}
        named: list[tuple[str, int]] = []
        for model, path in ((Organization, ""), (Alias, "organization__")):
            spelled = model._default_manager.annotate(normal=NormalName("name")).filter(normal__in=names)
            named += spelled.order_by("pk").values_list("normal", Coalesce(f"{path}merged_into", f"{path}pk"))
        wanted = {owners[pair] for pair in pairs & owners.keys()} | {pk for _name, pk in named}
        for organization in Organization.objects.filter(pk__in=wanted):
            self.by_pk[organization.pk] = Body(organization, names={organization.name})
        for identifier in Identifier.objects.filter(organization__in=wanted):
            self.by_pk[identifier.organization_id].identifiers.add((identifier.scheme, identifier.value))
        for alias in Alias.objects.filter(organization__in=wanted):
            self.by_pk[alias.organization_id].names.add(alias.name)
        for address in Address.objects.filter(organization__in=wanted):
            self.by_pk[address.organization_id].addresses.add(address.line)
        self.by_identifier = {pair: self.by_pk[owners[pair]] for pair in pairs & owners.keys()}
        for name, pk in dict.fromkeys(named):
            self.by_name[name].append(self.by_pk[pk])

    def find(self, party: Party) -> Body | None:
        """The organization that a party is, if it is known."""
        for pair in party.identifiers:
            if pair in self.by_identifier:
                return self.by_identifier[pair]
        return next((body for body in self.by_name[self.normal[party.name]] if body.may_be(party)), None)

    def pk_of(self, party: Party) -> int:
        """The key of the organization that a party is; it has to be taken in already."""
        body = self.find(party)
        assert body is not None
        return body.organization.pk

    def is_cio_office(self, party: Party) -> bool:
        """Whether a party is the CIO's office itself."""
        body = self.find(party)
        return body is not None and body.organization.is_cio_office

    def take_in(self, parties: Iterable[Party]) -> dict[Kind, Counts]:
        """Make organizations of parties that are none yet; keep identifiers, spellings and addresses that are new."""
        new: list[tuple[Organization, Party]] = []
        identifiers: list[Identifier] = []
        aliases: list[Alias] = []
        addresses: list[Address] = []
        met: set[int] = set()
        for party in dict.fromkeys(parties):
            body = self.find(party)
            if body is None:
                body = Body(Organization(name=party.name), names={party.name})
                new.append((body.organization, party))
                self.by_name[self.normal[party.name]].append(body)
            met.add(id(body))
            identifiers += self._new_identifiers(body, party)
            facts = {"organization": body.organization, "source": self.source}
            aliases += [Alias(name=name, **facts) for name in _unknown(body.names, (party.name, *party.other_names))]
            addresses += [Address(line=line, **facts) for line in _unknown(body.addresses, party.addresses)]
        _give_codes(new)
        Organization.objects.bulk_create(organization for organization, _party in new)
        Identifier.objects.bulk_create(identifiers)
        Alias.objects.bulk_create(aliases)
        Address.objects.bulk_create(addresses)
        return {
            Kind.ORGANIZATION: Counts(created=len(new), unchanged=len(met) - len(new)),
            Kind.IDENTIFIER: Counts(created=len(identifiers)),
            Kind.ALIAS: Counts(created=len(aliases)),
            Kind.ADDRESS: Counts(created=len(addresses)),
        }

    def _new_identifiers(self, body: Body, party: Party) -> Iterator[Identifier]:
        """Those that nobody has yet: one that another organization has stays with that one."""
        for scheme, value in party.identifiers:
            if self.by_identifier.setdefault((scheme, value), body) is body and (scheme, value) not in body.identifiers:
                body.identifiers.add((scheme, value))
                yield Identifier(organization=body.organization, scheme=scheme, value=value)


def _unknown(known: set[str], texts: Iterable[str]) -> Iterator[str]:
    """Those of `texts` that are new, and from now on known."""
    for text in texts:
        if text not in known:
            known.add(text)
            yield text


def _give_codes(new: list[tuple[Organization, Party]]) -> None:
    """Codes that people can read: by the register's number, else by the name; a few more signs where that is taken."""
    wished = [_code(party) for _organization, party in new]
    taken = set(Organization.objects.filter(code__in=wished).values_list("code", flat=True))
    for (organization, party), code in zip(new, wished, strict=True):
        organization.code = f"{code}-{_digest(party)}" if code in taken else code
        taken.add(code)


def _code(party: Party) -> str:
    said = "-".join(party.identifiers[0]) if party.identifiers else slugify(party.name)
    plain = NOT_IN_CODES.sub("-", said).strip("-._")[:LONGEST_CODE]
    return plain or f"org-{_digest(party)}"


def _digest(party: Party) -> str:
    return hashlib.sha256(repr((party.identifiers, party.name)).encode()).hexdigest()[:8]
