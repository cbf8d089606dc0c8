"""Questions, each about one of several kinds of things, and notes, which are their author's alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kernel.access import AGENCY_MEMBERS, Actor, ScopedQuerySet
from kernel.editing import Versioned, raise_version
from kernel.subjects.declaring import Kind, Subject
from kernel.subjects.querysets import SubjectQuerySet
from kernel.tracking import told, tracked


class NoteQuerySet(ScopedQuerySet):
    """Notes: their author's alone, also among staff."""

    def staff_rule(self, user: Actor) -> Q:
        return Q(author=user)


class Note(Versioned):
    """A note that one person keeps; it has no code and no page."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    text = models.CharField(max_length=200)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["text"]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.text


class QuestionQuerySet(SubjectQuerySet):
    """Questions: seen with what they are about, and by whoever asked."""

    def agency_rule(self, user: Actor) -> Q:
        return super().agency_rule(user) | Q(asked_by=user)


@told(named_by=("subject",), to=AGENCY_MEMBERS)
@tracked()
class Question(Versioned):
    """One question about a contract, a vendor or a note."""

    WRITTEN = ("subject", "text")

    subject = Subject(
        Kind("contract", "vendors.Contract"),
        Kind("vendor", "vendors.Vendor"),
        Kind("note", "questions.Note", named_through=("author",)),
        related_name="questions",
    )
    text = models.CharField(max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.text
