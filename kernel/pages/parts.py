"""Parts of a whole: rows that belong to another one, made and changed beside it."""

from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404

from kernel.pages.base import ScopedRows, changeable
from kernel.pages.forms import CreatePage, EditPage


class PartPage(ScopedRows):
    """A page about a row that is part of another: it says so above its title, and leads back there."""

    object: Any

    @property
    def whole(self) -> Any:
        """What the row is part of."""
        return getattr(self.object, self.model.PART_OF)

    def whole_url(self) -> str:
        """Where the whole is shown."""
        return str(self.whole.get_absolute_url())

    def get_success_url(self) -> str:
        return self.whole_url()

    def cancel_url(self) -> str:
        return self.whole_url()

    def subject(self, row: Any) -> str:
        """What stands above the title."""
        return str(self.whole)


class PartCreate(PartPage, CreatePage):
    """Add a part to the whole that the URL names."""

    # Among which rows the URL names one, and whether only those may be added to that the user may change.
    wholes: ClassVar[Any]
    adds_to_own: ClassVar[bool] = True
    whole: Any = None

    def prepare(self) -> HttpResponseBase | None:
        answer = super().prepare()
        self.whole = self.find_whole()
        return answer

    def find_whole(self) -> Any:
        """Not found where the user does not see it, refused where it is not the user's to add to."""
        key = self.whole_key()
        if self.adds_to_own:
            return changeable(self.wholes, self.user, **key)
        return get_object_or_404(self.wholes.visible_to(self.user), **key)

    def whole_key(self) -> dict[str, Any]:
        """The look-up of the whole: what the URL holds."""
        return self.kwargs

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.model(**{self.model.PART_OF: self.whole})}


class PartEdit(PartPage, EditPage):
    """Change a part, or end it."""
