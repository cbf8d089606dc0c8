"""Who gets what from every address: one line per route, one letter per kind of visitor.

Each line: the route, the model its arguments name (None: no arguments), what visitors get for a row of *ours*
(Health, Acme, their contract and all that hangs on it), and for a row of *theirs* (Parks, Rival). Visitors, in order:
nobody, CIO office, BRM manager of Health and Acme, auditor, member of Health, member of Acme, the integrator of Acme,
member of a vendor nobody here deals with.

`o` is served, `x` does not exist for them (404), `f` is seen but not theirs to do (403), `b` lacks a parameter (400),
`L` is led to the login, `>` is led elsewhere, `u` must authenticate (401), `m` cannot be read, only sent to (405).
Where sending is another matter than reading, `sends` holds the letters for both rows.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from agencies.models import Agency
from kernel.accounts.models import ApiToken, CalendarAddress, User
from kernel.directory.models import Contact, Membership, OrganizationMerge
from kernel.jobs.models import Job
from kernel.saved_views.models import SavedView
from kernel.webhooks.models import Delivery, Endpoint
from metrics.models import Import, Indicator, Measurement, Methodology, Outcome, OutcomeSeries, Series, Target
from vendors.models import (
    Amendment,
    Contract,
    ContractImport,
    Integration,
    LikelyDuplicate,
    Milestone,
    Payment,
    Scorecard,
    Service,
    ServiceLevel,
    ServiceLevelTemplate,
    Subscription,
    Vendor,
)

VISITORS = ("nobody", "cio", "manager", "auditor", "agency_member", "vendor_member", "msi_member", "outsider")


@dataclass(frozen=True)
class Line:
    """What visitors get from one route."""

    model: type[Model] | None
    ours: str
    theirs: str = ""
    arguments: dict[str, Any] | None = None  # fixed ones, where a row says nothing
    sends: tuple[str, str] | None = None


def to(ours: str, **arguments: Any) -> Line:
    """A route without a row."""
    return Line(None, ours, arguments=arguments)


def on(model: type[Model], ours: str, theirs: str, sends: tuple[str, str] | None = None) -> Line:
    """A route about a row."""
    return Line(model, ours, theirs, sends=sends)


#                                                    nobody, cio, manager, auditor, agency, vendor, msi, outsider
TABLE: dict[str, Line] = {
    # --- open to the world ---
    "healthz": to("oooooooo"),
    "readyz": to("oooooooo"),
    "theme": to("oooooooo"),
    # --- signing in and out ---
    "account_login": to("o>>>>>>>"),
    "account_logout": to("Looooooo"),
    "account_inactive": to("oooooooo"),
    "account_reset_password": to("oooooooo"),
    "account_reset_password_done": to("oooooooo"),
    "account_reset_password_from_key": to("oooooooo", uidb36="1", key="nonsense"),
    "account_reset_password_from_key_done": to("oooooooo"),
    "account_reauthenticate": to("Looooooo"),
    "account_change_password": to("Looooooo"),
    "mfa_index": to("Looooooo"),
    "mfa_authenticate": to("L>>>>>>>"),
    "mfa_reauthenticate": to("L>>o>>>>"),
    "mfa_activate_totp": to("L>>>>>>>"),
    "mfa_deactivate_totp": to("Lxx>xxxx"),
    "mfa_view_recovery_codes": to("Lxxxxxxx"),
    "mfa_generate_recovery_codes": to("L>>>>>>>"),
    "mfa_download_recovery_codes": to("Lxxxxxxx"),
    # --- people and one's own account ---
    "accounts:user_list": to("Loooxxxx"),
    "accounts:user_create": to("Loffxxxx"),
    "accounts:user_detail": on(User, "Loooxxxx", "Loooxxxx"),
    "accounts:user_update": on(User, "Loffxxxx", "Loffxxxx"),
    "accounts:user_invite_again": on(User, "Loffxxxx", "Loffxxxx"),
    "accounts:user_deactivate": on(User, "Loffxxxx", "Loffxxxx"),
    "accounts:user_reactivate": on(User, "Loffxxxx", "Loffxxxx"),
    "accounts:user_reset_second_factor": on(User, "Loffxxxx", "Loffxxxx"),
    "accounts:membership_create": on(User, "Loffxxxx", "Loffxxxx"),
    "accounts:membership_end": on(Membership, "Loffxxxx", "Loffxxxx"),
    "accounts:integration_token_create": on(User, "Lfffxxxx", "Lfffxxxx"),
    "accounts:profile": to("Looooooo"),
    "accounts:profile_update": to("Looooooo"),
    "accounts:token_create": to("Looooooo"),
    "accounts:token_revoke": on(ApiToken, "Lxxxoxxx", "Loxxxxxx"),
    # --- history ---
    "history:panel": on(Contract, "Loooooxx", "Loooxxxx"),
    # --- everybody's first page ---
    "home": to("L>oooooo"),
    "saved_views:view_list": to("Looooooo"),
    "saved_views:view_create": to("Looxoooo", page="vendors:vendor_list"),
    "saved_views:view_update": on(SavedView, "Lxxxoxxx", "Lxxxxxxo"),
    "saved_views:view_remove": on(SavedView, "Lxxxoxxx", "Lxxxxxxo"),
    "dashboards:search": to("Looooooo"),
    "dashboards:overview": to("Loooxxxx"),
    # --- notices ---
    "notices:notice_list": to("Looooooo"),
    "notices:notices_read": Line(None, "Lmmmmmmm", sends=("Looooooo", "")),
    # --- webhooks ---
    "webhooks:webhook_list": to("Loxoxxxx"),
    "webhooks:webhook_create": to("Loxxxxxx"),
    "webhooks:webhook_detail": on(Endpoint, "Loxoxxxx", "Loxoxxxx"),
    "webhooks:webhook_update": on(Endpoint, "Loxxxxxx", "Loxxxxxx"),
    "webhooks:webhook_new_secret": on(Endpoint, "Loxxxxxx", "Loxxxxxx"),
    "webhooks:webhook_switch_off": on(Endpoint, "Loxxxxxx", "Loxxxxxx"),
    "webhooks:webhook_switch_on": on(Endpoint, "Lmxxxxxx", "Lmxxxxxx", sends=("Loxxxxxx", "Loxxxxxx")),
    "webhooks:webhook_test": on(Endpoint, "Lmxxxxxx", "Lmxxxxxx", sends=("Loxxxxxx", "Loxxxxxx")),
    "webhooks:message_detail": on(Delivery, "Loxoxxxx", "Loxoxxxx"),
    "webhooks:message_redeliver": on(Delivery, "Lmxxxxxx", "Lmxxxxxx", sends=("Loxxxxxx", "Loxxxxxx")),
    # --- jobs ---
    "jobs:job_list": to("Loooxxxx"),
    "jobs:job_detail": on(Job, "Loooxxxx", "Loxoxxxx"),
    "jobs:job_retry": on(Job, "Lmmmxxxx", "Lmmmxxxx", sends=("Loofxxxx", "Loxfxxxx")),
    # --- agencies ---
    "agencies:agency_list": to("Looooxxx"),
    "agencies:agency_create": to("Looxxxxx"),
    "agencies:agency_detail": on(Agency, "Looooxxx", "Loooxxxx"),
    "agencies:agency_update": on(Agency, "Looxxxxx", "Lofxxxxx"),
    "agencies:contact_create": on(Agency, "Looxoxxx", "Looxxxxx"),
    "agencies:contact_update": on(Contact, "Looxoxxx", "Lofxxxxx"),
    # --- measuring ---
    "metrics:outcome_list": to("Looooxxx"),
    "metrics:outcome_create": to("Looxxxxx"),
    "metrics:outcome_detail": on(Outcome, "Looooxxx", "Loooxxxx"),
    "metrics:outcome_update": on(Outcome, "Looxxxxx", "Lofxxxxx"),
    "metrics:measure_create": on(Outcome, "Looxxxxx", "Lofxxxxx"),
    "metrics:measure_update": on(OutcomeSeries, "Looxxxxx", "Lofxxxxx"),
    "metrics:indicator_list": to("Looooooo"),
    "metrics:indicator_create": to("Loxxxxxx"),
    "metrics:indicator_detail": on(Indicator, "Looooooo", "Looooooo"),
    "metrics:indicator_update": on(Indicator, "Loxxxxxx", "Loxxxxxx"),
    "metrics:methodology_list": to("Looooooo"),
    "metrics:methodology_detail": on(Methodology, "Looooooo", "Looooooo"),
    "metrics:methodology_create": on(Methodology, "Loxxxxxx", "Loxxxxxx"),
    "metrics:methodology_update": on(Methodology, "Loxxxxxx", "Loxxxxxx"),
    "metrics:methodology_discard": on(Methodology, "Loxxxxxx", "Loxxxxxx"),
    "metrics:target_create": on(Series, "Looxxxxx", "Lofxxxxx"),
    "metrics:target_update": on(Target, "Looxxxxx", "Lofxxxxx"),
    "metrics:measurement_create": on(Series, "Looxxxox", "Lofxxxxx"),
    "metrics:measurement_update": on(Measurement, "Looxxxox", "Lofxxxxx"),
    "metrics:measurement_exclude": on(Measurement, "Looxxxox", "Lofxxxxx"),
    "metrics:measurement_readmit": on(Measurement, "Looxxxox", "Lofxxxxx"),
    "metrics:import_create": to("Looxxxox"),
    "metrics:import_detail": on(Import, "Loooxxxx", "Loxoxxxx"),
    "metrics:import_run": on(Import, "Lmmxxxmx", "Lmmxxxmx", sends=("Looxxxxx", "Loxxxxxx")),
    "metrics:import_undo": on(Import, "L>>xxxxx", "L>xxxxxx", sends=("Looxxxxx", "Loxxxxxx")),
    "metrics:import_refused": on(Import, "Loooxxxx", "Loxoxxxx"),
    # --- supply ---
    "vendors:vendor_list": to("Looooooo"),
    "vendors:vendor_create": to("Looxxxxx"),
    "vendors:vendor_detail": on(Vendor, "Loooooox", "Loooxxxx"),
    "vendors:vendor_update": on(Vendor, "Looxxxxx", "Lofxxxxx"),
    "vendors:integration_create": on(Vendor, "Looxxxxx", "Lofxxxxx"),
    "vendors:integration_update": on(Integration, "Looxxxxx", "Lofxxxxx"),
    "vendors:contract_calendar": to("Loooooxo"),
    "dashboards:calendar_address": to("Loooooxo"),
    "dashboards:calendar_address_revoke": on(CalendarAddress, "Lxxxoxxx", "Loxxxxxx"),
    "dashboards:calendar_feed": to("xxxxxxxx", secret="nonsense"),
    "vendors:contract_list": to("Loooooxo"),
    "vendors:contract_create": to("Looxxxxx"),
    "vendors:contract_import_create": to("Loxxxxxx"),
    "vendors:catalogue_import_create": to("Loxxxxxx"),
    "vendors:table_import_create": to("Loxxxxxx"),
    "vendors:table_import_columns": on(ContractImport, "Loxxxxxx", "Loxxxxxx"),
    "vendors:table_import_undo": on(ContractImport, "Loxxxxxx", "Loxxxxxx"),
    "vendors:contract_import_detail": on(ContractImport, "Loxoxxxx", "Loxoxxxx"),
    "vendors:contract_import_run": on(ContractImport, "Lmxxxxxx", "Lmxxxxxx", sends=("Loxxxxxx", "Loxxxxxx")),
    "vendors:contract_import_refused": on(ContractImport, "Loxoxxxx", "Loxoxxxx"),
    "vendors:contract_detail": on(Contract, "Loooooxx", "Loooxxxx"),
    "vendors:contract_update": on(Contract, "Looxxxxx", "Lofxxxxx"),
    "vendors:amendment_create": on(Contract, "Looxxxxx", "Lofxxxxx"),
    "vendors:amendment_update": on(Amendment, "Looxxxxx", "Lofxxxxx"),
    "vendors:amendment_remove": on(Amendment, "Looxxxxx", "Lofxxxxx"),
    "vendors:milestone_create": on(Contract, "Looxxxxx", "Lofxxxxx"),
    "vendors:milestone_update": on(Milestone, "Looxxxxx", "Lofxxxxx"),
    "vendors:milestone_remove": on(Milestone, "Looxxxxx", "Lofxxxxx"),
    "vendors:payment_create": on(Contract, "Looxxxxx", "Lofxxxxx"),
    "vendors:payment_update": on(Payment, "Looxxxxx", "Lofxxxxx"),
    "vendors:payment_remove": on(Payment, "Looxxxxx", "Lofxxxxx"),
    "vendors:service_level_create": on(Contract, "Looxxxxx", "Lofxxxxx"),
    "vendors:service_level_list": to("Looooooo"),
    "vendors:service_level_detail": on(ServiceLevel, "Loooooox", "Loooxxxx"),
    "vendors:service_level_update": on(ServiceLevel, "Looxxxxx", "Lofxxxxx"),
    "vendors:template_list": to("Loooxxxx"),
    "vendors:template_create": to("Loxxxxxx"),
    "vendors:template_update": on(ServiceLevelTemplate, "Loxxxxxx", "Loxxxxxx"),
    "vendors:scorecard_list": to("Loooooxo"),
    "vendors:scorecard_compute": to("Looxxxxx"),
    "vendors:scorecard_publish": to("Loxxxxxx"),
    "vendors:scorecard_detail": on(Scorecard, "Loooooxx", "Loooxxxx"),
    "vendors:scorecard_pdf": on(Scorecard, "Loooooxx", "Loooxxxx"),
    "vendors:methodology_preview": on(Methodology, "Loooxxxx", "Loooxxxx"),
    "vendors:methodology_use": on(Methodology, "Loxxxxxx", "Loxxxxxx"),
    "vendors:segments": to("Loooxxxx"),
    "vendors:duplicate_list": to("Loooxxxx"),
    "vendors:duplicate_create": to("Loxxxxxx"),
    "vendors:duplicate_search": Line(None, "Lmxxxxxx", sends=("Loxxxxxx", "")),
    "vendors:duplicate_detail": on(LikelyDuplicate, "Loooxxxx", "Loooxxxx", sends=("Loffxxxx", "Loffxxxx")),
    "vendors:merge_list": to("Loooxxxx"),
    "vendors:merge_detail": on(OrganizationMerge, "Loooxxxx", "Loooxxxx"),
    "vendors:merge_undo": on(OrganizationMerge, "Loxxxxxx", "Loxxxxxx"),
    "vendors:state_rules": to("Loxxxxxx"),
    "vendors:spending": to("Looooxxx"),
    "vendors:service_list": to("Looooooo"),
    "vendors:service_create": to("Looxxxxx"),
    "vendors:service_detail": on(Service, "Loooooox", "Looooxxx"),
    "vendors:service_update": on(Service, "Looxxxxx", "Lofxxxxx"),
    # Health's manager may subscribe Health to any service; for whom is decided by what is sent.
    "vendors:subscription_create": on(Service, "Looxxxxx", "Looxxxxx"),
    "vendors:subscription_update": on(Subscription, "Looxxxxx", "Lofxxxxx"),
    # --- the API ---
    "api:schema": to("uooooooo"),
    "api:docs": to("Looooooo"),
    "api:operation": to("Looooooo", code="vendors_list"),
    "api:spending-list": to("uoooofff"),
    "api:search-list": to("ubbbbbbb"),
}


def resource(
    name: str, model: type[Model], ours: str, theirs: str, *, changes: tuple[str, str] | None = None, creates: str = ""
) -> dict[str, Line]:
    """List and detail of one resource; every list is open to who is in, and holds what they may see.

    `changes` and `creates` say who may send to a row and to the list, where anybody may.
    """
    listed = Line(None, "uooooooo", sends=(creates, "") if creates else None)
    return {f"api:{name}-list": listed, f"api:{name}-detail": on(model, ours, theirs, sends=changes)}


#                        nobody, cio, manager, auditor, agency, vendor, msi, outsider
OFFICE_MANAGER = ("uoofffff", "uoffffff")
OFFICE = ("uoffffff", "uoffffff")
WITH_INTEGRATOR = ("uoofffof", "uoffffff")
WITH_AGENCY = ("uoofofff", "uoffffff")


TABLE |= resource("jobs", Job, "uoooxxxx", "uoxoxxxx")
TABLE |= resource("agencies", Agency, "uooooxxx", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("contacts", Contact, "uooooxxx", "uoooxxxx", changes=WITH_AGENCY, creates="uoofofff")
TABLE |= resource("vendors", Vendor, "uoooooox", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("likely-duplicates", LikelyDuplicate, "uoooxxxx", "uoooxxxx")
TABLE |= resource("merges", OrganizationMerge, "uoooxxxx", "uoooxxxx")
TABLE |= resource("contracts", Contract, "uoooooxx", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("contract-imports", ContractImport, "uoxoxxxx", "uoxoxxxx")
TABLE |= resource("saved-views", SavedView, "uxxxoxxx", "uxxxxxxo")
TABLE |= resource("amendments", Amendment, "uoooooxx", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("milestones", Milestone, "uoooooxx", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("payments", Payment, "uoooooxx", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("services", Service, "uoooooox", "uooooxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("subscriptions", Subscription, "uoooooxx", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("integrations", Integration, "uoooxoox", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("service-levels", ServiceLevel, "uoooooox", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource(
    "service-level-templates", ServiceLevelTemplate, "uooooooo", "uooooooo", changes=OFFICE, creates="uoffffff"
)
TABLE |= resource("indicators", Indicator, "uooooooo", "uooooooo", changes=OFFICE, creates="uoffffff")
TABLE |= resource("series", Series, "uoooooox", "uoooxxxx")
TABLE |= resource("targets", Target, "uoooooox", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("measurements", Measurement, "uoooooox", "uoooxxxx", changes=WITH_INTEGRATOR, creates="uoofffof")
TABLE |= resource("outcomes", Outcome, "uooooxxx", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("outcome-measures", OutcomeSeries, "uooooxxx", "uoooxxxx", changes=OFFICE_MANAGER, creates="uoofffff")
TABLE |= resource("methodologies", Methodology, "uooooooo", "uooooooo", changes=OFFICE, creates="uoffffff")
TABLE |= resource("scorecards", Scorecard, "uoooooxx", "uoooxxxx")
TABLE["api:measurements-exclude"] = on(Measurement, "ummmmmmm", "ummmmmmm", sends=("uoofffox", "uoffxxxx"))
TABLE["api:measurements-readmit"] = on(Measurement, "ummmmmmm", "ummmmmmm", sends=("uoofffox", "uoffxxxx"))
TABLE["api:likely-duplicates-merge"] = on(LikelyDuplicate, "ummmmmmm", "ummmmmmm", sends=("uoffxxxx", "uoffxxxx"))
TABLE["api:likely-duplicates-keep-apart"] = on(LikelyDuplicate, "ummmmmmm", "ummmmmmm", sends=("uoffxxxx", "uoffxxxx"))
TABLE["api:merges-undo"] = on(OrganizationMerge, "ummmmmmm", "ummmmmmm", sends=("uoffxxxx", "uoffxxxx"))
TABLE["api:measurements-bulk"] = Line(None, "ummmmmmm", sends=("uoofffof", ""))
TABLE["api:scorecards-compute"] = Line(None, "ummmmmmm", sends=("uoofffff", ""))
TABLE["api:scorecards-publish"] = Line(None, "ummmmmmm", sends=("uoffffff", ""))
