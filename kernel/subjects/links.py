"""Name of a row's subject: always shown, and linked for those who see the subject's own page."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


def subject_link(row: Any) -> SafeString:
    """What a row of `with_subject(user)` is about."""
    thing = row.subject
    if not row.sees_subject or not hasattr(thing, "get_absolute_url"):
        return format_html("{}", thing)
    return format_html('<a href="{}">{}</a>', thing.get_absolute_url(), thing)


class SubjectColumn(tables.Column):
    """What each row is about; in files the name alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"verbose_name": _("About"), "accessor": "subject", "orderable": False, **kwargs})

    def render(self, record: Any) -> SafeString:
        return subject_link(record)

    def value(self, record: Any) -> str:
        """Files get the name."""
        return str(record.subject)
