"""Global search: which kinds of things there are to find, how each is found, and where its page is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.views import AgencyDetail
from kernel.accounts.models import User
from kernel.directory.models import Alias, Identifier, Organization
from kernel.pages import DetailPage
from kernel.searching import SearchableWords, beginning_with
from metrics.models import Outcome
from metrics.views.outcomes import OutcomeDetail
from vendors.models import Contract, Service, Vendor
from vendors.views.contracts import ContractDetail
from vendors.views.services import ServiceDetail
from vendors.views.vendors import VendorDetail

SHOWN = 8
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Found:
    """One row that was found."""

    key: str
    name: str
    note: str
    url: str


@dataclass(frozen=True)
class Kind:
    """One kind of thing; `resource` is its name in the API, `page` what a row's address opens."""

    resource: str
    label: Promise
    page: type[DetailPage]
    list_url_name: str
    rows: Callable[[SearchQuery], Any]
    begins: str  # the column whose beginning comes first
    told: Callable[[Any], Found]


@dataclass(frozen=True)
class Finding:
    """What was found of one kind: the first rows, and whether there are more."""

    kind: Kind
    found: list[Found]
    has_more: bool


def find(text: str, user: User, resources: Iterable[str] | None = None) -> list[Finding]:
    """What the user may see and open and that has all words of `text`, by kind: one query a kind.

    With `resources` only these kinds. Nothing where `text` has no word.
    """
    query = beginning_with(text)
    if query is None:
        return []
    wanted = [kind for kind in KINDS if user.role in kind.page.open_to]
    if resources is not None:
        wanted = [kind for kind in wanted if kind.resource in set(resources)]
    findings = [find_kind(kind, query, text.strip(), user) for kind in wanted]
    return [finding for finding in findings if finding.found]


def find_kind(kind: Kind, query: SearchQuery, text: str, user: User) -> Finding:
    """The first rows of one kind: those whose name begins with the text before all others."""
    begins = Case(When(**{f"{kind.begins}__istartswith": text}, then=Value(0)), default=Value(1))
    rows = kind.rows(query).filter(pk__in=visible(kind, user))
    rows = list(rows.order_by(begins, kind.begins, "pk")[: SHOWN + 1])
    return Finding(kind, [kind.told(row) for row in rows[:SHOWN]], len(rows) > SHOWN)


def visible(kind: Kind, user: User) -> QuerySet[Any]:
    """The keys of all rows of a kind that the user may see."""
    rows: QuerySet[Any] = kind.page.model.objects.visible_to(user).order_by().values("pk")
    return rows


def holds(query: SearchQuery, model: Any, *columns: str) -> Any:
    """The rows whose columns hold all words."""
    return model.objects.annotate(searchable=SearchableWords(*columns)).filter(searchable=query)


def of_organizations(model: Any, query: SearchQuery) -> Any:
    """Profiles whose organization has the words in its name or code, in another name, or in an identifier."""
    aliases = holds(query, Alias, "name")
    matches = (
        holds(query, Organization, "code", "name").values("pk"),
        aliases.values("organization"),
        holds(query, Identifier, "value").values("organization"),
    )
    own, by_alias, by_identifier = (Q(pk__in=keys.order_by()) for keys in matches)
    alias = aliases.filter(organization=OuterRef("pk")).order_by("name").values("name")[:1]
    rows = model.objects.select_related("organization").filter(own | by_alias | by_identifier)
    return rows.annotate(alias=Subquery(alias))


def organization_found(row: Any) -> Found:
    """A profile, with the other name that found it."""
    organization = row.organization
    notes = [organization.code, *([_now("also known as %(name)s") % {"name": row.alias}] if row.alias else [])]
    if organization.retired_on is not None:
        notes.append(_now("retired"))
    return Found(organization.code, organization.name, " · ".join(notes), row.get_absolute_url())


def contract_found(row: Contract) -> Found:
    """A contract with its parties."""
    return Found(row.number, row.title, f"{row.number} · {row.vendor} · {row.agency}", row.get_absolute_url())


def service_found(row: Service) -> Found:
    """A service with its provider."""
    return Found(row.code, row.name, f"{row.code} · {row.provider}", row.get_absolute_url())


def outcome_found(row: Outcome) -> Found:
    """An outcome with its agency."""
    return Found(row.code, row.name, f"{row.code} · {row.organization}", row.get_absolute_url())


KINDS = (
    Kind(
        "vendors",
        _("Vendors"),
        VendorDetail,
        "vendors:vendor_list",
        lambda query: of_organizations(Vendor, query),
        "organization__name",
        organization_found,
    ),
    Kind(
        "agencies",
        _("Agencies"),
        AgencyDetail,
        "agencies:agency_list",
        lambda query: of_organizations(Agency, query),
        "organization__name",
        organization_found,
    ),
    Kind(
        "contracts",
        _("Contracts"),
        ContractDetail,
        "vendors:contract_list",
        lambda query: holds(query, Contract, "number", "title", "description").select_related(
            "vendor__organization", "agency"
        ),
        "title",
        contract_found,
    ),
    Kind(
        "services",
        _("Services"),
        ServiceDetail,
        "vendors:service_list",
        lambda query: holds(query, Service, "code", "name", "description").select_related("provider__organization"),
        "name",
        service_found,
    ),
    Kind(
        "outcomes",
        _("Outcomes"),
        OutcomeDetail,
        "metrics:outcome_list",
        lambda query: holds(query, Outcome, "code", "name", "description").select_related("organization"),
        "name",
        outcome_found,
    ),
)
