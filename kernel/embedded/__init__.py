"""The portal's own PostgreSQL and Redis, for development, tests and the demo.

Whoever asks for a URL holds a shared lock as long as its process lives. A keeper process starts both
servers, starts a fallen one again, and ends both when nobody holds that lock any more. Everything lies
under `var/`; the sockets lie in a short folder in /tmp, for their paths end at 107 bytes.
"""

from urllib.parse import quote

from kernel.embedded.keeper import leave, use
from kernel.embedded.servers import DATABASE, SOCKETS, EmbeddedError

__all__ = ["EmbeddedError", "database_url", "leave", "redis_url"]


def database_url() -> str:
    """Return the URL of the portal's own PostgreSQL, which runs at least as long as this process."""
    use()
    return f"postgresql://{DATABASE}@{quote(str(SOCKETS), safe='')}/{DATABASE}"


def redis_url() -> str:
    """Return the URL of the portal's own Redis, which runs at least as long as this process."""
    use()
    return f"unix://{quote(str(SOCKETS))}/redis.sock?db=0"
