"""`make demo` as a person runs it: it says what is in the way, starts, serves, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
DATABASE = f"demo_of_a_test_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
Run = Callable[..., subprocess.Popen[str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def run_demo() -> Iterator[Run]:
    """Run the demo in a database of its own."""
    database = settings.DATABASES["default"]
    server = f"postgresql://{database['USER']}:{database['PASSWORD']}@{quote(str(database['HOST']), safe='')}"
    statements = (sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), sql.SQL("CREATE DATABASE {}"))

    def execute(statement: sql.SQL) -> None:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(DATABASE)))

    for statement in statements:
        execute(statement)
    environment = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "HTTPS"}} | {
        "DJANGO_SETTINGS_MODULE": "brm_portal.settings",
        "DEMO": "true",
        "DATABASE_URL": f"{server}/{DATABASE}",
    }
    demos: list[subprocess.Popen[str]] = []

    def start(port: int) -> subprocess.Popen[str]:
        demos.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "run_demo"],
                cwd=ROOT,
                env=environment | {"PORT": str(port)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return demos[-1]

    yield start
    for demo in demos:
        demo.terminate()
        demo.communicate()
    execute(statements[0])


def descendants(pid: int) -> set[int]:
    """Every process that this one has started, directly or not."""
    children = {
        int(word) for tasks in Path(f"/proc/{pid}/task").glob("*/children") for word in tasks.read_text().split()
    }
    return children.union(*(descendants(child) for child in children))


def read_until(demo: subprocess.Popen[str], text: str) -> str:
    assert demo.stdout
    seen = ""
    for line in demo.stdout:
        seen += line
        if text in seen:
            return seen
    raise AssertionError(seen)


@pytest.mark.slow
def test_a_taken_port_is_said_clearly(run_demo: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        demo = run_demo(port)
        output, _ = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert f"Port {port} cannot be used" in output
    assert "PORT=" in output
    assert "Preparing" not in output


@pytest.mark.slow
def test_the_demo_serves_real_data_and_ctrl_c_leaves_nothing_running(run_demo: Run) -> None:
    port = free_port()
    demo = run_demo(port)
    output = read_until(demo, "Ctrl-C ends everything")
    assert f"http://localhost:{port}" in output
    for login in ("cio", "manager", "agency", "vendor", "msi", "auditor"):
        assert f"{login}@demo.example" in output
    assert "Bearer" in output
    with urllib.request.urlopen(f"http://localhost:{port}/accounts/login/", timeout=10) as page:
        assert page.status == 200

    started = descendants(demo.pid)
    assert len(started) >= 3
    demo.send_signal(signal.SIGINT)
    demo.communicate(timeout=30)
    assert demo.returncode == 0
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]

    # The second time everything is there already.
    begun = time.monotonic()
    demo = run_demo(port)
    assert "Importing" not in read_until(demo, "Ctrl-C ends everything")
    assert time.monotonic() - begun < 30
