"""Hover, definition and references at every identifier of small designs, printed under the source.

Answers are golden files: `pytest --update-golden`, then read the diff.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hdl_lsp.features.definition import definition
from hdl_lsp.features.highlights import highlights
from hdl_lsp.features.hover import hover
from hdl_lsp.features.references import lexical_references
from hdl_lsp.syntax.tokens import TokenKind, tokens
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.paths import is_hdl
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support.fixture import parse_fixture

SWEEPS = Path(__file__).parent / "sweep"
NAMES = {TokenKind.WORD, TokenKind.MACRO, TokenKind.SYSTEM}


@pytest.mark.parametrize("case", sorted(path.stem for path in SWEEPS.glob("*.sv")))
def test_sweep(case: str, golden: Callable[[str, str], None]) -> None:
    """Every identifier of the design answers as it did when a person last looked."""
    at = parse_fixture((SWEEPS / f"{case}.sv").read_text(encoding="utf-8"))
    world = at.snapshot()
    lines: list[str] = []
    for path in at.files:
        if is_hdl(path):
            lines += (path, *sweep(world, at.table.id_of(path)), "")
    golden(f"sweep/{case}.out", "\n".join(lines))


def sweep(world: Snapshot, file: FileId) -> Iterator[str]:
    """Every line with a name in it, and one line for each name: hover, definition, number of uses."""
    text = world.text(file)
    assert text is not None
    last = -1
    for token in tokens(text.data, 0, text.size_bytes):
        if token.kind not in NAMES or token.text in KEYWORDS:
            continue
        line0 = text.line_of(token.start)
        if line0 != last:
            last = line0
            yield f"{line0 + 1:>3} | {text.line_text(line0)}"
        yield f"      {token.text}: {answer(world, file, token.start + 1)}"


def answer(world: Snapshot, file: FileId, offset: int) -> str:
    """The hover on one line, where the definitions are, uses by spelling and uses in this file."""
    shown = hover(world, file, offset)
    facts = " ".join(shown.markdown.replace("```systemverilog", "").split()) if shown else "-"
    places = ", ".join(
        f"{target.path}:{line1(world, target.path, target.focus.start)}"
        for target in definition(world, file, offset)
    )
    uses = len(lexical_references(world, file, offset))
    here = len(highlights(world, file, offset))
    return f"{facts} => {places or 'nowhere'}; {uses} uses, {here} here"


def line1(world: Snapshot, path: str, offset: int) -> int:
    """1-based line of *offset* in the file at *path*."""
    file = world.table.find(path)
    text = world.text(file) if file is not None else None
    return (text or SourceText(b"")).line_of(offset) + 1
