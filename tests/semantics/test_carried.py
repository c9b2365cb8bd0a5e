"""Findings of the elaborated design follow the text while it is edited."""

from __future__ import annotations

import pytest

from hdl_lsp.semantics.carried import carried, moved
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.semantics.facts import Diagnostic, Related, Severity
from hdl_lsp.text.source import SourceText, span

TEXT = "one\ntwo\nthree\nfour\n"


def after(old: str, new: str, word: str = "three") -> str | None:
    """The text under the finding about *word* once *old* has become *new*; None when it was dropped."""
    source, target = SourceText.of(old), SourceText.of(new)
    start = old.index(word)
    finding = Diagnostic(span(start, start + len(word)), Severity.WARNING, "code", "message")
    design = DesignFacts(diagnostics={"/a.sv": (finding,)}, digests={"/a.sv": source.digest})
    known = carried(design, "/a.sv", source)
    assert known is not None
    (*found,) = moved(known, "/a.sv", target).findings
    return target.slice(found[0].span) if found else None


@pytest.mark.parametrize(
    "new",
    [
        "zero\none\ntwo\nthree\nfour\n",
        "one\ntwo and more\nthree\nfour\n",
        "one\ntwo\n\nthree\nfour\n",
        "one\ntwo\nthree\n\nfour\n",
        "one\nthree\nfour\n",
        "one\ntwo\nthree\nfive\n",
        "one\ntwo\nthree",
        "one\n",
    ],
)
def test_an_edit_of_other_lines_moves_a_finding(new: str) -> None:
    """What is typed above or below leaves it on its word; with the word gone it is gone."""
    assert after(TEXT, new) == ("three" if "three" in new else None)


@pytest.mark.parametrize(
    "new",
    [
        "one\ntwo\nthree!\nfour\n",
        "one\ntwo\n  three\nfour\n",
        "one\ntwo\nthr\nee\nfour\n",
        "one\ntwothree\nfour\n",
        "one\ntwo\nthreefour\n",
        "one\ntwo\n// three\nfour\n",
    ],
)
def test_an_edit_of_its_line_drops_a_finding(new: str) -> None:
    """The line is not the one that was elaborated."""
    assert after(TEXT, new) is None


def test_touched_lines_are_remembered_and_move_too() -> None:
    """Two edits in different places: both lines count as touched in the last text, no other does."""
    source = SourceText.of(TEXT)
    known = carried(DesignFacts(digests={"/a.sv": source.digest}), "/a.sv", source)
    assert known is not None
    for text in ("one\ntwo\nthree\nfour!\n", "zero\none\ntwo\nthree\nfour!\n"):
        known = moved(known, "/a.sv", SourceText.of(text))
    lines = [
        known.text.slice(known.text.line_span(line))
        for line in range(known.text.line_count - 1)
        if known.is_touched(known.text.line_span(line))
    ]
    assert lines == ["zero", "four!"]


def test_places_in_the_edited_file_that_explain_a_finding_go() -> None:
    """They would point at the wrong words; those in other files stay."""
    source = SourceText.of(TEXT)
    related = (Related("/a.sv", span(0, 3), "here"), Related("/b.sv", span(0, 3), "there"))
    finding = Diagnostic(span(8, 13), Severity.ERROR, "code", "message", related=related)
    design = DesignFacts(diagnostics={"/a.sv": (finding,)}, digests={"/a.sv": source.digest})
    known = carried(design, "/a.sv", source)
    assert known is not None
    (found,) = moved(known, "/a.sv", SourceText.of("zero\n" + TEXT)).findings
    assert [one.path for one in found.related] == ["/b.sv"]


def test_another_text_and_a_design_without_a_top_say_nothing() -> None:
    """Only what was elaborated with exactly this text, and from a top, is certain."""
    source = SourceText.of(TEXT)
    finding = Diagnostic(span(0, 3), Severity.ERROR, "code", "message")
    told = {"/a.sv": (finding,)}
    older = DesignFacts(diagnostics=told, digests={"/a.sv": "older"})
    lint = DesignFacts(diagnostics=told, digests={"/a.sv": source.digest}, is_lint_only=True)
    assert carried(older, "/a.sv", source) is None
    assert carried(lint, "/a.sv", source) is None
