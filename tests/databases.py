"""One database that migrated, of which each test process has a copy: migrating takes longer than many a test."""

import fcntl
import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

VAR = settings.BASE_DIR / "var"
PREFIX = f"test_{connection.settings_dict['NAME']}_migrated_"


def migrated() -> str:
    """The name of the database that tests copy; whichever process comes first makes it, for later runs too."""
    name = f"{PREFIX}{digest()}"
    VAR.mkdir(exist_ok=True)
    with (VAR / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in known():
            make(name)
    return name


def digest() -> str:
    """What the tables follow from."""
    told = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            told.update(path.read_bytes())
    return told.hexdigest()[:12]


def known() -> list[str]:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        return [name for (name,) in cursor.fetchall()]


def make(name: str) -> None:
    """Make it under another name, so that what breaks off is never taken for it; drop those that came before."""
    unfinished = f"{PREFIX}unfinished"
    own, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    of_test = test["NAME"]
    outdated = known()
    test["NAME"] = unfinished
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    connection.settings_dict["NAME"], test["NAME"] = own, of_test
    with connection.creation._nodb_cursor() as cursor:
        for before in outdated:
            cursor.execute(f'DROP DATABASE IF EXISTS "{before}"')
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
