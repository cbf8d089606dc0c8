"""Pages of webhooks: which there are, what they were told, and each attempt to tell them."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from kernel.access import OFFICE, OVERSEERS
from kernel.pages import Action, ConfirmPage, CreatePage, DetailPage, EditPage, ListPage, ScopedRows, changeable
from kernel.webhooks import operations
from kernel.webhooks.delivering import PAUSES
from kernel.webhooks.filters import EndpointFilterSet
from kernel.webhooks.forms import EndpointForm
from kernel.webhooks.models import Attempt, Delivery, Endpoint
from kernel.webhooks.tables import EndpointTable

DELIVERIES_SHOWN = 50


class EndpointList(ListPage):
    """All webhooks."""

    open_to = OVERSEERS
    model = Endpoint
    table_class = EndpointTable
    filterset_class = EndpointFilterSet
    actions = (Action(_("New webhook"), "webhooks:webhook_create"),)
    export_name = "webhooks"
    about = _("Other systems that are told when something happens here.")
    nothing_yet = _("A webhook tells another system when something happens here, so that it need not ask.")

    def get_queryset(self) -> QuerySet[Endpoint]:
        return self.rows().select_related("acts_for")


class EndpointDetail(DetailPage):
    """One webhook, and its latest messages."""

    open_to = OVERSEERS
    model = Endpoint
    template_name = "webhooks/endpoint_detail.html"

    def get_queryset(self) -> QuerySet[Endpoint]:
        return self.rows().select_related("acts_for")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deliveries = (
            Delivery.objects.visible_to(self.user).filter(endpoint=self.object).with_attempts(Attempt.objects.all())
        )
        return super().get_context_data(
            deliveries=deliveries[:DELIVERIES_SHOWN],
            failures_allowed=Endpoint.FAILURES_ALLOWED,
            **kwargs,
        )


class SecretPage:
    """Shows a new secret, on this one page: it is in no session and no cache."""

    request: HttpRequest
    response_class: Any
    template_engine: Any

    def show_secret(self, endpoint: Endpoint, secret: str) -> HttpResponse:
        """The page with the secret."""
        response: HttpResponse = self.response_class(
            request=self.request,
            template="webhooks/secret.html",
            context={"endpoint": endpoint, "secret": secret},
            using=self.template_engine,
        )
        response["Cache-Control"] = "no-store"
        return response


class EndpointCreate(SecretPage, CreatePage):
    """A new webhook; its secret is shown once, right after."""

    open_to = OFFICE
    model = Endpoint
    form_class = EndpointForm
    title = _("New webhook")
    list_url_name = "webhooks:webhook_list"

    def save(self, form: Any) -> Endpoint:
        endpoint, self.secret = operations.create_endpoint(**form.cleaned_data, by=self.user)
        return endpoint

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        return response if form.errors else self.show_secret(self.object, self.secret)


class EndpointUpdate(EditPage):
    """Change a webhook."""

    open_to = OFFICE
    model = Endpoint
    form_class = EndpointForm
    title = _("Change webhook")


class EndpointNewSecret(SecretPage, ConfirmPage):
    """Make a new secret."""

    open_to = OFFICE
    model = Endpoint
    title = _("Make a new secret?")
    confirm_label = _("Make a new secret")
    extra_context = {
        "intro": _(
            "For a day messages are signed with both, the new secret and the present one. Give the new one to the "
            "other system within that time."
        )
    }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show_secret(self.object, operations.replace_secret(endpoint=self.object, by=self.user))


class EndpointSwitchOff(ConfirmPage):
    """Stop telling another system."""

    open_to = OFFICE
    model = Endpoint
    title = _("Switch this webhook off?")
    confirm_label = _("Switch off")
    success_message = _("The webhook is switched off.")
    extra_context = {
        "intro": _("The other system is told nothing more. Messages that wait are kept for when it is on again.")
    }

    def act(self, data: dict[str, Any]) -> None:
        operations.switch_off(endpoint=self.object, by=self.user)


class EndpointAction(ScopedRows):
    """Something that is done at once with one webhook or message."""

    open_to = OFFICE
    http_method_names = ["post"]

    def act(self, row: Any) -> str:
        """Do it, and return where to go."""
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        row = changeable(self.model.objects.all(), self.user, pk=pk)
        try:
            return HttpResponseRedirect(self.act(row))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(row.get_absolute_url())


class EndpointSwitchOn(EndpointAction):
    """Tell another system again."""

    model = Endpoint

    def act(self, row: Endpoint) -> str:
        operations.switch_on(endpoint=row, by=self.user)
        messages.success(self.request, _("The webhook is on again. What waited is sent now."))
        return row.get_absolute_url()


class EndpointTest(EndpointAction):
    """Send a test."""

    model = Endpoint

    def act(self, row: Endpoint) -> str:
        return operations.send_test(endpoint=row, by=self.user).get_absolute_url()


class DeliveryDetail(DetailPage):
    """One message and each attempt to deliver it; the page follows an attempt under way."""

    open_to = OVERSEERS
    model = Delivery
    template_name = "webhooks/delivery_detail.html"

    def get_queryset(self) -> QuerySet[Delivery]:
        return self.rows().select_related("endpoint").prefetch_related("attempts")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        body = json.dumps(json.loads(self.object.body), indent=2, ensure_ascii=False)
        return super().get_context_data(
            body=body, attempts=self.object.attempts.all(), most_tries=len(PAUSES) + 1, **kwargs
        )


class DeliveryRedeliver(EndpointAction):
    """Send a message again."""

    model = Delivery

    def act(self, row: Delivery) -> str:
        operations.redeliver(delivery=row, by=self.user)
        messages.success(self.request, _("The message is sent again."))
        return row.get_absolute_url()
