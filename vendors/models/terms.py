"""From when to when a contract binds, by when it must be cancelled, and how it is renewed."""

import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vendors.terms import NoticeUnit, notice_day, renewed_end

LONGEST_NOTICE, LONGEST_RENEWAL, MOST_RENEWALS = 3_650, 600, 99

TERMS_FACTS = (
    "starts_on",
    "ends_on",
    "notice_period",
    "notice_unit",
    "renewal_months",
    "renewals_left",
    "renews_automatically",
)
TERMS_CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(renewal_months__isnull=False) | Q(renewals_left__isnull=True, renews_automatically=False),
        name="contract_renewals_have_a_length",
        violation_error_message=_("Say how many months a renewal lasts."),
    ),
    models.CheckConstraint(
        condition=Q(renews_automatically=False) | Q(notice_period__isnull=False),
        name="contract_automatic_renewal_has_notice",
        violation_error_message=_("It renews by itself: say how long before its end it must be cancelled."),
    ),
]


class Terms(models.Model):
    """What parties agreed on the time of a contract."""

    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True, help_text=_("Empty: no agreed end."))
    notice_period = models.PositiveSmallIntegerField(
        _("notice period"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST_NOTICE)],
        help_text=_("How long before its end it must be cancelled; 0: until its last day. Empty: not known."),
    )
    notice_unit = models.CharField(
        _("notice period in"), max_length=6, choices=NoticeUnit.choices, default=NoticeUnit.MONTHS
    )
    renewal_months = models.PositiveSmallIntegerField(
        _("months of a renewal"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RENEWAL)],
        help_text=_("How long each renewal lasts. Empty: it cannot be renewed."),
    )
    renewals_left = models.PositiveSmallIntegerField(
        _("renewals left"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_RENEWALS)],
        help_text=_("How often it may still be renewed. Empty: where it can be renewed, without limit."),
    )
    renews_automatically = models.BooleanField(
        _("renews by itself"), default=False, help_text=_("At its end, unless it is cancelled in time.")
    )

    class Meta:
        abstract = True

    @property
    def cancel_by(self) -> datetime.date | None:
        """The last day on which it can be cancelled for its end."""
        if self.ends_on is None or self.notice_period is None:
            return None
        return notice_day(self.ends_on, self.notice_period, self.notice_unit)

    @property
    def can_renew(self) -> bool:
        """Whether it may be renewed once more."""
        return self.renewal_months is not None and self.renewals_left != 0

    @property
    def renewed_until(self) -> datetime.date | None:
        """When it would end if it were renewed once more."""
        if self.ends_on is None or self.renewal_months is None or self.renewals_left == 0:
            return None
        return renewed_end(self.ends_on, self.renewal_months)

    @property
    def renews_unless_cancelled(self) -> bool:
        """Whether it goes on past its end when nobody acts."""
        return self.renews_automatically and self.can_renew
