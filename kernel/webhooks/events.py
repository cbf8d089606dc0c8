"""Events that other systems can be told of, as rooms hand them in: by name and in words."""

from django.utils.functional import Promise

from kernel.handed_in import handed_in

TEST = "webhook.test"


def event_choices() -> list[tuple[str, Promise]]:
    """All events."""
    return list(handed_in("events").items())


def subscribable() -> list[tuple[str, Promise]]:
    """Events that an endpoint can be told of: a test is sent when it is asked for."""
    return [(name, words) for name, words in event_choices() if name != TEST]
