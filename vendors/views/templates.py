"""Pages about templates of service levels."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.access import Role
from kernel.pages import STAFF, CreatePage, EditPage, PlainPage
from vendors.forms import TemplateForm
from vendors.models import ServiceLevelTemplate

OFFICE = frozenset({Role.CIO_OFFICE})


class TemplateList(PlainPage):
    """All templates, with what they start a service level from."""

    open_to = STAFF
    template_name = "vendors/template_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = ServiceLevelTemplate.objects.visible_to(self.user).select_related("indicator")
        return super().get_context_data(templates=rows, can_edit=self.user.role in OFFICE, **kwargs)


class TemplateCreate(CreatePage):
    """A new template."""

    open_to = OFFICE
    model = ServiceLevelTemplate
    form_class = TemplateForm
    title = _("New template of service levels")
    list_url_name = "vendors:template_list"


class TemplateUpdate(EditPage):
    """Change or retire a template; service levels that began with it stay as they are."""

    open_to = OFFICE
    model = ServiceLevelTemplate
    form_class = TemplateForm
    slug_field, slug_url_kwarg = "code", "code"
    title = _("Change template")
    intro = _("Service levels that began with it stay as they are.")
