"""Global search over the API."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from brm_portal.dashboards.searching import KINDS, LONGEST_TEXT, SHOWN, Finding, find
from kernel.access import acting_user
from kernel.accounts import scopes
from kernel.accounts.models import ApiToken
from kernel.rest.lists import asked
from kernel.rest.viewsets import PrivateAnswers


class SearchForm(forms.Form):
    """What the query says."""

    q = forms.CharField(max_length=LONGEST_TEXT)


class FoundSerializer(serializers.Serializer[Any]):
    """One row that was found."""

    resource = serializers.ChoiceField([kind.resource for kind in KINDS])
    key = serializers.CharField(help_text=_("By which the resource knows it: a code or a number."))
    name = serializers.CharField()
    note = serializers.CharField(help_text=_("What tells it from others of its name."))


class SearchSerializer(serializers.Serializer[Any]):
    """What was found."""

    results = FoundSerializer(many=True)
    more = serializers.ListField(
        child=serializers.CharField(),
        help_text=_("Of which resources there are more than %(shown)d: their lists find all.") % {"shown": SHOWN},
    )


class SearchView(PrivateAnswers, APIView):
    """Rows of several resources by their words."""

    resource = "search"

    @extend_schema(
        operation_id="search_retrieve",
        summary="Search everything",
        parameters=[
            OpenApiParameter(
                "q", OpenApiTypes.STR, required=True, description=_("Words; the beginning of each is enough.")
            )
        ],
        responses=SearchSerializer,
    )
    def get(self, request: Request) -> Response:
        """Find vendors, agencies, contracts, services and outcomes that you may see; a token, those its scopes name."""
        query = asked(request, SearchForm)
        actor = acting_user(request.user)
        assert actor is not None  # the permission lets nobody else in
        findings = find(query["q"], actor, readable(request))
        return Response(SearchSerializer(told(findings)).data)


def readable(request: Request) -> list[str]:
    """The resources whose rows the request may read."""
    resources = [kind.resource for kind in KINDS]
    if not isinstance(request.auth, ApiToken):
        return resources
    return [each for each in resources if scopes.allows(request.auth.scopes, each, "GET")]


def told(findings: list[Finding]) -> dict[str, Any]:
    """What was found as the API writes it."""
    results = [
        {"resource": finding.kind.resource, "key": each.key, "name": each.name, "note": each.note}
        for finding in findings
        for each in finding.found
    ]
    return {"results": results, "more": [finding.kind.resource for finding in findings if finding.has_more]}
