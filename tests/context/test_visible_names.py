"""Which plain names an expression may use, and where nothing is said."""

from __future__ import annotations

import pytest

from hdl_lsp.context import site
from hdl_lsp.context.visible_names import blocks, visible_names
from tests.support.fixture import parse_fixture

OTHERS = """\
//- /p.sv
package colours_pkg; typedef enum logic { Red, Blue } colour_e; endpackage
//- /parts.svh
logic from_include;
//- /top.sv
"""


def found(text: str) -> tuple[tuple[str, ...], int]:
    """Names and blocks at the cursor of *text*."""
    at = parse_fixture(OTHERS + text)
    place = site.at(at.snapshot(), at.file, at.offset, is_asked=True)
    assert place is not None
    return visible_names(at.snapshot(), place), blocks(place)


def test_names_of_the_file_its_imports_and_includes() -> None:
    """Without comments, strings, numbers and the half-typed word."""
    names, _ = found(
        "module m import colours_pkg::*; (input logic a_i);\n"
        '  `include "parts.svh"\n'
        '  // commented\n  initial $display("quoted", 8\'hff);\n'
        "  assign b = a_i & unkn<|>;\nendmodule\n"
    )
    assert {"a_i", "b", "Red", "Blue", "colours_pkg", "from_include"} <= set(names)
    assert not {"commented", "quoted", "hff", "unkn"} & set(names)


@pytest.mark.parametrize(
    "text",
    [
        "module m;\n  class c extends base;\n  function void f(); x = <|>; endfunction endclass\nendmodule\n",
        "module m;\n  `CHECK(<|>)\nendmodule\n",
        "module m;\n  // assign x = <|>\nendmodule\n",
        "module m import missing_pkg::*; ();\n  assign x = <|>;\nendmodule\n",
        "assign x = <|>;\n",
    ],
)
def test_places_whose_names_come_from_elsewhere(text: str) -> None:
    """In classes, macros, comments, fragments and with a package that is missing nothing is certain."""
    assert found(text)[0] == ()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("always_comb begin\n  <|>\nend", 1),
        ("always_comb begin\n  x = <|>;\nend", 1),
        ("assign x = <|>;", 0),
        ("<|>", -1),
        ("logic <|>;", -1),
    ],
)
def test_blocks_open_at_the_cursor(text: str, count: int) -> None:
    """At least one in a procedure, none in an assignment, -1 where new things are declared."""
    assert found(f"module m;\n  {text}\nendmodule\n")[1] == count
