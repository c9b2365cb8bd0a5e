"""The names that exist at a place, as the engine is told; and that real code is never outside them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from hdl_lsp.context import site
from hdl_lsp.context.allowed_names import allowed_names
from hdl_lsp.llm.engine import AllowedNames
from hdl_lsp.llm.monitor import Monitor
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.source import Offset, SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.memo import Memo
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support import designs, workspace
from tests.support.fixture import parse_fixture

TYPES = """\
//- /types.sv
package bus_pkg;
  typedef struct packed { logic [3:0] id; logic last; } meta_t;
  typedef struct packed { logic [31:0] addr; meta_t meta; } req_t;
  typedef enum logic [1:0] { Idle, Run, Done } state_e;
  localparam int Most = 4;
endpackage
interface stream_if; logic valid; logic ready; modport sink(input valid, output ready); endinterface
class item; int length; function void show(); endfunction endclass
class child extends item; int more; endclass
module fifo #(int Depth = 4, int Width = 8) (input logic clk_i, rst_ni, output logic full_o);
endmodule
//- /top.sv
"""


def told(text: str) -> AllowedNames:
    """What is said about the cursor of *text*, which follows TYPES."""
    at = parse_fixture(TYPES + text)
    place = site.at(at.snapshot(), at.file, at.offset, is_asked=True)
    assert place is not None
    return allowed_names(at.snapshot(), place, None) or AllowedNames()


def after(text: str) -> dict[str, tuple[str, ...]]:
    """Opening to names."""
    return {one.opening: one.names for one in told(text).after}


def test_members_of_structs_and_of_their_members() -> None:
    """A struct near the cursor has its fields, and those of a field that is a struct."""
    found = after("module m(input bus_pkg::req_t req_i);\n  assign x = req_i<|>\nendmodule\n")
    assert found["req_i."] == ("addr", "meta")
    assert found["req_i.meta."] == ("id", "last")


def test_items_of_packages_named_or_imported() -> None:
    """Every package written near the cursor or imported around it."""
    found = after("module m import bus_pkg::*; ();\n  assign x = <|>\nendmodule\n")
    assert found["bus_pkg::"] == ("meta_t", "req_t", "state_e", "Idle", "Run", "Done", "Most")


def test_interfaces_and_classes() -> None:
    """What an interface holds, and what a class has and every class has; nothing for a class with a base."""
    found = after(
        "module m(stream_if s);\n  item i; child c;\n  initial i.length = s.valid + c<|>\nendmodule\n"
    )
    assert set(found["s."]) >= {"valid", "ready", "sink"}
    assert {"length", "show", "randomize"} <= set(found["i."])
    assert "c." not in found


def test_arrays_keep_their_methods() -> None:
    """A queue of structs has the fields of an element and the methods of a queue."""
    found = after("module m;\n  bus_pkg::req_t q[$];\n  initial q<|>\nendmodule\n")
    assert {"addr", "push_back", "size"} <= set(found["q."])


def test_a_module_and_a_plain_variable_say_nothing() -> None:
    """Names inside an instance, and a vector, are not held to anything."""
    found = after("module m;\n  logic [3:0] a;\n  fifo u_f();\n  assign a = u_f<|>\nendmodule\n")
    assert found == {}


def test_what_macros_declare_is_unknown() -> None:
    """A struct with a macro in it may have fields that its text does not show."""
    found = after(
        "`define F logic hidden;\n"
        "module m;\n  typedef struct { logic a; `F } t;\n  t x;\n  initial x<|>\nendmodule\n"
    )
    assert "x." not in found


@pytest.mark.parametrize(
    ("text", "lists", "depth"),
    [
        ("fifo u_f (<|>);", (("clk_i", "rst_ni", "full_o"),), 0),
        ("fifo u_f (.clk_i(c), .<|>);", (("rst_ni", "full_o"),), 0),
        ("fifo u_f (.clk_i(c), .rst<|>);", (("rst_ni", "full_o"),), 0),
        ("fifo u_f (.clk_i(f(<|>)), .full_o());", (("rst_ni",),), 2),
        ("fifo #(.Depth(2), .<|>", (("Width",), ("clk_i", "rst_ni", "full_o")), 0),
        ("fifo #(.Depth(2)) u_f (.<|>", (("clk_i", "rst_ni", "full_o"),), 0),
        ("other u_f (.<|>", (), 0),
    ],
)
def test_what_is_not_connected_yet(
    text: str, lists: tuple[tuple[str, ...], ...], depth: int
) -> None:
    """On both sides of the cursor, parameters then ports; the half-typed one is still free."""
    found = told(f"module m(input logic c);\n  {text}\nendmodule\n")
    assert (found.connections, found.depth) == (lists, depth)


CASE = """\
module m(input bus_pkg::state_e s);
  import bus_pkg::*;
  always_comb
    case (s)
      Run: x = 1;
      <|>
    endcase
endmodule
"""


def test_labels_without_an_arm() -> None:
    """Members that have no arm yet, at the start of one only."""
    assert told(CASE).labels == ("Idle", "Done")
    assert told(CASE.replace("<|>", "Id<|>")).labels == ("Idle", "Done")
    assert told(CASE.replace("<|>", "Idle: x = <|>")).labels == ()


def test_labels_that_are_no_members_are_left_alone() -> None:
    """Where the arms are numbers, or the enum's names need their package, nothing is said."""
    assert told(CASE.replace("Run:", "2'd1:")).labels == ()
    assert told(CASE.replace("  import bus_pkg::*;\n", "")).labels == ()


@pytest.mark.parametrize("text", ["// req_i.<|>", 'initial $display("req_i.<|>");'])
def test_comments_and_strings_are_free(text: str) -> None:
    """Nothing is held to names in prose."""
    at = parse_fixture(TYPES + f"module m(input bus_pkg::req_t req_i);\n  {text}\nendmodule\n")
    place = site.at(at.snapshot(), at.file, at.offset, is_asked=True)
    assert place is None or allowed_names(at.snapshot(), place, None) is None


def masked(snapshot: Snapshot, file: FileId, start: int, end: int) -> Snapshot:
    """*snapshot* with a piece of one file taken out."""
    data = snapshot.files[file].data
    text = SourceText(data[:start] + data[end:])
    summary = summarise(text, snapshot.path(file))
    return replace(
        snapshot,
        files={**snapshot.files, file: text},
        index=snapshot.index.with_files({file: (text.digest, summary)}),
        memo=Memo(),
    )


@pytest.mark.real
def test_real_code_is_never_outside() -> None:
    """The rest of 120 lines of a real core, taken out, is let through by what is said about the place."""
    root = designs.ibex()
    snapshot = workspace.load(root, (path for path in designs.sources(root) if "rtl" in path.parts))
    files = sorted(f for f in snapshot.files if snapshot.path(f).endswith(".sv"))
    random_ = random.Random(4)
    held = 0
    for _ in range(120):
        file = random_.choice(files)
        data = snapshot.files[file].data
        somewhere = random_.randrange(len(data) // 3, len(data))
        dot = max(data.find(b".", somewhere), data.find(b"::", somewhere))
        start = max(dot, somewhere) + random_.randrange(4)
        end = data.find(b"\n", start)
        place = site.at(masked(snapshot, file, start, end), file, Offset(start))
        if place is None or end < 0:
            continue
        allowed = allowed_names(masked(snapshot, file, start, end), place, None)
        if allowed is None:
            continue
        held += 1
        monitor = Monitor(allowed, place.line_prefix)
        for byte in data[start:end]:
            assert monitor.permits(bytes((byte,))), data[start:end]
            monitor.read(bytes((byte,)))
    assert held > 30
