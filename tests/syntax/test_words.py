"""Keywords, system tasks and the places of identifiers."""

from __future__ import annotations

import pyslang
import pytest

from hdl_lsp.syntax.words import IDENTIFIER, KEYWORDS, SYSTEM_TASKS, identifier_spans, is_identifier
from hdl_lsp.text.source import SourceText


def test_the_keywords_are_the_compilers() -> None:
    """The newest keyword table of slang has the same words."""
    kinds = {
        str(kind).removeprefix("TokenKind.")
        for kind in pyslang.parsing.TokenKind.__members__.values()
    }
    theirs = {kind.removesuffix("Keyword") for kind in kinds if kind.endswith("Keyword")}
    assert {word.replace("_", "").lower() for word in KEYWORDS} <= {
        word.lower() for word in theirs
    } | {"1step"}
    assert len(KEYWORDS) >= 240


def test_every_system_task_has_a_signature_and_a_sentence() -> None:
    """Names start with a dollar sign, signatures with the name, descriptions end as sentences."""
    for name, task in SYSTEM_TASKS.items():
        assert name.startswith("$")
        assert task.signature.startswith(name)
        assert task.description.endswith(".")


SPOTS = """\
foo foo_x x_foo $bar foo$
/* foo */ "foo" // foo
foo; bar `foo \\foo \\x+y "a `M b"
`define M(x) `"x foo`"
"""


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("foo", [0, 2, 2, 3]),
        ("$bar", [0]),
        ("bar", [2]),
        ("M", [3]),
        ("\\x+y", [2]),
        ("nothing", []),
        ("", []),
    ],
)
def test_identifiers_are_found_as_whole_words_in_code(name: str, lines: list[int]) -> None:
    """Comments, strings, longer words, system tasks and escaped names of the same letters don't count."""
    text = SourceText.of(SPOTS)
    spans = identifier_spans(text, name)
    assert [text.line_of(where.start) for where in spans] == lines
    assert {text.slice(where) for where in spans} <= {name}


def test_identifiers_and_keywords_are_told_apart() -> None:
    """A keyword is no name, and a name has no blank or sign in it."""
    assert is_identifier("a_$1")
    assert not is_identifier("module")
    assert not is_identifier("1a")
    assert not is_identifier("a b")
    assert IDENTIFIER.fullmatch("") is None
