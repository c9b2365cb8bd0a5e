"""Which findings a user sees, how severe, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.semantics import flow
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


TWO_DRIVERS = """\
module m(input logic clk_i, a_i, b_i, output logic y);
  logic x, z, i;
  always_ff @(posedge clk_i) x <= a_i;
  assign x = 1'b0;
  assign y = x;
  assign y = z;
  always_ff @(posedge clk_i) z <= a_i;
  always_ff @(posedge clk_i) z <= b_i;
  initial i = 1'b0;
  always_ff @(posedge clk_i) i <= a_i;
endmodule
"""


def test_a_second_driver_is_shown_with_the_first() -> None:
    """The analysis is part of every compilation; an initial value is no second driver."""
    at = Compiled(TWO_DRIVERS)
    assert at.shown() == [
        "warning mixed-var-assigns x",
        "warning multiple-cont-assigns y",
        "warning multiple-always-assigns z",
    ]
    mixed = at.facts.diagnostics[0]
    assert mixed.span.start == at.offset("x = 1'b0")
    assert [r.span.start for r in mixed.related] == [at.offset("x <= a_i")]


def test_symbols_are_the_same_after_the_analysis() -> None:
    """What is asked of slang after the analysis is answered as without it."""
    at = Compiled(TWO_DRIVERS)
    assert at.symbol("z <= b_i").name == "z"
    assert at.symbol("y = x").direction == "output"


LATCHES = """\
module m #(parameter int N = 0) (input logic a, input logic [3:0] b, output logic l, output logic [3:0] v);
  always_comb if (a) l = 1'b0;
  always_comb begin
    for (int i = 0; i < N; i++) v[i] = b[i];
  end
  int k;
  always_comb begin
    for (k = 0; k < 4; k++) if (a) v[k] = b[k];
  end
endmodule
"""


def test_a_latch_is_shown_but_not_one_of_a_loop() -> None:
    """How often a loop turns depends on parameters, and on variables that slang does not follow."""
    assert "warning inferred-latch l" in Compiled(LATCHES).shown()
    latches = [d for d in Compiled(LATCHES).facts.diagnostics if d.code == "inferred-latch"]
    assert len(latches) == 1


@pytest.mark.parametrize(
    ("select", "count"), [("[W-1:0]", 0), ("[0]", 1), ("", 1), ("[2'd1:'b0]", 1), ("[P::K:0]", 0)]
)
def test_drivers_that_overlap_for_the_defaults_only_are_left_out(select: str, count: int) -> None:
    """With a select made of parameters, others may be correct; numbers overlap whatever they are."""
    package = "package P; localparam int K = 1; endpackage\n"
    text = f"""\
module m #(parameter int W = 2) (input logic [1:0] a, output logic [1:0] y);
  assign y = a;
  assign y{select} = '0;
endmodule
"""
    codes = [d.code for d in Compiled(package + text).facts.diagnostics]
    assert codes.count("multiple-cont-assigns") == count
    alone = text.replace("#(parameter int W = 2) ", "").replace("W-1", "1")
    codes = [d.code for d in Compiled(package + alone).facts.diagnostics]
    assert codes.count("multiple-cont-assigns") == 1


def test_what_is_never_used_is_shown_on_demand_only() -> None:
    """The project's -W options turn it on."""
    text = "module m; logic never; endmodule\n"
    assert Compiled(text).shown() == []
    at = Compiled(text, options=CompileOptions(warnings=("unused",)))
    assert at.shown() == ["warning unused-variable never"]
    assert at.facts.diagnostics[0].is_unused


def test_a_refusal_of_the_analysis_loses_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """What elaboration has found is shown, and symbols are known, when slang's analysis gives up."""

    def refuse(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(flow.analysis.AnalysisManager, "analyze", refuse)
    at = Compiled("module m; wire a = zz; endmodule\n")
    assert at.shown() == ["error UndeclaredIdentifier zz"]
    assert at.facts.failure == ""
    assert at.symbol("a").name == "a"


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
