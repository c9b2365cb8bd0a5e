"""Semantic tokens: what every name is, the same from slang and from names alone, on any text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from hdl_lsp.features.semantic_tokens import Known, reader, slices
from hdl_lsp.presentation.tokens import Tokens, in_words
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support.fixture import Fixture, parse_fixture
from tests.support.render import render_under

GOLDEN = Path(__file__).parent.parent / "golden" / "tokens"
EVERYTHING = (GOLDEN / "everything.sv").read_text(encoding="utf-8")

PIECES = st.sampled_from(
    (
        *(
            "module m;",
            "endmodule",
            "begin",
            "end",
            "a",
            "a_q <= ",
            "clk_i",
            "`FOO(",
            ")",
            "(",
            ";",
        ),
        *(
            "/* ",
            "*/",
            "// é\n",
            '"',
            "\n",
            "\\esc ",
            "`ifdef X\n",
            "`else\n",
            "`endif\n",
            "$f",
            "::",
        ),
        *("`define A(x) x \\\n", "'h", "8'hff", ".", "input ", "logic ", "\r\n", "\U0001f600", "="),
    )
)


def tokens_of(snapshot: Snapshot, file: FileId, known: Known | None = None) -> Tokens:
    """All tokens of a file, read as the server does."""
    text = snapshot.text(file)
    assert text is not None
    reading = reader(snapshot, file, known)
    found = Tokens()
    for piece in slices(text, text.full_span()):
        found.extend(reading.read(piece))
    return found


def words(text: SourceText, tokens: Tokens) -> dict[tuple[str, int], str]:
    """What each token is, by its text and place."""
    return {(text.slice(span(t.start, t.end)), t.start): in_words(t.code) for t in tokens}


def first(at: Fixture, snapshot: Snapshot) -> dict[str, str]:
    """What the last token of each spelling is."""
    found = words(at.source, tokens_of(snapshot, at.file))
    return {name: what for (name, _), what in found.items()}


def without_facts(at: Fixture) -> Snapshot:
    """The fixture before slang has looked."""
    return replace(at.snapshot(), known_facts={})


def test_everything(golden: Callable[[str, str], None]) -> None:
    """Each kind of name has its type and modifiers."""
    at = parse_fixture(EVERYTHING)
    file, text = at.file_of("/main.sv"), SourceText.of(at.files["/main.sv"])
    labelled = [(span(t.start, t.end), in_words(t.code)) for t in tokens_of(at.snapshot(), file)]
    golden("tokens/everything.out", render_under(text, labelled))


def test_names_alone_give_the_same_colours() -> None:
    """Before slang has looked nothing has another type; only what is dead, and some members, are not known."""
    at = parse_fixture(EVERYTHING)
    file, text = at.file_of("/main.sv"), SourceText.of(at.files["/main.sv"])
    sure = words(text, tokens_of(at.snapshot(), file))
    guessed = words(text, tokens_of(without_facts(at), file))
    other = {
        place: (what, guessed.get(place))
        for place, what in sure.items()
        if what.split()[0] != guessed.get(place, "").split(" ")[0] and "inactive" not in what
    }
    assert other == {("x", text.data.index(b"x(word")): ("parameter input", "property")}


def test_a_clock_is_what_an_edge_names() -> None:
    """The signal of the edge is a clock whatever its name; an enable with `clk` in its name is not."""
    at = parse_fixture(
        """
        module m(input logic tick, input logic clk_en, input logic stop, output logic q);
          always @(posedge tick or posedge stop)
            if (stop) q <= 0; else q <= clk_en;
        endmodule
        """
    )
    found = first(at, at.snapshot())
    assert found["tick"] == "parameter input clock"
    assert found["stop"] == "parameter input reset"
    assert found["clk_en"] == "parameter input"


def test_habits_name_clocks_where_no_edge_does() -> None:
    """A module that only passes its clock on shows it too; parameters and types never are clocks."""
    at = parse_fixture(
        """
        module m #(parameter int clk = 1) (input logic sys_clk_i, input logic sys_rst_ni);
          sub u_sub(.clk_i(sys_clk_i), .rst_ni(sys_rst_ni));
        endmodule
        """
    )
    found = first(at, at.snapshot())
    assert found["sys_clk_i"] == "parameter input clock"
    assert found["sys_rst_ni"] == "parameter input reset"
    assert "clock" not in found["clk"]


def test_an_edit_changes_only_what_was_edited() -> None:
    """While facts are of an older text, names outside the edit keep slang's colours."""
    at = parse_fixture(EVERYTHING)
    file = at.file_of("/main.sv")
    snapshot = at.snapshot()
    text = snapshot.text(file)
    assert text is not None
    facts = snapshot.fresh_facts(file)
    assert facts is not None
    before = tokens_of(snapshot, file)
    known = Known(text, before, facts.inactive)
    cut = text.data.index(b"  assign word_o.a")
    line = b"  assign mem[1] = net_a;\n"
    edited = SourceText(text.data[:cut] + line + text.data[cut:])
    later = replace(snapshot, files={**snapshot.files, file: edited}, known_facts={file: facts})
    after = tokens_of(later, file, known)
    moved = {
        (name, start + (len(line) if start >= cut else 0)): what
        for (name, start), what in words(text, before).items()
    }
    found = words(edited, after)
    assert {place: found[place] for place in moved} == moved
    assert found["mem", cut + line.index(b"mem")] == "variable modification"


def test_a_broken_file_is_still_coloured() -> None:
    """Half a statement takes no colour from the rest."""
    at = parse_fixture(
        "module m(input logic a_i, output logic b_o);\n  assign b_o = (a_i + ;\n  wire w = a_i\nendmodule\n"
    )
    found = first(at, at.snapshot())
    assert found["a_i"] == "parameter input"
    assert found["w"] == "variable declaration net"


def test_dead_code_has_tokens_throughout() -> None:
    """In a branch that is not compiled keywords, numbers and strings are marked too, the living one is as ever."""
    at = parse_fixture(
        'module m;\n`ifdef X\n  initial $display("a", 1);\n`else\n  wire w = 1;\n`endif\nendmodule\n'
    )
    found = words(at.source, tokens_of(at.snapshot(), at.file))
    dead = {name for (name, _), what in found.items() if what.endswith("inactive")}
    assert dead == {"initial", "$display", '"a"', "1"}
    assert found["w", at.source.data.index(b"w =")] == "variable declaration net"


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=40))
def test_tokens_of_any_text_are_in_order(pieces: list[str]) -> None:
    """Whatever the text, tokens are sorted, do not overlap, stay on their line, and slices add up to the whole."""
    at = parse_fixture("module other; endmodule\n")
    text = SourceText.of("".join(pieces))
    file = at.file
    snapshot = replace(at.snapshot(), files={file: text}, known_facts={})
    found = list(tokens_of(snapshot, file))
    for one, other in pairwise(found):
        assert one.end <= other.start
    for token in found:
        assert 0 <= token.start < token.end <= text.size_bytes
        assert text.line_of(token.start) == text.line_of(token.end - 1)
    reading = reader(snapshot, file)
    whole = reading.read(text.full_span())
    lines = [text.line_span(n) for n in range(text.line_count)]
    single = Tokens()
    for n, line in enumerate(lines):
        end = lines[n + 1].start if n + 1 < len(lines) else text.size_bytes
        single.extend(reading.read(Span(line.start, end)))
    assert list(single) == list(whole)
