"""Saved views."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.editing import Versioned, raise_version
from kernel.saved_views.querysets import SavedViewQuerySet
from kernel.tracking import tracked

LONGEST_QUERY = 2000


@tracked()
class SavedView(Versioned):
    """A list with its filters and order; the rows in it are judged by whoever opens it."""

    WRITTEN = ("name", "is_shared")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views", verbose_name=_("owner")
    )
    page = models.CharField(_("list"), max_length=100, help_text=_("The name of the list's address."))
    query = models.CharField(_("filters and order"), max_length=LONGEST_QUERY, blank=True)
    name = models.CharField(_("name"), max_length=80, help_text=_("Such as: Ends this quarter."))
    is_shared = models.BooleanField(
        _("shared with colleagues"),
        default=False,
        help_text=_("They see the name and the filters; which rows they see is their own right."),
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["page", Lower("name"), "pk"]
        indexes = [models.Index(fields=["page"], name="savedview_page")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                name="savedview_once",
                violation_error_message=_("You have a view of this name on this list. Choose another name."),
            )
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The list as it was left."""
        return reverse(self.page, query=QueryDict(self.query))
