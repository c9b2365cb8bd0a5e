"""Markdown pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.presentation.markup import code, code_block, one_line, plain, sections, squeezed


def test_code_block() -> None:
    """Code is fenced as SystemVerilog."""
    assert code_block("logic a") == "```systemverilog\nlogic a\n```"


@given(st.text(alphabet="`ab \n", max_size=30))
def test_fence_is_longer_than_backticks_inside(text: str) -> None:
    """No run of backticks in the code can close its block."""
    fence = code_block(text).split("systemverilog")[0]
    assert fence not in text


def test_inline_code_with_backticks() -> None:
    """A macro's backtick survives in inline code."""
    assert code("`WIDTH") == "`` `WIDTH ``"
    assert code("") == ""


def test_plain() -> None:
    """Markdown characters are shown, line ends kept."""
    assert plain("a_b *c*\nd") == "a\\_b \\*c\\*  \nd"


def test_plain_leaves_inline_code_alone() -> None:
    """Names in backticks show no backslashes."""
    assert plain("`a_b` is a_b") == "`a_b` is a\\_b"
    assert plain("the `A_B macro") == "the `A\\_B macro"


def test_sections() -> None:
    """Empty parts leave no gap."""
    assert sections(["a", "", "b"]) == "a\n\nb"


def test_squeezed() -> None:
    """Alignment and common indent go, indent below the first line stays."""
    assert squeezed("  logic     a;  \n      logic b;\n    end") == "logic a;\n  logic b;\nend"
    assert squeezed("x (\n    a,\n  )", 2) == "x (\n  a,\n)"
    assert squeezed("") == ""


def test_one_line() -> None:
    """White space is squeezed and long text cut."""
    assert one_line("a\n  b") == "a b"
    assert one_line("abcdef", 4) == "abc…"
