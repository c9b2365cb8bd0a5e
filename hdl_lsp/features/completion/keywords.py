"""Keywords and code skeletons by place, as data (IEEE 1800-2023 Annex A and B).

Must not look at the text: a place has its words, whatever stands around it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.features.completion.items import (
    CompletionItem,
    ItemKind,
    Rank,
    plain_item,
    snippet_item,
)
from hdl_lsp.features.completion.site import Place
from hdl_lsp.text.source import Span

_TYPES = """
    logic bit reg wire int integer byte shortint longint real time string void enum struct union signed unsigned var
    """
_WORDS = {
    Place.FILE: """
    module interface package program class import typedef function task parameter localparam bind checker config
    primitive covergroup property sequence timeunit timeprecision endmodule endpackage endinterface endclass
    """,
    Place.HEADER: "input output inout ref parameter localparam type import" + _TYPES,
    Place.ITEM: """
    assign always always_comb always_ff always_latch initial final generate endgenerate genvar for if else case
    function task typedef parameter localparam defparam import export property sequence assert assume cover
    modport clocking begin end endmodule endpackage endinterface endclass endfunction endtask class virtual static
    automatic extern const rand randc constraint covergroup default bind specify tri supply0 supply1
    """
    + _TYPES,
    Place.STATEMENT: """
    if else case casez casex unique unique0 priority for foreach while do repeat forever begin end endcase return
    break continue fork join join_any join_none assert assume cover wait disable automatic static assign force
    release default endfunction endtask typedef localparam
    """
    + _TYPES,
    Place.EXPRESSION: """
    posedge negedge or and not inside iff signed unsigned null this super new default with dist type disable
    throughout within intersect first_match if else
    """,
    Place.NEW_NAME: "signed unsigned automatic static",
}

_SKELETONS = (
    (
        Place.FILE,
        "module",
        "module … endmodule",
        "module ${1:name} (\n  input  logic clk_i,\n  input  logic rst_ni$2\n);\n\n  $0\n\nendmodule",
    ),
    (
        Place.FILE,
        "package",
        "package … endpackage",
        "package ${1:name}_pkg;\n\n  $0\n\nendpackage",
    ),
    (
        Place.FILE,
        "interface",
        "interface … endinterface",
        "interface ${1:name}_if (\n  input logic clk_i\n);\n\n  $0\n\nendinterface",
    ),
    (
        Place.ITEM,
        "always_ff",
        "clocked process with asynchronous reset",
        """\
always_ff @(posedge ${1:clk_i} or negedge ${2:rst_ni}) begin
  if (!${2:rst_ni}) begin
    ${3:q} <= ${4:'0};
  end else begin
    ${3:q} <= ${5:d};
  end
end""",
    ),
    (Place.ITEM, "always_comb", "combinational process", "always_comb begin\n  $0\nend"),
    (
        Place.ITEM,
        "typedef enum",
        "enumeration type",
        "typedef enum logic [${1:1}:0] {\n  ${2:StIdle},\n  ${3:StBusy}\n} ${4:state_e};",
    ),
    (
        Place.ITEM,
        "typedef struct",
        "packed structure type",
        "typedef struct packed {\n  logic ${1:valid};$2\n} ${3:name_t};",
    ),
    (
        Place.ITEM,
        "for generate",
        "generate loop",
        "for (genvar ${1:i} = 0; ${1:i} < ${2:Num}; ${1:i}++) begin : gen_${3:name}\n  $0\nend",
    ),
    (
        Place.ITEM,
        "if generate",
        "generate condition",
        "if (${1:Condition}) begin : gen_${2:name}\n  $0\nend",
    ),
    (
        Place.ITEM,
        "function automatic",
        "function … endfunction",
        "function automatic ${1:logic} ${2:name}(${3:logic value});\n  return $0;\nendfunction",
    ),
    (
        Place.STATEMENT,
        "if",
        "if (…) begin … end",
        "if (${1:condition}) begin\n  $0\nend",
    ),
    (
        Place.STATEMENT,
        "unique case",
        "case with default",
        "unique case (${1:expression})\n  ${2:value}: $0;\n  default: ;\nendcase",
    ),
    (
        Place.STATEMENT,
        "for",
        "for loop",
        "for (int ${1:i} = 0; ${1:i} < ${2:Num}; ${1:i}++) begin\n  $0\nend",
    ),
)


def keyword_items(place: Place, replace: Span) -> Iterator[CompletionItem]:
    """The keywords that can stand at *place*, and the skeletons that start there."""
    skeletons = {label for where, label, _, _ in _SKELETONS if where is place}
    for word in dict.fromkeys(_WORDS[place].split()):
        if word not in skeletons:
            yield plain_item(word, ItemKind.KEYWORD, Rank.KEYWORD, replace)
    for where, label, detail, body in _SKELETONS:
        if where is place:
            yield snippet_item(
                label, ItemKind.SNIPPET, Rank.SNIPPET, replace, detail=detail, insert_text=body
            )
