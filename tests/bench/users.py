"""Who uses the portal under load: read by locust in a process of its own, which knows nothing of Django."""

import json
import os
import random
from itertools import cycle
from pathlib import Path
from typing import Any

from locust import FastHttpUser, between, task

CAST = json.loads(Path(os.environ["BENCH_CAST"]).read_text())
PEOPLE, SYSTEMS = cycle(CAST["people"]), cycle(CAST["systems"])


class Reader(FastHttpUser):
    """Asks for something that it may see, time and again; anything but an answer of 200 is a failure."""

    abstract = True
    headers: dict[str, str]
    kinds: dict[str, list[str]]

    def play(self, part: dict[str, Any], headers: dict[str, str]) -> None:
        """Take over who asks, and for what."""
        self.headers, self.kinds = headers, {kind: paths for kind, paths in part["kinds"].items() if paths}

    @task
    def read(self) -> None:
        """Ask for one thing of one kind."""
        kind = random.choice(list(self.kinds))
        path = random.choice(self.kinds[kind])
        with self.client.get(
            path, name=kind, headers=self.headers, allow_redirects=False, catch_response=True
        ) as response:
            if response.status_code != 200:
                response.failure(f"{path} answered {response.status_code}")


class Person(Reader):
    """Reads a page for some seconds, then opens the next."""

    weight = 4
    wait_time = between(2, 8)

    def on_start(self) -> None:
        """Somebody of the cast, logged in."""
        person = next(PEOPLE)
        self.play(person, {"Cookie": f"sessionid={person['session']}"})


class System(Reader):
    """Reads over the API."""

    weight = 1
    wait_time = between(2, 8)

    def on_start(self) -> None:
        """A system of the cast, with its token."""
        system = next(SYSTEMS)
        self.play(system, {"Authorization": f"Bearer {system['token']}"})
