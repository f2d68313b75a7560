"""Which code behind the pages may look across companies: a list by hand, compared with the code."""

import ast
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
LISTED = yaml.safe_load((Path(__file__).parent / "across_organizations.yaml").read_text(encoding="utf-8"))
# commands and the start of the program serve the whole installation; the demo has one company
NOT_BEHIND_PAGES = ("cli", "migrations", "demo", "serve.py", "db.py", "rekey.py", "bench")
OPENS = {"session", "reading"}


def test_every_session_across_companies_is_listed_with_its_reason() -> None:
    found = {
        str(path.relative_to(ROOT)): opening_functions(ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted((ROOT / "trainer").rglob("*.py"))
        if path.relative_to(ROOT / "trainer").parts[0] not in NOT_BEHIND_PAGES
    }
    assert {path: names for path, names in found.items() if names} == {
        path: set(functions) for path, functions in LISTED.items()
    }
    assert all(len(reason) > 10 for functions in LISTED.values() for reason in functions.values())


def test_planted_an_opening_in_another_function_is_found() -> None:
    source = "def page(database):\n    with database.reading() as db:\n        return db\n"
    assert opening_functions(ast.parse(source)) == {"page"}


def opening_functions(module: ast.Module) -> set[str]:
    """The functions of a module that call `something.session()` or `something.reading()`."""
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    return {function.name for function in functions if any(map(_opens, ast.walk(function)))}


def _opens(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OPENS
