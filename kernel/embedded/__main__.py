"""Commands about the portal's own servers: `python -m kernel.embedded status`."""

import argparse
import sys
from collections.abc import Callable

from kernel.embedded import keeper
from kernel.embedded.servers import LOGS, POSTGRES, REDIS, SERVERS, SOCKETS, EmbeddedError


def _show_status() -> None:
    for server in SERVERS:
        pid = server.pid()
        print(f"{server.name}: {f'runs as process {pid}' if pid else 'does not run'}")
    print(f"sockets: {SOCKETS}\nlogs: {LOGS}")


def main() -> None:
    """Run one of the module's commands."""
    commands: dict[str, tuple[Callable[[], None], str]] = {
        "status": (_show_status, "show whether the servers run and where their logs are"),
        "stop": (keeper.stop, "end the servers, whoever uses them"),
        "restart-postgres": (lambda: keeper.restart(POSTGRES), "end PostgreSQL and start it again"),
        "restart-redis": (lambda: keeper.restart(REDIS), "end Redis and start it again"),
        "keep": (keeper.keep, "run the servers until nobody uses them (the portal itself starts this)"),
    }
    parser = argparse.ArgumentParser(prog="python -m kernel.embedded", description="The portal's own servers.")
    subparsers = parser.add_subparsers(dest="command", required=True)
    for name, (_, help_text) in commands.items():
        subparsers.add_parser(name, help=help_text)
    run, _ = commands[parser.parse_args().command]
    try:
        run()
    except EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
