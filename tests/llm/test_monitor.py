"""What the monitor lets through, byte by byte and in pieces as a model's tokens are."""

from __future__ import annotations

import itertools

import pytest

from hdl_lsp.llm.engine import AllowedNames, NamesAfter
from hdl_lsp.llm.monitor import Monitor

STRUCT = AllowedNames(
    after=(
        NamesAfter("req.", ("addr", "data", "data_valid")),
        NamesAfter("req.addr.", ("tag", "index")),
        NamesAfter("fifo_pkg::", ("Depth", "state_e")),
        NamesAfter("odd.", ("\\a+b", "plain")),
    )
)
PORTS = AllowedNames(connections=(("clk_i", "rst_ni", "data_i", "data_o"),))
PARAMETERS = AllowedNames(connections=(("Width", "Depth"), ("clk_i", "rst_ni")))
LABELS = AllowedNames(labels=("IDLE", "RUN", "DONE"))


def refused(allowed: AllowedNames, line: str, text: str) -> str:
    """The part of *text* that is read before a byte is refused; all of it when none is."""
    monitor = Monitor(allowed, line)
    for at, sign in enumerate(text):
        if not monitor.permits(sign.encode()):
            return text[:at]
        monitor.read(sign.encode())
    return text


@pytest.mark.parametrize(
    ("line", "text", "upto"),
    [
        ("x = req.", "addr;", "addr;"),
        ("x = req.", "adds", "add"),
        ("x = req.", "dat;", "dat"),
        ("x = req.", "data_valid + req.size", "data_valid + req."),
        ("x = req.da", "ta_valid", "ta_valid"),
        ("x = req.da", "tum", "t"),
        ("x = ", "req[3][i+1].data && req . ", "req[3][i+1].data && req ."),
        ("x = ", "req.addr.index", "req.addr.index"),
        ("x = ", "req.addr.data", "req.addr."),
        ("x = ", "req.addr[req.data].tag", "req.addr[req.data].tag"),
        ("x = ", "other.req.anything", "other.req.anything"),
        ("x = ", "reqs.anything(req).anything", "reqs.anything(req).anything"),
        ("x = ", '"req.foo" // req.bar', '"req.foo" // req.bar'),
        ("x = ", '"\\"req.foo" /* req.bar */ req.foo', '"\\"req.foo" /* req.bar */ req.'),
        ("x = ", "fifo_pkg::Depth + fifo_pkg::Width", "fifo_pkg::Depth + fifo_pkg::"),
        ("import ", "fifo_pkg::*;", "fifo_pkg::*;"),
        ("import a::*, ", "fifo_pkg::*; x = fifo_pkg::*", "fifo_pkg::*; x = fifo_pkg::"),
        ("x = req.", "*", ""),
        ("x = fifo_pkg:", ":Dep", ":Dep"),
        ("x = fifo_pkg:", ":Den", ":De"),
        ("x = odd.", "\\a+b ;", "\\a+b ;"),
        ("x = odd.", "\\a+c", "\\a+"),
        ("x = 8'hreq.", "xyz", "xyz"),
    ],
)
def test_members_and_package_items(line: str, text: str, upto: str) -> None:
    """After a known path only its members may come, whatever stands between subscripts; elsewhere all is free."""
    assert refused(STRUCT, line, text) == upto


@pytest.mark.parametrize(
    ("allowed", "line", "text", "upto"),
    [
        (PORTS, "    .", "clk_i(clk), .rst_ni(rst_n)", "clk_i(clk), .rst_ni(rst_n)"),
        (PORTS, "    .", "clk_i(clk),\n    .clk_i", "clk_i(clk),\n    ."),
        (PORTS, "    .clk", "_i(a.clock)", "_i(a.clock)"),
        (PORTS, "    ", ".data_i(f(.x(1), .y(2))), .data_q", ".data_i(f(.x(1), .y(2))), .data_"),
        (PORTS, "    ", ".data_i, .data_o, .*)", ".data_i, .data_o, .*)"),
        (PORTS, "    ", ".clk_i(clk), // the clock\n .q", ".clk_i(clk), // the clock\n ."),
        (PORTS, "    ", ".clk_i(clk)); b u_b (.any(x));", ".clk_i(clk)); b u_b (.any(x));"),
        (PARAMETERS, "  #(.", "Width(8)) u_x (.clk_i(clk))", "Width(8)) u_x (.clk_i(clk))"),
        (PARAMETERS, "  #(.", "Width(8)) u_x (.Depth", "Width(8)) u_x (."),
        (PARAMETERS, "  #(.", "Width(8), .Width", "Width(8), ."),
    ],
)
def test_connections(allowed: AllowedNames, line: str, text: str, upto: str) -> None:
    """Each port is offered once, at the list's own level, in any layout; then parameters give way to ports."""
    assert refused(allowed, line, text) == upto


def test_depth_is_counted_from_the_cursor() -> None:
    """Inside a connection's value a dot after a bracket is not the list's, behind it the list goes on."""
    inside = AllowedNames(connections=(("a_i", "b_i"),), depth=1)
    assert refused(inside, "  .c_i(x", ".y), .a_i(z), .c_i") == ".y), .a_i(z), ."


@pytest.mark.parametrize(
    ("line", "text", "upto"),
    [
        ("      ", "IDLE: x = y;", "IDLE: x = y;"),
        ("      ID", "LE: x = y;", "LE: x = y;"),
        ("      ", "IDLE, RUN: x = y;\n DONE: z = 0;", "IDLE, RUN: x = y;\n DONE: z = 0;"),
        ("      ", "IDLE: x = y;\n IDLE", "IDLE: x = y;\n "),
        ("      ", "IDLE: begin a = b; c = d; end\n WAIT", "IDLE: begin a = b; c = d; end\n "),
        ("      ", "IDLE: if (a) b = c; else d = e;\n default: f = 0;\n endcase\n g = h;", ""),
        ("      ", "// idle\n IDLE: ;\n STOP", "// idle\n IDLE: ;\n "),
        ("      ", "IDLE: begin : name\n a = b; end : name\n RUN:", ""),
        ("      ", "IDLE: case (x) A: b = c; default: ; endcase\n RUN: ;\n WAIT", "")
        ,
        ("      ", "3'd1: x = pkg::ANY;\n fifo_pkg::X", "3'd1: x = pkg::ANY;\n "),
        ("      ", "IDLE: x = a ? pkg::B : c;\n OTHER", "IDLE: x = a ? pkg::B : c;\n "),
        ("      ", "(IDLE): x = y; RUN: z", "(IDLE): x = y; RUN: z"),
    ],
)  # fmt: skip
def test_labels(line: str, text: str, upto: str) -> None:
    """Where an item of the case starts stands a member that has none yet; inside the statements all is free."""
    if text.endswith("WAIT") and not upto:
        upto = text.removesuffix("WAIT")
    assert refused(LABELS, line, text) == (upto or text)


def test_a_name_that_nothing_fits_is_free_and_told() -> None:
    """What the user typed already begins no name: this place is free, the next one is not."""
    monitor = Monitor(STRUCT, "x = req.zz")
    assert monitor.unmet == ("req.",)
    assert monitor.permits(b"top")
    monitor.read(b"top + ")
    assert not monitor.permits(b"req.zz")


def test_no_name_left_is_free_and_told() -> None:
    """When every port is connected a further dot is not held to anything."""
    monitor = Monitor(AllowedNames(connections=(("a_i",),)), "  ")
    monitor.read(b".a_i(a), .")
    assert monitor.permits(b"b_i")
    assert monitor.unmet == (".",)


def test_old_lines_are_not_told() -> None:
    """What the user wrote before the name under way is not reported."""
    assert Monitor(STRUCT, "y = req.zz + req.da").unmet == ()


@pytest.mark.parametrize(
    "text", ["req.addr + req.data", "a = req . data", "req.data_valid, req.addr.tag);"]
)
def test_pieces_are_their_bytes(text: str) -> None:
    """However a text is cut into tokens, what is refused is the same."""
    data = text.encode()
    whole = refused(STRUCT, "", text)
    for first, second in itertools.combinations(range(1, len(data)), 2):
        monitor = Monitor(STRUCT, "")
        read = b""
        for piece in (data[:first], data[first:second], data[second:]):
            if not monitor.permits(piece):
                break
            monitor.read(piece)
            read += piece
        assert whole.startswith(read.decode())
        assert monitor.permits(data[len(read) : len(whole)])


def test_endings_are_what_is_missing() -> None:
    """At a name it says how each allowed one goes on, and nowhere else."""
    monitor = Monitor(STRUCT, "x = req.data")
    assert monitor.endings() == (b"", b"_valid")
    assert monitor.can_end()
    monitor.read(b"_")
    assert not monitor.can_end()
    monitor.read(b"valid;")
    assert monitor.endings() is None
    assert monitor.can_end()


def test_nothing_but_names_is_ever_held() -> None:
    """Outside openings any byte may come, text that is no text included."""
    monitor = Monitor(STRUCT, "x")
    for byte in range(256):
        assert monitor.permits(bytes((byte,)))
