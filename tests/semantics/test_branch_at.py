"""The `ifdef branch around a cursor becomes the one that is taken; offsets stay."""

from __future__ import annotations

import pytest

from hdl_lsp.semantics.branch_at import branch_at


def check(text: str, expected: str) -> None:
    """What is left of *text*, blanks squeezed, with the cursor at `<|>`; its length and lines stay."""
    offset = text.index("<|>")
    data = text.replace("<|>", "").encode()
    found = branch_at(data, offset).data
    assert len(found) == len(data)
    assert found.count(b"\n") == data.count(b"\n")
    assert found.decode().split() == expected.split()


def test_the_branch_with_the_cursor_stays() -> None:
    """The directives and the other branches become blank."""
    check("a\n`ifdef X\nb <|>\n`else\nc\n`endif\nd", "a b d")
    check("a\n`ifdef X\nb\n`else\nc <|>\n`endif\nd", "a c d")
    check("`ifndef X\nb\n`elsif Y\nc <|>\n`else\ne\n`endif", "c")


def test_conditionals_beside_the_cursor_stay() -> None:
    """Only what holds the cursor is decided."""
    check("`ifdef X\nb\n`endif\n<|>c", "`ifdef X b `endif c")
    check("<|>c\n`ifdef X\nb\n`endif", "c `ifdef X b `endif")


def test_all_around_the_cursor_are_decided() -> None:
    """Inner and outer ones; an inner one of another branch goes with it."""
    check(
        "`ifdef A\na\n`ifdef B\nb<|>\n`else\nc\n`endif\nd\n`else\n`ifdef C\ne\n`endif\n`endif\nf",
        "a b d f",
    )


def test_directives_in_comments_and_strings_are_text() -> None:
    """They decide nothing."""
    check("// `ifdef X\n<|>b\n// `endif", "// `ifdef X b // `endif")
    check('`ifdef X\nb = "`endif"; <|>\n`endif', 'b = "`endif";')


def test_one_that_is_never_closed_runs_to_the_end() -> None:
    """Its branch is taken too."""
    check("a\n`ifdef X\nb\n`else\nc <|>\n", "a c")


@pytest.mark.parametrize("text", ["", "`endif<|>", "`else <|>\n`endif", "`ifdef<|>"])
def test_torn_directives_do_no_harm(text: str) -> None:
    """Nothing raises, nothing grows."""
    data = text.replace("<|>", "").encode()
    assert len(branch_at(data, max(0, text.find("<|>"))).data) == len(data)


def test_names_that_have_to_be_defined() -> None:
    """Those of the branches that hold the cursor; what has to be undefined can't be."""
    text = b"`ifdef A\n`ifndef B\n`ifdef C\nx\n`elsif D\ny\n`else\nz\n`endif\n`endif\n`endif\n"
    assert branch_at(text, text.index(b"x")).names == ("C", "A")
    assert branch_at(text, text.index(b"y")).names == ("D", "A")
    assert branch_at(text, text.index(b"z")).names == ("A",)
    assert branch_at(text, 0).names == ()
