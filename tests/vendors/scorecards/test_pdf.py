"""The scorecard as PDF: the figures of its page, for the same readers, readable by assistive technology."""

import io
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Cast, World
from tests.vendors.conftest import Q1, Measured
from tests.vendors.scorecards.cards import make_scorecard
from vendors.models import Scorecard

Login = Callable[..., Client]
FIGURE = re.compile(r"(?<![\w-])[+−-]?\d+(?:,\d{3})*(?:\.\d+)?%?")


def read(client: Client, card: Scorecard) -> pypdf.PdfReader:
    answer = client.get(reverse("vendors:scorecard_pdf", args=[card.pk]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="scorecard-acme-')
    return pypdf.PdfReader(io.BytesIO(answer.content))


def text_of(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def cells(html: str) -> list[str]:
    """What stands in the cells of a page's tables."""
    found = re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", html, re.DOTALL)
    bare = [
        re.sub(r"<svg.*?</svg>|<span class=\"visually-hidden\">.*?</span>|<[^>]+>", " ", cell, flags=re.DOTALL)
        for cell in found
    ]
    return [" ".join(cell.split()) for cell in bare]


@pytest.mark.parametrize("role", ["cio", "vendor_member", "agency_member"])
@pytest.mark.parametrize("which", ["first", "second"])
def test_every_figure_of_the_page_stands_in_it(
    measured: Measured, cast: Cast, login: Login, role: str, which: str
) -> None:
    card, client = getattr(measured, which), login(cast.by_role()[role])
    page = client.get(card.get_absolute_url())
    if page.status_code == 404:
        assert client.get(reverse("vendors:scorecard_pdf", args=[card.pk])).status_code == 404
        return
    printed = text_of(read(client, card))
    told = page.context["explanation"]
    assert told.headline in printed
    dimensions, levels = cells(page.content.decode()), [each.line.service_level for each in told.lines]
    figures = Counter(figure for cell in dimensions for figure in FIGURE.findall(cell))
    assert len(figures) > len(levels)
    missing = {figure for figure in figures if figure not in FIGURE.findall(printed)}
    assert not [cell for cell in dimensions if missing & set(FIGURE.findall(cell))]
    assert all(level.code in printed for level in levels)


def test_an_agency_gets_others_lines_as_one_sum(measured: Measured, cast: Cast, login: Login) -> None:
    printed = text_of(read(login(cast.agency_member), measured.first))
    assert measured.of_parks.code not in printed
    assert "you are not a party to" in printed
    assert measured.of_parks.code in text_of(read(login(cast.cio), measured.first))


def test_it_is_tagged_and_says_its_title_and_language(measured: Measured, cast: Cast, login: Login) -> None:
    pdf = read(login(cast.cio), measured.first)
    root: Any = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"{measured.first.vendor} · {measured.first.period}"
    kinds: set[str] = set()
    parts: list[Any] = [root["/StructTreeRoot"]]
    while parts:
        part = parts.pop().get_object()
        if isinstance(part, list):
            parts += part
        elif isinstance(part, dict):
            kinds.add(part.get("/S", ""))
            parts += [part["/K"]] if "/K" in part and not isinstance(part["/K"], int) else []
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= kinds


def test_names_are_words_and_never_markup(world: World, cast: Cast, login: Login) -> None:
    organization = world.acme.organization
    organization.name = '#panic("no") *Acme* $x$ \\ "Ltd" <tag> @you 株式会社'
    organization.save()
    card = make_scorecard(world.acme, world.methodology, Q1, by=cast.cio, lines={world.service_level: None})
    assert '#panic("no") *Acme* $x$ \\ "Ltd" <tag> @you' in text_of(read(login(cast.cio), card))
