"""How likely two organizations are one: pairs worth comparing, and for each how certain it is and why.

    parties = [Party(1, ("Acme, Inc.",)), Party(2, ("ACME Incorporated 01",))]
    for pair in pairs_among(read(parties)):
        print(pair.one.key, pair.other.key, pair.likeness.certainty, pair.likeness.reasons)

Nothing here merges or stores anything.
"""

from kernel.directory.likeness.candidates import Pair, pairs_among
from kernel.directory.likeness.comparing import CERTAIN_ENOUGH_TO_MERGE, WORTH_ASKING, Likeness, Reason, likeness
from kernel.directory.likeness.reading import Party, Reading, read

__all__ = [
    "CERTAIN_ENOUGH_TO_MERGE",
    "WORTH_ASKING",
    "Likeness",
    "Pair",
    "Party",
    "Reading",
    "Reason",
    "likeness",
    "pairs_among",
    "read",
]
