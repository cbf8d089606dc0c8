"""The house's layers, and its upward ties by string: what imports cannot show, each with its reason.

An import-linter contract holds imports. Here stand names of URLs, in code and in templates, and paths through relations
that a higher room adds.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models.constants import LOOKUP_SEP
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
# From below.
LAYERS = ("kernel", "metrics", "vendors", "agencies", "relationships", "governance", "brm_portal")

INTEGRATED = "an MSI sees the series of what its integrations name today, and integrations are supply's"
WHAT_FOLLOWS = "a methodology is put to use, and previewed, on scorecards: its page offers both to the CIO's office"
# By file: what it names of a higher room, and why.
TIES: dict[str, dict[str, str]] = {
    "metrics/imports/querysets.py": {
        "measurement__series__service_level__scorecard_lines__scorecard": "undoing an import tells how many published "
        "scorecards it touches",
    },
    "metrics/imports/views.py": {
        "vendors:service_level_list": "whoever thinks better of sending measurements goes back to what is measured",
    },
    "metrics/querysets/measurements.py": {
        "provider__vendor__integrations": INTEGRATED,
        "provider__vendor__integrations__service": INTEGRATED,
        "service_level__service__integrations": INTEGRATED,
    },
    "vendors/identity/deciding.py": {
        "organization__agency__isnull": "of two vendors the one to keep is the one that is an agency too",
    },
    "templates/metrics/methodology_detail.html": {
        "vendors:methodology_preview": WHAT_FOLLOWS,
        "vendors:methodology_use": WHAT_FOLLOWS,
    },
}


LOOKING_UP = frozenset({"reverse", "reverse_lazy", "redirect", "resolve_url"})


# Folders of templates that go by no app of ours: the kernel's, and the building's.
BESIDE_APPS = frozenset({"api", "charts", "django", "forms", "subjects", "tables", "ui", "uploads"})
OF_THE_BUILDING = frozenset({"account", "admin", "dashboards", "mfa"})


class Tie(NamedTuple):
    """A file that names something of a higher room."""

    file: str
    name: str


def layer_of(module: str) -> int | None:
    """How high a module of the house lies; none where it is not of the house."""
    room = module.split(".")[0]
    return LAYERS.index(room) if room in LAYERS else None


# --- names of URLs ---


def url_layers(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, int]]:
    """The name of each URL, and how high the view behind it lies."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            yield from url_layers(each.url_patterns, f"{prefix}{each.namespace}:" if each.namespace else prefix)
        elif isinstance(each, URLPattern) and each.name:
            layer = layer_of(getattr(each.callback, "view_class", each.callback).__module__)
            if layer is not None:
                yield prefix + each.name, layer


def modules() -> Iterator[tuple[str, int, ast.Module]]:
    """Every module of the house but migrations: its path, how high it lies, and its source."""
    for layer, room in enumerate(LAYERS):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), layer, ast.parse(path.read_text())


def strings(source: ast.Module) -> set[str]:
    """The strings of a module, and the names by which it calls: keys of queries stand there."""
    found = {node.value for node in ast.walk(source) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return found | {node.arg for node in ast.walk(source) if isinstance(node, ast.keyword) and node.arg}


def ties_in_code() -> Iterator[Tie]:
    """Names of URLs that a module has of higher layers."""
    layers = dict(url_layers())
    for file, layer, source in modules():
        # A bare word may be anything, but where it is looked up; names of rooms' URLs have two parts.
        named = {name for name in strings(source) if ":" in name} | looked_up(source)
        for name in sorted(named):
            if layers.get(name, 0) > layer:
                yield Tie(file, name)


def looked_up(source: ast.Module) -> set[str]:
    """What a module hands to `reverse` and its like."""
    calls = [node for node in ast.walk(source) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    names = [node.args[0] for node in calls if node.func.id in LOOKING_UP and node.args]
    return {str(name.value) for name in names if isinstance(name, ast.Constant)}


def template_layer(path: Path) -> int:
    """How high a template lies: with its room, with the kernel's apps and forms, or with the building."""
    folder, *inside = path.relative_to(ROOT / "templates").parts
    if folder in LAYERS:
        return LAYERS.index(folder)
    if not inside or folder in OF_THE_BUILDING:
        return LAYERS.index("brm_portal")
    of_kernel = {each.label for each in apps.get_app_configs() if each.name.startswith("kernel.")}
    assert folder in of_kernel | BESIDE_APPS, f"Say in tests/layers.py how high templates/{folder}/ lies."
    return LAYERS.index("kernel")


def ties_in_templates() -> Iterator[Tie]:
    """Names of URLs that a template has of higher layers."""
    layers = dict(url_layers())
    for path in sorted((ROOT / "templates").rglob("*.*")):
        for name in sorted(set(re.findall(r"""{% url ['"]([^'"]+)['"]""", path.read_text()))):
            if layers.get(name, 0) > template_layer(path):
                yield Tie(str(path.relative_to(ROOT)), name)


# --- paths of queries ---


def model_layer(model: Any) -> int | None:
    """How high a model lies."""
    return layer_of(model.__module__)


def climbs(model: Any, hops: list[str], layer: int) -> bool | None:
    """Whether a path from a model leads through a relation that a layer above adds; none where it is no path."""
    climbed = False
    for hop in hops:
        if model is None:
            return None
        try:
            field = model._meta.pk if hop == "pk" else model._meta.get_field(hop)
        except FieldDoesNotExist:
            # What follows is a look-up, as `isnull`; a path that never began is none.
            return climbed if hop is not hops[0] and hop.islower() else None
        target = field.related_model if field.is_relation else None
        climbed = climbed or (field.auto_created and target is not None and (model_layer(target) or 0) > layer)
        model = target
    return climbed


def keys_upward() -> list[str]:
    """Foreign keys of a model to one that lies higher: a string names it, so no import shows it."""
    keys = [
        (field, layer)
        for model in apps.get_models()
        if (layer := model_layer(model)) is not None
        for field in model._meta.concrete_fields
        if field.is_relation
    ]
    return [str(field) for field, layer in keys if (model_layer(field.related_model) or 0) > layer]


def ties_in_paths() -> Iterator[Tie]:
    """Paths that lead, from every model a module may know, only through what a higher room adds."""
    models = [(model, model_layer(model)) for model in apps.get_models() if model_layer(model) is not None]
    for file, layer, source in modules():
        known = [model for model, height in models if height is not None and height <= layer]
        for name in sorted(strings(source)):
            hops = name.split(LOOKUP_SEP)
            if len(hops) < 2 or not re.fullmatch(r"[a-z][a-z_0-9]*", name):
                continue
            verdicts = {climbs(model, hops, layer) for model in known} - {None}
            if verdicts == {True}:
                yield Tie(file, name)
