"""Trees of small files, kept beside them: what a new version of the grammar changes shows as a diff.

Run this file as a program to write the trees anew, and review the diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.syntax.parser import parse
from hdl_lsp.syntax.tree import Node
from hdl_lsp.text.source import SourceText

CORPUS = Path(__file__).parents[2] / "grammars" / "corpus"
FILES = sorted(CORPUS.glob("*.sv"))


def render(path: Path) -> str:
    """The named nodes of a file, one a line, indented by depth; leaves with their text."""
    tree = parse(SourceText(path.read_bytes()))
    lines = [f"masked: {tree.is_masked}  error bytes: {tree.error_bytes}"]
    todo: list[tuple[Node, int]] = [(tree.root, 0)]
    while todo:
        node, depth = todo.pop()
        if not node.is_named and not node.is_missing:
            continue
        children = node.children()
        leaf = "" if children else f" {node.text!r}"
        missing = " missing" if node.is_missing else ""
        lines.append(f"{'  ' * depth}{node.kind}{missing}{leaf}")
        todo.extend((child, depth + 1) for child in reversed(children))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_tree_is_the_one_that_was_reviewed(path: Path) -> None:
    """Kinds, nesting, errors and leaves of the whole file."""
    assert render(path) == path.with_suffix(".tree").read_text(encoding="utf-8")


def test_there_is_a_corpus() -> None:
    """Whole, half-typed and masked files are all there."""
    assert {path.stem for path in FILES} >= {"fifo", "half_typed", "masked_macros"}


if __name__ == "__main__":
    for each in FILES:
        each.with_suffix(".tree").write_text(render(each), encoding="utf-8")
