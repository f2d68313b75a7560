"""The matrix of routes and roles: read from its hand-written file, and compared with an application."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from flask import Flask
from werkzeug.routing import Rule

MATRIX = Path(__file__).parent / "matrix.yaml"
DERIVED = ("HEAD", "OPTIONS")  # HEAD answers like GET; OPTIONS stands before the same gate


@dataclass
class Matrix:
    """Every line that holds in one environment: `METHOD /rule` -> an answer for each role."""

    lines: dict[str, dict[str, Any]]
    without_token: dict[str, str]


def read_matrix(environment: str, text: str | None = None) -> Matrix:
    """The lines of the file (or of another text) that hold in an environment."""
    content = yaml.safe_load(text if text is not None else MATRIX.read_text(encoding="utf-8"))
    columns = content["columns"]
    lines = {**content["lines"], **content["only"].get(environment, {})}
    for name, answers in lines.items():
        assert len(answers) == len(columns), f"{name} has {len(answers)} answers for {len(columns)} columns"
    return Matrix(
        {name: dict(zip(columns, answers, strict=True)) for name, answers in lines.items()}, content["without_token"]
    )


def routes(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Every route as its name in the matrix, its method and its rule."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - set(DERIVED)):
            yield f"{method} {rule.rule}", method, rule


def missing_lines(app: Flask, matrix: Matrix) -> list[str]:
    """The routes that nobody has thought about."""
    return sorted({name for name, _method, _rule in routes(app)} - matrix.lines.keys())


def dead_lines(app: Flask, matrix: Matrix) -> list[str]:
    """The lines whose route is gone."""
    return sorted((matrix.lines.keys() | matrix.without_token.keys()) - {name for name, _method, _rule in routes(app)})
