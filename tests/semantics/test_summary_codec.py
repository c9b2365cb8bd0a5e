"""Summaries and names as bytes: nothing is lost, and damage is seen."""

from __future__ import annotations

import random

import pytest

from hdl_lsp.semantics.index_names import TABLES, decode_names, encode_names, index_names
from hdl_lsp.semantics.sealed import DamagedError
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.semantics.summary import DeclKind, FileSummary
from hdl_lsp.semantics.summary_codec import decode, encode
from hdl_lsp.text import decode as text_decode
from hdl_lsp.text.source import SourceText
from tests.support import designs

BROKEN = """
`define MAX(a, b = (1)) ((a) > (b) ? (a) : (b))
`include <defs.svh>
`include "more.svh"
module m import p::*, q::x; #(parameter W = 8) (input logic é, output q_o);
  sub #(.A(1), p::B) \\u[0] (.a_i(`MAX(1, 2)), .b_i, .*), v (1, , 2);
  enum {Idle} s;
  assign = ;
"""


def test_a_summary_comes_back_as_it_was() -> None:
    """Every kind of row survives, of broken text too."""
    summary = summarise(SourceText.of(BROKEN))
    assert decode(encode(summary)) == summary
    assert all(
        (
            summary.decls,
            summary.instances,
            summary.imports,
            summary.macros,
            summary.macro_uses,
            summary.includes,
            summary.scoped_names,
            summary.problems,
        )
    )
    assert decode(encode(FileSummary())) == FileSummary()


def test_real_files_come_back_as_they_were() -> None:
    """Summaries and names of a whole core survive."""
    for path in designs.sources(designs.ibex() / "rtl"):
        summary = summarise(text_decode.decode(path.read_bytes()), str(path))
        again = decode(encode(summary))
        assert again == summary
        assert all(decl.kind is DeclKind(decl.kind.value) for decl in again.decls)
        names = index_names(str(path), summary)
        back = decode_names(encode_names(names))
        assert {table: frozenset(some) for table, some in zip(TABLES, back, strict=True)} == names
        assert sum(map(len, back)) == sum(map(len, names.values()))


def test_damaged_bytes_are_refused() -> None:
    """A changed, cut or foreign blob raises the one error, and never crashes."""
    whole = encode(summarise(SourceText.of(BROKEN)))
    chance = random.Random(7)
    for _ in range(300):
        changed = bytearray(whole)
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        with pytest.raises(DamagedError):
            decode(bytes(changed))
        with pytest.raises(DamagedError):
            decode(whole[: chance.randrange(len(whole))])
    for foreign in (b"", b"SQLite format 3\0", encode_names(index_names("/a.sv", FileSummary()))):
        with pytest.raises(DamagedError):
            decode(foreign)


def test_names_of_a_file() -> None:
    """Each table holds what its name says; a port or a local variable is only an identifier."""
    text = """
        `include "lib/defs.svh"
        package p; typedef enum {Idle} state_e; endpackage
        interface bus_if; modport host(); endinterface
        `define ON
        `define BODY 1
        `ifdef OFF
        `endif
        module m(input a_i); logic local_q; sub u_sub(); endmodule
    """
    names = index_names("/rtl/m.sv", summarise(SourceText.of(text)))
    identifiers = names["identifiers"]
    assert tuple(names) == TABLES
    expected = {
        "units": ["bus_if", "m", "p"],
        "packages": ["p"],
        "interfaces": ["bus_if"],
        "outline": ["Idle", "bus_if", "host", "m", "p", "state_e"],
        "macros": ["BODY", "ON"],
        "macro_uses": ["OFF"],
        "instances": ["sub"],
        "basenames": ["m.sv"],
        "includes": ["defs.svh"],
        "modules": ["m"],
        "include_paths": ["lib/defs.svh"],
        "bodied_macros": ["BODY"],
        "scopes": ["u_sub"],
    }
    assert {table: sorted(names[table]) for table in expected} == expected
    assert {"a_i", "local_q", "u_sub", "Idle"} <= identifiers
