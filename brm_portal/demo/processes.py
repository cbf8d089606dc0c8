"""The demo's processes: web, worker and beat as children that end with it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from types import FrameType
from typing import Self

from django.conf import settings

LOGS = settings.BASE_DIR / "var" / "log"
READY_SECONDS = 60
END_SECONDS = 10
CELERY = ("-m", "celery", "--app", "brm_portal")


class DemoError(Exception):
    """The demo cannot run; the message says why."""


class Ended(Exception):
    """Somebody asked the demo to end."""


def web(port: int) -> list[str]:
    """Return the command that serves the portal's pages; each of its threads holds one connection to PostgreSQL."""
    options = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", "8"]
    return ["-m", "granian", *options, "brm_portal.wsgi:application"]


WORKER = [*CELERY, "worker", "--loglevel", "info", "--concurrency", "2", "--without-gossip", "--without-mingle"]
BEAT = [*CELERY, "beat", "--loglevel", "info", "--pidfile="]


def check_port(port: int) -> None:
    """Refuse a port that somebody else listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise DemoError(
                f"Port {port} cannot be used: {error}.\nChoose another one, for example: PORT={_other(port)} make demo"
            ) from error


def _other(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8001


class Children:
    """The demo's own processes by the name of their log; leaving the `with` block ends them all."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        LOGS.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def start(self, name: str, command: list[str]) -> None:
        """Start one in a session of its own: Ctrl-C reaches this process alone, which then ends all in order."""
        with (LOGS / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def confirm_alive(self) -> None:
        """Complain about a child that has ended, with the end of its log."""
        for name, child in self._running.items():
            if child.poll() is not None:
                log = LOGS / f"{name}.log"
                lines = log.read_text(errors="replace").splitlines()[-15:]
                raise DemoError("\n".join([f"The {name} process has ended. The end of {log}:", *lines]))

    def _end(self) -> None:
        """Ask all to end, and kill what does not: work that a worker leaves undone is taken up again later."""
        for child in self._running.values():
            child.terminate()
        deadline = time.monotonic() + END_SECONDS
        for child in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def wait_until_ready(port: int, children: Children) -> None:
    """Wait until the portal says that it can serve."""
    deadline = time.monotonic() + READY_SECONDS
    while not _is_ready(port):
        children.confirm_alive()
        if time.monotonic() > deadline:
            raise DemoError(f"The portal is not ready after {READY_SECONDS} seconds; see {LOGS}.")
        time.sleep(0.1)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/readyz", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def end_by_signal() -> None:
    """Let Ctrl-C, a closed terminal and a polite kill all end the demo in the same way."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _raise_ended)


def _raise_ended(_signal: int, _frame: FrameType | None) -> None:
    # Ending is under way from here on: an impatient second Ctrl-C must not leave children behind.
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    raise Ended
