"""Which findings a user sees, how severe, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.semantics.request import CompileOptions, FactsRequest
from tests.semantics.resolver import Folder
from tests.semantics.shallow import Compiled, diagnosed, given
from tests.support.designs import cva6, ibex, picorv32, serv

CONFIGURED = CompileOptions(is_configured=True)


def test_an_undeclared_name_is_marked_where_it_stands() -> None:
    """The error covers the name, with slang's message."""
    at = Compiled("module m; wire a = zz; endmodule\n")
    assert at.shown() == ["error UndeclaredIdentifier zz"]
    assert at.facts.diagnostics[0].message == "use of undeclared identifier 'zz'"


def test_a_missing_semicolon_is_marked_behind_the_last_token() -> None:
    """The parser reports it where the token ends; one character is marked there."""
    at = Compiled("module m;\n  wire a\nendmodule\n")
    assert at.shown() == ["error ExpectedToken a"]


def test_slangs_notes_become_related_places() -> None:
    """A second declaration points at the first one."""
    at = Compiled("module m;\n  logic a;\n  logic a;\nendmodule\n")
    (found,) = at.facts.diagnostics
    (related,) = found.related
    assert (related.path, at.text[: related.span.start].count("\n")) == ("/rtl/main.sv", 1)
    assert related.message == "previous definition here"


def test_a_finding_in_a_macro_body_is_at_its_use() -> None:
    """What a macro expands to is reported where the macro is used."""
    at = Compiled("`define BAD nope\nmodule m; wire w = `BAD; endmodule\n")
    assert at.shown() == ["error UndeclaredIdentifier `BAD"]


def test_findings_in_other_files_are_not_shown() -> None:
    """An instance that a context file lacks, and its own mistakes, are not ours."""
    other = ("/rtl/sub.sv", "module sub; gone u (); wire x = zz; endmodule\n")
    assert Compiled("module m; sub u (); endmodule\n", other).shown() == []


def test_an_unknown_module_is_information_unless_configured() -> None:
    """Nobody said where the modules are, so that one that isn't there is no error; with a project it is."""
    text = "module m; gone u (); endmodule\n"
    assert Compiled(text).shown() == ["information UnknownModule gone"]
    assert Compiled(text, options=CONFIGURED).shown() == ["error UnknownModule gone"]


def test_unknown_macros_are_listed_and_their_consequences_left_out() -> None:
    """Without a configuration an unknown macro is not an error, nor what follows from it."""
    at = Compiled("module m;\n  `MAKE(a)\n  wire [`W-1:0] b = a;\n  `OTHER begin\nendmodule\n")
    assert (at.shown(), at.facts.missing_macros) == ([], ("MAKE", "W", "OTHER"))


def test_unknown_macros_are_errors_when_configured() -> None:
    """In a configured project an unknown macro is what slang says."""
    at = Compiled("module m; wire a = `W; endmodule\n", options=CONFIGURED)
    assert "error UnknownDirective `W" in at.shown()


def test_a_syntax_error_before_the_first_unknown_macro_is_shown() -> None:
    """An unknown macro can't excuse what stands before it."""
    at = Compiled("module m;\n  wire a = ;\n  `LATER(a)\nendmodule\n")
    assert at.errors() == ["ExpectedExpression"]


def test_missing_headers_and_packages_excuse_undeclared_names() -> None:
    """What is undeclared may come from the header or the package that is not there."""
    at = Compiled('`include "gone.svh"\nmodule m; wire [W-1:0] a; endmodule\n')
    assert (at.shown(), at.facts.missing_includes) == ([], ("gone.svh",))
    at = Compiled("module m; import gone::*; wire [W-1:0] a; endmodule\n")
    assert at.shown() == ["information UnknownPackage gone"]


def test_a_name_under_an_ifdef_of_the_other_file_may_exist() -> None:
    """A port that only some configuration has is no error while there is no configuration."""
    other = (
        "/rtl/sub.sv",
        "module sub(`ifdef DBG\n input logic dbg,\n`endif\n input logic a);\nendmodule\n",
    )
    text = "module m(input logic d); sub u (.a(d), .dbg(d)); endmodule\n"
    assert Compiled(text, other).errors() == []
    assert Compiled(text, other, options=CONFIGURED).errors() == ["PortDoesNotExist"]
    assert Compiled("module m(input d); sub u (.a(d), .no(d)); endmodule\n", other).errors() == [
        "PortDoesNotExist"
    ]


def test_default_type_parameters_cause_no_errors() -> None:
    """`parameter type T = logic` is a placeholder: its fields can't be judged here."""
    text = "module m #(parameter type T = logic)(input T t, output logic o); assign o = t.f + zz; endmodule\n"
    assert Compiled(text).shown() == ["error UndeclaredIdentifier zz"]


def test_default_values_cause_no_range_errors() -> None:
    """A parameter without a sensible default can't make a select wrong."""
    text = "module m #(parameter int W = 0)(output logic [7:0] o); logic [3:0] a; assign o = a[W+9]; endmodule\n"
    assert Compiled(text).shown() == []


def test_placeholder_defaults_are_not_taken_for_numbers() -> None:
    """BaseJump STL's `"inv"` would be a width of millions of bits, and its ports unusable."""
    text = (
        'module m #(parameter width_p = "inv")(input [width_p-1:0] a); wire b = a[0]; endmodule\n'
    )
    at = Compiled(text)
    assert (at.shown(), at.symbol("a[0]").bit_width, at.symbol("width_p").value) == ([], 8, None)


def test_a_file_meant_for_inclusion_is_not_judged_by_its_names() -> None:
    """Classes without a package around them take their names from wherever they are included."""
    assert Compiled("class c extends base_seq; other_t x; endclass\n").errors() == []
    assert Compiled("ADD,\nSUB,\n").errors() == []


def test_interfaces_parameters_without_default_and_interface_ports_stand_alone() -> None:
    """What only an instantiation could give is not missed in a file of its own."""
    assert Compiled("interface i #(parameter int W); logic [W-1:0] d; endinterface\n").shown() == []
    text = (
        "module m #(parameter int W)(bus.x b, output logic [W-1:0] o); assign o = b.v; endmodule\n"
    )
    bus = ("/rtl/bus.sv", "interface bus; logic v; modport x(input v); endinterface\n")
    assert Compiled(text, bus).shown() == []


def test_mistakes_in_an_interface_are_shown() -> None:
    """An interface can't be a top, and is compiled all the same."""
    assert Compiled("interface i; wire a = zz; endinterface\n").shown() == [
        "error UndeclaredIdentifier zz"
    ]


def test_a_verilog_file_may_use_systemverilogs_keywords_as_names() -> None:
    """A .v file that is legal Verilog-2005 has no errors."""
    facts = Compiler().facts(
        FactsRequest(given("/rtl/m.v", "module m; reg do; wire bit; endmodule\n"))
    )
    assert facts.diagnostics == ()


def test_warnings_can_be_chosen() -> None:
    """The project's -W options decide which warnings there are."""
    text = "module m(input logic [7:0] a, output logic [3:0] o); assign o = a; endmodule\n"
    assert Compiled(text, options=CompileOptions(warnings=("no-width-trunc",))).shown() == []
    got = Compiled(
        text, options=CompileOptions(warnings=("error=width-trunc", "width-trunc"))
    ).shown()
    assert got == ["error width-trunc a"]


def test_asking_for_diagnostics_gives_the_same_without_symbols() -> None:
    """A candidate text is judged like the buffer, and no symbols are collected."""
    text = "module m; wire a = zz; endmodule\n"
    found = diagnosed(text)
    assert found.diagnostics == Compiled(text).facts.diagnostics
    assert found.symbols == ()


@pytest.mark.real
@pytest.mark.parametrize(
    ("root", "below"),
    [
        (ibex(), "rtl"),
        (ibex(), "vendor/lowrisc_ip/ip/prim/rtl"),
        (cva6(), "core/frontend"),
        (serv(), "rtl"),
        (picorv32(), "picorv32.v"),
    ],
)
def test_real_designs_without_configuration_have_no_errors(root: Path, below: str) -> None:
    """A correct file of a real design does not turn red when it is opened without any configuration."""
    folder = Folder((root,))
    options = folder.options()
    compiler = Compiler()
    files = [
        p for p in sorted(folder.texts) if p.startswith(str(root / below)) and not p.endswith("h")
    ]
    wrong = [
        (path, d.code, d.message)
        for path in files
        for d in compiler.diagnostics(folder.diagnostics_request(path, options)).diagnostics
        if d.severity is Severity.ERROR
    ]
    assert files
    assert wrong == []


def test_an_assertion_in_a_verilog_file_is_systemverilog() -> None:
    """`assert(...)` keeps a .v file with another syntax error from being read as calls of an unknown task."""
    text = "module m(input a); always @* assert(a); restrict(a); endmodule\n"
    facts = Compiler().facts(FactsRequest(given("/rtl/m.v", text)))
    assert "UndeclaredIdentifier" not in {d.code for d in facts.diagnostics}
