"""Which spellings are one name."""

import pytest
from django.db import connection

from kernel.directory.models import Organization
from kernel.directory.names import NormalName, normal_names

SAME = [
    ("Acme, Inc.", "ACME Incorporated"),
    ("Comunicación y Señales S.A. de C.V.", "COMUNICACION Y SENALES SA DE CV"),
    ("Smith & Sons", "Smith and  Sons"),
    ("O’Brien's Company", "obriens co"),
    ("The Department of Health", "Dept. of Health"),
    ("Ｗｉｄｅ Letters Limited", "Wide Letters Ltd"),
]
DIFFERENT = [("Acme Inc", "Acme LLC"), ("Coop Bank", "Company Bank"), ("Theater Works", "Works"), ("Acme 1", "Acme 2")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name(db: None, one: str, other: str) -> None:
    normal = normal_names([one, other])
    assert normal[one] == normal[other] != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_only_look_alike(db: None, one: str, other: str) -> None:
    normal = normal_names([one, other])
    assert normal[one] != normal[other]


def test_signs_alone_are_no_name_and_other_scripts_are(db: None) -> None:
    assert normal_names(["?!", "Міністерство", "東京都"]) == {
        "?!": "",
        "Міністерство": "міністерство",
        "東京都": "東京都",
    }


def test_an_index_finds_names(db: None) -> None:
    Organization.objects.create(code="acme", name="Acme, Incorporated")
    found = Organization.objects.annotate(normal=NormalName("name")).filter(normal="acme inc")
    assert found.get().code == "acme"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "organization_by_normal_name" in found.order_by().explain()
