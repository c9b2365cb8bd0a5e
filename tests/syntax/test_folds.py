"""What can be folded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.syntax.folds import FoldKind, folds
from hdl_lsp.syntax.parser import parse
from hdl_lsp.text.source import SourceText


def lines_of(text: str) -> list[tuple[str, int, int]]:
    """Kind, first and last line (0-based) of each fold."""
    source = SourceText.of(text)
    return [
        (fold.kind.name, source.line_of(fold.span.start), source.line_of(fold.span.end))
        for fold in folds(parse(source))
    ]


def test_blocks_and_lists_fold() -> None:
    """A module, its port list, a procedure and its block; nothing on one line."""
    text = "module m (\n  input a,\n  input b\n);\n  always_comb\n    begin\n    x = 1;\n  end\n  initial begin end\nendmodule\n"
    assert lines_of(text) == [("CODE", 0, 9), ("CODE", 0, 3), ("CODE", 4, 7), ("CODE", 5, 7)]


def test_comments_fold() -> None:
    """Block comments and runs of lines; a comment behind code and a single line don't."""
    text = "// a\n// b\n\n// c\nwire x; // d\n// e\n/* f\n g */\n"
    assert lines_of(text) == [("COMMENT", 0, 1), ("COMMENT", 6, 7)]


def test_conditionals_fold_branch_by_branch() -> None:
    """Each branch ends before the next directive; nested ones fold too, in comments none."""
    text = "`ifdef A\nwire a;\n`ifdef B\nwire b;\n`endif\n`elsif C\nwire c;\n`else\n// `endif\nwire d;\n`endif\n"
    assert [fold for fold in lines_of(text) if fold[0] == "REGION"] == [
        ("REGION", 0, 4),
        ("REGION", 2, 3),
        ("REGION", 5, 6),
        ("REGION", 7, 9),
    ]


def test_a_define_over_lines_folds() -> None:
    """A macro with a continued body folds to its last line, not to the one after."""
    assert lines_of("`define A \\\n  x \\\n  y\nwire z;\n") == [("CODE", 0, 2)]


@given(
    st.lists(
        st.sampled_from(
            [
                "`ifdef A\n",
                "`else\n",
                "`endif\n",
                "//\n",
                "/*\n",
                "*/",
                "\r",
                "begin\n",
                "end\n",
                "module m;\n",
                "x",
                '"',
            ]
        ),
        max_size=20,
    )
)
def test_folds_always_go_over_a_line_end(pieces: list[str]) -> None:
    """On any text each fold has two lines, and their order is by start."""
    source = SourceText.of("".join(pieces))
    found = folds(parse(source))
    assert all(source.line_of(fold.span.start) < source.line_of(fold.span.end) for fold in found)
    assert list(found) == sorted(found, key=lambda fold: (fold.span.start, -fold.span.end))
    assert all(isinstance(fold.kind, FoldKind) for fold in found)
