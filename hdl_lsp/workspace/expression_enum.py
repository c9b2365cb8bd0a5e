"""Which enum an expression as written has, followed by names: `state_q`, `a.b[2].c`, `state_e'(x)`, `pkg::Name`.

Must not evaluate operators or calls: for those there is no answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.tokens import Token, TokenKind
from hdl_lsp.workspace.declared import Declared, of_decl
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.members import after_dots, before_dot, enum_members, type_name
from hdl_lsp.workspace.names import resolve_scoped
from hdl_lsp.workspace.scopes import scope_of
from hdl_lsp.workspace.snapshot import Snapshot


def named_by(
    snapshot: Snapshot, file: FileId, offset: int, tokens: Sequence[Token]
) -> tuple[Declared, int] | None:
    """The declaration that a path of names means, and how many subscripts stand at its end; None for anything else."""
    names: list[str] = []
    scope: list[str] = []
    subscripts = depth = 0
    wants_name = True
    for token in _without_parentheses(tokens):
        text = token.text
        if text in {"[", "]"}:
            depth += 1 if text == "[" else -1
            subscripts += text == "["
        elif depth:
            continue
        elif wants_name and token.kind is TokenKind.WORD:
            names.append(text)
            subscripts, wants_name = 0, False
        elif not wants_name and text == ".":
            wants_name = True
        elif not wants_name and text == "::":
            scope += names
            names = []
            wants_name = True
        else:
            return None
    if wants_name or depth or not names:
        return None
    if scope:
        found = resolve_scoped(snapshot, file, offset, tuple(scope), names[0])
    else:
        found = before_dot(snapshot, file, offset, names[0])
    for holder in after_dots(snapshot, found, tuple(names[1:]))[:1]:
        return holder, subscripts
    return None


def enum_of(
    snapshot: Snapshot, file: FileId, offset: int, tokens: Sequence[Token]
) -> tuple[Declared, ...]:
    """The members of the enum that the expression *tokens* has at *offset*, in order; () where that is not certain."""
    bare = _without_parentheses(tokens)
    cast = [at for at, token in enumerate(bare[:4]) if token.text == "'"]
    if cast and len(bare) > cast[0] + 1 and bare[cast[0] + 1].text == "(":
        bare = bare[: cast[0]]
    found = named_by(snapshot, file, offset, bare)
    if found is None:
        return ()
    declared, subscripts = found
    dimensions = dimensions_of(declared)
    if subscripts > dimensions or (dimensions and subscripts < dimensions):
        return ()
    return enum_members(snapshot, declared)


def dimensions_of(declared: Declared) -> int:
    """How many dimensions are written at the declaration of *declared*, after the name of its type."""
    if declared.decl is None or declared.decl.kind is DeclKind.TYPEDEF:
        return 0
    text = declared.decl.type_text
    if not type_name(text) or text.startswith(("enum", "struct", "union")):
        return text.rpartition("}")[2].count("[")
    return text.count("[") - text.partition("#")[2].partition(")")[0].count("[")


def enum_with(snapshot: Snapshot, file: FileId, offset: int, label: str) -> tuple[Declared, ...]:
    """The members of the enum that the member written as *label* belongs to, in order; () where it is no member."""
    *scope, name = label.split("::")
    for found in resolve_scoped(snapshot, file, offset, tuple(scope), name)[:1]:
        if found.file is None or found.decl is None or found.decl.kind is not DeclKind.ENUM_MEMBER:
            return ()
        if found.decl.parent is None:
            return ()
        return enum_members(snapshot, of_decl(snapshot, found.file, found.decl.parent))
    return ()


def spelled(snapshot: Snapshot, file: FileId, offset: int, member: Declared) -> str:
    """The member's name, with its package or class where it is not visible plainly at *offset*; "" if it never is."""
    for seen in resolve_scoped(snapshot, file, offset, (), member.name)[:1]:
        if (seen.file, seen.focus) == (member.file, member.focus):
            return member.name
    if member.file is None or member.index is None:
        return ""
    summary = snapshot.summary(member.file)
    scope = scope_of(summary, member.index)
    holder = summary.decls[scope] if scope >= 0 else None
    if holder is None or holder.kind not in {DeclKind.PACKAGE, DeclKind.CLASS}:
        return ""
    return f"{holder.name}::{member.name}"


def _without_parentheses(tokens: Sequence[Token]) -> Sequence[Token]:
    """*tokens* without parentheses around all of them."""
    while len(tokens) > 2 and tokens[0].text == "(" and tokens[-1].text == ")":
        depth = 0
        for token in tokens[:-1]:
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return tokens
        tokens = tokens[1:-1]
    return tokens
