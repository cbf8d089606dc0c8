"""Forms that a file is sent with."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

LARGEST_FILE = 200_000_000


class UploadForm(forms.Form):
    """A file; each kind says what file it shall be, and asks what else it needs to know."""

    file = forms.FileField(label=_("File"))

    def clean_file(self) -> UploadedFile:
        """A file that is not too large to be kept."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            limit = {"limit": filesizeformat(LARGEST_FILE)}
            raise forms.ValidationError(_("Send files of at most %(limit)s."), params=limit)
        return file
