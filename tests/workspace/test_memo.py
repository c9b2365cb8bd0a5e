"""Remembered values."""

from __future__ import annotations

from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.memo import Memo

FILE = FileId(0)


def test_value_is_made_once_for_a_key() -> None:
    """The same key gives the same value without making it again; None is a value too."""
    memo, made = Memo(), list[str]()

    def make() -> None:
        made.append("x")

    assert memo.remember(("f", "digest"), make) is None
    memo.remember(("f", "digest"), make)
    memo.remember(("f", "other"), make)
    assert len(made) == 2


def test_least_recently_used_value_goes_first() -> None:
    """A full memo forgets what was not asked for the longest."""
    memo = Memo(values=2)
    memo.remember(("a",), lambda: 1)
    memo.remember(("b",), lambda: 1)
    memo.remember(("a",), lambda: 2)
    memo.remember(("c",), lambda: 1)
    assert memo.remember(("a",), lambda: 2) == 1
    assert memo.remember(("b",), lambda: 2) == 2


def test_tree_is_of_the_asked_text() -> None:
    """Trees of several texts of one file are kept apart, and an old text still gets its own."""
    memo = Memo(trees=2)
    old, new = SourceText.of("module a; endmodule"), SourceText.of("module ab; wire w; endmodule")
    first = memo.syntax(FILE, old)
    assert memo.syntax(FILE, old) is first
    assert memo.syntax(FILE, new).text == new
    assert memo.syntax(FILE, old) is first
    for number in range(5):
        text = SourceText.of(f"module m{number}; endmodule")
        assert memo.syntax(FileId(number), text).text == text
    assert memo.syntax(FILE, new).text == new
