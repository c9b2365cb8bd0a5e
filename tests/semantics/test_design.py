"""Whole designs: instance tree, diagnostics by file, tops, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.semantics.design import Designer
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.semantics.design_query import InstancePage
from hdl_lsp.semantics.request import CompileOptions, DesignRequest, Input
from hdl_lsp.text.source import SourceText
from tests.support.designs import cva6, ibex


def request(*tops: str, **files: str) -> DesignRequest:
    """A design of open files, `name` for /project/name.sv."""
    inputs = tuple(
        Input(f"/project/{name}.sv", SourceText.of(text).digest, text)
        for name, text in files.items()
    )
    return DesignRequest(inputs, CompileOptions(tops=tops, is_configured=True))


def codes(facts: DesignFacts) -> dict[str, list[str]]:
    """Codes of the diagnostics by file name."""
    return {Path(path).name: [d.code for d in group] for path, group in facts.diagnostics.items()}


def page(designer: Designer, path: str = "") -> InstancePage:
    """The instances right inside *path*."""
    assert designer.last is not None
    return designer.last.tree.page(path, 0, 100)


def parameters_of_top(designer: Designer, ask: DesignRequest) -> tuple[tuple[str, str], ...]:
    """Values of the top's parameters."""
    assert designer.facts(ask).failure == ""
    return page(designer).instances[0].parameters


LEAF = """
module leaf #(parameter int W = 4, parameter type T = logic) (input logic [W-1:0] a_i, output T q_o);
  assign q_o = ^a_i;
endmodule
"""
TOP = """
module top(input logic [7:0] a, output logic [2:0] q);
  leaf #(.W(8)) u_one (.a_i(a), .q_o(q[0]));
  for (genvar i = 0; i < 2; i++) begin : gen_x
    if (i == 1) begin : gen_y
      leaf u_two (.a_i(a[3:0]), .q_o(q[i]));
    end
  end
  leaf u_many [1:0] (.a_i(a), .q_o());
  assign q[2] = 1'b0;
endmodule
"""


def test_instance_tree_has_parameter_values() -> None:
    """Every instance is there with its place, its parent and the values of its parameters."""
    designer = Designer()
    facts = designer.facts(request("top", top=TOP, leaf=LEAF))
    assert facts.failure == ""
    assert facts.tops == ("top",)
    assert facts.instances_of == {"top": 1, "leaf": 4}
    (top,) = page(designer).instances
    assert (top.path, top.child_count, SourceText.of(TOP).slice(top.span)) == ("top", 4, "top")
    inside = page(designer, "top").instances
    assert [(n.name, n.definition, n.path, n.kind) for n in inside] == [
        ("u_one", "leaf", "top.u_one", "module"),
        ("gen_x[1].gen_y.u_two", "leaf", "top.gen_x[1].gen_y.u_two", "module"),
        ("u_many[0]", "leaf", "top.u_many[0]", "module"),
        ("u_many[1]", "leaf", "top.u_many[1]", "module"),
    ]
    assert inside[0].parameters == (("W", "8"), ("T", "logic"))
    assert inside[1].parameters == (("W", "4"), ("T", "logic"))
    assert (inside[0].file, inside[0].definition_file) == ("/project/top.sv", "/project/leaf.sv")
    assert SourceText.of(TOP).slice(inside[0].span) == "u_one"
    assert SourceText.of(TOP).slice(inside[2].span) == "u_many"
    assert SourceText.of(LEAF).slice(inside[0].definition_span) == "leaf"
    assert (facts.counts.files, facts.counts.definitions, facts.counts.instances) == (2, 2, 5)


def test_diagnostics_belong_to_their_files() -> None:
    """What only the whole design shows is found, each in its file."""
    facts = Designer().facts(
        request(
            "top",
            top="module top(output logic q);\n  leaf u(.a(1'b0), .q(q));\n  leaf v(.b(1'b0), .q(q));\nendmodule\n",
            leaf="module leaf(input logic a, output logic q);\n  assign q = a & nothing;\nendmodule\n",
            fine="module fine; endmodule\n",
        )
    )
    assert "UndeclaredIdentifier" in codes(facts)["leaf.sv"]
    assert "PortDoesNotExist" in codes(facts)["top.sv"]
    assert "fine.sv" not in codes(facts)
    assert facts.counts.errors >= 2


def test_signal_driven_twice_is_found() -> None:
    """The analysis after elaboration runs: two drivers of one variable."""
    facts = Designer().facts(
        request(
            "m",
            m="module m(input logic c, output logic q);\n  always_ff @(posedge c) q <= 1;\n"
            "  assign q = 0;\nendmodule\n",
        )
    )
    assert codes(facts) == {"m.sv": ["mixed-var-assigns"]}


def test_without_tops_only_names_are_resolved() -> None:
    """A library nobody instantiates gives no artefacts of its default parameters."""
    wrong = "module wrong(output logic q);\n  assign q = nothing;\nendmodule\n"
    library = (
        "module lib #(parameter type req_t = logic, parameter int N = 0)"
        " (input req_t a, output logic q);\n  logic [N-1:0] x;\n  assign q = a.field;\nendmodule\n"
    )
    facts = Designer().facts(request(lib=library, wrong=wrong))
    assert facts.is_lint_only
    assert (facts.tops, facts.instances_of, facts.failure) == ((), {}, "")
    assert codes(facts) == {"wrong.sv": ["UndeclaredIdentifier"]}
    with_top = Designer().facts(request("lib", lib=library))
    assert not with_top.is_lint_only
    assert with_top.counts.errors > 0


def test_top_that_is_nowhere_is_a_failure() -> None:
    """A misspelt top is told in words."""
    facts = Designer().facts(request("tpo", top="module top; endmodule\n"))
    assert facts.failure == "no file of the project declares the top tpo"


@pytest.mark.parametrize(
    "text", ["", "module top(", "module top; top u(); endmodule", "\x00\n`define", "package p;"]
)
def test_broken_designs_do_not_raise(text: str) -> None:
    """Broken, empty and endlessly recursive designs give facts."""
    assert Designer().facts(request("top", top=text)).counts.files == 1


def test_too_deep_file_is_reported_and_the_rest_elaborated() -> None:
    """A file that slang's parser refuses leaves the others alone."""
    facts = Designer().facts(
        request(
            "top",
            top="module top; endmodule\n",
            deep="module deep; assign q = " + "(" * 20_000,
        )
    )
    assert facts.tops == ("top",)
    assert facts.diagnostics["/project/deep.sv"]


def test_no_file_at_all() -> None:
    """Missing files are a failure, not an exception."""
    facts = Designer().facts(DesignRequest((Input("/nowhere/x.sv"),)))
    assert facts.failure == "no file of the project can be read"


def test_next_edit_and_changed_headers_are_seen(tmp_path: Path) -> None:
    """The same Designer follows edits of files, of headers, and of open headers."""
    header = tmp_path / "width.svh"
    header.write_text("`define WIDTH 4\n")
    top = tmp_path / "top.sv"
    top.write_text('`include "width.svh"\nmodule top #(parameter W = `WIDTH); endmodule\n')
    designer = Designer()
    options = CompileOptions(tops=("top",), is_configured=True)
    ask = DesignRequest((Input(str(top)),), options)
    assert parameters_of_top(designer, ask) == (("W", "4"),)
    top.write_text('`include "width.svh"\nmodule top #(parameter W = `WIDTH + 10); endmodule\n')
    assert parameters_of_top(designer, ask) == (("W", "14"),)
    header.write_text("`define WIDTH 500\n")
    assert parameters_of_top(designer, ask) == (("W", "510"),)
    opened = DesignRequest(ask.files, options, {str(header): "`define WIDTH 6\n"})
    assert parameters_of_top(designer, opened) == (("W", "16"),)
    edited = DesignRequest(
        ask.files, options, {str(top): "module top #(parameter W = 1); endmodule\n"}
    )
    assert parameters_of_top(designer, edited) == (("W", "1"),)


@pytest.mark.real
def test_ibex_elaborates() -> None:
    """The real core with its primitives has its instance tree and no error in its own files."""
    root = ibex()
    prims = [
        p
        for folder in ("prim/rtl", "prim_generic/rtl")
        for p in sorted((root / "vendor/lowrisc_ip/ip" / folder).glob("*.sv"))
    ]
    files = [*sorted((root / "rtl").glob("*.sv")), *prims]
    options = CompileOptions(
        include_dirs=(
            str(root / "vendor/lowrisc_ip/ip/prim/rtl"),
            str(root / "vendor/lowrisc_ip/dv/sv/dv_utils"),
        ),
        defines=(("SYNTHESIS", ""),),
        tops=("ibex_core",),
        is_configured=True,
    )
    designer = Designer()
    facts = designer.facts(DesignRequest(tuple(Input(str(p)) for p in files), options))
    assert facts.tops == ("ibex_core",)
    assert facts.counts.instances == 31
    assert designer.last is not None
    (alu,) = designer.last.tree.page_of("ibex_alu", 0, 9).instances
    assert alu.path == "ibex_core.ex_block_i.alu_i"
    assert dict(alu.parameters) == {"RV32B": "0"}
    own = {p: g for p, g in facts.diagnostics.items() if "/rtl/ibex_" in p}
    assert not [d for g in own.values() for d in g if d.severity.value == "error"]


@pytest.mark.real
def test_cva6_elaborates() -> None:
    """The real core, with the files its package has, is elaborated down to its leaves."""
    root = cva6()
    config = {"CVA6_REPO_DIR": str(root), "TARGET_CFG": "cv64a6_imafdc_sv39"}
    files: list[Path] = []
    includes: list[str] = []
    lists = [root / "core/Flist.cv64a6_imafdc_sv39"]
    while lists:
        for line in lists.pop(0).read_text().split("\n"):
            entry = line.partition("//")[0].strip()
            for name, value in config.items():
                entry = entry.replace("${" + name + "}", value)
            if entry.startswith("+incdir+"):
                includes.append(entry.removeprefix("+incdir+"))
            elif entry.startswith("-F"):
                lists += [p for p in [Path(entry[2:].strip())] if p.is_file()]
            elif entry.endswith((".sv", ".v")) and Path(entry).is_file():
                files.append(Path(entry))
    options = CompileOptions(include_dirs=tuple(includes), tops=("cva6",), is_configured=True)
    facts = Designer().facts(DesignRequest(tuple(Input(str(p)) for p in files), options))
    assert facts.tops == ("cva6",)
    assert facts.counts.instances > 250
    errors = {d.code for g in facts.diagnostics.values() for d in g if d.severity.value == "error"}
    assert errors == {"UnknownModule"}  # of two submodules that the package leaves out


def test_a_macro_lent_by_a_file_nobody_includes_is_not_redefined(tmp_path: Path) -> None:
    """The header that is really included defines it for the first time; a second definition there is still told."""
    dummy, real, top = (tmp_path / name for name in ("dummy.svh", "real.svh", "top.sv"))
    dummy.write_text("`define CHECK(x) assign unused = x;\n")
    real.write_text("`define CHECK(x) wire w = x;\n`define TWICE a\n`define TWICE b\n")
    top.write_text('`include "real.svh"\nmodule top; `CHECK(1) endmodule\n')
    options = CompileOptions(macro_files=(str(dummy),), tops=("top",), is_configured=True)
    facts = Designer().facts(DesignRequest((Input(str(top)),), options))
    assert [d.message for d in facts.diagnostics[str(real)]] == ["macro 'TWICE' redefined"]
