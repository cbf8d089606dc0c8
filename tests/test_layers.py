"""One direction: what imports cannot show, the kernel's floors, and sets of roles in one place."""

import ast
import tomllib
from collections.abc import Iterator
from itertools import chain

import pytest
from django.apps import apps

from kernel.access import Role
from kernel.handed_in import handed_in
from tests import layers
from tests.layers import ROOT, TIES, Tie

ROLES = frozenset(Role.__members__)
ACCESS = "kernel/access.py"


# --- upward ties ---


def test_every_upward_tie_stands_in_the_list_with_its_reason() -> None:
    found = set(chain(layers.ties_in_code(), layers.ties_in_templates(), layers.ties_in_paths()))
    listed = {Tie(file, name) for file, names in TIES.items() for name in names}
    assert sorted(found - listed) == [], "A lower room names what a higher one has: move it up, or list it and say why."
    assert sorted(listed - found) == [], "Take what is mended off the list."
    assert all(reason for names in TIES.values() for reason in names.values())


def test_no_foreign_key_leads_up() -> None:
    assert layers.keys_upward() == []


def test_names_of_urls_are_known_by_the_layer_of_their_view() -> None:
    found = dict(layers.url_layers())
    rooms = {
        "jobs:job_list": "kernel",
        "metrics:outcome_list": "metrics",
        "vendors:vendor_list": "vendors",
        "agencies:agency_list": "agencies",
        "home": "brm_portal",
        "api:jobs-detail": "kernel",
        "api:contracts-detail": "vendors",
    }
    assert {name: layers.LAYERS[found[name]] for name in rooms} == rooms


@pytest.mark.parametrize(
    ("label", "path", "room", "is_upward"),
    [
        ("directory.Organization", "vendor__contracts", "kernel", True),
        ("directory.Organization", "vendor__contracts", "vendors", False),
        ("metrics.Series", "agency__name", "metrics", False),
        ("metrics.Series", "service_level__contract", "metrics", True),
        ("metrics.Series", "nothing__like__it", "metrics", None),
    ],
)
def test_paths_are_read_hop_by_hop(label: str, path: str, room: str, is_upward: bool | None) -> None:
    assert layers.climbs(apps.get_model(label), path.split("__"), layers.LAYERS.index(room)) is is_upward


def test_the_kernel_names_no_event_and_no_resource_of_a_room() -> None:
    rooms = [each for each in apps.get_app_configs() if layers.layer_of(each.name)]
    theirs = {name for room in rooms for kind in ("events", "work") for name in getattr(room, kind, {})}
    assert theirs < {*handed_in("events"), *handed_in("work")}
    named = {
        (file, name)
        for file, layer, source in layers.modules()
        if layer == 0
        for name in layers.strings(source) & theirs
    }
    assert named == set()


# --- the kernel's floors ---


def test_every_module_of_the_kernel_stands_on_one_floor() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (floors,) = [each["layers"] for each in contracts if "inside the kernel" in each["name"]]
    placed = [module.strip() for floor in floors for module in floor.split(":")]
    assert len(placed) == len(set(placed))
    paths = [path.relative_to(ROOT) for path in (ROOT / "kernel").rglob("*.py") if "migrations" not in path.parts]
    names = [".".join(path.with_suffix("").parts) for path in paths if path.name != "__init__.py"]
    stray = [name for name in names if sum(name == each or name.startswith(f"{each}.") for each in placed) != 1]
    assert stray == []


# --- sets of roles ---


def is_role(node: ast.AST) -> bool:
    """Whether an expression is somebody's role, or one of the roles."""
    if isinstance(node, ast.Attribute):
        return node.attr == "role" or (node.attr in ROLES and ast.unparse(node.value).endswith("Role"))
    return isinstance(node, ast.Name) and node.id == "role"


def faults(source: ast.Module) -> Iterator[str]:
    """Comparisons that say which role it is not, and sets of roles made on the spot."""
    for node in ast.walk(source):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(isinstance(op, ast.NotEq | ast.NotIn) for op in node.ops) and any(map(is_role, sides)):
                yield ast.unparse(node)
        if isinstance(node, ast.Set | ast.Tuple | ast.List) and any(map(is_named_role, node.elts)):
            yield ast.unparse(node)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".exclude"):
            yield from (ast.unparse(node) for key in node.keywords if (key.arg or "").split("__")[-1] == "role")


def is_named_role(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and is_role(node) and node.attr in ROLES


def test_sets_of_roles_stand_in_access_and_say_who_is_in_them() -> None:
    found = [
        f"{file}: {fault}" for file, _layer, source in layers.modules() if file != ACCESS for fault in faults(source)
    ]
    assert found == []


def test_no_template_says_which_role_it_is_not() -> None:
    paths = sorted((ROOT / "templates").rglob("*.html"))
    assert [str(path.relative_to(ROOT)) for path in paths if "role !=" in path.read_text()] == []


@pytest.mark.parametrize(
    "source",
    [
        "user.role != Role.AUDITOR",
        "role not in STAFF",
        "frozenset({Role.AUDITOR})",
        "STAFF | {Role.AUDITOR}",
        "user.role in (Role.AUDITOR, Role.CIO_OFFICE)",
        "people.exclude(role=Role.AUDITOR)",
    ],
)
def test_faults_are_found(source: str) -> None:
    assert list(faults(ast.parse(source)))


@pytest.mark.parametrize("source", ["user.role in STAFF", "user.role == Role.AUDITOR", "{Role.AUDITOR: 1}", "a != b"])
def test_what_is_no_fault_is_let_be(source: str) -> None:
    assert list(faults(ast.parse(source))) == []


# --- imports and look-ups that dodge the direction ---


def test_no_import_hides_in_a_function() -> None:
    functions = [
        (file, function)
        for file, _layer, source in layers.modules()
        for function in ast.walk(source)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    hidden = [
        (file, ast.unparse(node))
        for file, function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_no_room_finds_rows_through_the_fields_of_a_model() -> None:
    """Rows come as arguments, and a part knows its whole; only the kernel, which knows no model, may look there."""
    found = [
        (file, ast.unparse(node))
        for file, layer, source in layers.modules()
        for node in ast.walk(source)
        if layer > 0 and isinstance(node, ast.Attribute) and node.attr == "related_model"
    ]
    assert found == []
