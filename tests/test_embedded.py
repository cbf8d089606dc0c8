"""The portal's own PostgreSQL and Redis: really started, really killed, in checkouts of their own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
import redis

PACKAGE = Path(__file__).resolve().parent.parent / "kernel" / "embedded"
ASK = "from kernel import embedded as e; print(e.database_url(), e.redis_url(), flush=True); input()"


class Checkout:
    """A checkout that holds nothing but the module under test."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(PACKAGE, root / "kernel" / "embedded", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "kernel" / "__init__.py").touch()
        self.users: list[subprocess.Popen[str]] = []

    def begin_user(self) -> subprocess.Popen[str]:
        """Start a process that asks for both URLs and lives until its input ends."""
        user = subprocess.Popen(
            [sys.executable, "-c", ASK],
            cwd=self.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.users.append(user)
        return user

    def run(self, command: str) -> str:
        words = [sys.executable, "-m", "kernel.embedded", command]
        return subprocess.run(words, cwd=self.root, check=True, capture_output=True, text=True).stdout

    def pid(self, name: str) -> int | None:
        """Return a server's process id as `status` tells it."""
        line = next(line for line in self.run("status").splitlines() if line.startswith(name))
        return None if line.endswith("does not run") else int(line.split()[-1])

    def has_another(self, name: str, pid: int) -> bool:
        return self.pid(name) not in {None, pid}

    def keeper_pid(self) -> int:
        return int((self.root / "var" / "embedded" / "keeper.lock").read_text())

    def is_quiet(self) -> bool:
        return self.pid("postgres") is None and self.pid("redis") is None


def urls_of(user: subprocess.Popen[str]) -> tuple[str, str]:
    assert user.stdout
    database, cache = user.stdout.readline().split()
    return database, cache


def leave(user: subprocess.Popen[str]) -> None:
    user.communicate("\n")


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def execute(database: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database, autocommit=True) as connection:
        # The demo's commits may be half a second late on disk; a test that kills must not depend on it.
        connection.execute("SET synchronous_commit = on")
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def new_checkout(tmp_path: Path) -> Iterator[Callable[[str], Checkout]]:
    made: list[Checkout] = []

    def make(name: str) -> Checkout:
        made.append(Checkout(tmp_path / name))
        return made[-1]

    yield make
    for checkout in made:
        for user in checkout.users:
            user.kill()
            user.communicate()
        checkout.run("stop")


@pytest.fixture
def checkout(new_checkout: Callable[[str], Checkout]) -> Checkout:
    return new_checkout("a 'checkout' with spaces")


def test_data_is_there_again_in_a_folder_with_spaces(checkout: Checkout) -> None:
    user = checkout.begin_user()
    database, cache = urls_of(user)
    execute(database, "CREATE TABLE kept AS SELECT 7 AS number")
    redis.Redis.from_url(cache).set("kept", "7")
    leave(user)
    wait_until(checkout.is_quiet)

    database, cache = urls_of(checkout.begin_user())
    assert execute(database, "SELECT number FROM kept") == [(7,)]
    assert redis.Redis.from_url(cache).get("kept") == b"7"


def test_servers_use_the_built_in_locale_and_no_network(checkout: Checkout) -> None:
    database, cache = urls_of(checkout.begin_user())
    collation = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
    assert execute(database, collation) == [("b", "C.UTF-8")]
    assert execute(database, "SHOW listen_addresses") == [("",)]
    assert redis.Redis.from_url(cache).config_get("port") == {"port": "0"}
    sockets = Path(str(execute(database, "SHOW unix_socket_directories")[0][0]))
    assert sockets.stat().st_mode & 0o777 == 0o700


def test_two_checkouts_run_side_by_side(new_checkout: Callable[[str], Checkout]) -> None:
    ours, theirs = (urls_of(new_checkout(name).begin_user()) for name in ("ours", "theirs"))
    execute(ours[0], "CREATE TABLE ours ()")
    redis.Redis.from_url(ours[1]).set("ours", 1)
    assert execute(theirs[0], "SELECT to_regclass('ours')") == [(None,)]
    assert redis.Redis.from_url(theirs[1]).dbsize() == 0


def test_many_processes_start_at_once(checkout: Checkout) -> None:
    users = [checkout.begin_user() for _ in range(6)]
    urls = {urls_of(user) for user in users}
    assert len(urls) == 1
    started = (checkout.root / "var" / "log" / "postgres.log").read_text().count("ready to accept connections")
    assert started == 1


def test_the_last_user_out_stops_the_servers(checkout: Checkout) -> None:
    first, last = checkout.begin_user(), checkout.begin_user()
    database, _ = urls_of(first)
    urls_of(last)
    sockets = Path(str(execute(database, "SHOW unix_socket_directories")[0][0]))

    os.killpg(first.pid, signal.SIGINT)
    first.communicate()
    time.sleep(1)
    assert execute(database, "SELECT 1") == [(1,)]

    last.kill()
    wait_until(checkout.is_quiet)
    wait_until(lambda: not sockets.exists())


@pytest.mark.slow
def test_killed_servers_come_back_on_the_same_data(checkout: Checkout) -> None:
    database, _ = urls_of(checkout.begin_user())
    execute(database, "CREATE TABLE kept AS SELECT 7 AS number")
    for name in ("postgres", "redis"):
        pid = checkout.pid(name)
        assert pid
        os.kill(pid, signal.SIGKILL)
        wait_until(partial(checkout.has_another, name, pid))

    database, cache = urls_of(checkout.begin_user())
    assert execute(database, "SELECT number FROM kept") == [(7,)]
    assert redis.Redis.from_url(cache).ping()


@pytest.mark.slow
def test_everything_killed_and_left_lying_about(checkout: Checkout) -> None:
    user = checkout.begin_user()
    database, _ = urls_of(user)
    execute(database, "CREATE TABLE kept AS SELECT 7 AS number")
    postmaster = checkout.pid("postgres")
    for pid in (checkout.keeper_pid(), postmaster, checkout.pid("redis"), user.pid):
        assert pid
        os.kill(pid, signal.SIGKILL)

    # The crash's pid file now names a process of somebody else's.
    pid_file = checkout.root / "var" / "postgres" / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(postmaster), str(os.getpid()), 1))
    database, _ = urls_of(checkout.begin_user())
    assert execute(database, "SELECT number FROM kept") == [(7,)]


@pytest.mark.slow
def test_a_killed_keeper_is_followed_by_one_that_takes_the_servers_over(checkout: Checkout) -> None:
    first = checkout.begin_user()
    urls_of(first)
    before = checkout.pid("postgres")
    os.kill(checkout.keeper_pid(), signal.SIGKILL)
    second = checkout.begin_user()
    urls_of(second)
    assert checkout.pid("postgres") == before
    leave(first)
    leave(second)
    wait_until(checkout.is_quiet)


@pytest.mark.slow
def test_restarts_and_stop_by_command(checkout: Checkout) -> None:
    database, cache = urls_of(checkout.begin_user())
    execute(database, "CREATE TABLE kept AS SELECT 7 AS number")
    redis.Redis.from_url(cache).set("kept", "7")
    before = checkout.pid("postgres"), checkout.pid("redis")

    checkout.run("restart-postgres")
    checkout.run("restart-redis")
    after = checkout.pid("postgres"), checkout.pid("redis")
    assert None not in after
    assert not set(before) & set(after)
    assert execute(database, "SELECT number FROM kept") == [(7,)]
    assert redis.Redis.from_url(cache).get("kept") == b"7"

    checkout.run("stop")
    assert checkout.is_quiet()


@pytest.mark.slow
def test_nothing_runs_on_when_the_data_is_deleted_under_it(checkout: Checkout) -> None:
    user = checkout.begin_user()
    _, cache = urls_of(user)
    redis.Redis.from_url(cache).set("lost", "7")
    pids = [checkout.keeper_pid(), checkout.pid("postgres"), checkout.pid("redis")]
    shutil.rmtree(checkout.root / "var", ignore_errors=True)
    leave(user)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def test_without_the_wheels_the_error_says_what_to_do(checkout: Checkout) -> None:
    command = [sys.executable, "-S", "-c", ASK]
    refused = subprocess.run(command, cwd=checkout.root, capture_output=True, text=True, check=False)
    assert refused.returncode
    assert "DATABASE_URL" in refused.stderr
    assert "requirements-embedded.lock" in refused.stderr


@pytest.mark.slow
def test_a_server_that_cannot_start_is_explained(checkout: Checkout) -> None:
    user = checkout.begin_user()
    urls_of(user)
    leave(user)
    wait_until(checkout.is_quiet)
    (checkout.root / "var" / "postgres" / "global" / "pg_control").unlink()
    command = [sys.executable, "-c", ASK]
    refused = subprocess.run(command, cwd=checkout.root, capture_output=True, text=True, check=False)
    assert "postgres does not start" in refused.stderr
    assert "pg_control" in refused.stderr
