"""Shapes of parties, awards and contracts of a release, checked against those that the standard gives them.

Only types are asked for: publishers leave out and misspell much that the standard requires, and a contract can be read
all the same. Where a list stands for an object or a text for an amount, guessing would be worse than refusing.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft4Validator
from jsonschema.validators import create

SCHEMA_FILE = Path(__file__).parent / "schema" / "release-schema.json"
READ = ("ocid", "parties", "buyer", "awards", "contracts")
# What hangs on awards and contracts and is not read.
NOT_READ = ("items", "documents", "relatedProcesses", "details", "address", "contactPoint", "exchangeRates")
SHAPE = ("type", "properties", "items", "$ref")


@cache
def release_schema() -> dict[str, Any]:
    """The standard's own schema of a release."""
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema


@cache
def _validator() -> Any:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    kept = {name: schema["properties"][name] for name in READ}
    for definition in schema["definitions"].values():
        for name in NOT_READ:
            definition.get("properties", {}).pop(name, None)
    of_shape = create(
        meta_schema=Draft4Validator.META_SCHEMA,
        validators={name: Draft4Validator.VALIDATORS[name] for name in SHAPE},
        type_checker=Draft4Validator.TYPE_CHECKER,
    )
    return of_shape({"properties": kept, "definitions": schema["definitions"]})


def misshapen(release: dict[str, Any]) -> str:
    """What has the wrong type in a release, in words; empty where all is well."""
    for error in _validator().iter_errors(release):
        if _is_understood(error):
            continue
        where = "/".join(map(str, error.absolute_path))
        wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        words = {"where": where, "wanted": ", ".join(map(str, wanted)), "value": repr(error.instance)[:60]}
        return _("“%(where)s” is %(value)s and should be of type %(wanted)s.") % words
    return ""


def _is_understood(error: Any) -> bool:
    """Null is how a later release takes something back, wherever it stands, and some publishers' ids are numbers."""
    is_id = bool(error.absolute_path) and error.absolute_path[-1] in ("id", "awardID")
    return error.instance is None or (is_id and type(error.instance) is int)
