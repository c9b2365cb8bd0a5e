"""Elaborated values in words, and the questions that a place in a file asks of the design."""

from __future__ import annotations

import pytest

from hdl_lsp.features.elaborated import (
    module_at,
    signal_question,
    values_markdown,
    values_question,
)
from hdl_lsp.semantics.design import Designer
from hdl_lsp.semantics.design_answers import answer
from hdl_lsp.semantics.design_query import DesignQuestion, DesignValues
from hdl_lsp.workspace.closure import design_request
from tests.support.fixture import parse_fixture

LEAF = """
    //- /leaf.sv
    module leaf #(parameter int W = 4) (input logic [W-1:0] a_i);
      localparam int Twice = W * 2;
      logic [Twice-1:0] x;
      logic plain;
    endmodule
"""


def check(fixture_text: str, expected: str, instance: str = "") -> None:
    """What a hover says about the elaborated design of the fixture."""
    fixture = parse_fixture(fixture_text)
    snapshot = fixture.snapshot()
    designer = Designer()
    assert designer.facts(design_request(snapshot)).failure == ""
    question = values_question(snapshot, fixture.file, fixture.offset, instance)
    assert question is not None
    values = answer(designer.last, DesignQuestion(question))
    assert isinstance(values, DesignValues)
    assert values_markdown(values) == expected


TWO = """
    //- /top.sv
    module top;
      leaf #(.W(8)) u_a (.a_i('0));
      leaf #(.W(16)) u_b (.a_i('0));
      leaf #(.W(8)) u_c (.a_i('0));
    endmodule
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "int W =",
            "int <|>W =",
            "elaborated: `8` (in `top.u_a` and 1 more), `16` (in `top.u_b`)",
        ),
        (
            "int Twice",
            "int <|>Twice",
            "elaborated: `16` (in `top.u_a` and 1 more), `32` (in `top.u_b`)",
        ),
        (
            "] x;",
            "] <|>x;",
            "elaborated: `logic [15:0]`, 16 bits (in `top.u_a` and 1 more), `logic [31:0]`, 32 bits (in `top.u_b`)",
        ),
        ("logic plain", "logic <|>plain", "in all 3 instances: `logic`, 1 bit"),
    ],
)
def test_different_values_are_told_with_an_instance_each(old: str, new: str, expected: str) -> None:
    """Values that differ come with the instances that have them; one that all share is told once."""
    check(LEAF.replace(old, new) + TWO, expected)


def test_chosen_instance_decides() -> None:
    """With an instance chosen only its value is told; an instance of another module changes nothing."""
    marked = LEAF.replace("int W =", "int <|>W =") + TWO
    check(marked, "in `top.u_b`: `16`", "top.u_b")
    check(marked, "elaborated: `8` (in `top.u_a` and 1 more), `16` (in `top.u_b`)", "top")


def test_no_more_than_four_values_are_told() -> None:
    """Of many different values four are shown, and how many more there are."""
    uses = "".join(f"leaf #(.W({n})) u_{n} (.a_i('0));\n" for n in range(1, 7))
    check(
        LEAF.replace("int W =", "int <|>W =") + f"//- /top.sv\nmodule top;\n{uses}endmodule\n",
        "elaborated: `1` (in `top.u_1`), `2` (in `top.u_2`), `3` (in `top.u_3`), `4` (in `top.u_4`), and 2 more",
    )


def test_names_that_are_the_same_everywhere_ask_nothing() -> None:
    """Modules, functions and what nobody declares are no question for the design."""
    for text in ("module <|>m; endmodule\n", "module m; initial <|>nobody(); endmodule\n", "<|>\n"):
        fixture = parse_fixture(text)
        assert values_question(fixture.snapshot(), fixture.file, fixture.offset, "") is None


def test_module_at_a_place() -> None:
    """The module around the place, or the one that is named there."""
    fixture = parse_fixture(LEAF + "//- /top.sv\nmodule top;\n  le<|>af u ();\nendmodule\n")
    snapshot = fixture.snapshot()
    assert module_at(snapshot, fixture.file, fixture.offset) == "leaf"
    assert module_at(snapshot, fixture.file, 0) == "top"
    assert module_at(snapshot, fixture.file_of("/leaf.sv"), 60) == "leaf"


def test_signal_question_is_about_the_declaration() -> None:
    """A use of a signal asks about its declaration."""
    fixture = parse_fixture("module m;\n  logic x;\n  assign <|>x = 1;\nendmodule\n")
    question = signal_question(fixture.snapshot(), fixture.file, fixture.offset, "m")
    assert question is not None
    assert (question.file, question.offset, question.instance) == ("/main.sv", 18, "m")
    nothing = parse_fixture("module m; <|> endmodule\n")
    assert signal_question(nothing.snapshot(), nothing.file, nothing.offset, "") is None
