"""Questions over the API, beside all that the portal answers."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from brm_portal.urls import urlpatterns as of_the_portal
from kernel.filters import ScopedFilterSet, SearchFilter
from kernel.rest.serializers import RowSerializer
from kernel.rest.writing import WriteSerializer, WriteViewSet
from tests.kernel.subjects.models import Question


class QuestionSerializer(RowSerializer):
    """A question."""

    class Meta:
        model = Question


class QuestionWriteSerializer(WriteSerializer):
    """What people write of a question."""

    class Meta:
        model = Question


class QuestionFilterSet(ScopedFilterSet):
    """Questions by their words."""

    text = SearchFilter(fields=("text",))


class QuestionViewSet(WriteViewSet):
    """Questions, by their id."""

    resource = "questions"
    queryset = Question.objects.all()
    serializer_class = QuestionSerializer
    write_serializer_class = QuestionWriteSerializer
    filterset_class = QuestionFilterSet


router = SimpleRouter()
router.register("questions", QuestionViewSet, basename="questions")
urlpatterns = [path("questions-api/", include(router.urls)), *of_the_portal]
