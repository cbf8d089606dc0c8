"""New editions of the method: rules checked while people write, changed until first use, discarded if never used."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from metrics.editions.drafting import bands_of, change_edition, discard_edition, draft_edition, next_edition
from metrics.editions.rules import rules
from metrics.methodologies.figures import Band
from metrics.models import GradeBand, Methodology
from tests.conftest import Cast, World
from tests.metrics.editions.drawn import ANY, Drawn

pytestmark = pytest.mark.django_db
Login = Callable[..., Client]
LETTERS = [Band(Decimal(start), name) for start, name in ((0, "F"), (60, "D"), (70, "C"), (80, "B"), (90, "A"))]


@pytest.fixture
def edition(world: World, cast: Cast) -> Methodology:
    """The second edition of the world's methodology, with letters as grades."""
    return draft_edition(methodology=next_edition(world.methodology), bands=LETTERS, by=cast.cio)


def create(drawn: Drawn) -> bool:
    """Whether the database takes an edition as it is, whatever the rules say."""
    try:
        with transaction.atomic():
            methodology = drawn.methodology("drawn", "Drawn")
            methodology.save()
            GradeBand.objects.bulk_create(
                GradeBand(methodology=methodology, position=position, name=band.name, lower_bound=band.start)
                for position, band in enumerate(drawn.bands, start=1)
            )
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=ANY)
def test_the_rules_in_words_are_the_databases(world: World, drawn: Drawn) -> None:
    found = rules(drawn.weights, drawn.score_at_target, drawn.minimum_coverage, drawn.bands)
    assert all(rule.holds for rule in found) == create(drawn)


def test_a_new_edition_begins_as_the_old_one(world: World, cast: Cast) -> None:
    origin = world.methodology
    begun = next_edition(origin)
    assert (begun.code, begun.name, begun.edition) == ("default-2", origin.name, 2)
    assert begun.weights() == origin.weights()
    stored = draft_edition(methodology=begun, bands=bands_of(origin), by=cast.cio)
    assert bands_of(stored) == bands_of(origin)
    assert (stored.is_default, stored.first_used_at) == (False, None)
    assert next_edition(stored).code == "default-3"


def test_other_names_count_their_own_editions(edition: Methodology, cast: Cast) -> None:
    assert edition.edition == 2
    edition.name = "Letters"
    change_edition(methodology=edition, bands=LETTERS, by=cast.cio)
    assert Methodology.objects.get(pk=edition.pk).edition == 1


def test_grades_that_stay_keep_their_row(edition: Methodology, cast: Cast) -> None:
    before = dict(edition.bands.values_list("name", "pk"))
    version = Methodology.objects.get(pk=edition.pk).version
    inserted = [*LETTERS[:2], Band(Decimal(65), "C-"), *LETTERS[2:]]
    change_edition(methodology=edition, bands=inserted, by=cast.cio)
    after = dict(edition.bands.values_list("name", "pk"))
    assert list(edition.bands.values_list("name", flat=True)) == ["F", "D", "C-", "C", "B", "A"]
    assert {name for name in before if before[name] == after[name]} == {"F", "D"}
    assert Methodology.objects.get(pk=edition.pk).version > version


def test_wrong_grades_are_refused_and_nothing_is_written(edition: Methodology, cast: Cast) -> None:
    for bands in ([], LETTERS[1:], [LETTERS[0], LETTERS[2], LETTERS[1]], [*LETTERS, Band(Decimal(95), "A")]):
        with pytest.raises(ValidationError) as refused:
            change_edition(methodology=edition, bands=bands, by=cast.cio)
        assert "bands" in refused.value.message_dict
    assert bands_of(edition) == LETTERS


def test_from_its_first_use_it_does_not_change(edition: Methodology, cast: Cast) -> None:
    Methodology.objects.filter(pk=edition.pk).update(first_used_at=timezone.now())
    for write in (
        lambda: change_edition(methodology=edition, bands=LETTERS, by=cast.cio),
        lambda: discard_edition(methodology=edition, by=cast.cio),
    ):
        with pytest.raises(ValidationError, match="was used does not change"):
            write()
    with pytest.raises(IntegrityError, match="grade bands of a methodology that was used"), transaction.atomic():
        edition.bands.all().delete()


def test_an_unused_edition_is_discarded_and_the_history_keeps_it(edition: Methodology, cast: Cast) -> None:
    discard_edition(methodology=edition, by=cast.cio)
    assert not Methodology.objects.filter(code="default-2").exists()
    events = Methodology.pgh_event_models["delete"].objects.filter(pgh_obj_id=edition.pk)  # type: ignore[attr-defined]
    assert list(events.values_list("pgh_label", flat=True)) == ["insert", "delete"]


def test_the_default_is_not_discarded(world: World, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="state's default"):
        discard_edition(methodology=world.methodology, by=cast.cio)


@pytest.mark.parametrize("role", ["manager", "auditor", "agency_member", "vendor_member"])
def test_editions_are_the_offices(role: str, edition: Methodology, cast: Cast) -> None:
    by = cast.by_role()[role]
    for write in (
        lambda: draft_edition(methodology=next_edition(edition), bands=LETTERS, by=by),
        lambda: change_edition(methodology=edition, bands=LETTERS, by=by),
        lambda: discard_edition(methodology=edition, by=by),
    ):
        with pytest.raises(PermissionDenied):
            write()


# --- in pages ---


def entered(client: Client, url: str) -> dict[str, Any]:
    """What the form of a page holds, as a browser would send it."""
    form = client.get(url).context["form"]
    return {field.html_name: field.value() for field in form if field.value() is not None}


def new_edition(methodology: Methodology) -> str:
    return reverse("metrics:methodology_create", args=[methodology.code])


def test_a_page_drafts_an_edition_with_grades_of_its_own(cast: Cast, world: World, login: Login) -> None:
    client, url = login(cast.cio), new_edition(world.methodology)
    values = entered(client, url)
    assert (values["code"], values["minimum_coverage"], values["score_at_target"]) == ("default-2", "60", "75")
    letters = {f"grade_{n}": band.name for n, band in enumerate(LETTERS, start=1)}
    starts = {f"from_{n}": str(band.start) for n, band in enumerate(LETTERS, start=1)}
    answer = client.post(url, {**values, **letters, **starts, "minimum_coverage": "62.5"})
    stored = Methodology.objects.get(code="default-2")
    assert answer["Location"] == stored.get_absolute_url()
    assert (bands_of(stored), stored.minimum_coverage) == (LETTERS, Decimal("0.625"))
    page = client.get(stored.get_absolute_url()).content.decode()
    assert "Not used yet" in page
    assert reverse("metrics:methodology_update", args=["default-2"]) in page


def test_a_page_says_what_is_wrong_beside_its_box(cast: Cast, world: World, login: Login) -> None:
    client, url = login(cast.cio), new_edition(world.methodology)
    values = {**entered(client, url), "outcomes_weight": "30", "from_3": "40", "grade_5": "Marginal", "code": "a b"}
    form = client.post(url, values).context["form"]
    assert set(form.errors) == {"__all__", "from_3", "grade_5", "code"}
    assert "total 100" in str(form.errors["__all__"])
    assert not Methodology.objects.filter(edition=2).exists()


def test_while_typing_the_rules_are_looked_at(cast: Cast, world: World, login: Login) -> None:
    client, url = login(cast.cio), new_edition(world.methodology)
    values = {**entered(client, url), "outcomes_weight": "30", "cost_weight": "18", "check": "1"}
    panel = client.post(url, values, headers={"HX-Request": "true"}).content.decode()
    assert "<form" not in panel
    assert "They total 103: 3 too many." in panel
    assert "Together they weigh 23." in panel
    assert panel.count("Does not hold") == 2
    page = client.post(url, {**values, "cost_weight": "nonsense"}).content.decode()
    assert "<form" in page
    assert "Missing: Cost." in page
    assert "Please check" not in page
    assert not Methodology.objects.filter(edition=2).exists()


def test_grades_are_added_and_taken_out_without_losing_what_was_typed(cast: Cast, world: World, login: Login) -> None:
    client, url = login(cast.cio), new_edition(world.methodology)
    values = {**entered(client, url), "name": "Typed"}
    grown = client.post(url, {**values, "insert": "2"}).context["form"]
    names = [name.value() for _position, name, _start in grown.band_fields]
    assert names == ["Unsatisfactory", "Marginal", "", "Satisfactory", "Very Good", "Exceptional"]
    assert (grown["name"].value(), grown.is_bound) == ("Typed", False)
    assert "autofocus" in str(grown["grade_3"])
    less = client.post(url, {**values, "remove": "1"}).context["form"]
    assert [start.value() for _position, _name, start in less.band_fields] == ["50", "70", "85", "95"]
    for nonsense in (
        {"insert": "99"},
        {"remove": "x"},
        {"insert": "1", "grades": "9999"},
        {"check": "1", "grades": ""},
    ):
        assert client.post(url, {**values, **nonsense}).status_code == 200


def test_a_lost_update_shows_both_also_of_grades(cast: Cast, edition: Methodology, login: Login) -> None:
    client, url = login(cast.cio), reverse("metrics:methodology_update", args=[edition.code])
    values = entered(client, url)
    change_edition(methodology=edition, bands=LETTERS[:4], by=cast.cio)
    answer = client.post(url, {**values, "grade_5": "A*"})
    assert answer.status_code == 409
    differing = {each["field"].name: (each["theirs"], each["yours"]) for each in answer.context["differing"]}
    assert differing == {"grade_5": ("", "A*"), "from_5": ("", "90")}
    assert client.post(url, {**values, "version": answer.context["form"]["version"].value()}).status_code == 302
    assert bands_of(edition) == LETTERS


def test_pages_lead_back_from_what_was_used(cast: Cast, edition: Methodology, login: Login) -> None:
    client = login(cast.cio)
    update, discard = (reverse(f"metrics:methodology_{verb}", args=[edition.code]) for verb in ("update", "discard"))
    values = entered(client, update)
    Methodology.objects.filter(pk=edition.pk).update(first_used_at=timezone.now())
    for url in (update, discard):
        page = client.get(url, follow=True)
        assert page.redirect_chain == [(edition.get_absolute_url(), 302)]
        assert "was used does not change" in page.content.decode()
    assert "was used does not change" in client.post(discard, follow=True).content.decode()
    late = {**values, "version": Methodology.objects.get(pk=edition.pk).version}
    assert "was used does not change" in client.post(update, late).content.decode()


def test_a_page_discards(cast: Cast, edition: Methodology, login: Login) -> None:
    url = reverse("metrics:methodology_discard", args=[edition.code])
    assert login(cast.cio).post(url)["Location"] == reverse("metrics:methodology_list")
    assert not Methodology.objects.filter(pk=edition.pk).exists()
