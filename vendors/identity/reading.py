"""Facts that vendors are compared by."""

from collections import defaultdict

from kernel.directory.likeness import Party
from kernel.directory.models import Address, Alias, Identifier, Organization


def parties(keys: set[int]) -> list[Party]:
    """Organizations with all names, identifiers and addresses they have: four queries."""
    names: dict[int, list[str]] = defaultdict(list)
    identifiers: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for key, name in Organization.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "name"):
        names[key].append(name)
    for key, name in Alias.objects.filter(organization__in=keys).order_by("pk").values_list("organization", "name"):
        names[key].append(name)
    registered = Identifier.objects.filter(organization__in=keys).order_by("pk")
    for key, *pair in registered.values_list("organization", "scheme", "value"):
        identifiers[key].append(tuple(pair))
    addresses: dict[int, list[str]] = defaultdict(list)
    for key, line in Address.objects.filter(organization__in=keys).order_by("pk").values_list("organization", "line"):
        addresses[key].append(line)
    return [
        Party(key, tuple(dict.fromkeys(each)), tuple(identifiers[key]), tuple(addresses[key]))
        for key, each in names.items()
    ]
