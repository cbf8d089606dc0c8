"""Test processes side by side share no database, so that none empties what another has written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 3
PROBE = """
from django.conf import settings
from django.db import connection


def test_tell(worker_id, django_db_modify_db_settings):
    with open(f"{__file__}.{worker_id}", "w") as told:
        print(settings.REDIS_URL, connection.settings_dict["TEST"]["NAME"], file=told)
"""


@pytest.mark.slow
def test_no_two_processes_share_a_database_of_either_server(tmp_path: Path) -> None:
    probe = tmp_path / "test_probe.py"
    probe.write_text(PROBE)
    # Handed down as `make test` hands it down: whatever this process has found out for itself.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    options = ["-q", "-n", str(PROCESSES), "--dist", "each", "-p", "no:cacheprovider", "-c", ROOT / "pyproject.toml"]
    command = [sys.executable, "-m", "pytest", *options, probe]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout
    pairs = [path.read_text().split() for path in tmp_path.glob("test_probe.py.gw*")]
    assert len(pairs) == PROCESSES
    for databases in zip(*pairs, strict=True):
        assert len(set(databases)) == PROCESSES
