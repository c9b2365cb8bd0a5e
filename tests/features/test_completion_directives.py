"""Completion after a backtick, a `$`, and inside the path of an include."""

from __future__ import annotations

from inline_snapshot import snapshot

from hdl_lsp.features.completion import CompletionItem, completion
from hdl_lsp.text.edit import TextEdit, apply
from tests.support.fixture import parse_fixture


def offered(fixture: str) -> dict[str, CompletionItem]:
    """What is offered at the cursor, by label."""
    at = parse_fixture(fixture)
    return {one.label: one for one in completion(at.snapshot(), at.file, at.offset).items}


def inserted(fixture: str, label: str) -> str:
    """The text after the item was taken."""
    at = parse_fixture(fixture)
    found = offered(fixture)[label]
    return apply(at.source, [TextEdit(found.replace, found.insert_text)]).text


def test_macros_with_arguments() -> None:
    """A macro of another file is offered with its arguments as stops."""
    fixture = """
        //- /defs.svh
        `define MAX(a, b) ((a) > (b) ? (a) : (b))
        //- /top.sv
        module top;
          localparam int P = `M<|>;
        endmodule
        """
    assert "`MAX(${1:a}, ${2:b});" in inserted(fixture, "`MAX")
    assert offered(fixture)["`MAX"].detail == snapshot("MAX(a, b): ((a) > (b) ? (a) : (b))")


def test_macro_whose_arguments_are_there() -> None:
    """Where the parenthesis is already there, only the name is replaced."""
    fixture = "`define MAX(a, b) a\nmodule top;\n  localparam int P = `M<|>A(1, 2);\nendmodule\n"
    assert "= `MAX(1, 2);" in inserted(fixture, "`MAX")


def test_directives() -> None:
    """Compiler directives are offered after a backtick."""
    assert "`ifdef ${1:NAME}\n$0\n`endif" in inserted("`if<|>\n", "`ifdef")


def test_system_tasks() -> None:
    """System tasks are offered with their dollar sign, functions with parentheses."""
    found = inserted("module top;\n  initial $dis<|>\nendmodule\n", "$display")
    assert "initial \\$display($1)\n" in found


def test_include_paths() -> None:
    """Headers are offered by the path from this file's folder or an include folder, the typed part replaced."""
    fixture = """
        //- /hdl-lsp.toml
        [project]
        sources = ["rtl/*.sv"]
        include_dirs = ["inc"]
        //- /inc/sub/defs.svh
        // nothing
        //- /rtl/local.svh
        // nothing
        //- /rtl/top.sv
        `include "lo<|>"
        module top; endmodule
        """
    found = offered(fixture)
    assert {"sub/defs.svh", "local.svh"} <= set(found)
    assert '`include "sub/defs.svh"\n' in inserted(fixture, "sub/defs.svh")
