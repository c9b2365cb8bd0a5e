"""Explanations: facts always, the model's words only as far as they stand on them."""

from __future__ import annotations

import pytest

from hdl_lsp.errors import WorkerGoneError
from hdl_lsp.features.explain import Explanation, explain
from hdl_lsp.text.source import Offset
from tests.support.engine import ScriptedEngine
from tests.support.fixture import parse_fixture

DESIGN = """
//- /fifo.sv
// Holds words until the reader is ready.
module fifo #(parameter int Depth = 4) (input logic clk_i, input logic push_i, output logic full_o);
  logic [2:0] count_q;
  always_ff @(posedge clk_i) if (push_i) count_q <= count_q + 3'd1;
  assign full_o = count_q == Depth;
endmodule
//- /top.sv
module top (input logic clk_i, output logic full_o);
  fifo u_fifo (.clk_i(clk_i), .push_i(1'b1), .full_o(full_o));
endmodule
"""
BEGINNING = "`count_q` is a variable of `fifo` that "


async def explained(at: str, engine: ScriptedEngine | None = None) -> Explanation:
    """The explanation where *at*, which occurs in DESIGN once, says `<|>`."""
    plain = at.replace("<|>", "")
    assert DESIGN.count(plain) == 1
    fixture = parse_fixture(DESIGN.replace(plain, at))
    found = await explain(fixture.snapshot(), fixture.file, fixture.offset, engine)
    assert found is not None
    return found


async def test_facts_need_no_model() -> None:
    """Kind, type, width, and where the name is written and read."""
    found = await explained("logic [2:0] co<|>unt_q")
    assert found.title == "variable `count_q`"
    assert found.facts == (
        "`count_q` is a variable of `fifo`",
        "its type is `logic [2:0]`, 3 bits wide",
        "it is assigned in line 4 of this file",
        "it is used in lines 4, 5 of this file",
    )
    assert (found.words, found.model) == ("", "")


async def test_a_module_is_explained_across_files() -> None:
    """An instance's type name tells of the module: its comment, ports and who uses it."""
    found = await explained("fi<|>fo u_fifo")
    assert found.comment == "Holds words until the reader is ready."
    assert found.facts == (
        "`fifo` is a module",
        "it has 2 inputs, 1 output",
        "it is instantiated in `top`",
    )
    assert found.code.startswith("module fifo #(int Depth = 4) (input logic clk_i,")


async def test_words_that_stand_are_shown_and_signed() -> None:
    """The sentence is marked as the model's, with its name."""
    found = await explained(
        "logic [2:0] co<|>unt_q", ScriptedEngine(BEGINNING + "counts the words that were pushed.")
    )
    assert found.words == BEGINNING + "counts the words that were pushed."
    assert "In words, by" in found.markdown


@pytest.mark.parametrize(
    "purpose",
    [
        "drives not_there_o when pushed.",
        "counts 99 pushed words.",
        "implements the Wishbone push protocol.",
        "is used to perform the function of the module.",
        "is the `count_q` of the count_q module.",
        "counts the words",
    ],
)
async def test_words_that_do_not_stand_are_left_out(purpose: str) -> None:
    """Unknown names, numbers and proper names, empty phrases and half sentences."""
    found = await explained("logic [2:0] co<|>unt_q", ScriptedEngine(BEGINNING + purpose))
    assert found.words == ""
    assert "In words" not in found.markdown


async def test_between_names_the_line_is_explained_without_a_model() -> None:
    """The names on the line are the facts; a model would have to guess, so it is not asked."""
    engine = ScriptedEngine()
    found = await explained("assign full_o =<|> count_q", engine)
    assert found.title == "this line"
    assert found.facts == (
        "this is line 5 of module `fifo`",
        "`full_o` is an output port of `fifo`, its type is `logic`, 1 bit wide",
        "`count_q` is a variable of `fifo`, its type is `logic [2:0]`, 3 bits wide",
        "`Depth` is a parameter of `fifo`, its type is `int`, 32 bits wide",
    )
    assert engine.asked == []


WIDE = "module wide (" + ", ".join(f"input logic [7:0] data_{n}_i" for n in range(60)) + ");"
MANY = "module many;\n  typedef enum {\n" + ",\n".join(f"    State{n}Idle" for n in range(99))


@pytest.mark.parametrize(
    ("fixture", "end"),
    [
        (WIDE.replace("wide", "wi<|>de") + "\nendmodule\n", "data_33_i, ..."),
        (MANY + "\n  } state<|>_e;\nendmodule\n", "State57Idle,\n..."),
    ],
)
async def test_long_code_is_cut_after_a_whole_port_or_line(fixture: str, end: str) -> None:
    """An ellipsis says that it goes on."""
    at = parse_fixture("//- /long.sv\n" + fixture)
    found = await explain(at.snapshot(), at.file, at.offset, None)
    assert found is not None
    assert found.code[-len(end) :] == end
    assert len(found.code) <= 1_004


@pytest.mark.parametrize("place", ["// Copyright<|> lowRISC", "<|>\n", "always<|>_comb"])
async def test_a_line_of_which_nothing_is_known_has_no_explanation(place: str) -> None:
    """Licence comments, blank lines and loose words outside every design unit, with and without a model."""
    at = parse_fixture(f"//- /top.sv\n{place}\n\nmodule top;\nendmodule\n")
    engine = ScriptedEngine()
    assert await explain(at.snapshot(), at.file, at.offset, None) is None
    assert await explain(at.snapshot(), at.file, at.offset, engine) is None
    assert engine.asked == []


async def test_names_outside_every_unit_are_explained() -> None:
    """An import at file scope is a line with a name on it."""
    at = parse_fixture("//- /p.sv\npackage p; endpackage\nimport<|> p::*;\n")
    found = await explain(at.snapshot(), at.file, at.offset, None)
    assert found is not None
    assert found.facts == ("this is line 2", "`p` is a package")


async def test_an_unknown_file_has_no_explanation() -> None:
    """None, not an error."""
    at = parse_fixture(DESIGN)
    stranger = at.table.id_of("/elsewhere.sv")
    assert await explain(at.snapshot(), stranger, Offset(0), None) is None


async def test_an_engine_that_fails_is_heard() -> None:
    """The caller decides what to show instead."""
    engine = ScriptedEngine()
    engine.enqueue(WorkerGoneError("the model process died"))
    with pytest.raises(WorkerGoneError):
        await explained("logic [2:0] co<|>unt_q", engine)


@pytest.mark.parametrize(
    "text", ["", "\n", "module", "module m(input", "`define X\n`X(", "é ü\tß", '"open']
)
async def test_every_place_of_broken_text_is_answered(text: str) -> None:
    """No offset of a broken file raises, offsets outside included, and what is shown is never empty."""
    at = parse_fixture("//- /broken.sv\n" + text)
    for offset in range(-1, len(text.encode()) + 3):
        found = await explain(at.snapshot(), at.file, Offset(offset), None)
        assert found is None or found.facts
