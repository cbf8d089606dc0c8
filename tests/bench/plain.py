"""The list of scorecards as plain Django REST framework gives it, and as bare WSGI: nothing of the house's."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.db import connection
from django.urls import path
from rest_framework import pagination, permissions, serializers, viewsets
from rest_framework.authentication import SessionAuthentication

from kernel.directory.models import Organization
from metrics.methodologies.scoring import INSUFFICIENT_EVIDENCE
from metrics.models import Methodology
from vendors.models import Scorecard

# What a new Django project starts with.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """Code and name."""

    class Meta:
        model = Organization
        fields = ["code", "name"]


class MethodologySerializer(serializers.ModelSerializer[Methodology]):
    """Which version of the scoring method."""

    class Meta:
        model = Methodology
        fields = ["code", "name", "edition"]


class ScorecardSerializer(serializers.ModelSerializer[Scorecard]):
    """The same fields as the portal's."""

    vendor = OrganizationSerializer(source="vendor.organization", read_only=True)
    period_start = serializers.DateField(format="%Y-%m", read_only=True)
    methodology = MethodologySerializer(read_only=True)
    grade = serializers.CharField(source="grade.name", read_only=True, default=INSUFFICIENT_EVIDENCE)
    grade_position = serializers.IntegerField(source="grade.position", read_only=True, default=None)
    trend = serializers.DecimalField(max_digits=12, decimal_places=9, read_only=True)
    current = serializers.BooleanField(source="is_current", read_only=True)

    class Meta:
        model = Scorecard
        fields = [
            "id",
            "vendor",
            "period_start",
            "months",
            "methodology",
            "revision",
            "status",
            "current",
            "score",
            "coverage",
            "grade",
            "grade_position",
            "trend",
            "computed_at",
            "published_at",
            "version",
        ]


class Pages(pagination.PageNumberPagination):
    """As many rows as are asked for."""

    page_size_query_param = "page_size"


class Scorecards(viewsets.ReadOnlyModelViewSet[Scorecard]):
    """All scorecards, for whoever is logged in."""

    queryset = (
        Scorecard.objects.select_related("vendor__organization", "methodology", "grade")
        .with_trend()
        .order_by("-period_start", "months", "vendor_id", "-revision", "pk")
    )
    serializer_class = ScorecardSerializer
    pagination_class = Pages
    filter_backends = ()
    authentication_classes = (SessionAuthentication,)
    permission_classes = (permissions.IsAuthenticated,)


urlpatterns = [path("scorecards/", Scorecards.as_view({"get": "list"}))]


def bare_list(statements: Iterable[str]) -> Callable[[Any, Any], list[bytes]]:
    """A WSGI application that runs the statements of a list and writes the rows of the last as JSON."""

    def application(_environ: Any, start_response: Any) -> list[bytes]:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        body = orjson.dumps({"results": rows}, default=str)
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application
