"""The direction of imports, and what else can be read off the code: who may know what is a matter of structure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from pipeline import tables
from pipeline.stages import STAGES
from pipeline.stamps import PACKAGES
from pipeline.store import Privacy, Table

PACKAGE = Path(tables.__file__).parent

STAGE_MODULES = ("ingest", "anonymise", "segment", "embed", "themes", "quotes", "synthesis")
AFTER_ANONYMISE = STAGE_MODULES[2:]
FOUNDATIONS = {"errors", "store", "tables", "decisions", "facilitator", "welsh", "backends.protocols"}
# Modules of backends/ that load no library: parts of their own, which more may import.
LIGHT_BACKENDS = ("backends.protocols", "backends.models")

# What each part of the package may import of the others, besides itself. The order is the direction of imports.
MAY_IMPORT = {
    "errors": set(),
    "store": {"errors"},
    "tables": {"errors", "store"},
    "decisions": {"errors", "store", "tables"},
    "facilitator": set(),
    "welsh": set(),
    "waiting": {"tables"},
    "config": {"errors"},
    "backends": {"errors", "store", "tables"},
    **dict.fromkeys(STAGE_MODULES, FOUNDATIONS),
    "withdrawal": {*FOUNDATIONS, "anonymise"},
    "stages": {*FOUNDATIONS, *STAGE_MODULES, "withdrawal", "config", "backends.models"},
    "topics": {"errors", "tables", "backends"},
    "doctor": {"errors", "config", "backends.models"},
    "stamps": {*FOUNDATIONS, "withdrawal", "config", "stages", "backends.models"},
    "runs": {*FOUNDATIONS, *STAGE_MODULES, "withdrawal", "config", "stages", "stamps", "backends.models"},
    "review": {*FOUNDATIONS, *STAGE_MODULES, "config", "stages", "runs", "waiting"},
    "cli": {
        *FOUNDATIONS,
        *STAGE_MODULES,
        "config",
        "stages",
        "runs",
        "review",
        "doctor",
        "topics",
        "waiting",
        "backends",
        "backends.models",
    },
    "__main__": {"cli"},
    "__init__": set(),
}
# The one backend module that is told the settings: it chooses the models for the command line.
KNOWS_CONFIG = {"backends.toolbox"}
# Verifying an edited document asks whether a name stands in it, so it must be told the names.
TOLD_NAMES = ("synthesis.verify.",)

HEAVY = {
    "bertopic", "dask", "distributed", "hdbscan", "onnx", "onnxruntime", "presidio_analyzer", "sentence_transformers",
    "spacy", "tokenizers", "torch", "transformers", "umap",
}  # fmt: skip
# Their import costs more than `roundtable --help` may take.
SLOW_TO_START = {*HEAVY, "numpy", "pandas", "pandera", "pyarrow", "scipy", "sklearn", "docx", "fastapi", "lxml"}


@dataclass(frozen=True)
class Import:
    """One import in one of our modules."""

    importer: str  # "themes.cluster"
    imported: str  # "pipeline.tables.STATEMENTS", "numpy"
    line: int
    at_import: bool  # outside of functions, and not only for the type checker

    def __str__(self) -> str:
        return f"{self.importer}, line {self.line}: {self.imported}"


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the package, as `themes.cluster`, with its syntax tree."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
        found.append((name, ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


@cache
def imports() -> tuple[Import, ...]:
    return tuple(_imports())


def _imports() -> Iterator[Import]:
    for name, tree in modules():
        early = set(map(id, _run_at_import(tree)))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield Import(name, alias.name, node.lineno, id(node) in early)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{name}, line {node.lineno}: write imports in full"
                for alias in node.names:
                    yield Import(name, f"{node.module}.{alias.name}", node.lineno, id(node) in early)


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and ast.unparse(child.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            continue
        yield child
        yield from _run_at_import(child)


def ours() -> list[Import]:
    return [found for found in imports() if found.imported.split(".")[0] == "pipeline"]


def part(module: str) -> str:
    """The part of the package that a module belongs to, as MAY_IMPORT names them."""
    light = next((name for name in LIGHT_BACKENDS if f"{module}.".startswith(f"{name}.")), "")
    return light or module.split(".", maxsplit=1)[0]


def imported_part(found: Import) -> str:
    return part(found.imported.removeprefix("pipeline."))


def private_names() -> set[str]:
    """What `tables.py` calls the private tables, and the rows that only they have."""
    declared = {name: value for name, value in vars(tables).items() if isinstance(value, Table)}
    public_rows = {table.row for table in declared.values() if table.privacy is Privacy.PUBLIC}
    private = {name: table for name, table in declared.items() if table.privacy is Privacy.PRIVATE}
    return set(private) | {table.row.__name__ for table in private.values() if table.row not in public_rows}


def test_every_module_has_its_place_in_the_direction_of_imports() -> None:
    assert sorted({name.split(".")[0] for name, _ in modules()} - set(MAY_IMPORT)) == []


def test_imports_go_one_way() -> None:
    wrong = [
        str(found)
        for found in ours()
        if found.imported != "pipeline"
        and imported_part(found).split(".")[0] != found.importer.split(".")[0]
        and imported_part(found) not in MAY_IMPORT[found.importer.split(".")[0]]
        and not (found.importer in KNOWS_CONFIG and imported_part(found) == "config")
    ]
    assert wrong == []


def test_stages_do_not_import_each_other() -> None:
    wrong = [
        str(found)
        for found in ours()
        if part(found.importer) in STAGE_MODULES
        and imported_part(found) in STAGE_MODULES
        and imported_part(found) != part(found.importer)
    ]
    assert wrong == []


def test_config_stops_at_stages() -> None:
    wrong = [
        str(found)
        for found in ours()
        if part(found.importer) in {*STAGE_MODULES, "store", "tables", "errors", "decisions"}
        and imported_part(found) == "config"
    ]
    assert wrong == []


def test_no_module_after_anonymise_knows_a_private_table() -> None:
    private = private_names()
    assert {"PEOPLE", "Person", "SOURCE_TURNS", "REDACTIONS"} <= private
    wrong = [
        f"{name}, line {node.lineno}: {word}"
        for name, tree in modules()
        if part(name) in AFTER_ANONYMISE and not f"{name}.".startswith(TOLD_NAMES)
        for node in ast.walk(tree)
        for word in _names_of(node)
        if word in private
    ]
    assert wrong == []


def _names_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module == "pipeline.tables":
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("tables", "t"):
        yield node.attr


def test_no_stage_after_anonymise_is_given_or_makes_a_private_artefact() -> None:
    before, after = STAGES[:2], STAGES[2:]
    assert [stage.name for stage in before] == ["ingest", "anonymise"]
    wrong = [
        (stage.name, artefact.name)
        for stage in after
        for artefact in (*stage.takes, *stage.makes)
        if artefact.path(Path()).parts[0] == "private"
    ]
    assert wrong == []


def test_no_two_artefacts_share_a_name() -> None:
    """A stage is given its tables by their names."""
    names = [artefact.name for stage in STAGES for artefact in stage.makes]
    assert sorted(names) == sorted(set(names))


def test_a_stage_takes_only_what_a_stage_before_it_makes() -> None:
    made: set[str] = set()
    for stage in STAGES:
        assert {taken.name for taken in stage.takes} <= made, stage.name
        made |= {artefact.name for artefact in stage.makes}


def test_the_code_that_a_stage_depends_on_is_there() -> None:
    missing = [(stage.name, place) for stage in STAGES for place in stage.code if not (PACKAGE / place).exists()]
    assert missing == []


def test_a_change_to_a_stage_s_own_code_makes_it_again() -> None:
    assert [stage.name for stage in STAGES if stage.name not in {Path(place).stem for place in stage.code}] == []


# A Protocol and what an error says change no table; `store`, `tables` and `stages` themselves count for every stage.
CHANGES_NOTHING = {"errors", "store", "tables", "backends", "backends.protocols", "backends.cores", "synthesis"}
# What makes the models, by the stage that uses them: no stage imports it, they are handed to it.
VECTORS = {"backends.minilm_onnx", "backends.minilm_torch", "backends.plain_encoder"}
MODELS = {
    "anonymise": {"backends.spacy_linguist", "backends.plain"},
    "embed": VECTORS,
    "themes": VECTORS,
    "evidence": VECTORS,
    "quotes": {"backends.bge_onnx", "backends.smollm_onnx"},
}


def rests_on(module: str) -> set[str]:
    """The modules of ours that one imports, whenever it does."""
    known = {name for name, _ in modules()}
    found = set()
    for one in ours():
        if one.importer == module:
            path = one.imported.removeprefix("pipeline.").split(".")
            found |= {".".join(path[:end]) for end in range(1, len(path) + 1)} & known
    return found


def test_a_change_to_what_a_stage_s_code_rests_on_makes_it_again() -> None:
    """A newer version would else keep what an older one made, and say that nothing changed."""
    for stage in STAGES:
        places = {".".join(Path(place).with_suffix("").parts) for place in stage.code}
        inside = {name for name, _ in modules() if any(f"{name}.".startswith(f"{place}.") for place in places)}
        needed = MODELS.get(stage.name, set()).union(*map(rests_on, inside)) - CHANGES_NOTHING
        # The gate and what proves a withdrawal are not what a stage makes.
        needed = {name for name in needed if stage.name != "ingest" or not name.startswith("anonymise")}
        assert sorted(needed - inside) == [], stage.name


# They carry, keep, check or lock what was made, and change nothing in it.
CHANGE_NO_RESULT = {
    "cryptography", "dask", "defusedxml", "distributed", "filelock", "markupsafe", "pandera", "platformdirs",
    "pydantic", "safetensors", "threadpoolctl", "xlsxwriter",
}  # fmt: skip


def test_the_manifest_names_every_library_that_a_result_may_depend_on() -> None:
    """Two runs that differ by a library's version were told that nothing was another."""
    makes = {*STAGE_MODULES, "backends", "store", "tables", "facilitator", "decisions", "welsh"}
    known = packages_distributions()
    used = {
        package.lower().replace("_", "-")
        for found in imports()
        if found.importer.split(".")[0] in makes and not found.imported.startswith("pipeline")
        for package in known.get(found.imported.split(".")[0], ())
    }
    assert sorted(used - set(PACKAGES) - CHANGE_NO_RESULT) == []


def test_heavy_libraries_are_imported_in_backends_only() -> None:
    wrong = [
        str(found)
        for found in imports()
        if found.imported.split(".")[0] in HEAVY and not found.importer.startswith("backends.")
    ]
    assert wrong == []


def test_the_command_line_loads_nothing_slow_before_it_is_asked() -> None:
    """Follows what is imported at import from `cli`, through our own modules."""
    early: dict[str, list[Import]] = {}
    for found in imports():
        if found.at_import:
            early.setdefault(found.importer, []).append(found)
    known = {name for name, _ in modules()}
    waiting, seen, slow = ["cli"], set(), []
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        for found in early.get(module, []):
            if found.imported.split(".")[0] in SLOW_TO_START:
                slow.append(str(found))
            path = found.imported.removeprefix("pipeline.").split(".")
            waiting += [".".join(path[:end]) for end in range(1, len(path) + 1) if ".".join(path[:end]) in known]
    assert slow == []


def test_only_the_command_line_prints_or_exits() -> None:
    wrong = [
        f"{name}, line {node.lineno}: {ast.unparse(node.func)}"
        for name, tree in modules()
        if name != "cli"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func)
        in ("print", "exit", "quit", "sys.exit", "os._exit", "typer.echo", "sys.stdout.write")
    ]
    assert wrong == []


def test_no_except_catches_everything() -> None:
    """`except BaseException` may stand where it tidies up and raises again."""
    wrong = [
        f"{name}, line {node.lineno}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    ]
    assert wrong == []


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = {
        ast.unparse(kind) for kind in (handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type])
    }
    raises_again = isinstance(handler.body[-1], ast.Raise) and handler.body[-1].exc is None
    return bool(caught & {"Exception", "BaseException"}) and not raises_again


def test_nothing_asks_the_clock_or_the_hash_of_the_day() -> None:
    """Only what tells people how long something took, or when they decided, may know the time."""
    may_know_the_time = {"runs", "decisions.log", "review.server"}
    clocks = ("time.time", "datetime.now", "datetime.datetime.now", "date.today", "datetime.date.today", "hash")
    wrong = [
        f"{name}, line {node.lineno}: {ast.unparse(node.func)}"
        for name, tree in modules()
        if name not in may_know_the_time
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in clocks
    ]
    assert wrong == []


def test_every_module_opens_with_a_sentence() -> None:
    silent = [name for name, tree in modules() if not ast.get_docstring(tree) and tree.body]
    assert silent == []


def test_no_function_is_too_long_to_read() -> None:
    long = [
        f"{name}.{node.name}: {node.end_lineno - node.lineno + 1} lines"  # type: ignore[operator]
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > 60  # type: ignore[operator]
    ]
    assert long == []
