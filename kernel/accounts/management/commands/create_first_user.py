"""`manage.py create_first_user`: the first account of the CIO's office, which then invites everybody else."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

import pghistory
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from kernel.accounts.models import User
from kernel.directory.whom import the_office

PASSWORD_VARIABLE = "FIRST_USER_PASSWORD"


class Command(BaseCommand):
    """Makes the first user; asks for what the options do not say."""

    help = (
        "Create the first user of the CIO's office, who may also enter the Django admin. Asks for e-mail, name and "
        f"password; with --no-input takes the password from the environment variable {PASSWORD_VARIABLE}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", help="E-mail to sign in with.")
        parser.add_argument("--name", help="Name as others see it.")
        parser.add_argument("--no-input", action="store_false", dest="ask", help="Ask nothing.")
        parser.add_argument("--force", action="store_true", help="Even though the CIO's office has users already.")

    def handle(self, *, email: str | None, name: str | None, ask: bool, force: bool, **options: Any) -> None:
        if not force and the_office().exists():
            raise CommandError("The CIO's office has a user already, who can invite others. --force makes one anyway.")
        email = email or self._asked("E-mail: ", ask)
        name = name or self._asked("Name: ", ask)
        password = self._password(ask)
        try:
            with transaction.atomic(), pghistory.context(command="create_first_user"):
                validate_password(password, User(email=email, name=name))
                user = User.objects.create_superuser(email, password, name=name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(self.style.SUCCESS(f"{user.email} can sign in now and invite others under “People”."))

    def _asked(self, question: str, ask: bool) -> str:
        answer = input(question).strip() if ask else ""
        if not answer:
            raise CommandError(f"{question.rstrip(': ')} is missing: give it as an option.")
        return answer

    def _password(self, ask: bool) -> str:
        if not ask:
            return os.environ.get(PASSWORD_VARIABLE, "")
        password = getpass.getpass("Password: ")
        if getpass.getpass("Password again: ") != password:
            raise CommandError("The passwords differ. Nothing was created.")
        return password
