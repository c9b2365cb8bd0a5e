"""The words of SystemVerilog: keywords, system tasks and functions, and where an identifier occurs in a text.

Must not know scopes: two things of one name are the same word here.
"""

from __future__ import annotations

import re

from hdl_lsp.syntax.system_tasks import SYSTEM_TASKS, SystemTask
from hdl_lsp.text.source import SourceText, Span, span

__all__ = [
    "IDENTIFIER",
    "KEYWORDS",
    "SYSTEM_TASKS",
    "SystemTask",
    "identifier_spans",
    "is_identifier",
]

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
"""A simple identifier (IEEE 1800-2023, 5.6)."""

KEYWORDS = frozenset(
    """
    accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin
    bind bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class clocking cmos
    config const constraint context continue cover covergroup coverpoint cross deassign default defparam design
    disable dist do edge else end endcase endchecker endclass endclocking endconfig endfunction endgenerate
    endgroup endinterface endmodule endpackage endprimitive endprogram endproperty endsequence endspecify
    endtable endtask enum event eventually expect export extends extern final first_match for force foreach
    forever fork forkjoin function generate genvar global highz0 highz1 if iff ifnone ignore_bins illegal_bins
    implements implies import incdir include initial inout input inside instance int integer interconnect
    interface intersect join join_any join_none large let liblist library local localparam logic longint
    macromodule matches medium modport module nand negedge nettype new nexttime nmos nor noshowcancelled not
    notif0 notif1 null or output package packed parameter pmos posedge primitive priority program property
    protected pull0 pull1 pulldown pullup pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase
    randsequence rcmos real realtime ref reg reject_on release repeat restrict return rnmos rpmos rtran rtranif0
    rtranif1 s_always s_eventually s_nexttime s_until s_until_with scalared sequence shortint shortreal
    showcancelled signed small soft solve specify specparam static string strong strong0 strong1 struct super
    supply0 supply1 sync_accept_on sync_reject_on table tagged task this throughout time timeprecision timeunit
    tran tranif0 tranif1 tri tri0 tri1 triand trior trireg type typedef union unique unique0 unsigned until
    until_with untyped use uwire var vectored virtual void wait wait_order wand weak weak0 weak1 while wildcard
    wire with within wor xnor xor
    """.split()
)
"""All reserved words (IEEE 1800-2023, Annex B)."""


def is_identifier(text: str) -> bool:
    """A simple identifier that is no keyword, so that it can name something."""
    return IDENTIFIER.fullmatch(text) is not None and text not in KEYWORDS


def identifier_spans(text: SourceText, name: str) -> tuple[Span, ...]:
    """Where *name* stands as a whole word outside comments and strings, in text order.

    For a macro that is the name after its backtick. Escaped identifiers are found by their name with the
    backslash, system tasks by theirs with the dollar sign.
    """
    word = name.encode("utf-8", "replace")
    if not word or word not in text.data:
        return ()
    pattern = re.compile(
        rb"//[^\r\n]*|/\*.*?(?:\*/|\Z)|(?<!`)\"(?:\\(?:\r\n|.)|[^\"\\\r\n])*\"?|(?<![\w$\\])("
        + re.escape(word)
        + rb")(?![\w$])",
        re.DOTALL,
    )
    return tuple(span(*m.span(1)) for m in pattern.finditer(text.data) if m.start(1) >= 0)
