"""Our own source as the architecture tests look at it."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file; `name` is its path without the ending, as outreach/mail/outbox."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT).with_suffix(""))

    @property
    def stem(self) -> str:
        return self.path.stem

    @functools.cached_property
    def text(self) -> str:
        return self.path.read_text()

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[Function]:
        """Every function and method, wherever it stands."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imports(self) -> Iterator[str]:
        """Every module named in an import, wherever it stands, but not for type checking only."""
        for node in _run_by_python(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run_by_python(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _run_by_python(node)


@functools.cache
def modules(*folders: str) -> tuple[Module, ...]:
    """All Python files below these folders of the project."""
    return tuple(Module(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))


def ours() -> tuple[Module, ...]:
    """The program itself."""
    return (*modules("outreach"), Module(ROOT / "config.py"))


def is_view(function: Function) -> bool:
    """Whether a route leads to this function."""
    routes = ("route", "get", "post", "put", "patch", "delete")
    called = (d.func for d in function.decorator_list if isinstance(d, ast.Call))
    return any(isinstance(f, ast.Attribute) and f.attr in routes for f in called)


def length(function: Function) -> int:
    """Lines from `def` to the last one."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def texts(folder: str, *endings: str) -> dict[str, str]:
    """The files below a folder by their path within it."""
    files = sorted(path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix in endings)
    return {str(path.relative_to(ROOT / folder)): path.read_text() for path in files}
