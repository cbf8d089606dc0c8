"""How alike two organizations are, from 0 to 1, with the reasons for and against that a person can weigh."""

from collections import Counter
from dataclasses import dataclass
from itertools import product

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from kernel.directory.likeness.reading import BODIES, Name, Reading

# From here on a rule may merge by itself; measured on labelled names in `tests/directory/test_likeness.py`.
CERTAIN_ENOUGH_TO_MERGE = 0.9
# From here on a person is asked.
WORTH_ASKING = 0.66

# What stays of any certainty when something speaks plainly against it: a person may still find them one.
VETOED = 0.7
AT_OTHER_ADDRESSES = 0.85
SAME_ADDRESS_ADDS = 0.05
ADDRESSES_AGREE_FROM = 85.0


class Reason(TextChoices):
    """What speaks for two organizations being one, or against it."""

    SAME_IDENTIFIER = "same_identifier", _("Same identifier")
    SAME_NAME = "same_name", _("Same name")
    SAME_BUT_FOR_FORM = "same_but_for_form", _("Same name but for the legal form")
    SAME_BUT_FOR_ENTRY_NUMBER = "same_but_for_entry_number", _("Same name but for a number added at its end")
    SAME_BUT_FOR_ADDITION = "same_but_for_addition", _("Same name but for words after the legal form")
    SAME_BUT_FOR_SPACES = "same_but_for_spaces", _("Same name but for spaces")
    SAME_WORDS = "same_words", _("Same words in another order")
    MISSPELT = "misspelt", _("Long words differ by a letter or so")
    WORDS_ADDED = "words_added", _("One name has more words")
    A_WORD_DIFFERS = "a_word_differs", _("Names differ by a word")
    WORDS_DIFFER = "words_differ", _("Names are similar")
    SAME_ADDRESS = "same_address", _("Same address")
    OTHER_IDENTIFIER = "other_identifier", _("Different identifiers in one register")
    OTHER_FORM = "other_form", _("Different legal forms")
    OTHER_NUMBERS = "other_numbers", _("Different numbers in the names")
    OTHER_BODY = "other_body", _("One is called a foundation, a fund or the like")
    OTHER_ADDRESS = "other_address", _("Different addresses")

    @property
    def is_against(self) -> bool:
        """Whether it speaks against their being one."""
        return self.value.startswith("other_")


@dataclass(frozen=True, order=True)
class Likeness:
    """How certain it is that two organizations are one, from 0 to 1, and why."""

    certainty: float
    reasons: tuple[Reason, ...] = ()

    def at_most(self, certainty: float, reason: Reason) -> "Likeness":
        return Likeness(min(self.certainty, certainty), (*self.reasons, reason))


def likeness(one: Reading, other: Reading) -> Likeness:
    """How alike two organizations are; the same whichever comes first.

    A shared identifier is worth more than any name: only another register that tells the two apart speaks against it.
    """
    shared = one.identifiers.keys() & other.identifiers.keys()
    agreeing = {scheme for scheme in shared if one.identifiers[scheme] & other.identifiers[scheme]}
    found = Likeness(1.0, (Reason.SAME_IDENTIFIER,)) if agreeing else _by_addresses(_by_names(one, other), one, other)
    if shared - agreeing:
        return found.at_most(VETOED, Reason.OTHER_IDENTIFIER)
    return found


def _by_names(one: Reading, other: Reading) -> Likeness:
    pairs = product(one.names, other.names)
    return max((_of_names(name, counterpart) for name, counterpart in pairs), default=Likeness(0.0))


def _of_names(one: Name, other: Name) -> Likeness:
    found = _of_words(one, other)
    if one.numbers != other.numbers:
        found = found.at_most(VETOED, Reason.OTHER_NUMBERS)
    if one.kinds and other.kinds and not one.kinds & other.kinds:
        found = found.at_most(VETOED, Reason.OTHER_FORM)
    return found


def _of_words(one: Name, other: Name) -> Likeness:
    if one.words == other.words:
        return _of_equal_words(one, other)
    if one.run_together == other.run_together:
        return Likeness(0.95, (Reason.SAME_BUT_FOR_SPACES,))
    only_one, only_other = _only_in(one, other), _only_in(other, one)
    if not only_one and not only_other:
        return Likeness(0.88, (Reason.SAME_WORDS,))
    if _misspelt(only_one, only_other):
        # A name of one word has nothing beside it that agrees: RegScale is not Rescale.
        return Likeness(0.92 if len(one.words) > 1 or len(other.words) > 1 else 0.85, (Reason.MISSPELT,))
    similar = fuzz.ratio(one.run_together, other.run_together) / 100
    if not only_one or not only_other:
        return Likeness(round(0.8 * max(similar, 0.8), 3), (Reason.WORDS_ADDED,))
    reason = Reason.A_WORD_DIFFERS if len(only_one) == len(only_other) == 1 else Reason.WORDS_DIFFER
    return Likeness(round(0.7 * similar, 3), (reason,))


def _of_equal_words(one: Name, other: Name) -> Likeness:
    if one.entry_number != other.entry_number:
        return Likeness(0.95, (Reason.SAME_BUT_FOR_ENTRY_NUMBER,))
    if BODIES.intersection(one.addition) != BODIES.intersection(other.addition):
        return Likeness(VETOED, (Reason.SAME_BUT_FOR_ADDITION, Reason.OTHER_BODY))
    if one.addition != other.addition:
        return Likeness(0.8 if one.addition and other.addition else 0.92, (Reason.SAME_BUT_FOR_ADDITION,))
    if one.kinds != other.kinds or one.has_form != other.has_form:
        return Likeness(0.95, (Reason.SAME_BUT_FOR_FORM,))
    return Likeness(0.98, (Reason.SAME_NAME,))


def _only_in(one: Name, other: Name) -> list[str]:
    """The words of `one` that `other` lacks, in order."""
    spare = Counter(one.words) - Counter(other.words)
    return [word for word in one.words if word in spare]


def _misspelt(ones: list[str], others: list[str]) -> bool:
    """Whether words are the same but for slips of the keyboard, wherever their spaces fell."""
    if len(ones) != len(others):
        return _one_word("".join(ones), "".join(others))
    return all(_one_word(one, other) for one, other in zip(ones, others, strict=True))


def _one_word(one: str, other: str) -> bool:
    # Short words that differ by a letter are other initials or another name, as are Hilton and Milton.
    if one[:1] != other[:1]:
        return False
    shorter = min(len(one), len(other))
    allowed = (shorter >= 6) + (shorter >= 9) + (shorter >= 12)
    return OSA.distance(one, other) <= allowed


def _by_addresses(found: Likeness, one: Reading, other: Reading) -> Likeness:
    if not one.addresses or not other.addresses:
        return found
    if not any(_one_address(*pair) for pair in product(one.addresses, other.addresses)):
        return found.at_most(AT_OTHER_ADDRESSES, Reason.OTHER_ADDRESS)
    against = any(reason.is_against for reason in found.reasons)
    raised = found.certainty if against else min(found.certainty + SAME_ADDRESS_ADDS, 0.99)
    return Likeness(round(raised, 3), (*found.reasons, Reason.SAME_ADDRESS))


def _one_address(one: str, other: str) -> bool:
    """Whether lines are one address: the same first number, and one's words nearly within the other's."""
    first = [next((word for word in line.split() if word.isdigit()), "") for line in (one, other)]
    return first[0] == first[1] and fuzz.token_set_ratio(one, other) >= ADDRESSES_AGREE_FROM
