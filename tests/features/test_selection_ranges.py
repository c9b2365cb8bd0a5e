"""Growing a selection."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from hdl_lsp.features.selection_ranges import selection_ranges
from tests.support.fixture import parse_fixture

BROKEN = "module m;\n  always_comb begin\n    a = (b + ;\n    case (x\n  end\nendmodule\n`FOO(\n"


def steps(text: str) -> list[str]:
    """The texts of the spans, without what is around the module."""
    at = parse_fixture(text)
    found = selection_ranges(at.snapshot(), at.file, at.offset)
    return [" ".join(at.source.slice(one).split()) for one in found]


def test_a_selection_grows_by_what_belongs_together() -> None:
    """From a name over its expression and statement to the block and the module."""
    assert steps(
        """
        module m(input logic a, b, c, output logic y);
          always_comb begin
            y = a + (b<|>b & c);
          end
        endmodule
        """
    )[:8] == snapshot(
        [
            "bb",
            "bb & c",
            "(bb & c)",
            "a + (bb & c)",
            "y = a + (bb & c)",
            "y = a + (bb & c);",
            "begin y = a + (bb & c); end",
            "always_comb begin y = a + (bb & c); end",
        ]
    )


def test_a_broken_statement_still_has_its_block() -> None:
    """Where the tree is lost, the line and the block are steps."""
    found = steps(
        """
        module m;
          always_comb begin
            y = (a + ;
            z = z<|>z +;
          end
        endmodule
        """
    )
    assert found[0] == "zz"
    assert "z = zz +;" in found
    assert "begin y = (a + ; z = zz +; end" in found


def test_a_word_of_a_comment_comes_first() -> None:
    """In a comment the word, then the comment."""
    assert steps("module m; // one tw<|>o three\nendmodule\n")[:2] == ["two", "// one two three"]


@given(st.integers(0, len(BROKEN)))
def test_steps_nest_at_every_offset_of_a_broken_text(offset: int) -> None:
    """Each step holds the one before, all hold the cursor, the last is the text."""
    at = parse_fixture(BROKEN)
    found = selection_ranges(at.snapshot(), at.file, offset)
    assert found[-1] == at.source.full_span()
    assert all(one.contains(offset) for one in found)
    for number in range(1, len(found)):
        assert found[number].covers(found[number - 1])
        assert found[number] != found[number - 1]
