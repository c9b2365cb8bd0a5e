"""Questions to a tree that are data: grammars/tree-sitter/*.scm, loaded once, and what they find.

Must not hold patterns itself: they are in the .scm files, which other editors can read too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tree_sitter

import hdl_lsp
from hdl_lsp.syntax.parser import LANGUAGE
from hdl_lsp.syntax.tree import Node, SyntaxTree
from hdl_lsp.text.source import Span

NAMES_A_SCOPE = frozenset(("function", "task", "class", "block", "property"))
"""Kinds of locals.scm whose identifier lies inside the scope that it names."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something that the text names."""

    kind: str
    """The capture that found it: "module", "port", "variable" and so on."""
    name: str
    span: Span
    """The whole declaration in outline(), the identifier in local_names()."""
    focus: Span
    """The identifier."""


def outline(tree: SyntaxTree) -> tuple[Named, ...]:
    """Every declaration of the text, inactive conditional branches included, in the order of their names.

    One declaration of several names gives one entry for each.
    """
    found: dict[Span, Named] = {}
    for captures in matches(tree, "outline"):
        names = captures.pop("name", ())
        for kind, nodes in captures.items():
            for name in names:
                # The first pattern wins: a struct's field is a variable declaration too.
                found.setdefault(name.span, Named(kind, name.text, nodes[0].span, name.span))
    return tuple(sorted(found.values(), key=lambda each: (each.focus, each.kind)))


def local_names(tree: SyntaxTree, offset: int) -> tuple[Named, ...]:
    """Names that are declared in the scopes around *offset*, before or after it, innermost scope first.

    A name hidden by one of an inner scope is left out. Works without any compilation, so it misses what
    comes from packages, macros and base classes.
    """
    whole = tree.text.full_span()
    around = [
        scope.span
        for scope in captures_of(tree, "scopes", "scope")
        if scope.span.contains(offset) and scope.span != whole
    ]
    by_scope: dict[Span, list[Named]] = {scope: [] for scope in (*reversed(around), whole)}
    for named, scope in _with_scopes(tree, whole):
        if scope in by_scope:
            by_scope[scope].append(named)
    seen: dict[str, Named] = {}
    for found in by_scope.values():
        for named in found:
            seen.setdefault(named.name, named)
    return tuple(seen.values())


def _with_scopes(tree: SyntaxTree, whole: Span) -> Iterator[tuple[Named, Span]]:
    """Every local name in text order with the scope it belongs to."""
    scopes = captures_of(tree, "scopes", "scope")
    names = [
        Named(kind, node.text, node.span, node.span)
        for captures in matches(tree, "locals")
        for kind, nodes in captures.items()
        for node in nodes
    ]
    names.sort(key=lambda each: (each.span, each.kind))
    open_scopes: list[Node] = []
    upcoming = 0
    for named in names:
        while upcoming < len(scopes) and scopes[upcoming].span.start <= named.span.start:
            open_scopes.append(scopes[upcoming])
            upcoming += 1
        # Scopes nest, so one that has ended lies above those that go on.
        open_scopes = [scope for scope in open_scopes if named.span.end <= scope.span.end]
        yield named, _home(named, open_scopes, whole)


def _home(named: Named, around: list[Node], whole: Span) -> Span:
    """The scope a name belongs to: that around the scope it names, if it names one."""
    count = len(around)
    if named.kind in NAMES_A_SCOPE:
        count -= 1
        if count and around[count - 1].kind == "loop_generate_construct":
            count -= 1
    return around[count - 1].span if count > 0 else whole


def matches(tree: SyntaxTree, query: str) -> list[dict[str, tuple[Node, ...]]]:
    """What each match of grammars/tree-sitter/<query>.scm captured, by the captures' names."""
    found = tree_sitter.QueryCursor(_query(query)).matches(tree.raw_root())
    return [
        {name: tuple(Node(raw, tree.text) for raw in raws) for name, raws in captures.items()}
        for _, captures in found
    ]


def captures_of(tree: SyntaxTree, query: str, name: str) -> tuple[Node, ...]:
    """The nodes that *query* captured as *name*, in text order."""
    found = tree_sitter.QueryCursor(_query(query)).captures(tree.raw_root()).get(name, [])
    nodes = (Node(raw, tree.text) for raw in found)
    return tuple(sorted(nodes, key=lambda node: (node.span.start, -node.span.end)))


@cache
def _query(name: str) -> tree_sitter.Query:
    return tree_sitter.Query(LANGUAGE, (_folder() / f"{name}.scm").read_text(encoding="utf-8"))


def _folder() -> Path:
    """Where the .scm files are: in the package if it was installed from a wheel, beside it in a source checkout."""
    package = Path(hdl_lsp.__file__).parent
    installed = package / "grammars" / "tree-sitter"
    return installed if installed.is_dir() else package.parent / "grammars" / "tree-sitter"
