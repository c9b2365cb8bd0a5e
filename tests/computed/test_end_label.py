"""Labels after `end`, and an `end` that is visibly missing."""

from __future__ import annotations

from hdl_lsp.computed.end_label import end_label
from tests.support.computed import suggested


def check(text: str, *expected: str) -> None:
    """What is suggested at the cursor of *text*."""
    assert suggested(end_label, text) == expected


def test_label_after_colon() -> None:
    """After `end :` comes the name the block was opened with."""
    check("module m;\n  if (1) begin : gen_a\n  end : <|>\nendmodule\n", "gen_a")
    check("module m;\n  if (1) begin : gen_a\n  end : ge<|>\nendmodule\n", "n_a")
    check("module m;\nendmodule : <|>\n", "m")
    check(
        "module m;\n  function int f(int a);\n    return a;\n  endfunction : <|>\nendmodule\n", "f"
    )


def test_no_label_that_does_not_begin_as_typed() -> None:
    """What is typed is not replaced."""
    check("module m;\n  if (1) begin : gen_a\n  end : x<|>\nendmodule\n")


def test_label_by_habit() -> None:
    """In a file that labels its ends a plain `end` of a named block gets its label, spaced as the others."""
    text = "module m;\n  if (1) begin : a\n  end%s\n  if (1) begin : b\n  end<|>\nendmodule\n"
    check(text % ": a", ": b")
    check(text % " : a", " : b")
    check(text % "")


def test_nameless_block_gets_no_label() -> None:
    """There is no name to repeat."""
    check("module m;\n  if (1) begin : a\n  end : a\n  if (1) begin\n  end<|>\nendmodule\n")


def test_missing_end_at_its_indentation() -> None:
    """A block that nothing closes is closed where the cursor stands at its own column."""
    check(
        "module m;\n  always_comb begin\n    x = 1;\n  <|>\n  assign y = 2;\nendmodule\n",
        "end",
    )


def test_end_of_an_inner_block_that_took_the_outer_one() -> None:
    """An `end` further left was meant for the block around: the inner one is missing."""
    text = "module m;\n  always_comb begin\n    if (a) begin\n      x = 1;\n%s\n  end\nendmodule\n"
    check(text % "    <|>", "end")
    check(text % "    en<|>", "d")


def test_nothing_inside_a_block_that_is_closed() -> None:
    """All is in place."""
    check("module m;\n  always_comb begin\n    x = 1;\n  <|>\n  end\nendmodule\n")


def test_nothing_deeper_in_the_block() -> None:
    """At the indentation of the block's statements somebody may write one more."""
    check("module m;\n  always_comb begin\n    x = 1;\n    <|>\nendmodule\n")


def test_nothing_in_the_middle_of_a_statement() -> None:
    """`x =` goes on in the next line."""
    check("module m;\n  always_comb begin\n    x =\n  <|>\nendmodule\n")


def test_case_and_module_end_too() -> None:
    """Every kind of block has its own closing word; a module's is labelled where other units are."""
    check(
        "module m;\n  always_comb begin\n    case (a)\n      1: b = 1;\n    <|>\n  end\nendmodule\n",
        "endcase",
    )
    check("module a;\nendmodule : a\n\nmodule b;\n  wire c;\n<|>\n", "endmodule : b")


def test_words_in_comments_and_strings_open_nothing() -> None:
    """A `begin` in a comment is no block."""
    check('module m;\n  // begin\n  string s = "begin";\n  <|>\nendmodule\n')
