"""People: invited, changed, deactivated by the CIO's office, and by nobody else."""

import datetime
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kernel.access import Role
from kernel.accounts import operations
from kernel.accounts.models import ApiToken, User
from kernel.directory.models import Membership
from tests.conftest import LONG_AGO, PASSWORD, Cast, World

Login = Callable[[User], Client]
NEW_PASSWORD = "a longer phrase than before"


def page_of(name: str, *args: object) -> str:
    return reverse(f"accounts:{name}", args=args)


def invitation(**fields: object) -> dict[str, object]:
    return {"name": "Nina New", "email": "Nina@Example.gov", "role": "agency_member", "organization": "", **fields}


def issue(user: User, by: User | None = None) -> ApiToken:
    token, _secret = operations.issue_token(
        user=user,
        name="t",
        scopes=["vendors:read"],
        expires_at=timezone.now() + timedelta(days=9),
        by=by or user,
    )
    return token


# --- inviting ---


def test_an_invited_person_sets_a_password_and_signs_in(cast: Cast, world: World, login: Login) -> None:
    login(cast.cio).post(page_of("user_create"), invitation(organization=world.health.pk))
    person = User.objects.get(email="nina@example.gov")
    assert not person.has_usable_password()
    assert list(person.member_organizations()) == [world.health]

    (message,) = mail.outbox
    assert message.to == ["nina@example.gov"]
    assert "Carol has made an account for you" in message.body
    (path,) = re.findall(r"http://testserver(/\S+)", message.body)
    visitor = Client()
    form = visitor.get(path).headers["Location"]
    visitor.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    visitor.post("/accounts/login/", {"login": "nina@example.gov", "password": NEW_PASSWORD})
    assert visitor.get("/profile/").status_code == 200


def test_a_second_invitation_works_until_somebody_signed_in(cast: Cast, login: Login) -> None:
    client = login(cast.cio)
    client.post(page_of("user_create"), invitation())
    person = User.objects.get(email="nina@example.gov")
    client.post(page_of("user_invite_again", person.pk))
    assert len(mail.outbox) == 2
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    client.post(page_of("user_invite_again", person.pk))
    assert len(mail.outbox) == 2


def test_a_mail_server_that_refuses_loses_nothing(cast: Cast, login: Login, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    page = login(cast.cio).post(page_of("user_create"), invitation(), follow=True).content.decode()
    assert "did not take the invitation" in page
    assert User.objects.filter(email="nina@example.gov").exists()


def test_an_integration_gets_no_mail_and_no_password(cast: Cast, login: Login) -> None:
    fields = invitation(role="integration", owner=cast.agency_member.pk)
    login(cast.cio).post(page_of("user_create"), fields)
    assert User.objects.get(email="nina@example.gov").owner == cast.agency_member
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"email": "carol@example.gov"}, "already exists"),
        ({"role": "integration"}, "An integration needs an owner"),
        ({"owner": "cio"}, "Only an integration has an owner"),
        ({"organization": "health", "capacity": "manager_primary"}, "does not belong to organizations"),
        ({"organization": "health", "starts_on": "2025-02-01", "ends_on": "2025-01-01"}, "before the first"),
    ],
)
def test_a_wrong_invitation_is_refused_in_words(
    cast: Cast, world: World, login: Login, fields: dict[str, object], complaint: str
) -> None:
    if fields.get("organization"):
        fields = {**fields, "organization": world.health.pk}
    if fields.get("owner"):
        fields = {**fields, "owner": cast.cio.pk}
    people = User.objects.count()
    page = login(cast.cio).post(page_of("user_create"), invitation(**fields))
    assert complaint in page.content.decode()
    assert User.objects.count() == people
    assert mail.outbox == []


def test_a_second_primary_manager_is_refused_with_the_account(cast: Cast, world: World, login: Login) -> None:
    fields = invitation(role="brm_manager", organization=world.health.pk)
    page = login(cast.cio).post(page_of("user_create"), fields)
    assert "already has a primary BRM manager" in page.content.decode()
    assert not User.objects.filter(email="nina@example.gov").exists()


# --- changing ---


def person_fields(person: User, **fields: object) -> dict[str, object]:
    person.refresh_from_db()
    stored = {"name": person.name, "email": person.email, "role": person.role, "version": person.version}
    return {**stored, "owner": person.owner_id or "", **fields}


def test_another_role_ends_tokens_and_memberships_that_do_not_fit(cast: Cast, world: World, login: Login) -> None:
    token = issue(cast.manager)
    login(cast.cio).post(page_of("user_update", cast.manager.pk), person_fields(cast.manager, role="agency_member"))
    cast.manager.refresh_from_db()
    token.refresh_from_db()
    assert cast.manager.role == Role.AGENCY_MEMBER
    assert token.revoked_at is not None
    assert {m.ends_on for m in cast.manager.memberships.all()} == {timezone.localdate()}
    # Back again: the token does not come to life.
    operations.change_role(user=cast.manager, role=Role.BRM_MANAGER, by=cast.cio)
    assert not ApiToken.objects.usable().exists()


def test_an_owners_other_role_ends_the_tokens_of_the_integration(cast: Cast) -> None:
    issue(cast.integration, by=cast.cio)
    operations.change_role(user=cast.agency_member, role=Role.CIO_OFFICE, by=cast.cio)
    assert not ApiToken.objects.usable().exists()


def test_nobody_changes_their_own_role(cast: Cast, login: Login) -> None:
    login(cast.cio).post(page_of("user_update", cast.cio.pk), person_fields(cast.cio, role="auditor"))
    cast.cio.refresh_from_db()
    assert cast.cio.role == Role.CIO_OFFICE
    with pytest.raises(ValidationError):
        operations.change_role(user=cast.cio, role=Role.AUDITOR, by=cast.cio)


def test_a_person_does_not_become_an_integration(cast: Cast) -> None:
    for user, role in [(cast.agency_member, Role.INTEGRATION), (cast.integration, Role.AGENCY_MEMBER)]:
        with pytest.raises(ValidationError):
            operations.change_role(user=user, role=role, by=cast.cio, owner=cast.manager)


def test_a_lost_update_shows_both(cast: Cast, login: Login) -> None:
    fields = person_fields(cast.manager, name="Marco Polo")
    User.objects.filter(pk=cast.manager.pk).update(name="Marco B.")
    page = login(cast.cio).post(page_of("user_update", cast.manager.pk), fields)
    assert page.status_code == 409
    assert "Marco Polo" in page.content.decode()
    assert "Marco B." in page.content.decode()


# --- memberships ---


def test_a_membership_begins_today_where_nothing_else_is_said(cast: Cast, login: Login) -> None:
    page = login(cast.cio).get(page_of("membership_create", cast.agency_member.pk))
    assert page.context["form"]["starts_on"].value() == timezone.localdate()


def test_memberships_are_added_and_ended_with_a_reason(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    fields = {"organization": world.parks.pk, "capacity": "member", "starts_on": "2024-01-01"}
    client.post(page_of("membership_create", cast.agency_member.pk), fields)
    membership = Membership.objects.get(user=cast.agency_member, organization=world.parks)
    entered = {"ends_on": "2024-12-31", "version": membership.version}
    page = client.post(page_of("membership_end", membership.pk), {**entered, "reason": ""})
    assert "required" in page.content.decode()
    client.post(page_of("membership_end", membership.pk), {**entered, "reason": "Moved to another agency"})
    membership.refresh_from_db()
    assert membership.ends_on == datetime.date(2024, 12, 31)
    assert world.parks not in cast.agency_member.member_organizations()


def test_capacities_fit_the_role(cast: Cast, world: World) -> None:
    with pytest.raises(ValidationError, match="capacity"):
        operations.assign_membership(
            user=cast.agency_member, organization=world.parks, capacity="msi", starts_on=LONG_AGO, by=cast.cio
        )


# --- deactivating ---


def test_deactivating_says_who_loses_what_and_ends_it(cast: Cast, world: World, login: Login) -> None:
    issue(cast.manager)
    client = login(cast.cio)
    page = client.get(page_of("user_deactivate", cast.manager.pk)).content.decode()
    assert "Department of Health: it will have no primary BRM manager." in page
    assert "1 API token ends" in page
    person = Client()
    person.post("/accounts/login/", {"login": cast.manager.email, "password": PASSWORD})
    client.post(page_of("user_deactivate", cast.manager.pk), {"end_memberships": "on"})
    assert person.get("/profile/").status_code == 302
    assert not ApiToken.objects.usable().exists()
    assert not cast.manager.memberships.filter(ends_on=None).exists()

    client.post(page_of("user_reactivate", cast.manager.pk))
    cast.manager.refresh_from_db()
    assert cast.manager.is_active
    assert not ApiToken.objects.usable().exists()


def test_nobody_deactivates_themselves_or_the_last_of_the_office(cast: Cast, login: Login) -> None:
    page = login(cast.cio).post(page_of("user_deactivate", cast.cio.pk), follow=True).content.decode()
    assert "Somebody else of the CIO&#x27;s office must deactivate you" in page
    cast.cio.refresh_from_db()
    assert cast.cio.is_active


def test_who_was_deactivated_meanwhile_decides_nothing_any_more(cast: Cast) -> None:
    colleague = operations.invite_user(email="c@example.gov", name="C", role=Role.CIO_OFFICE, by=cast.cio)
    operations.deactivate_user(user=cast.cio, by=colleague)
    with pytest.raises(PermissionDenied):
        operations.deactivate_user(user=colleague, by=cast.cio)


@pytest.mark.django_db(transaction=True)
def test_two_of_the_office_cannot_close_each_others_account(cast: Cast) -> None:
    colleague = operations.invite_user(email="c@example.gov", name="C", role=Role.CIO_OFFICE, by=cast.cio)
    start = threading.Barrier(2)

    def deactivate(user: User, by: User) -> bool:
        start.wait()
        try:
            operations.deactivate_user(user=user, by=by)
        except PermissionDenied:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(deactivate, *pair) for pair in ((cast.cio, colleague), (colleague, cast.cio))]
        assert sorted(result.result() for result in results) == [False, True]
    assert User.objects.filter(role=Role.CIO_OFFICE, is_active=True).count() == 1


@pytest.mark.parametrize("role", ["manager", "auditor", "agency_member", "vendor_member", "msi_member"])
def test_only_the_office_decides(cast: Cast, world: World, role: str) -> None:
    by = cast.by_role()[role]
    someone = cast.vendor_member
    membership = someone.memberships.get()
    calls: list[Callable[[], object]] = [
        lambda: operations.invite_user(email="x@example.gov", name="X", role=Role.AUDITOR, by=by),
        lambda: operations.change_role(user=someone, role=Role.AUDITOR, by=by),
        lambda: operations.update_user(user=someone, name="Y", email="y@example.gov", role=someone.role, by=by),
        lambda: operations.deactivate_user(user=someone, by=by),
        lambda: operations.reactivate_user(user=someone, by=by),
        lambda: operations.reset_second_factor(user=cast.auditor, by=by),
        lambda: operations.assign_membership(
            user=someone, organization=world.parks, capacity="member", starts_on=LONG_AGO, by=by
        ),
        lambda: operations.end_membership(membership=membership, ends_on=LONG_AGO, reason="x", by=by),
    ]
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()


def test_the_office_resets_a_lost_second_factor(cast: Cast, login: Login) -> None:
    login(cast.cio).post(page_of("user_reset_second_factor", cast.auditor.pk))
    assert not Authenticator.objects.filter(user=cast.auditor).exists()
    assert login(cast.auditor).get("/").headers["Location"] == "/accounts/2fa/totp/activate/"


# --- the list ---


def test_the_list_filters_and_costs_the_same_for_many(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    page = client.get(page_of("user_list"), {"role": "auditor"}).content.decode()
    assert "Audra" in page
    assert "Hanna" not in page
    with CaptureQueriesContext(connection) as few:
        client.get(page_of("user_list"))
    for number in range(20):
        user = User.objects.create_user(f"u{number}@example.gov", name=f"U{number}", role=Role.AGENCY_MEMBER)
        Membership.objects.create(user=user, organization=world.parks, starts_on=LONG_AGO)
    with CaptureQueriesContext(connection) as many:
        assert "State Parks" in client.get(page_of("user_list")).content.decode()
    assert len(few) == len(many)


def test_many_memberships_fit_into_a_line_and_all_into_a_file(cast: Cast, world: World, login: Login) -> None:
    for organization in (world.parks, world.acme.organization, world.rival.organization):
        Membership.objects.create(user=cast.agency_member, organization=organization, starts_on=LONG_AGO)
    client = login(cast.cio)
    assert (
        "Acme Cloud, Department of Health, Rival Systems and 1 more"
        in client.get(page_of("user_list")).content.decode()
    )
    file = client.get(page_of("user_list"), {"export": "csv"}).content.decode()
    assert '"Acme Cloud, Department of Health, Rival Systems, State Parks"' in file


def test_the_page_of_a_person_costs_the_same_for_many_memberships(cast: Cast, world: World, login: Login) -> None:
    client = login(cast.cio)
    with CaptureQueriesContext(connection) as few:
        page = client.get(page_of("user_detail", cast.agency_member.pk)).content.decode()
    assert "Department of Health" in page
    for organization in (world.parks, world.acme.organization, world.rival.organization):
        Membership.objects.create(user=cast.agency_member, organization=organization, starts_on=LONG_AGO)
    with CaptureQueriesContext(connection) as many:
        client.get(page_of("user_detail", cast.agency_member.pk))
    assert len(few) == len(many)


# --- the first user ---


def test_the_first_user_is_made_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_USER_PASSWORD", NEW_PASSWORD)
    options = {"name": "First", "ask": False}
    call_command("create_first_user", email="First@example.gov", **options)
    user = User.objects.get(email="first@example.gov")
    assert user.role == Role.CIO_OFFICE
    assert user.is_superuser
    assert user.check_password(NEW_PASSWORD)
    assert user.events.get().pgh_context == {"command": "create_first_user"}
    with pytest.raises(CommandError, match="already"):
        call_command("create_first_user", email="second@example.gov", **options)
    call_command("create_first_user", email="second@example.gov", force=True, **options)


@pytest.mark.parametrize("password", ["", "short", "first@example.gov"])
def test_the_first_user_needs_a_strong_password(db: None, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setenv("FIRST_USER_PASSWORD", password)
    with pytest.raises(CommandError):
        call_command("create_first_user", email="first@example.gov", name="First", ask=False)
    assert not User.objects.exists()
