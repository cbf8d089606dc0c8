"""The WSGI application that granian serves."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brm_portal.settings")


class Utf8Request(WSGIRequest):
    """A request in UTF-8, whatever charset its Content-Type names.

    Pages send forms in UTF-8, and JSON knows no other. Django would decode the query by that charset before any error
    of it is caught, so that `charset=zlib` ended in a traceback.
    """

    @property
    def encoding(self) -> None:
        """None: the default, which is UTF-8."""

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        """Nobody chooses another."""


class PortalHandler(WSGIHandler):
    """Answers requests of that kind."""

    request_class = Utf8Request


django.setup(set_prefix=False)
application = PortalHandler()
