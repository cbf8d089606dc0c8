"""`make demo`: the portal with real data, its worker and its beat, on one port of this machine."""

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from environs import Env, EnvError
from rich import box
from rich.console import Console
from rich.table import Table

from brm_portal.demo.loading import PASSWORD, Demo, load_demo
from brm_portal.demo.processes import (
    BEAT,
    WORKER,
    Children,
    DemoError,
    Ended,
    check_port,
    end_by_signal,
    wait_until_ready,
    web,
)
from kernel import embedded


class Command(BaseCommand):
    """Load the demo's data where it is missing, and run the portal until Ctrl-C."""

    help = "Load the demo's data where it is missing, and run the portal until Ctrl-C. PORT chooses the port."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until somebody asks to end."""
        self.console = Console()
        end_by_signal()
        try:
            self._run(_port())
        except Ended:
            self.console.print("\nThe demo has ended.")
        except DemoError as error:
            raise CommandError(str(error)) from error
        finally:
            embedded.leave()

    def _run(self, port: int) -> None:
        check_port(port)
        self.console.print("Preparing the database …")
        call_command("migrate", verbosity=0)
        demo = load_demo(say=self.console.print)
        with Children() as children:
            children.start("web", web(port))
            wait_until_ready(port, children)
            children.start("worker", WORKER)
            children.start("beat", BEAT)
            self._show(port, demo)
            while True:
                children.confirm_alive()
                time.sleep(1)

    def _show(self, port: int, demo: Demo) -> None:
        table = Table("Role", "E-mail", "Who it is", box=box.SIMPLE_HEAD, pad_edge=False)
        for login in demo.logins:
            table.add_row(login.role, login.email, login.note)
        self.console.print(f"\nThe portal runs at [bold]http://localhost:{port}[/bold]")
        self.console.print(f"Log in with one of these and the password [bold]{PASSWORD}[/bold]\n")
        self.console.print(table)
        self.console.print("An integration has no password. The API at /api/v1/ takes its token:")
        self.console.print(f"  Authorization: Bearer {demo.token}\n", soft_wrap=True, highlight=False)
        self.console.print("E-mails are in var/log/web.log, other logs beside it. Ctrl-C ends everything.")


def _port() -> int:
    try:
        return Env().int("PORT", 8000)
    except EnvError as error:
        raise CommandError("PORT must be a number, such as 8000.") from error
