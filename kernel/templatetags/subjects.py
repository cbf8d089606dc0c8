"""Subjects in pages: `{% load subjects %}`."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from kernel.subjects import links

register = template.Library()


@register.simple_tag
def subject_link(row: Any) -> SafeString:
    """`{% subject_link item %}`: what a row of `with_subject(user)` is about, linked where the reader sees that."""
    return links.subject_link(row)
