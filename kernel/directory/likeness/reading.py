"""What of a name, an identifier and an address counts when organizations are compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kernel.directory.names import normal_names

# The kind of body that a legal form at the end of a name states. Empty where it states none: a Co. or a Ltd. may be
# any kind of company.
FORMS = {
    "co": "",
    "ltd": "",
    "inc": "corporation",
    "corp": "corporation",
    "llc": "llc",
    "lp": "lp",
    "llp": "llp",
    "pc": "pc",
    "pllc": "pllc",
    "plc": "plc",
    "ag": "ag",
    "bv": "bv",
    "gmbh": "gmbh",
    "nv": "nv",
    "sa": "sa",
    "sarl": "sarl",
    "sas": "sas",
    "se": "se",
    "srl": "srl",
}
# Forms written out, as the normal form of a name spells them.
WRITTEN_OUT = {
    "ltd liability co": "llc",
    "ltd liability partnership": "llp",
    "ltd partnership": "lp",
    "professional corp": "pc",
    "public ltd co": "plc",
    "aktiengesellschaft": "ag",
    "besloten vennootschap": "bv",
    "naamloze vennootschap": "nv",
}
# Dutch firms write their form before the name as well; the American forms would be initials there.
LEADING_FORMS = {"bv", "nv"}
# What follows these is a place or trade name. Corp. is not among them: Sony Corp. of America is not Sony Corp.
CLOSING_FORMS = {"inc", "llc", "bv", "nv", "plc", "gmbh"}
# A body of its own beside the one that it is named after: Acme Inc. and Acme Inc. Foundation.
BODIES = {
    "association",
    "charities",
    "foundation",
    "fund",
    "holding",
    "holdings",
    "institute",
    "jv",
    "museum",
    "pac",
    "school",
    "trust",
    "union",
    "university",
    "venture",
}
FILLERS = {"and", "of", "the", "for"}
# What ledgers shorten, and names of places that are one.
SPELLINGS = {
    "admin": "administration",
    "assoc": "associates",
    "bldg": "building",
    "bldgs": "buildings",
    "bros": "brothers",
    "constr": "construction",
    "const": "construction",
    "ctr": "center",
    "centre": "center",
    "dist": "district",
    "distr": "distributors",
    "elec": "electric",
    "engr": "engineering",
    "eng": "engineering",
    "engrg": "engineering",
    "equip": "equipment",
    "govt": "government",
    "grp": "group",
    "hosp": "hospital",
    "inst": "institute",
    "intl": "international",
    "internat": "international",
    "internatl": "international",
    "internatinal": "international",
    "lab": "laboratory",
    "labs": "laboratories",
    "mfg": "manufacturing",
    "mgmt": "management",
    "mgt": "management",
    "mtg": "marketing",
    "natl": "national",
    "nederland": "netherlands",
    "netherland": "netherlands",
    "holland": "netherlands",
    "svc": "service",
    "svcs": "services",
    "serv": "services",
    "sys": "systems",
    "tech": "technology",
    "univ": "university",
}
ROMAN_NUMBERS = {"ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "xiii", "xiv", "xv"}

# Some ledgers number a vendor's further entries: ACME INC 01.
ENTRY_NUMBER = re.compile(r" 0\d$")
TRADING_AS = re.compile(r" d ?b ?a .*$")
WRITTEN_OUT_FORM = re.compile(rf"\b({'|'.join(WRITTEN_OUT)})\b")
# Letters that stand alone are initials: J. P. Morgan and JP Morgan, N. V. and N.V.
INITIALS = re.compile(r"\b[^\W\d](?: [^\W\d])+\b")
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Party:
    """An organization to compare.

    `key` is the caller's own; `names` has at least one, aliases too; `identifiers` are (scheme, value); an address is
    one line with street, place and postal code.
    """

    key: int
    names: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Name:
    """A name taken apart: its words without legal form, the kinds of body its forms state, and its numbers.

    `addition` is what follows the legal form: Amsterdam in Acme B.V., Amsterdam.
    """

    words: tuple[str, ...]
    kinds: frozenset[str]
    has_form: bool
    numbers: tuple[str, ...]
    entry_number: str
    addition: tuple[str, ...]

    @property
    def run_together(self) -> str:
        return "".join(self.words)


@dataclass(frozen=True)
class Reading:
    """A party as it is compared; `identifiers` by scheme."""

    party: Party
    names: tuple[Name, ...]
    identifiers: dict[str, frozenset[str]]
    addresses: tuple[str, ...]

    def joined(self, other: "Reading") -> "Reading":
        """This party once the other is merged into it."""
        schemes = self.identifiers.keys() | other.identifiers.keys()
        nothing: frozenset[str] = frozenset()
        return Reading(
            self.party,
            tuple(dict.fromkeys((*self.names, *other.names))),
            {each: self.identifiers.get(each, nothing) | other.identifiers.get(each, nothing) for each in schemes},
            (*self.addresses, *other.addresses),
        )


def read(parties: Iterable[Party]) -> list[Reading]:
    """All `parties` taken apart, with one query for the normal forms of their names and addresses."""
    parties = list(parties)
    normal = normal_names(text for party in parties for text in (*party.names, *party.addresses))
    return [
        Reading(
            party,
            tuple(take_apart(normal[name]) for name in party.names if normal[name]),
            _by_scheme(party.identifiers),
            tuple(normal[address] for address in party.addresses if normal[address]),
        )
        for party in parties
    ]


def take_apart(normal: str) -> Name:
    """The parts of a name in normal form."""
    entry = ENTRY_NUMBER.search(normal)
    text = ENTRY_NUMBER.sub("", normal)
    text = TRADING_AS.sub("", text)
    text = WRITTEN_OUT_FORM.sub(lambda found: WRITTEN_OUT[found[0]], text)
    words = [SPELLINGS.get(word, word) for word in text.split() if word not in FILLERS]
    words = INITIALS.sub(lambda found: found[0].replace(" ", ""), " ".join(words)).split()
    numbers = NUMBER.findall(" ".join(words)) + [word for word in words if word in ROMAN_NUMBERS]
    words, addition = _without_addition(words)
    words, forms = _without_forms(words)
    return Name(
        tuple(words),
        frozenset(FORMS[form] for form in forms) - {""},
        bool(forms),
        tuple(sorted(numbers)),
        entry[0].strip() if entry else "",
        tuple(addition),
    )


def _without_addition(words: list[str]) -> tuple[list[str], list[str]]:
    """The words up to the first form that closes a name, and those that come after it and its like."""
    ends = next((place for place, word in enumerate(words) if place and word in CLOSING_FORMS), len(words))
    while ends < len(words) and words[ends] in FORMS:
        ends += 1
    return words[:ends], words[ends:]


def _without_forms(words: list[str]) -> tuple[list[str], list[str]]:
    """The words and the forms around them; a name that is nothing but forms keeps its first word."""
    forms = []
    while len(words) > 1 and words[-1] in FORMS:
        forms.append(words[-1])
        words = words[:-1]
    if len(words) > 1 and words[0] in LEADING_FORMS:
        forms.append(words[0])
        words = words[1:]
    return words, forms


def _by_scheme(identifiers: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for scheme, value in identifiers:
        bare = "".join(sign for sign in value.casefold() if sign.isalnum())
        # 000000000 and XXX are put where a number is wanted and none is known.
        if len(set(bare)) > 1:
            found[scheme] = found.get(scheme, frozenset()) | {bare}
    return found
