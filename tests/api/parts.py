"""What hangs on a contract, for tests of the API."""

from tests.conftest import JANUARY
from vendors.models import Amendment, Contract, Milestone, Payment


def parts_of(contract: Contract) -> dict[str, int]:
    """One amendment, one milestone and one payment of a contract: the id of each, by resource."""
    sides = {"payer": contract.agency, "payee": contract.vendor.organization}
    parts = {
        "amendments": Amendment.objects.create(contract=contract, reference="A-1", value_change=5),
        "milestones": Milestone.objects.create(contract=contract, reference="M-1", title="Moved in"),
        "payments": Payment.objects.create(contract=contract, reference="P-1", paid_on=JANUARY, amount=5, **sides),
    }
    return {name: part.pk for name, part in parts.items()}
