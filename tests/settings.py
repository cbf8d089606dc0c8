"""The settings that tests run under: the portal's own, over plain HTTP, with a Redis database per test process."""

import os
from urllib.parse import urlsplit

from kernel import embedded


def own_database(server: str) -> str:
    """The Redis database of this process alone: 1, or 2 and more for the processes of pytest-xdist; 0 is the demo's.

    The process that starts the others hands its environment down, so a database named there is never taken over
    as it stands. What a process starts itself knows its number and comes to the same database.
    """
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 2
    if server.startswith("unix://"):
        return f"{server.partition('?')[0]}?db={number}"
    return urlsplit(server)._replace(path=f"/{number}").geturl()


os.environ.setdefault("SECRET_KEY", "for tests only " * 4)
os.environ.setdefault("HTTPS", "false")
os.environ.setdefault("API_REQUESTS_PER_MINUTE", "1000000")
os.environ["REDIS_URL"] = own_database(os.environ.get("REDIS_URL") or embedded.redis_url())

from brm_portal.settings import *  # noqa: E402, F403  # the environment above must stand first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Models of the tests' own, for what no room needs yet.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.kernel.subjects"]  # noqa: F405  # the portal's own settings have it
# Static files are looked for when they are asked for: each test's client would else look at all of them first.
WHITENOISE_AUTOREFRESH = True
