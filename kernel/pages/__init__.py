"""The views every page derives from: each fetches its rows through the access rule, in one place."""

from kernel.access import PARTNERS
from kernel.pages.base import EDITORS, EVERYONE, STAFF, Page, PlainPage, ScopedRows, changeable
from kernel.pages.forms import CreatePage, EditPage, FormPage
from kernel.pages.lists import Action, ListPage, Text
from kernel.pages.parts import PartCreate, PartEdit, PartPage
from kernel.pages.rows import ConfirmPage, DetailPage

__all__ = [
    "EDITORS",
    "EVERYONE",
    "PARTNERS",
    "STAFF",
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
