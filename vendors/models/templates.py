"""Service levels to start from."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kernel.directory.models import code_validator
from kernel.editing import Versioned, raise_version
from kernel.history.tracking import tracked
from metrics.fields import MeasureField
from metrics.models import Dimension, Indicator, Target
from vendors.querysets import ServiceLevelTemplateQuerySet


@tracked()
class ServiceLevelTemplate(Versioned):
    """One kind of service level as the state likes to agree it: what is measured, and the target to start from."""

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
