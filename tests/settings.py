"""The settings that tests run under: the portal's own, over plain HTTP, with a Redis database per test process."""

import os

from brm_portal import embedded

os.environ.setdefault("SECRET_KEY", "for tests only " * 4)
os.environ.setdefault("HTTPS", "false")
os.environ.setdefault("API_REQUESTS_PER_MINUTE", "1000000")
if "REDIS_URL" not in os.environ:
    # Database 0 is the demo's; each process of pytest-xdist has one of its own.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    os.environ["REDIS_URL"] = embedded.redis_url().replace("db=0", f"db={int(worker.removeprefix('gw')) + 1}")

from brm_portal.settings import *  # noqa: E402, F403  # the environment above must stand first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
