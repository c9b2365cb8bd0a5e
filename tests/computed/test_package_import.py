"""Imports that follow from names which nothing in the file declares."""

from __future__ import annotations

from hdl_lsp.computed.package_import import package_import
from tests.support.computed import suggested

PACKAGES = """\
//- /alu_pkg.sv
package alu_pkg;
  typedef enum logic {ADD, SUB} alu_op_e;
  parameter int Width = 8;
endpackage
//- /bus_pkg.sv
package bus_pkg;
  typedef struct packed {logic valid;} bus_t;
  parameter int Width = 32;
endpackage
//- /top.sv
"""


def check(text: str, *expected: str) -> None:
    """*text* beside two packages, and what is suggested in it."""
    assert suggested(package_import, PACKAGES + text) == expected


def test_package_of_the_missing_names() -> None:
    """A type that only one package declares; everything is imported where the file has no other habit."""
    check("module m import <|>\n  (input alu_op_e op_i);\nendmodule\n", "alu_pkg::*;")


def test_package_with_most_names_first() -> None:
    """Two packages are missing: the one that declares more of the names comes first."""
    check(
        "module m;\n  import <|>\n  alu_op_e op = ADD;\n  bus_t bus;\nendmodule\n",
        "alu_pkg::*;",
        "bus_pkg::*;",
    )


def test_typed_part_is_kept() -> None:
    """A begun package name, and one with its `::`, are gone on with; a semicolon that is there stays alone."""
    check("module m;\n  import al<|>\n  alu_op_e op;\nendmodule\n", "u_pkg::*;")
    check("module m;\n  import alu_pkg::<|>;\n  alu_op_e op;\nendmodule\n", "*")


def test_names_one_by_one_as_the_file_does() -> None:
    """Where the other imports name what they import, so does this one."""
    check(
        "import bus_pkg::bus_t;\nmodule m;\n  import <|>\n  alu_op_e op;\n  bus_t bus;\nendmodule\n",
        "alu_pkg::alu_op_e;",
    )


def test_silent_where_nothing_is_missing() -> None:
    """Names of several packages, names with their package, fields and ports, what is imported already."""
    check("module m;\n  import <|>\n  int i = Width;\nendmodule\n")
    check("module m;\n  import <|>\n  alu_pkg::alu_op_e op = alu_pkg::ADD;\nendmodule\n")
    check("module m;\n  import <|>\n  sub u (.bus_t(x.ADD)); // bus_t\nendmodule\n")
    check("import alu_pkg::*;\nmodule m;\n  import <|>\n  alu_op_e op;\nendmodule\n")


def test_silent_elsewhere() -> None:
    """`import` in a comment, and places that are no import."""
    check("// import <|>\nmodule m;\n  alu_op_e op;\nendmodule\n")
    check("module m;\n  <|>\n  alu_op_e op;\nendmodule\n")
