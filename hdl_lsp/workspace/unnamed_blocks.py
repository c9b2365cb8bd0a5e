"""Declarations in scopes without a name, which a summary does not tell from the scope around them.

Must not say where such a scope ends: whoever meets one asks slang.
"""

from __future__ import annotations

import re

from hdl_lsp.semantics.summary import Decl, DeclKind, FileSummary
from hdl_lsp.workspace.scopes import SCOPES

_BLOCK_SIGN = re.compile(
    rb"\b(?:(?:wait|disable)\s+fork|(begin|fork)|(end|join|join_any|join_none))\b"
)
_LOOP = re.compile(rb"\bfor(?:each)?\s*\(")
_LOOP_WINDOW = 400  # bytes; the head of a loop is shorter
_MAY_HIDE = frozenset(
    {
        DeclKind.VARIABLE,
        DeclKind.NET,
        DeclKind.LOCALPARAM,
        DeclKind.PARAMETER,
        DeclKind.TYPEDEF,
        DeclKind.GENVAR,
        DeclKind.INSTANCE,
        DeclKind.ENUM_MEMBER,
        DeclKind.FUNCTION,
        DeclKind.TASK,
    }
)
_BLOCKS = frozenset({DeclKind.BLOCK, DeclKind.GENERATE_BLOCK})


def is_hidden(summary: FileSummary, index: int, code: bytes) -> bool:
    """Declaration *index* stands in an unnamed `begin`, `fork` or loop inside its parent.

    *code* is the text with comments and strings blanked. Blocks that a macro opens or closes look hidden too.
    """
    decl = summary.decls[index]
    if decl.kind not in _MAY_HIDE:
        return False
    scope = _scope(summary, decl)
    if scope is None:
        return False
    depth = 0
    for sign in _BLOCK_SIGN.finditer(code, scope.span.start, decl.name_span.start):
        depth += bool(sign[1]) - bool(sign[2])
    expected = 1 if scope.kind in _BLOCKS else 0
    return depth != expected or _in_loop_head(code, decl.name_span.start)


def _scope(summary: FileSummary, decl: Decl) -> Decl | None:
    parent = decl.parent
    while parent is not None:
        holder = summary.decls[parent]
        if holder.kind in SCOPES:
            return holder
        parent = holder.parent
    return None


def _in_loop_head(code: bytes, at: int) -> bool:
    start = max(0, at - _LOOP_WINDOW)
    heads = list(_LOOP.finditer(code, start, at))
    if not heads:
        return False
    inside = code[heads[-1].end() - 1 : at]
    return inside.count(b"(") > inside.count(b")")
