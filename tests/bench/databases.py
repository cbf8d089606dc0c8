"""The bench's own databases: one for the whole state, and a copy of it, made while it is empty, for a tenth."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.runner import DiscoverRunner

from tests.bench.measuring import run
from tests.workers import database_url

# Tests may run at the same time, several of them.
NAME = f"brm_bench_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@contextmanager
def empty_databases() -> Iterator[tuple[str, str]]:
    """Two new databases with the portal's tables, which go afterwards; their names."""
    connection.settings_dict["TEST"]["NAME"] = NAME
    runner, creation = DiscoverRunner(verbosity=0, interactive=False), connection.creation
    databases = runner.setup_databases()
    try:
        creation.clone_test_db("tenth", verbosity=0, autoclobber=True)
        yield str(creation.get_test_db_clone_settings("tenth")["NAME"]), NAME
    finally:
        use(NAME)
        creation.destroy_test_db(suffix="tenth", verbosity=0)
        runner.teardown_databases(databases)


def use(database: str) -> None:
    """Work in a database, here and in processes that are started from here on."""
    connection.close()
    connection.settings_dict["NAME"] = database
    os.environ["DATABASE_URL"] = database_url()
    run("SET max_parallel_workers_per_gather = 0")  # Workers' time would be missing.
