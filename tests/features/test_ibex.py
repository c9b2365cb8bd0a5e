"""Identifiers of the Ibex core, as it is: features answer, and definitions are really declarations."""

from __future__ import annotations

import random
from functools import cache

import pytest

from hdl_lsp.features.completion import completion
from hdl_lsp.features.definition import definition
from hdl_lsp.features.document_symbols import document_symbols
from hdl_lsp.features.hover import hover
from hdl_lsp.features.references import lexical_references
from hdl_lsp.features.signature_help import signature_help
from hdl_lsp.syntax.tokens import TokenKind, tokens
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support import designs, workspace

SAMPLE = 8  # identifiers of a file; asking at all of them takes minutes
FILES = sorted(path.name for path in (designs.ibex() / "rtl").glob("*.sv"))

pytestmark = pytest.mark.real


@cache
def ibex() -> Snapshot:
    """Ibex with the primitives it uses; read once."""
    root = designs.ibex()
    return workspace.load(root, [p for p in designs.sources(root) if "rtl" in p.parts])


def identifiers(world: Snapshot, file: FileId) -> list[tuple[str, int]]:
    """Names in active code and where they are."""
    text = world.text(file)
    facts = world.facts(file)
    assert text is not None
    assert facts is not None
    assert not facts.failure
    found = [
        (token.text, token.start)
        for token in tokens(text.data, 0, text.size_bytes)
        if token.kind is TokenKind.WORD
        and token.text not in KEYWORDS
        and not any(dead.contains(token.start) for dead in facts.inactive)
    ]
    random.Random(7).shuffle(found)
    return found[:SAMPLE]


@pytest.mark.parametrize("name", FILES)
def test_names_of_a_file(name: str) -> None:
    """A sample of names: each leads to a declaration of that name, hovers, and has at least its own use."""
    world = ibex()
    file = world.table.find(str(designs.ibex() / "rtl" / name))
    assert file is not None
    for word, offset in identifiers(world, file):
        completion(world, file, offset)
        signature_help(world, file, offset)
        targets = definition(world, file, offset)
        if not targets:
            continue  # names in macro bodies; the next test counts them
        assert hover(world, file, offset) is not None
        for target in targets:
            there = world.table.find(target.path)
            text = world.text(there) if there is not None else None
            assert text is not None
            assert text.slice(target.focus).lstrip("\\") == word
        places = lexical_references(world, file, offset)
        assert any(one.focus.contains(offset) for one in places), word


def test_nearly_all_names_are_known() -> None:
    """In ibex_core.sv at least 97 of 100 names in active code lead somewhere."""
    world = ibex()
    file = world.table.find(str(designs.ibex() / "rtl" / "ibex_core.sv"))
    assert file is not None
    text, facts = world.text(file), world.facts(file)
    assert text is not None
    assert facts is not None
    known = total = 0
    for token in tokens(text.data, 0, text.size_bytes):
        if token.kind is not TokenKind.WORD or token.text in KEYWORDS:
            continue
        if any(dead.contains(token.start) for dead in facts.inactive):
            continue
        total += 1
        known += bool(definition(world, file, token.start))
    assert total > 1000
    assert known / total >= 0.97


def test_outline_of_every_file() -> None:
    """Every file of the core has an outline with its module or package at the top."""
    world = ibex()
    for name in FILES:
        file = world.table.find(str(designs.ibex() / "rtl" / name))
        assert file is not None
        assert document_symbols(world, file), name


def test_the_macro_that_is_expanded_is_the_one_that_is_shown() -> None:
    """Of the definitions of `ASSERT` the first one is that of the expansion, in hover and definition."""
    world = ibex()
    file = world.table.find(str(designs.ibex() / "rtl" / "ibex_controller.sv"))
    assert file is not None
    text, facts = world.text(file), world.facts(file)
    assert text is not None
    assert facts is not None
    use = next(one for one in facts.macros if one.name == "ASSERT")
    first = definition(world, file, use.span.start + 1)[0]
    assert (first.path, first.focus) == (use.path, use.name_span)
    assert first.path.endswith("prim_assert_standard_macros.svh")
    shown = hover(world, file, use.span.start + 1)
    assert shown is not None
    assert "prim_assert_standard_macros.svh:" in shown.markdown
    assert ".ibex_controller.sv." not in shown.markdown
