"""Editions of the method as hypothesis makes them: such as the rules allow, and such as they may not."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from metrics.methodologies.figures import Band
from metrics.models import Dimension, Methodology

HUNDREDTHS = 10_000
NAMES = ["F", "D", "C", "B", "A", "A+", "Très bien"]


@dataclass(frozen=True)
class Drawn:
    """The values of one edition."""

    weights: dict[str, Decimal]
    score_at_target: Decimal
    minimum_coverage: Decimal
    bands: list[Band]

    def methodology(self, code: str, name: str) -> Methodology:
        """It as a row that is not stored."""
        return Methodology(
            code=code,
            name=name,
            score_at_target=self.score_at_target,
            minimum_coverage=self.minimum_coverage,
            **{f"{dimension}_weight": weight for dimension, weight in self.weights.items()},
        )


def hundredths(number: int) -> Decimal:
    return Decimal(number).scaleb(-2)


@st.composite
def lawful_weights(draw: st.DrawFn) -> dict[str, Decimal]:
    """Seven weights that total 100, schedule and cost at most 20 of it."""
    cost = draw(st.integers(0, 2000))
    schedule = draw(st.integers(0, 2000 - cost))
    rest = HUNDREDTHS - cost - schedule
    cuts = [0, *sorted(draw(st.lists(st.integers(0, rest), min_size=4, max_size=4))), rest]
    parts = [upper - lower for lower, upper in zip(cuts, cuts[1:], strict=False)]
    others = [code for code in Dimension.values if code not in (Dimension.COST, Dimension.SCHEDULE)]
    weights = {**dict(zip(others, parts, strict=True)), "cost": cost, "schedule": schedule}
    return {code: hundredths(weights[code]) for code in Dimension.values}


@st.composite
def lawful_bands(draw: st.DrawFn) -> list[Band]:
    """One to six grades that ascend from 0."""
    starts = sorted(draw(st.sets(st.integers(1, HUNDREDTHS - 1), max_size=5)))
    return [Band(hundredths(start), name) for start, name in zip([0, *starts], NAMES, strict=False)]


LAWFUL = st.builds(
    Drawn,
    lawful_weights(),
    st.integers(1, HUNDREDTHS).map(hundredths),
    st.integers(0, 100).map(hundredths),
    lawful_bands(),
)
ANY_WEIGHTS = st.fixed_dictionaries({code: st.integers(-5, 60).map(Decimal) for code in Dimension.values})
ANY_BANDS = st.lists(
    st.builds(Band, st.integers(-10, 110).map(Decimal), st.sampled_from(NAMES)), min_size=1, max_size=4
)
# Mostly lawful, so that what breaks one rule is seen to break that one.
ANY = st.builds(
    Drawn,
    lawful_weights() | lawful_weights() | ANY_WEIGHTS,
    st.integers(-100, 2 * HUNDREDTHS).map(hundredths),
    st.integers(-20, 120).map(hundredths),
    lawful_bands() | ANY_BANDS,
)
