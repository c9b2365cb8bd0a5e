"""Rename: every use gets the new name, or nothing is edited and the reason names the place."""

from __future__ import annotations

import pytest

from hdl_lsp.features.rename import Refused, prepare_rename, rename
from hdl_lsp.semantics.name_uses import NamesFound, NamesRequest
from hdl_lsp.text.edit import apply
from tests.support.asking import asker
from tests.support.fixture import parse_fixture


async def renamed(fixture: str, new: str = "fresh") -> str:
    """The lines that change, as they are afterwards, file by file; or the reason that nothing does."""
    at = parse_fixture(fixture)
    world = at.snapshot()
    found = await rename(world, at.file, at.offset, new, asker(), bool)
    if isinstance(found, Refused):
        return f"refused: {found.reason}"
    lines: list[str] = []
    for file, edits in sorted(found.edits.items(), key=lambda item: world.path(item[0])):
        text = world.text(file)
        assert text is not None
        after = apply(text, edits).text.split("\n")
        for old_line, new_line in zip(text.text.split("\n"), after, strict=True):
            if old_line != new_line:
                lines.append(" ".join(new_line.split()))
    return "\n".join(lines)


def prepared(fixture: str) -> str:
    """The placeholder, or the reason that there is none."""
    at = parse_fixture(fixture)
    found = prepare_rename(at.snapshot(), at.file, at.offset, bool)
    return f"refused: {found.reason}" if isinstance(found, Refused) else found.name


LEAF = """
//- /leaf.sv
module leaf(input logic clk<|>_i, output logic q_o);
  always_ff @(posedge clk_i) q_o <= 1'b1;
endmodule : leaf
"""


async def test_port_in_every_form_of_connection() -> None:
    """Named connections follow; the shorthand and `.*` are written out, because they stood for two names."""
    assert (
        await renamed(
            LEAF
            + """
//- /top.sv
module top(input logic clk_i, output logic q_o);
  leaf u_named (.clk_i(clk_i), .q_o());
  leaf u_short (.clk_i, .q_o());
  leaf u_star (.*);
endmodule
"""
        )
        == """\
module leaf(input logic fresh, output logic q_o);
always_ff @(posedge fresh) q_o <= 1'b1;
leaf u_named (.fresh(clk_i), .q_o());
leaf u_short (.fresh(clk_i), .q_o());
leaf u_star (.fresh(clk_i), .*);"""
    )


async def test_signal_in_the_shorthand_and_the_star() -> None:
    """A signal's new name leaves the ports of the instances their own."""
    assert (
        await renamed(
            LEAF.replace("<|>", "")
            + """
//- /top.sv
module top(input logic clk<|>_i, output logic q_o);
  leaf u_short (.clk_i, .q_o());
  leaf u_star (.*);
endmodule
"""
        )
        == """\
module top(input logic fresh, output logic q_o);
leaf u_short (.clk_i(fresh), .q_o());
leaf u_star (.clk_i(fresh), .*);"""
    )


async def test_module_with_its_end_label_and_hierarchical_names() -> None:
    """A module's name is changed at instances, the end label and in bind, not where an instance has it."""
    assert (
        await renamed(
            """
//- /leaf.sv
module le<|>af; logic a; endmodule : leaf
//- /top.sv
module check_it; endmodule
module top;
  leaf leaf ();
  initial $display(leaf.a);
endmodule
bind leaf check_it u_check ();
"""
        )
        == """\
module fresh; logic a; endmodule : fresh
fresh leaf ();
bind fresh check_it u_check ();"""
    )


async def test_hierarchical_names() -> None:
    """A module's own signal is found through instances and generate blocks; a namesake elsewhere is not."""
    assert (
        await renamed(
            """
//- /leaf.sv
module leaf; logic fla<|>g; initial flag = 0; endmodule
//- /top.sv
module top;
  logic flag;
  for (genvar i = 0; i < 2; i++) begin : g_leaf
    leaf u_leaf ();
  end
  initial $display(flag, g_leaf[0].u_leaf.flag, top.flag);
endmodule
"""
        )
        == """\
module leaf; logic fresh; initial fresh = 0; endmodule
initial $display(flag, g_leaf[0].u_leaf.fresh, top.flag);"""
    )


PACKAGE = """
//- /pkg.sv
package pkg;
  parameter int Width = 8;
  typedef enum logic {Idle, Busy} state_e;
  typedef struct packed { logic valid; logic [Width-1:0] data; } req_t;
endpackage
"""


async def test_package_item_by_import_and_scope() -> None:
    """Imported and scoped uses follow; a local declaration of that name hides the item."""
    assert (
        await renamed(
            PACKAGE.replace("Width = ", "Wid<|>th = ")
            + """
//- /user.sv
module a import pkg::*; (input logic [Width-1:0] x); endmodule
module b; import pkg::Width; logic [Width-1:0] x; endmodule
module c; import pkg::*; localparam int Width = 2; logic [Width-1:0] x; endmodule
module d; logic [pkg::Width-1:0] x; endmodule
"""
        )
        == """\
parameter int fresh = 8;
typedef struct packed { logic valid; logic [fresh-1:0] data; } req_t;
module a import pkg::*; (input logic [fresh-1:0] x); endmodule
module b; import pkg::fresh; logic [fresh-1:0] x; endmodule
module d; logic [pkg::fresh-1:0] x; endmodule"""
    )


async def test_struct_field() -> None:
    """A field follows in member accesses and patterns; a signal of that name does not."""
    assert (
        await renamed(
            PACKAGE.replace("logic valid", "logic val<|>id")
            + """
//- /user.sv
module a import pkg::*; (input logic valid, output req_t r);
  assign r = '{valid: valid, data: '0};
  wire w = r.valid;
endmodule
"""
        )
        == """\
typedef struct packed { logic fresh; logic [Width-1:0] data; } req_t;
assign r = '{fresh: valid, data: '0};
wire w = r.fresh;"""
    )


async def test_field_through_a_type_parameter_needs_the_whole_design() -> None:
    """The child knows the field's type only from its parent."""
    assert (
        await renamed(
            """
//- /hdl-lsp.toml
[project]
tops = ["top"]
//- /child.sv
module child #(parameter type T = logic) (input T r); wire w = r.valid; endmodule
//- /top.sv
module top;
  typedef struct packed { logic val<|>id; } t;
  t r;
  child #(.T(t)) u (.r(r));
endmodule
"""
        )
        == """\
module child #(parameter type T = logic) (input T r); wire w = r.fresh; endmodule
typedef struct packed { logic fresh; } t;"""
    )


async def test_dead_branches_follow() -> None:
    """Code that the present defines leave out is renamed too."""
    assert (
        await renamed(
            """
            module m(input logic a);
              logic fl<|>ag;
            `ifdef NEVER
              assign flag = a;
            `else
              assign flag = !a;
            `endif
            endmodule
            """
        )
        == """\
logic fresh;
assign fresh = a;
assign fresh = !a;"""
    )


async def test_unnamed_blocks_have_their_own_names() -> None:
    """Of two loops' variables only one is renamed."""
    assert (
        await renamed(
            """
            module m(output logic [7:0] q);
              always_comb begin
                for (int i<|> = 0; i < 4; i++) q[i] = 1'b0;
                for (int i = 4; i < 8; i++) q[i] = 1'b1;
              end
            endmodule
            """
        )
        == """\
for (int fresh = 0; fresh < 4; fresh++) q[fresh] = 1'b0;"""
    )


async def test_macro_and_names_in_its_arguments() -> None:
    """A macro is renamed at its definition, uses and tests; a name in an argument where it is written."""
    design = """
//- /m.sv
`define TWICE(x) (x + x)
`ifdef TWICE
`endif
module m(input logic [3:0] a, output logic [3:0] q);
  assign q = `TWICE(a);
endmodule
"""
    macro = await renamed(design.replace("define TWICE", "define TW<|>ICE"), "DOUBLE")
    assert macro.count("DOUBLE") == 3
    argument = await renamed(design.replace("[3:0] a,", "[3:0] a<|>,"))
    assert "assign q = `TWICE(fresh);" in argument


async def test_class_member_in_derived_classes() -> None:
    """A property is found through handles, `this`, and in classes derived from its own."""
    assert (
        await renamed(
            """
            package p;
              class base; int cou<|>nt; function void f(); this.count = 1; endfunction endclass
              class more extends base; function int g(); return count + 1; endfunction endclass
            endpackage
            module m; p::more h; initial h.count = 3; endmodule
            """
        )
        == """\
class base; int fresh; function void f(); this.fresh = 1; endfunction endclass
class more extends base; function int g(); return fresh + 1; endfunction endclass
module m; p::more h; initial h.fresh = 3; endmodule"""
    )


async def test_interface_signal_through_modports() -> None:
    """A signal of an interface follows in its modports and through ports."""
    assert (
        await renamed(
            """
            interface bus; logic re<|>q; modport src(output req); endinterface
            module a(bus.src b); assign b.req = 1'b1; endmodule
            module top; bus b(); a u(.b(b)); wire w = b.req; endmodule
            """
        )
        == """\
interface bus; logic fresh; modport src(output fresh); endinterface
module a(bus.src b); assign b.fresh = 1'b1; endmodule
module top; bus b(); a u(.b(b)); wire w = b.fresh; endmodule"""
    )


async def test_parameter_and_function_argument() -> None:
    """Overrides and named arguments follow."""
    leaf = """
//- /leaf.sv
module leaf #(parameter int Depth = 2) (input logic [Depth-1:0] x);
  function automatic int add(int lhs); return lhs + 1; endfunction
  localparam int Y = add(.lhs(3));
endmodule
//- /top.sv
module top; leaf #(.Depth(3)) u (.x('0)); endmodule
"""
    parameter = await renamed(leaf.replace("int Depth", "int De<|>pth"))
    assert "module top; leaf #(.fresh(3)) u (.x('0)); endmodule" in parameter
    argument = await renamed(leaf.replace("int lhs", "int l<|>hs"))
    assert "localparam int Y = add(.fresh(3));" in argument


async def test_escaped_identifiers() -> None:
    """A name that needs a backslash gets it with its blank, and one that needs none loses it."""
    plain = "module m; logic a<|>; assign a= 1'b0; endmodule\n"
    assert r"logic \a+b ; assign \a+b = 1'b0;" in await renamed(plain, r"\a+b")
    escaped = "module m; logic \\a<|> ; assign a = \\a ; endmodule\n"
    assert "logic fresh ; assign fresh = fresh ;" in await renamed(escaped, r"\fresh")


# -- refusals


@pytest.mark.parametrize(
    ("fixture", "reason"),
    [
        ("mod<|>ule m; endmodule\n", "module is a keyword"),
        ("module m; int i = $cl<|>og2(4); endmodule\n", "$clog2 is a system task or function"),
        ("module m; int i = 1<|>2; endmodule\n", "12 is a literal"),
        ("module m; // a com<|>ment\nendmodule\n", "there is no name here to rename"),
        (
            "module m; nobo<|>dy u(); endmodule\n",
            "nobody declares nobody in the files that are known",
        ),
        ("`ti<|>mescale 1ns/1ps\nmodule m; endmodule\n", "`timescale is a compiler directive"),
    ],
)
def test_what_can_not_be_renamed(fixture: str, reason: str) -> None:
    """Keywords, system tasks, literals, comments and unknown names are refused with a sentence."""
    assert prepared(fixture) == f"refused: {reason}"


def test_prepare_gives_the_name() -> None:
    """The placeholder is the name without its backslash."""
    assert prepared("module m; logic \\sig<|>nal ; endmodule\n") == "signal"


def test_read_only_and_third_party() -> None:
    """A declaration in a file that can't be written, or is third-party code, keeps its name."""
    at = parse_fixture("module m; logic a<|>; endmodule\n")
    found = prepare_rename(at.snapshot(), at.file, at.offset, lambda _: False)
    assert found == Refused(
        "a is declared in /main.sv, which can't be written, or is a link out of the workspace"
    )
    vendored = """
    //- /hdl-lsp.toml
    [project]
    third_party = ["vendor/**"]
    //- /vendor/x.sv
    module m; logic a<|>; endmodule
    """
    assert prepared(vendored).endswith("which is third-party code")


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("1x", "'1x' is no identifier: letters, digits, _ and $, and no digit or $ in front"),
        ("wire", "wire is a keyword"),
        ("a", "a is its present name"),
        ("b", "b is declared already in the same scope, at /main.sv:1"),
    ],
)
async def test_new_names_that_can_not_be(new: str, reason: str) -> None:
    """What is no identifier or stands in the scope already is refused."""
    assert await renamed("module m; logic a<|>, b; endmodule\n", new) == f"refused: {reason}"


async def test_new_name_that_would_be_captured() -> None:
    """An inner declaration of the new name would catch a use."""
    said = await renamed(
        """
        module m(output logic q);
          logic a<|>;
          always_comb begin : blk
            logic inner;
            inner = 1'b0;
            q = a;
          end
        endmodule
        """,
        "inner",
    )
    assert said.startswith("refused: inner at /main.sv:6 would then mean the declaration")


async def test_new_name_that_would_hide_another() -> None:
    """Uses of an imported name would mean the renamed declaration."""
    said = await renamed(
        """
        //- /p.sv
        package p; parameter int Size = 3; endpackage
        //- /m.sv
        module m import p::*; (output int q, r);
          int a<|>;
          assign q = Size;
          assign r = a;
        endmodule
        """,
        "Size",
    )
    assert said.startswith("refused: Size at /m.sv:3 would then mean the renamed declaration")


async def test_new_name_of_another_unit_or_macro() -> None:
    """Modules and macros are known everywhere."""
    assert await renamed("module a<|>; endmodule\nmodule b; endmodule\n", "b") == (
        "refused: b is declared already as a module at /main.sv:2"
    )
    assert await renamed("`define A<|> 1\n`define B 2\nmodule m; endmodule\n", "B") == (
        "refused: the macro B is defined already at /main.sv:2"
    )


async def test_star_that_would_connect_more() -> None:
    """`.*` would connect the renamed signal to a port that is open so far."""
    said = await renamed(
        """
        module leaf(input logic en); endmodule
        module top; logic sig<|>nal; leaf u (.*); endmodule
        """,
        "en",
    )
    assert said == "refused: .* at /main.sv:2 would then connect it to the port en"


async def test_macro_body_that_means_several_things() -> None:
    """A name in the body of a macro that other modules use as well is not theirs to rename."""
    said = await renamed(
        """
        `define TICK @(posedge clk)
        module a(input logic cl<|>k, output logic q); always_ff `TICK q <= 1'b1; endmodule
        module b(input logic clk, output logic q); always_ff `TICK q <= 1'b1; endmodule
        """
    )
    assert said.startswith("refused: clk is also used through the macro TICK (/main.sv:1)")


async def test_field_of_an_unknown_type_is_not_guessed() -> None:
    """Where nobody knows the type before the dot, nothing is edited."""
    said = await renamed(
        PACKAGE.replace("logic valid", "logic val<|>id")
        + """
//- /user.sv
module a; wire w = unknown_thing.valid; endmodule
"""
    )
    assert said == "refused: it can't be proved whether valid at /user.sv:1 is meant"


async def test_without_slang_nothing_is_renamed() -> None:
    """While analysis is down there is no proof."""

    async def nobody(_request: NamesRequest) -> NamesFound | None:
        return None

    at = parse_fixture("module m; logic a<|>; endmodule\n")
    found = await rename(at.snapshot(), at.file, at.offset, "b", nobody, bool)
    assert isinstance(found, Refused)
    assert found.reason.startswith("slang is not running")


async def test_file_named_like_the_module_is_said() -> None:
    """The file is not renamed; the answer says so."""
    at = parse_fixture("//- /leaf.sv\nmodule le<|>af; endmodule\n")
    found = await rename(at.snapshot(), at.file, at.offset, "b", asker(), bool)
    assert not isinstance(found, Refused)
    assert found.notes == (
        "the file keeps its name leaf.sv; tools that find modules by file want b",
    )


async def test_top_of_the_project() -> None:
    """A top that the project's options name is refused; one that was only found is renamed."""
    module = "//- /m.sv\nmodule m<|>; endmodule\n"
    configured = '//- /hdl-lsp.toml\n[project]\ntops = ["m"]\n' + module
    assert await renamed(configured) == (
        "refused: the project's options name m as a top; change them first"
    )
    assert await renamed(module) == "module fresh; endmodule"


MACRO = r"""
`define REG(q<|>, d) \
  always_ff @(posedge clk) begin \
    q``_copy <= d; \
    q <= d; \
  end
module m(input logic clk, d, output logic q, q_copy);
  `REG(q, d)
endmodule
"""


async def test_argument_of_a_macro() -> None:
    """The list and all lines of the body follow, and nothing outside the definition."""
    assert (
        await renamed(MACRO)
        == """\
`define REG(fresh, d) \\
fresh``_copy <= d; \\
fresh <= d; \\"""
    )


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ("d", "d stands in the definition of REG already, at /main.sv:1"),
        ("clk", "clk stands in the definition of REG already, at /main.sv:2"),
        ("\\a+b", "\\a+b can't be the argument of a macro"),
    ],
)
async def test_argument_of_a_macro_that_would_replace_more(new: str, reason: str) -> None:
    """A word of the body would become the argument."""
    assert await renamed(MACRO, new) == f"refused: {reason}"


async def test_parameter_of_an_instance_with_a_star() -> None:
    """`.*` connects ports; a parameter of the module is not written out there."""
    assert (
        await renamed(
            """
            module leaf #(parameter int Wid<|>th = 1) (input logic [Width-1:0] d); endmodule
            module top; localparam int Width = 2; logic [1:0] d;
              leaf #(.Width(Width)) u (.*);
            endmodule
            """
        )
        == """\
module leaf #(parameter int fresh = 1) (input logic [fresh-1:0] d); endmodule
leaf #(.fresh(Width)) u (.*);"""
    )


CONFIGURATIONS = """
//- /a/cfg_pkg.sv
package cfg_pkg; localparam int XL<|>EN = 32; endpackage
//- /b/cfg_pkg.sv
package cfg_pkg; localparam int XLEN = 64; endpackage
//- /core.sv
module core(output logic [cfg_pkg::XLEN-1:0] q); endmodule
"""


async def test_package_of_several_configurations() -> None:
    """Every file that declares the package follows: any of them may be compiled with the uses."""
    assert (
        await renamed(CONFIGURATIONS)
        == """\
package cfg_pkg; localparam int fresh = 32; endpackage
package cfg_pkg; localparam int fresh = 64; endpackage
module core(output logic [cfg_pkg::fresh-1:0] q); endmodule"""
    )


async def test_configuration_that_can_not_be_edited() -> None:
    """Nothing is renamed when one of them has to stay as it is."""
    at = parse_fixture(CONFIGURATIONS)
    found = await rename(
        at.snapshot(), at.file, at.offset, "b", asker(), lambda path: not path.startswith("/b/")
    )
    assert isinstance(found, Refused)
    assert (
        found.reason
        == "it is also named at /b/cfg_pkg.sv:1, which can't be written, or is a link out of the workspace"
    )


async def test_test_benches_of_one_name() -> None:
    """Modules of one name that nobody instantiates are no configurations of each other."""
    fixture = """
    //- /a/tb.sv
    module t<|>b; logic clk; endmodule
    //- /b/tb.sv
    module tb; logic clk; endmodule
    """
    assert await renamed(fixture) == "module fresh; logic clk; endmodule"


async def test_path_in_a_macro() -> None:
    """A hierarchical name that stands in a macro as a whole is renamed there."""
    assert (
        await renamed(
            """
            `define DUT top.u_leaf.coun<|>t
            module leaf; logic count; assign count = 1'b0; endmodule
            module top; leaf u_leaf(); endmodule
            module tb; top u_top(); initial if (`DUT) $stop; endmodule
            """
        )
        == """\
`define DUT top.u_leaf.fresh
module leaf; logic fresh; assign fresh = 1'b0; endmodule"""
    )


async def test_star_in_a_branch_that_is_not_elaborated() -> None:
    """The port of an instance that the parameters leave out is written out as well."""
    assert (
        await renamed(
            """
            //- /hdl-lsp.toml
            [project]
            tops = ["top"]
            //- /leaf.sv
            module leaf(input logic en); endmodule
            //- /top.sv
            module top #(parameter bit Has = 0) (input logic e<|>n);
              if (Has) begin : gen_leaf leaf u (.*); end
            endmodule
            """
        )
        == """\
module top #(parameter bit Has = 0) (input logic fresh);
if (Has) begin : gen_leaf leaf u (.en(fresh), .*); end"""
    )


async def test_edits_that_slang_has_not_seen_are_told() -> None:
    """An edit in a dead branch is proved by scopes only; a face may ask about it."""
    at = parse_fixture(
        """
        module m(input logic a<|>, output logic q, r);
        `ifdef NEVER
          assign q = a;
        `else
          assign r = a;
        `endif
        endmodule
        """
    )
    found = await rename(at.snapshot(), at.file, at.offset, "b", asker(), bool)
    assert not isinstance(found, Refused)
    assert found.places == 3
    lines = {at.source.line_of(start) + 1 for _, start in found.unseen}
    assert lines == {3}


async def test_parameter_of_another_module_behind_a_dot() -> None:
    """A parameter that an unknown module has under the same name is that module's."""
    assert (
        await renamed(
            """
            //- /leaf.sv
            module leaf #(parameter int Wid<|>th = 1) (input logic a); endmodule
            //- /top.sv
            module top(input logic a);
              leaf #(.Width(2)) u_leaf (.a(a));
              lost #(.Width(3)) u_lost (.a(a));
            endmodule
            """
        )
        == """\
module leaf #(parameter int fresh = 1) (input logic a); endmodule
leaf #(.fresh(2)) u_leaf (.a(a));"""
    )


async def test_shorthand_of_a_signal_under_a_condition() -> None:
    """A signal that only slang knows is written out beside its port as any other."""
    assert (
        await renamed(
            """
            //- /hdl-lsp.toml
            [project]
            defines = ["TRACE"]
            //- /leaf.sv
            module leaf(output logic valid); assign valid = 1'b1; endmodule
            //- /top.sv
            module top(
            `ifdef TRACE
              output logic val<|>id,
            `endif
              input logic a);
              leaf u (
            `ifdef TRACE
                .valid
            `endif
              );
            endmodule
            """
        )
        == """\
output logic fresh,
.valid(fresh)"""
    )


@pytest.mark.parametrize(
    "declared",
    [
        "struct packed { logic other; logic val<|>id; } a, b;",
        "if (0) begin : g logic b; end else begin : g struct packed { logic val<|>id; } b; end",
    ],
)
async def test_field_that_only_a_dead_branch_names(declared: str) -> None:
    """Where slang does not look and types are not certain, a use is not left behind: it is refused, or renamed."""
    used = "g.b" if "begin" in declared else "b"
    said = await renamed(
        f"""
        module m; {declared}
        `ifdef NEVER
          wire w = {used}.valid;
        `endif
        endmodule
        """
    )
    is_renamed = f"{used}.fresh" in said
    assert is_renamed or said == "refused: it can't be proved whether valid at /main.sv:3 is meant"
