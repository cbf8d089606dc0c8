"""Subject of several kinds: the check, the access rule, the form, the API, the link and the history."""

import json
from collections.abc import Callable
from typing import Any

import django_tables2 as tables
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.template import Context, Template
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from kernel.accounts.models import User
from kernel.forms import ScopedModelForm
from kernel.history import trail, words
from kernel.subjects.forms import SubjectField, SubjectForm
from kernel.subjects.links import SubjectColumn
from tests.conftest import Cast, World
from tests.kernel.subjects.models import Note, Question

pytestmark = pytest.mark.urls("tests.kernel.subjects.urls")

Send = Callable[..., Any]
ASKED = {"on C-1": "contract", "on C-2": "other_contract", "on Acme": "acme", "on Rival": "rival"}


@pytest.fixture
def questions(world: World, cast: Cast) -> dict[str, Question]:
    """A question on each of two contracts, two vendors and the notes of two people."""
    things = {text: getattr(world, name) for text, name in ASKED.items()}
    things["on the note"] = Note.objects.create(author=cast.cio, text="Carol")
    things["on the other note"] = Note.objects.create(author=cast.manager, text="Marco")
    return {text: Question.objects.create(subject=thing, text=text) for text, thing in things.items()}


def texts(rows: Any) -> set[str]:
    return set(rows.values_list("text", flat=True))


# --- the row ---


def test_a_row_knows_its_subject(world: World) -> None:
    question = Question.objects.create(subject=world.contract, text="Why?")
    assert Question.objects.get().subject == world.contract
    question.subject = world.acme
    question.save()
    question = Question.objects.get()
    assert (question.subject, question.contract, question.vendor) == (world.acme, None, world.acme)
    with pytest.raises(TypeError):
        question.subject = world.methodology


def test_the_database_refuses_none_and_two(world: World) -> None:
    with pytest.raises(IntegrityError, match="question_one_subject"), transaction.atomic():
        Question.objects.create(text="About what?")
    with pytest.raises(IntegrityError, match="question_one_subject"), transaction.atomic():
        Question.objects.create(contract=world.contract, vendor=world.acme, text="Which?")
    for given in ({}, {"contract": world.contract, "vendor": world.acme}):
        with pytest.raises(ValidationError, match="exactly one"):
            Question(**given, text="Which?", asked_by=None).full_clean()


@pytest.mark.django_db
def test_migrations_are_made_in_the_ordinary_way() -> None:
    call_command("makemigrations", "questions", check=True, dry_run=True)


def test_about(world: World, questions: dict[str, Question]) -> None:
    assert texts(Question.objects.about(world.contract)) == {"on C-1"}
    assert texts(Question.objects.about(world.rival)) == {"on Rival"}


# --- who sees it ---

VISIBLE = {
    "cio": {*ASKED, "on the note"},
    "manager": {*ASKED, "on the other note"},
    "auditor": {*ASKED},
    "agency_member": {"on C-1", "on Acme"},
    "vendor_member": {"on C-1", "on Acme"},
    "msi_member": {"on Acme"},
    "integration": {"on C-1", "on Acme"},
    "outsider": set(),
}
EDITABLE = {"cio": VISIBLE["cio"], "manager": {"on C-1", "on Acme"}}


def test_whoever_sees_the_subject_sees_the_row(cast: Cast, questions: dict[str, Question]) -> None:
    seen = {name: texts(Question.objects.visible_to(user)) for name, user in cast.by_role().items()}
    assert seen == VISIBLE


def test_managers_change_rows_whose_subject_they_may_change(cast: Cast, questions: dict[str, Question]) -> None:
    changed = {name: texts(Question.objects.editable_by(user)) for name, user in cast.by_role().items()}
    assert changed == {name: EDITABLE.get(name, set()) for name in changed}


# --- showing it ---


def test_the_name_always_shows_and_links_where_the_subject_is_seen(cast: Cast, world: World) -> None:
    Question.objects.create(subject=world.contract, text="own", asked_by=cast.agency_member)
    Question.objects.create(subject=world.rival, text="a rival's", asked_by=cast.agency_member)
    template = Template("{% load subjects %}{% subject_link question %}")
    rows = Question.objects.visible_to(cast.agency_member).with_subject(cast.agency_member)
    shown = {row.text: template.render(Context({"question": row})) for row in rows}
    assert shown["own"] == f'<a href="{world.contract.get_absolute_url()}">Agreement C-1</a>'
    assert shown["a rival's"] == "Rival Systems"


class QuestionTable(tables.Table):
    about = SubjectColumn()


def test_a_list_of_several_kinds_is_one_query(
    cast: Cast, questions: dict[str, Question], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        table = QuestionTable(Question.objects.visible_to(cast.cio).with_subject(cast.cio))
        cells = [str(row.get_cell("about")) for row in table.rows]
    assert len(cells) == len(VISIBLE["cio"])
    assert cells[2].endswith(">Acme Cloud</a>")
    assert cells[4] == "Carol"  # notes have no page
    assert [row[0] for row in table.as_values()][1:4] == ["Agreement C-1", "Agreement C-2", "Acme Cloud"]


def test_the_history_tells_what_it_was_about(cast: Cast, world: World, questions: dict[str, Question]) -> None:
    question = questions["on C-1"]
    question.subject = world.acme
    question.save()
    for reader in (cast.cio, cast.agency_member):
        events = trail.read(trail.sources_of(question, reader), skip=0, limit=10)
        newest = words.tell(events, reader)[0]
        changes = {(change.label, change.before, change.after) for change in newest.changes}
        assert changes == {("Contract", "Agreement C-1", "–"), ("Vendor", "–", "Acme Cloud")}
    assert trail.sources_of(question, cast.vendor_member) == []


# --- the form ---


class QuestionForm(SubjectForm):
    subject = SubjectField(Question)

    class Meta:
        model = Question


def form(user: User, subject: str, instance: Question | None = None) -> ScopedModelForm:
    data = {"subject": subject, "text": "Why?", "version": getattr(instance, "version", "")}
    return QuestionForm(data, user=user, instance=instance)


def test_a_form_offers_what_one_sees_by_kind(cast: Cast, questions: dict[str, Question]) -> None:
    of_agency = dict(QuestionForm(user=cast.agency_member).fields["subject"].choices)
    assert of_agency == {
        "": "Choose one",
        "Contracts": [("contract:C-1", "Agreement C-1 (contract)")],
        "Vendors": [("vendor:acme", "Acme Cloud (vendor)")],
        "Notes": [],
    }
    page = str(QuestionForm(user=cast.cio, instance=questions["on Acme"])["subject"])
    assert '<optgroup label="Contracts">' in page
    assert '<option value="vendor:acme" selected>Acme Cloud (vendor)</option>' in page
    assert f'<option value="note:{questions["on the note"].subject.pk}">' in page
    assert "Marco" not in page


def test_a_form_sets_and_changes_the_subject(cast: Cast, world: World) -> None:
    question = form(cast.manager, "contract:C-2").save()
    assert question.subject == world.other_contract
    again = form(cast.manager, "vendor:acme", question)
    assert again.has_changed()
    assert again.save().subject == world.acme
    assert Question.objects.get().subject == world.acme
    assert "subject" not in form(cast.manager, "vendor:acme", question).changed_data


def test_the_invisible_answers_like_the_unknown(cast: Cast, world: World, questions: dict[str, Question]) -> None:
    hidden = ["contract:C-2", "vendor:rival", f"note:{questions['on the note'].subject.pk}"]
    unknown = ["contract:C-9", "note:0", "note:x", "note:99999999999999999999", "agency:health", "C-1", "contract:\x00"]
    for value in (*hidden, *unknown):
        refused = form(cast.agency_member, value)
        assert refused.errors["subject"].as_data()[0].code == "invalid_choice", value
    assert form(cast.agency_member, "").errors["subject"] == ["This field is required."]


# --- the API ---


@pytest.fixture
def send(login: Callable[[User], Client]) -> Send:
    """`send(cast.cio, "post", {...})`; a change is of whatever version there is."""

    def write(user: User, method: str, body: dict[str, Any], path: str = "/questions-api/questions/") -> Any:
        call = getattr(login(user), method)
        return call(path, json.dumps(body), content_type="application/json", headers={"If-Match": "*"})

    return write


def test_the_api_writes_and_reads_a_subject(cast: Cast, world: World, send: Send) -> None:
    answer = send(cast.manager, "post", {"subject": {"kind": "contract", "code": "C-1"}, "text": "Why?"})
    assert answer.status_code == 201, answer.content
    assert answer.json()["subject"] == {"kind": "contract", "code": "C-1"}
    path = answer.headers["Location"]
    answer = send(cast.manager, "patch", {"subject": {"kind": "vendor", "code": "acme"}}, path)
    assert answer.json()["subject"] == {"kind": "vendor", "code": "acme"}
    assert Question.objects.get().subject == world.acme


REFUSED = [
    ("C-1", "subject", 'Expected an object such as {"kind": "contract", "code": "…"}, with nothing else in it.'),
    ({"kind": "contract"}, "subject", 'Expected an object such as {"kind": "contract", "code": "…"}'),
    ({"kind": "contract", "code": "C-1", "id": 1}, "subject", "Expected an object"),
    ({"kind": "agency", "code": "health"}, "subject.kind", "Expected one of: contract, vendor, note."),
    ({"kind": ["contract"], "code": "C-1"}, "subject.kind", "Expected one of"),
    ({"kind": "contract", "code": "C-9"}, "subject.code", "Expected the code of something of this kind that exists"),
    ({"kind": "contract", "code": 1}, "subject.code", "Expected the code"),
    ({"kind": "note", "code": "x"}, "subject.code", "Expected the code"),
    ({"kind": "contract", "code": "C\x001"}, "subject.code", "Expected the code"),
    (None, "subject", "This field may not be null."),
]


@pytest.mark.parametrize(("subject", "field", "message"), REFUSED)
def test_the_api_says_what_it_expected(
    cast: Cast, world: World, send: Send, subject: object, field: str, message: str
) -> None:
    answer = send(cast.cio, "post", {"subject": subject, "text": "Why?"})
    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert error["message"].startswith(message)
    assert not Question.objects.exists()


def test_over_the_api_the_invisible_answers_like_the_unknown(
    cast: Cast, questions: dict[str, Question], send: Send
) -> None:
    def errors(code: object) -> Any:
        body = {"subject": {"kind": "note", "code": str(code)}, "text": "Why?"}
        return send(cast.manager, "post", body).json()["errors"]

    assert errors(questions["on the note"].subject.pk) == errors(0)


def test_what_one_may_not_change_is_refused(cast: Cast, world: World, send: Send) -> None:
    body = {"subject": {"kind": "vendor", "code": "rival"}, "text": "Why?"}
    assert send(cast.manager, "post", body).status_code == 403
    assert not Question.objects.exists()


def test_an_api_list_of_several_kinds_asks_the_same(
    cast: Cast, world: World, login: Callable[[User], Client], django_assert_num_queries: Any
) -> None:
    client = login(cast.cio)
    for things in ([world.contract], [world.contract, world.acme, world.rival, world.other_contract]):
        for thing in things:
            Question.objects.create(subject=thing, text="Why?")
        client.get("/questions-api/questions/")
        # session with its user; how many rows; the rows with what they are about
        with django_assert_num_queries(3):
            client.get("/questions-api/questions/")


def test_the_api_describes_the_kinds() -> None:
    schema: Any = SchemaGenerator(urlconf="tests.kernel.subjects.urls").get_schema(request=None, public=True)
    described = schema["components"]["schemas"]["Question"]["properties"]["subject"]
    assert described["properties"]["kind"]["enum"] == ["contract", "vendor", "note"]
    assert described["required"] == ["kind", "code"]
