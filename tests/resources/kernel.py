"""People, tokens, contacts, jobs, saved views and webhooks."""

import datetime

from django.utils import timezone

from kernel.accounts.models import ApiToken, User
from kernel.accounts.operations import issue_token
from kernel.directory.models import Contact, Membership
from kernel.jobs.models import Job
from kernel.saved_views.models import SavedView
from kernel.webhooks.models import Delivery, Endpoint
from tests.resources.entry import Resource, Side
from tests.resources.letters import (
    AGENCY_SIDE,
    EDITORS_AND_AGENCY,
    EVERYBODY,
    OFFICE_ALONE,
    OFFICE_AND_AUDITOR,
    OFFICE_SEEN_BY_STAFF,
    OWN_OR_OFFICE,
    OWNER,
    SENT_BY_OFFICE,
    STAFF,
    WHO_ASKED,
    Line,
    both,
    to,
)


def make_token(side: Side) -> ApiToken:
    """The member's own; theirs is the integration's, which the office issued."""
    user, by = (side.cast.integration, side.cast.cio) if side.is_theirs else (side.member, side.member)
    expires_at = timezone.now() + datetime.timedelta(days=9)
    return issue_token(user=user, name="t", scopes=["vendors:read"], expires_at=expires_at, by=by)[0]


def make_job(side: Side) -> Job:
    """The manager's; theirs is the portal's own."""
    asked_by = {"ours": side.cast.manager, "theirs": None}.get(side.name, side.member)
    return Job.objects.create(kind="nothing", title=side.name, requested_by=asked_by, result={"created": 3})


def make_webhook(side: Side) -> Endpoint:
    acts_for = side.cast.integration if side.is_theirs else side.cast.cio
    return Endpoint.objects.create(
        name="W", url="https://example.org/", event_types=["job.finished"], acts_for=acts_for, secret="-"
    )


RESOURCES = (
    Resource(
        User,
        lambda side: side.member,
        pages={
            "accounts:user_list": STAFF,
            "accounts:user_create": OFFICE_SEEN_BY_STAFF,
            "accounts:user_detail": STAFF,
            "accounts:user_update": OFFICE_SEEN_BY_STAFF,
            "accounts:user_invite_again": OFFICE_SEEN_BY_STAFF,
            "accounts:user_deactivate": OFFICE_SEEN_BY_STAFF,
            "accounts:user_reactivate": OFFICE_SEEN_BY_STAFF,
            "accounts:user_reset_second_factor": OFFICE_SEEN_BY_STAFF,
            "accounts:integration_token_create": both("Lfffxxxx"),  # neither of them is an integration
        },
    ),
    Resource(
        Membership,
        lambda side: side.member.memberships.get(),
        pages={
            "accounts:membership_create": OFFICE_SEEN_BY_STAFF.of(User),
            "accounts:membership_end": OFFICE_SEEN_BY_STAFF,
        },
    ),
    Resource(
        ApiToken,
        make_token,
        pages={"accounts:token_create": EVERYBODY, "accounts:token_revoke": OWN_OR_OFFICE},
    ),
    Resource(
        Contact,
        lambda side: Contact.objects.create(organization=side.agency, name="Somebody"),
        "contacts",
        reads=AGENCY_SIDE,
        changes=EDITORS_AND_AGENCY,
        body={"organization": "health", "name": "Ida Wells", "email": "ida@example.gov"},
        change={"title": "Chief of staff", "retired_on": "2024-01-01"},
        marks={"name": ("name-in-health", "name-in-parks")},
    ),
    Resource(
        Job,
        make_job,
        "jobs",
        reads=WHO_ASKED,
        pages={
            "jobs:job_list": STAFF,
            "jobs:job_detail": WHO_ASKED,
            "jobs:job_retry": both("Lmmmxxxx").sending(Line("Loofxxxx", "Loxfxxxx")),
        },
        marks={"title": ("job-of-manager", "job-of-portal")},
    ),
    Resource(
        SavedView,
        lambda side: SavedView.objects.create(owner=side.member, page="vendors:vendor_list", name=side.name),
        "saved-views",
        reads=OWNER,
        pages={
            "saved_views:view_list": EVERYBODY,
            "saved_views:view_create": to("Looxoooo", page="vendors:vendor_list"),
            "saved_views:view_update": OWNER,
            "saved_views:view_remove": OWNER,
        },
        marks={"name": ("view-of-health", "view-of-rival")},
    ),
    Resource(
        Endpoint,
        make_webhook,
        pages={
            "webhooks:webhook_list": OFFICE_AND_AUDITOR,
            "webhooks:webhook_create": OFFICE_ALONE,
            "webhooks:webhook_detail": OFFICE_AND_AUDITOR.showing(2),
            "webhooks:webhook_update": OFFICE_ALONE,
            "webhooks:webhook_new_secret": OFFICE_ALONE,
            "webhooks:webhook_switch_off": OFFICE_ALONE,
            "webhooks:webhook_switch_on": SENT_BY_OFFICE,
            "webhooks:webhook_test": SENT_BY_OFFICE,
        },
    ),
    Resource(
        Delivery,
        lambda side: Delivery.objects.create(endpoint=side[Endpoint], event="job.finished", key="1", body="{}"),
        pages={
            "webhooks:message_detail": OFFICE_AND_AUDITOR.showing(3),
            "webhooks:message_redeliver": SENT_BY_OFFICE,
        },
    ),
)

# What is about no row.
ROUTES = {
    "accounts:profile": EVERYBODY,
    "accounts:profile_update": EVERYBODY,
    "notices:notice_list": EVERYBODY,
    "notices:notices_read": to("Lmmmmmmm").sending(EVERYBODY),
}
