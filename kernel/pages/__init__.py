"""The views every page derives from: each fetches its rows through the access rule, in one place."""

from kernel.pages.base import Page, PlainPage, ScopedRows, changeable
from kernel.pages.forms import CreatePage, EditPage, FormPage
from kernel.pages.lists import Action, ListPage, Text
from kernel.pages.parts import PartCreate, PartEdit, PartPage
from kernel.pages.rows import ConfirmPage, DetailPage

__all__ = [
    "Action",
    "ConfirmPage",
    "CreatePage",
    "DetailPage",
    "EditPage",
    "FormPage",
    "ListPage",
    "Page",
    "PartCreate",
    "PartEdit",
    "PartPage",
    "PlainPage",
    "ScopedRows",
    "Text",
    "changeable",
]
