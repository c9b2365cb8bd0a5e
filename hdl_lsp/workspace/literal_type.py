"""What type a `'{ ... }` literal has, by what stands before it: an assignment, a declaration, a port, a key around it.

Must not guess: a literal in an expression or in an argument has none here.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.cursor import cursor
from hdl_lsp.syntax.literal_around import open_bracket
from hdl_lsp.syntax.lookback import BOUNDARIES, NOTHING, TokensBefore
from hdl_lsp.syntax.statements import CLOSING, OPENING
from hdl_lsp.syntax.tokens import Token, TokenKind
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.expression_enum import dimensions_of, named_by
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.lookup import parameters_of, ports_of
from hdl_lsp.workspace.members import members, type_of
from hdl_lsp.workspace.names import units
from hdl_lsp.workspace.snapshot import Snapshot

_ALIASES = 8
_NESTED = 6  # literals in literals


@dataclass(frozen=True, slots=True)
class LiteralType:
    """The declaration whose type a literal has, after so many dimensions of it were taken away."""

    declared: Declared
    taken: int = 0


def literal_type(
    snapshot: Snapshot, file: FileId, start: int, depth: int = 0
) -> LiteralType | None:
    """The type of the literal whose `'{` is at *start*; None where it is not certain."""
    text = snapshot.text(file)
    if text is None or depth > _NESTED:
        return None
    back = TokensBefore(text.data, start)
    first = back[0]
    if first.kind is TokenKind.WORD and first.text not in KEYWORDS:
        return _of_type_name(snapshot, file, start, back)
    if first.text in {",", "'{"}:
        around = open_bracket(back, 0)
        if around is None or around.text != "'{":
            return None
        outer = literal_type(snapshot, file, around.start, depth + 1)
        return None if outer is None else _element(snapshot, outer)
    if first.text == ":" and back[1].kind is TokenKind.WORD and back[2].text in {",", "'{"}:
        around = open_bracket(back, 2)
        if around is not None and around.text == "'{":
            outer = literal_type(snapshot, file, around.start, depth + 1)
            return None if outer is None else _keyed(snapshot, outer, back[1].text)
    if first.text in {":", "?"}:
        at = _before_condition(back)
        return None if at is None else _of_target(snapshot, file, start, back, at)
    if first.text == "=":
        return _of_target(snapshot, file, start, back, 0)
    if first.text == "<=":
        return _of_target(snapshot, file, start, back, 0)
    if first.text == "(":
        return _of_connection(snapshot, file, start, back)
    return None


def dimensions_left(snapshot: Snapshot, found: LiteralType) -> tuple[int, Declared]:
    """How many dimensions the literal's type has before its element, and the declaration of the element's type."""
    current = found.declared
    left = -found.taken
    for _ in range(_ALIASES):
        left += (
            dimensions_of(current)
            if current.kind != DeclKind.TYPEDEF.value
            else _typedef_dimensions(current)
        )
        following = type_of(snapshot, current)
        if following is None:
            break
        current = following
    return left, current


def struct_fields(snapshot: Snapshot, found: LiteralType) -> tuple[Declared, ...]:
    """The fields of the struct that the literal has, in order; () for arrays and all other types."""
    left, holder = dimensions_left(snapshot, found)
    if left != 0 or holder.decl is None:
        return ()
    if not holder.decl.type_text.startswith("struct"):
        return ()
    return tuple(
        one for one in members(snapshot, holder) if one.kind == DeclKind.STRUCT_MEMBER.value
    )


def _typedef_dimensions(declared: Declared) -> int:
    """Dimensions that a typedef adds to the type it names."""
    text = declared.decl.type_text if declared.decl else ""
    if text.startswith(("enum", "struct", "union")):
        return text.rpartition("}")[2].count("[") if "{" in text else 0
    return text.count("[") - text.partition("#")[2].partition(")")[0].count("[")


def _element(snapshot: Snapshot, outer: LiteralType) -> LiteralType | None:
    left, _ = dimensions_left(snapshot, outer)
    return LiteralType(outer.declared, outer.taken + 1) if left > 0 else None


def _keyed(snapshot: Snapshot, outer: LiteralType, key: str) -> LiteralType | None:
    """The type of the field *key*; of an element where the outer literal is an array with `default:`."""
    left, _ = dimensions_left(snapshot, outer)
    if left > 0:
        return LiteralType(outer.declared, outer.taken + 1)
    fields = struct_fields(snapshot, outer)
    return next((LiteralType(field) for field in fields if field.name == key), None)


def _before_condition(back: TokensBefore) -> int | None:
    """The index of the `=` or `<=` of the assignment whose value is the `? :` that the literal is a branch of."""
    index = 0
    questions = 0
    while True:
        token = back[index]
        if token is NOTHING or token.text in {";", ","} or token.text in BOUNDARIES:
            return None
        if token.text in CLOSING:
            after = back.after_group(index)
            if after == index + 1:
                return None
            index = after
            continue
        if token.text in OPENING:
            return None
        questions += token.text == "?"
        if token.text in {"=", "<="} and questions:
            is_operator = token.text == "=" and back[index + 1].text in {"=", "!", ">", "<"}
            return None if is_operator else index
        index += 1


def _of_target(
    snapshot: Snapshot, file: FileId, start: int, back: TokensBefore, equals: int
) -> LiteralType | None:
    """The type of what stands left of the `=` at index *equals*; its own type where it is declared there."""
    path: list[Token] = []
    index = equals + 1
    while True:
        token = back[index]
        if token.text == "]":
            after = back.after_group(index)
            if after == index + 1:
                return None
            path += [back[number] for number in range(index, after)]
            index = after
            continue
        if token.kind is not TokenKind.WORD or token.text in KEYWORDS:
            return None
        path.append(token)
        index += 1
        if back[index].text not in {".", "::"}:
            break
        path.append(back[index])
        index += 1
    written = tuple(reversed(path))
    found = named_by(snapshot, file, start, written)
    if found is not None:
        declared, subscripts = found
        is_declaration = declared.file == file and declared.focus.start == written[0].start
        return LiteralType(declared, 0 if is_declaration else subscripts)
    if len(written) == 1 and back[index].kind is TokenKind.WORD:
        return _of_type_name(snapshot, file, start, back, index)
    return None


def _of_type_name(
    snapshot: Snapshot, file: FileId, start: int, back: TokensBefore, index: int = 0
) -> LiteralType | None:
    """The typedef whose name ends at *index*: `type_t '{`, `pkg::type_t '{`."""
    names = [back[index]]
    while back[index + 1].text == "::" and back[index + 2].kind is TokenKind.WORD:
        names += [back[index + 1], back[index + 2]]
        index += 2
    found = named_by(snapshot, file, start, tuple(reversed(names)))
    if found is None or found[0].kind != DeclKind.TYPEDEF.value:
        return None
    return LiteralType(found[0])


def _of_connection(
    snapshot: Snapshot, file: FileId, start: int, back: TokensBefore
) -> LiteralType | None:
    """The type of the port or parameter of an instance that the literal is connected to."""
    if back[1].kind is not TokenKind.WORD or back[2].text != ".":
        return None
    instance = cursor(snapshot.syntax(file), start).instance
    if instance is None or instance.connection != back[1].text:
        return None
    listed = parameters_of if instance.is_in_parameters else ports_of
    for unit in units(snapshot, file, instance.definition)[:1]:
        for one in listed(snapshot, unit):
            if one.name == instance.connection:
                return LiteralType(one)
    return None
