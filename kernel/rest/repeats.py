"""A POST that may be sent again: with an Idempotency-Key it is carried out once, and answered alike every time."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from kernel.accounts.models import User
from kernel.rest.models import KeptAnswer

KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
KEPT_HEADERS = ("ETag", "Location")
KEPT_FOR = timedelta(days=7)

Handler = Callable[..., Response]


class UnusableKey(exceptions.APIException):
    """A key that cannot tell one request from another."""

    status_code = status.HTTP_400_BAD_REQUEST
    default_detail = _("Idempotency-Key is 1 to 255 letters, digits and signs, the same whenever the request is sent.")


class KeyOfAnother(exceptions.APIException):
    """A key that came with another request before."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("This Idempotency-Key came with another request before. Make a new key for each request.")


class RepeatablePosts(GenericViewSet[Any]):
    """Keeps the answer to a POST with an Idempotency-Key in the transaction of its effect.

    The same request at the same time waits for the first to be done. What went wrong on our side is not kept.
    """

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "POST" and KEY in request.headers:
            handler: Handler = getattr(self, "post", self.http_method_not_allowed)
            self.post = partial(self.answer_once, handler, usable(request.headers[KEY]))

    @transaction.atomic
    def answer_once(self, handler: Handler, key: str, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The answer that is kept, or the handler's, which is then kept."""
        fingerprint = fingerprint_of(request)
        kept, is_new = KeptAnswer.objects.get_or_create(
            user=cast(User, request.user), key=key, defaults={"fingerprint": fingerprint}
        )
        if not is_new:
            return again(kept, fingerprint)
        try:
            with transaction.atomic():
                response = handler(request, *args, **kwargs)
        except Exception as error:  # what nobody foresaw is raised again, and nothing is kept
            response = self.handle_exception(error)
        keep(kept, response)
        return response


def usable(key: str) -> str:
    """A key as it was sent. Raises UnusableKey."""
    if not key or len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise UnusableKey
    return key


def fingerprint_of(request: Request) -> str:
    """What tells this request from another: where it goes and what it says."""
    parts = [request.get_full_path(), request.data]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def keep(kept: KeptAnswer, response: Response) -> None:
    """Write down what was answered."""
    kept.status = response.status_code
    kept.body = JSONRenderer().render(response.data).decode()
    kept.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    if response.content_type:
        kept.headers["Content-Type"] = response.content_type
    kept.save(update_fields=["status", "body", "headers"])


def again(kept: KeptAnswer, fingerprint: str) -> Response:
    """The answer to the same request as before. Raises KeyOfAnother."""
    if kept.fingerprint != fingerprint:
        raise KeyOfAnother
    headers = dict(kept.headers)
    content_type = headers.pop("Content-Type", None)
    data = json.loads(kept.body)
    return Response(data, kept.status, headers={**headers, REPLAYED: "true"}, content_type=content_type)


def forget_answers() -> int:
    """Forget answers nobody will ask for again; return how many."""
    count, _by_model = KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return count
