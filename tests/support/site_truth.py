"""What is written where in a whole file, by the grammar: the truth that the kind of a place is tested against.

Must not look at tokens as the code under test does: only at the nodes of the tree and their ancestors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hdl_lsp.context.site_kind import SiteKind
from hdl_lsp.syntax.tree import Node, SyntaxTree


class Truth(NamedTuple):
    """A place where something starts, and what."""

    offset: int
    kind: SiteKind
    rule: str  # of the grammar


_AT_START = {
    "named_port_connection": SiteKind.PORT_CONNECTION,
    "named_parameter_assignment": SiteKind.PARAMETER_OVERRIDE,
    "case_item": SiteKind.CASE_ITEM,
    "case_generate_item": SiteKind.CASE_ITEM,
    "enum_name_declaration": SiteKind.ENUM_LITERAL,
    "net_lvalue": SiteKind.ASSIGN_LEFT,
    "event_expression": SiteKind.SENSITIVITY,
    "package_import_item": SiteKind.IMPORT,
    "property_spec": SiteKind.PROPERTY,
    "cover_point": SiteKind.COVERGROUP,
    "parameter_port_declaration": SiteKind.DECLARATION,
    "ansi_port_declaration": SiteKind.DECLARATION,
    "tf_port_item": SiteKind.DECLARATION,
    "struct_union_member": SiteKind.DECLARATION,
    "list_of_variable_decl_assignments": SiteKind.DECLARATION,
    "list_of_net_decl_assignments": SiteKind.DECLARATION,
    "list_of_param_assignments": SiteKind.DECLARATION,
    "list_of_arguments": SiteKind.ARGUMENT,
}
_ASSIGNMENTS = frozenset(
    ("net_assignment", "operator_assignment", "nonblocking_assignment", "variable_decl_assignment")
)
_ROUTINES = frozenset(("function_body_declaration", "task_body_declaration"))
_NO_ITEM = frozenset(
    """
    begin end : simple_identifier generate endgenerate comment module_ansi_header module_nonansi_header endmodule
    ; package endpackage class endclass ERROR lifetime interface_ansi_header interface_nonansi_header endinterface
    """.split()
)
_ITEMS = {
    "module_declaration": SiteKind.MODULE_ITEM,
    "interface_declaration": SiteKind.MODULE_ITEM,
    "package_declaration": SiteKind.DECLARATION,
    "generate_block": SiteKind.GENERATE,
    "generate_region": SiteKind.GENERATE,
}


def truths(tree: SyntaxTree) -> Iterator[Truth]:
    """Every place of *tree* whose kind the grammar knows, once, in no order; nothing in broken parts."""
    seen: set[int] = set()
    waiting: list[tuple[Node, tuple[Node, ...]]] = [(tree.root, ())]
    while waiting:
        node, around = waiting.pop()
        if node.kind == "ERROR" or node.is_missing:
            continue
        for found in _of(node, around):
            if found.offset not in seen:
                seen.add(found.offset)
                yield found
        waiting += [(child, (*around, node)) for child in node.children()]


def _of(node: Node, around: tuple[Node, ...]) -> Iterator[Truth]:
    start = node.span.start
    children = node.children()
    if node.kind in _AT_START:
        yield Truth(start, _AT_START[node.kind], node.kind)
    if node.kind in ("named_port_connection", "named_parameter_assignment"):
        value = next((child for child in children if child.kind.endswith("expression")), None)
        if value is not None:
            yield Truth(value.span.start, _AT_START[node.kind], f"value of {node.kind}")
    if node.kind in _ASSIGNMENTS and not any(each.kind.startswith("for_") for each in around):
        value = next((child for child in children if child.kind == "expression"), None)
        if value is not None:
            yield Truth(value.span.start, SiteKind.ASSIGN_RIGHT, node.kind)
    if node.kind == "assignment_pattern" and len(children) > 2:
        yield Truth(children[1].span.start, SiteKind.STRUCT_LITERAL, node.kind)
    if node.kind in ("statement_or_null", "function_statement_or_null", "block_item_declaration"):
        kind = _procedure(around)
        is_label = around[-1].kind == "case_item"
        if kind is not None and node.text != ";" and not is_label:
            yield Truth(start, kind, f"{node.kind} in {kind.value}")
    if node.kind in _ITEMS:
        for child in children:
            if child.kind not in _NO_ITEM and child.is_named:
                yield Truth(child.span.start, _ITEMS[node.kind], f"item of {node.kind}")
    if node.kind == "comment" and len(node.text) > 4:
        yield Truth(start + 3, SiteKind.COMMENT, node.kind)


def _procedure(around: tuple[Node, ...]) -> SiteKind | None:
    """The kind of the innermost procedure in *around*; None in none, and in the action of an assertion."""
    for node in reversed(around):
        if node.kind in _ROUTINES or node.kind in ("initial_construct", "final_construct"):
            name = node.child("simple_identifier")
            is_phase = name is not None and name.text.endswith("_phase")
            return SiteKind.UVM_PHASE if is_phase else SiteKind.STATEMENT
        if node.kind == "always_construct":
            return _always(node)
        if node.kind == "action_block":
            return None
    return None


def _always(node: Node) -> SiteKind:
    if node.text.startswith("always_ff"):
        return SiteKind.ALWAYS_FF
    if node.text.startswith("always_comb"):
        return SiteKind.ALWAYS_COMB
    head = node.text.partition(")")[0]
    if "posedge" in head or "negedge" in head:
        return SiteKind.ALWAYS_FF
    return SiteKind.ALWAYS_COMB if "@" in head.split("begin")[0] else SiteKind.STATEMENT
