"""Service levels that contracts commit to, and templates to start them from."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.access import PARTNERS
from kernel.directory.models import code_validator
from kernel.editing import MonthField, Versioned, is_month_start, raise_version
from kernel.in_force import ends_after_start
from kernel.tracking import told, tracked
from metrics.models import Dimension, Indicator, Series, Target
from metrics.models.fields import MeasureField
from vendors.models.contracts import Contract
from vendors.models.services import Service
from vendors.querysets.service_levels import ServiceLevelQuerySet, ServiceLevelTemplateQuerySet
from vendors.scorecards.marks import SERVICE_LEVEL_CHANGED


@told(
    parts=("series", "series__targets", "series__measurements"),
    to=PARTNERS,
)
@tracked()
class ServiceLevel(Versioned):
    """A series that a contract commits to: its dimension, weight, first and last month in force."""

    WRITTEN = ("service", "dimension", "weight", "first_month", "last_month")
    PART_OF = "contract"
    KEY = "series__code"
    UNTOLD = ("service",)

    series = models.OneToOneField(Series, models.PROTECT, related_name="service_level", verbose_name=_("series"))
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="service_levels", verbose_name=_("contract"))
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="service_levels",
        verbose_name=_("service"),
    )
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension.choices)
    weight = models.DecimalField(
        _("weight"),
        max_digits=9,
        decimal_places=3,
        default=1,
        validators=[MinValueValidator(0)],
        help_text=_("How much it counts among the service levels of its dimension."),
    )
    first_month = MonthField(_("first month in force"))
    last_month = MonthField(
        _("last month in force"), null=True, blank=True, help_text=_("Empty: until further notice.")
    )

    objects = ServiceLevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        ordering = ["series__code"]
        indexes = [models.Index(fields=["dimension"], name="servicelevel_dimension")]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="servicelevel_weight_positive",
                violation_error_message=_("The weight must be above 0."),
            ),
            models.CheckConstraint(
                condition=is_month_start("first_month") & is_month_start("last_month"),
                name="servicelevel_month_starts",
            ),
            ends_after_start(
                "servicelevel_ends_after_start",
                first="first_month",
                last="last_month",
                message=_("The last month cannot lie before the first."),
            ),
        ]
        triggers = [raise_version, *SERVICE_LEVEL_CHANGED]

    def __str__(self) -> str:
        return self.series.code

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("vendors:service_level_detail", args=[self.series.code])

    def clean(self) -> None:
        """A service level is of a service of the contract's vendor."""
        if self.service is not None and self.service.provider_id != self.contract.vendor_id:
            raise ValidationError({"service": _("This service is another vendor's.")})

    @property
    def code(self) -> str:
        """The natural key: the code of its series."""
        return self.series.code


@tracked()
class ServiceLevelTemplate(Versioned):
    """One kind of service level as the state likes to agree it: what is measured, and the target to start from."""

    WRITTEN = (
        "code",
        "name",
        "description",
        "indicator",
        "dimension",
        "weight",
        "floor",
        "target",
        "stretch",
        "retired_on",
    )
    KEY = "code"

    code = models.CharField(_("code"), max_length=60, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="templates", verbose_name=_("indicator"))
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension.choices)
    weight = models.DecimalField(
        _("weight"), max_digits=9, decimal_places=3, default=1, validators=[MinValueValidator(0)]
    )
    floor = MeasureField(_("floor"), null=True, blank=True, help_text=_("At or beyond it, attainment is 0."))
    target = MeasureField(_("target"))
    stretch = MeasureField(_("stretch"), null=True, blank=True, help_text=_("At or beyond it, attainment is 100."))
    retired_on = models.DateField(_("retired on"), null=True, blank=True)

    objects = ServiceLevelTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("template of service levels")
        verbose_name_plural = _("templates of service levels")
        ordering = [Lower("name"), "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="servicelevel_template_weight_positive",
                violation_error_message=_("The weight must be above 0."),
            )
        ]
        triggers = [raise_version]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where all of them stand."""
        return f"{reverse('vendors:template_list')}#{self.code}"

    def clean(self) -> None:
        """Its figures are in the order that a target's must have."""
        # A form that could not read a figure or the indicator leaves it open.
        needed: tuple[object, ...] = (self.indicator_id, self.target)
        if None in needed:
            return
        figures = {"floor": self.floor, "target": self.target, "stretch": self.stretch}
        try:
            target = Target(direction=self.indicator.direction, **figures)
            target.validate_constraints(exclude={"series", "effective_from"})
        except ValidationError as error:
            raise ValidationError({"target": error.messages}) from error
