"""Long work over the API."""

from kernel.jobs.filters import JobFilterSet
from kernel.jobs.models import Job
from kernel.rest.serializers import RowSerializer
from kernel.rest.viewsets import ReadViewSet


class JobSerializer(RowSerializer):
    """One piece of long work: how far it is, and what came of it."""

    class Meta:
        model = Job
        fields = ["id", "title", "state", "done", "total", "error", "result", "created_at", "started_at", "finished_at"]
        read_only_fields = fields


class JobViewSet(ReadViewSet):
    """Jobs, by their id. You see those you asked for; the CIO's office and auditors see all."""

    resource = "jobs"
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_class = JobFilterSet
    ordering_fields = {"created_at": "created_at", "finished_at": "finished_at"}
    lookup_value_regex = "[0-9]+"
