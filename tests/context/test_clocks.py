"""How a clocked procedure begins in this repository, where the prompt does not show one anyway."""

from __future__ import annotations

import pytest

from hdl_lsp.context import site
from hdl_lsp.context.clocks import clocks
from hdl_lsp.context.prompt import fim_prompt
from tests.support.fixture import parse_fixture

FF = (
    "  always_ff @(posedge clk_i or negedge rst_ni) begin\n    if (!rst_ni) begin\n      a <= '0;\n"
)
FAR = "  // far above\n" * 200


def check(files: str, expected: str) -> None:
    """The pieces at the cursor, each with its file on top."""
    at = parse_fixture(files)
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    found = clocks(at.snapshot(), place)
    assert "".join(f"{piece.path}\n{piece.text}\n" for piece in found) == expected


def test_of_this_file() -> None:
    """Far above the cursor: the line with the edges and the question for the reset."""
    head = "  always_ff @(posedge clk_i or negedge rst_ni) begin\n    if (!rst_ni) begin\n"
    check(f"//- /m.sv\nmodule m;\n{FF}    end\n  end\n{FAR}  <|>\nendmodule\n", f"m.sv\n{head}")


def test_as_most_are_written() -> None:
    """One procedure of a test bench or a trace is no habit."""
    trace = "  always_ff @(negedge clk_i) begin\n    if (trace) begin\n    end\n  end\n"
    head = "  always_ff @(posedge clk_i or negedge rst_ni) begin\n    if (!rst_ni) begin\n"
    whole = f"{FF}    end\n  end\n"
    check(
        f"//- /m.sv\nmodule m;\n{trace}{whole}{whole}{FAR}  <|>\nendmodule\n",
        f"m.sv\n{head}",
    )


def test_of_the_parent() -> None:
    """A new module is clocked as the one that instantiates it, the first one by path that has a clock."""
    check(
        "//- /rtl/new.sv\nmodule fresh;\n  <|>\nendmodule\n"
        "//- /rtl/a.sv\nmodule a;\n  fresh u_fresh ();\nendmodule\n"
        "//- /rtl/b.sv\nmodule b;\n  fresh u_fresh ();\n  always @(negedge clk) q <= d;\nendmodule\n",
        "rtl/b.sv\n  always @(negedge clk) q <= d;\n",
    )


@pytest.mark.parametrize(
    "files",
    [
        f"//- /m.sv\nmodule m;\n{FF}    end\n  end\n  <|>\nendmodule\n",
        f"//- /m.sv\nmodule m;\n  <|>\n{FF}    end\n  end\nendmodule\n",
        "//- /m.sv\nmodule m;\n  always_comb a = b;\n  initial wait (a);\n  <|>\nendmodule\n",
        "//- /m.sv\n<|>\n",
    ],
)
def test_nothing_to_say(files: str) -> None:
    """Where a clock is in sight, and where there is none at all."""
    check(files, "")


def test_it_can_be_left_out() -> None:
    """The source is called "clocks"."""
    at = parse_fixture(f"//- /m.sv\nmodule m;\n{FF}    end\n  end\n{FAR}  <|>\nendmodule\n")
    place = site.at(at.snapshot(), at.file, at.offset)
    assert place is not None
    assert "posedge clk_i" in fim_prompt(at.snapshot(), place).context
    assert fim_prompt(at.snapshot(), place, without=frozenset({"clocks"})).context == ""
