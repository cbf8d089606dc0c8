"""Rules that a state sets for all of its vendors at once."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.directory.likeness import CERTAIN_ENOUGH_TO_MERGE
from kernel.editing import Versioned, raise_version
from kernel.tracking import told, tracked
from vendors.querysets.state_rules import StateRulesQuerySet

ONLY_ROW = 1
# Below, two that are not one were found among labelled names (`kernel.directory.likeness`).
LOWEST_TO_MERGE = int(100 * CERTAIN_ENOUGH_TO_MERGE)


@told()
@tracked()
class StateRules(Versioned):
    """When a vendor counts as large and as critical, what follows from a low grade, what is merged: one row."""

    WRITTEN = (
        "spending_from",
        "criticality_from",
        "watch_list_grades",
        "review_grades",
        "notice_grades",
        "merge_from",
    )

    spending_from = models.DecimalField(
        _("much is spent from"),
        max_digits=18,
        decimal_places=2,
        default=Decimal(1_000_000),
        validators=[MinValueValidator(0)],
        help_text=_("What a vendor's contracts in force are worth together, in the state's currency."),
    )
    criticality_from = models.PositiveSmallIntegerField(
        _("critical from"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("The criticality of its most critical contract in force, 1 to 5."),
    )
    # Of how many grades, counted from the lowest; 0: of none.
    watch_list_grades = models.PositiveSmallIntegerField(
        _("on the watch list"), default=2, help_text=_("Vendors at these grades are marked and can be listed.")
    )
    review_grades = models.PositiveSmallIntegerField(
        _("review before renewal"),
        default=2,
        help_text=_("Their contracts ask for a review before they are renewed."),
    )
    notice_grades = models.PositiveSmallIntegerField(
        _("notice to the agencies' managers"),
        default=1,
        help_text=_("The BRM managers of the agencies served are told when such a grade is published."),
    )

    merge_from = models.PositiveSmallIntegerField(
        _("merge vendors by itself from"),
        null=True,
        blank=True,
        validators=[MinValueValidator(LOWEST_TO_MERGE), MaxValueValidator(100)],
        help_text=_(
            "How certain it must be, in percent (90 to 100), that two vendors are one. Empty: people decide about each."
        ),
    )

    objects = StateRulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules of the state")
        verbose_name_plural = _("rules of the state")
        constraints = [
            models.CheckConstraint(condition=Q(pk=ONLY_ROW), name="staterules_one_row"),
            models.CheckConstraint(
                condition=Q(criticality_from__range=(1, 5)),
                name="staterules_criticality_1_to_5",
                violation_error_message=_("Criticality is a number from 1 to 5."),
            ),
            models.CheckConstraint(
                condition=Q(merge_from=None) | Q(merge_from__range=(LOWEST_TO_MERGE, 100)),
                name="staterules_merge_from_certain",
            ),
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def get_absolute_url(self) -> str:
        """Where they are changed."""
        return reverse("vendors:state_rules")

    @classmethod
    def current(cls) -> "StateRules":
        """The rules in force; where none are stored, what most states would set."""
        return cls._default_manager.first() or cls(pk=ONLY_ROW)
