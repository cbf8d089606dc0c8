"""When two spellings are one name: the one place that says so, for imports, search and the hunt for duplicates."""

from typing import Any

from django.db import connection
from django.db.models import Func, TextField


class NormalName(Func):
    """A name without what spellings differ in: case, accents, punctuation, ways to write a legal form.

    PostgreSQL does it, so that whole tables are compared by an index. Legal forms stay, in one spelling each:
    Acme Inc. and Acme, Incorporated are one name, Acme Inc. and Acme LLC are two.
    """

    function = "normal_name"
    arity = 1
    output_field = TextField()


def normal_names(names: Any) -> dict[str, str]:
    """Each of `names` with its normal form; empty where nothing but signs is left."""
    wanted = sorted(set(names))
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, normal_name(name) FROM unnest(%s::text[]) AS name", [wanted])
        return dict(cursor.fetchall())
