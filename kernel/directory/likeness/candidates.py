"""Which organizations are worth comparing: all pairs of 10,000 would be fifty million."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from kernel.directory.likeness.comparing import WORTH_ASKING, Likeness, likeness
from kernel.directory.likeness.reading import Party, Reading

# A word that more parties share than this says nothing; and a party has at most so many comparisons by one key.
AT_MOST_SHARED_BY = 200
BEGINNING = 5
COMMON = {"word", "begins", "ends"}


@dataclass(frozen=True)
class Pair:
    """Two parties that may be one."""

    one: Party
    other: Party
    likeness: Likeness


def pairs_among(readings: list[Reading], at_least: float = WORTH_ASKING) -> Iterator[Pair]:
    """Pairs that may be one with a certainty of `at_least`, each once, in no order."""
    for first, second in _candidates(readings):
        one, other = readings[first], readings[second]
        found = likeness(one, other)
        if found.certainty >= at_least:
            yield Pair(one.party, other.party, found)


def _candidates(readings: list[Reading]) -> set[tuple[int, int]]:
    """Positions of the readings to compare, the lower one first."""
    sharing: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, reading in enumerate(readings):
        for key in _keys(reading):
            sharing[key].append(position)
    return {
        (first, second)
        for (kind, _value), positions in sharing.items()
        if kind not in COMMON or len(positions) <= AT_MOST_SHARED_BY
        for place, first in enumerate(positions)
        for second in positions[place + 1 : place + 1 + AT_MOST_SHARED_BY]
    }


def _keys(reading: Reading) -> set[tuple[str, str]]:
    """What parties that may be one share: the whole name, a rare word, how a word begins or ends, an identifier."""
    keys = {(scheme, value) for scheme, values in reading.identifiers.items() for value in values}
    for name in reading.names:
        keys.add(("name", name.run_together))
        keys.update(("word", word) for word in name.words)
        for word in (*name.words, name.run_together):
            keys.update((("begins", word[:BEGINNING]), ("ends", word[-BEGINNING:])))
    return keys
