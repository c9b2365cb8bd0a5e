"""References: the uses of one symbol over many files, and nothing of another that has its name."""

from __future__ import annotations

import pytest

from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.references import find_references
from hdl_lsp.semantics.request import CompileOptions, FindReferences, Input
from hdl_lsp.text.source import SourceText
from tests.support.designs import ibex

PKG = """package pkg;
  parameter int Width = 8;
  typedef enum logic {Idle, Busy} state_e;
  typedef struct packed { logic valid; logic [Width-1:0] data; } req_t;
  function automatic logic parity(logic [Width-1:0] value); return ^value; endfunction
endpackage
"""
LEAF = """module leaf import pkg::*; #(parameter int Depth = 2) (input req_t req_i, output logic valid);
  state_e state;
  assign valid = req_i.valid & parity(req_i.data) & (state == Busy);
  logic [Depth-1:0] unrelated;
endmodule
"""
TOP = """module top;
  pkg::req_t req_q;
  logic valid, Depth;
  leaf #(.Depth(pkg::Width)) u_leaf (.req_i(req_q), .valid);
  assign req_q.valid = valid;
  assign req_q.data = pkg::Idle == pkg::Busy ? pkg::Width : pkg::parity(8'h0);
endmodule
"""
FILES = {"/p/pkg.sv": PKG, "/p/leaf.sv": LEAF, "/p/top.sv": TOP}


def uses(path: str, where: str) -> list[str]:
    """`file:line text` of the references of the symbol declared at the text *where* of *path*."""
    files = tuple(Input(p, SourceText.of(t).digest, t) for p, t in FILES.items())
    name = where.rsplit(maxsplit=1)[-1].strip(";,")
    offset = FILES[path].index(where) + where.rindex(name)
    request = FindReferences(path, offset, name, files, options=CompileOptions(is_configured=True))
    found: list[str] = []
    for target in find_references(request, Compiler()):
        source = SourceText.of(FILES[target.path])
        assert source.slice(target.focus) == name
        line0 = source.line_of(target.focus.start)
        found.append(f"{target.path[3:]}:{line0 + 1}")
    return found


@pytest.mark.parametrize(
    ("path", "where", "expected"),
    [
        (
            "/p/pkg.sv",
            "int Width",
            ["pkg.sv:2", "pkg.sv:4", "pkg.sv:5", "top.sv:4", "top.sv:6"],
        ),
        ("/p/pkg.sv", "Busy", ["leaf.sv:3", "pkg.sv:3", "top.sv:6"]),
        ("/p/pkg.sv", "logic valid;", ["leaf.sv:3", "pkg.sv:4", "top.sv:5"]),
        ("/p/pkg.sv", "automatic logic parity", ["leaf.sv:3", "pkg.sv:5", "top.sv:6"]),
        (
            "/p/pkg.sv",
            "package pkg",
            [
                "leaf.sv:1",
                "pkg.sv:1",
                "top.sv:2",
                "top.sv:4",
                "top.sv:6",
                "top.sv:6",
                "top.sv:6",
                "top.sv:6",
            ],
        ),
        ("/p/leaf.sv", "module leaf", ["leaf.sv:1", "top.sv:4"]),
        ("/p/leaf.sv", "int Depth", ["leaf.sv:1", "leaf.sv:4", "top.sv:4"]),
        ("/p/leaf.sv", "req_t req_i", ["leaf.sv:1", "leaf.sv:3", "leaf.sv:3", "top.sv:4"]),
        ("/p/leaf.sv", "state_e state", ["leaf.sv:2", "leaf.sv:3"]),
        ("/p/top.sv", "logic valid, Depth", ["top.sv:3"]),
        ("/p/top.sv", "pkg::req_t req_q", ["top.sv:2", "top.sv:4", "top.sv:5", "top.sv:6"]),
    ],
)
def test_uses_of_one_symbol(path: str, where: str, expected: list[str]) -> None:
    """Package items, enum members, struct fields, functions, modules, parameters, ports and signals."""
    if where.startswith("pkg::"):
        where = where.removeprefix("pkg::")
    assert uses(path, where) == expected


@pytest.mark.real
def test_enum_member_over_ibex() -> None:
    """Every textual use of a package's enum member in the real core is found, in all files."""
    root = ibex() / "rtl"
    files = [p for p in sorted(root.glob("*.sv")) if b"ALU_ADD" in p.read_bytes()]
    package = root / "ibex_pkg.sv"
    offset = package.read_bytes().index(b"ALU_ADD")
    request = FindReferences(
        str(package),
        offset,
        "ALU_ADD",
        tuple(Input(str(p)) for p in files),
        options=CompileOptions(include_dirs=(str(root),), is_configured=True),
    )
    found = find_references(request, Compiler())
    assert len(found) == sum(p.read_bytes().count(b"ALU_ADD") for p in files)
