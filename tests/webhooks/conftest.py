"""Another system, and a webhook that tells it of everything."""

from collections.abc import Iterator
from typing import Any

import pytest

from kernel.webhooks.events import subscribable
from kernel.webhooks.models import Endpoint
from kernel.webhooks.operations import create_endpoint
from tests.conftest import Cast
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """Another system on this machine, which the setting names."""
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1"]
    with receiving() as other:
        yield other


@pytest.fixture
def secret_of_endpoint(cast: Cast, receiver: Receiver) -> tuple[Endpoint, str]:
    """A webhook to the receiver, and its secret."""
    return create_endpoint(
        name="Data warehouse",
        url=receiver.url,
        event_types=[code for code, _label in subscribable()],
        acts_for=cast.cio,
        by=cast.cio,
    )


@pytest.fixture
def endpoint(secret_of_endpoint: tuple[Endpoint, str]) -> Endpoint:
    """The webhook alone."""
    return secret_of_endpoint[0]
