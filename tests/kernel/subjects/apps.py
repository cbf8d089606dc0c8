"""The app of questions."""

from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    """Questions and notes."""

    name = "tests.kernel.subjects"
    label = "questions"
