"""What an editor's completion list holds, and how declarations look in it.

Must not decide which items a place gets; answer.py and its siblings do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from hdl_lsp.presentation.markup import one_line
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import Span
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.written import bare_type

LIMIT = 400
"""Items in one answer; with more than that the editor is told to ask again with the next letter."""


class ItemKind(Enum):
    """Icon of an item; the value is the name of LSP's CompletionItemKind."""

    MODULE = "Module"
    INTERFACE = "Interface"
    CLASS = "Class"
    FUNCTION = "Function"
    METHOD = "Method"
    FIELD = "Field"
    VARIABLE = "Variable"
    PROPERTY = "Property"
    CONSTANT = "Constant"
    ENUM = "Enum"
    ENUM_MEMBER = "EnumMember"
    STRUCT = "Struct"
    TYPE_PARAMETER = "TypeParameter"
    KEYWORD = "Keyword"
    SNIPPET = "Snippet"
    FILE = "File"
    EVENT = "Event"
    REFERENCE = "Reference"


class Rank(Enum):
    """How near an item is to what was probably meant; the value starts its sort key."""

    EXPECTED = "0"
    MEMBER = "1"
    LOCAL = "2"
    IMPORTED = "3"
    GLOBAL = "4"
    SNIPPET = "5"
    KEYWORD = "6"


@dataclass(frozen=True, slots=True)
class CompletionItem:
    """One line of the list. `insert_text` replaces `replace`; with `is_snippet` it has `$1`-like stops."""

    label: str
    kind: ItemKind
    detail: str
    documentation: str
    insert_text: str
    is_snippet: bool
    replace: Span
    sort_key: str
    filter_text: str
    edits: tuple[TextEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class Completions:
    """Items, best first; `is_incomplete`: the editor should ask again after the next letter."""

    items: tuple[CompletionItem, ...] = ()
    is_incomplete: bool = False


ICONS = {
    DeclKind.MODULE.value: ItemKind.MODULE,
    DeclKind.PROGRAM.value: ItemKind.MODULE,
    DeclKind.CHECKER.value: ItemKind.MODULE,
    DeclKind.PRIMITIVE.value: ItemKind.MODULE,
    DeclKind.PACKAGE.value: ItemKind.MODULE,
    DeclKind.INTERFACE.value: ItemKind.INTERFACE,
    DeclKind.MODPORT.value: ItemKind.INTERFACE,
    DeclKind.CLASS.value: ItemKind.CLASS,
    DeclKind.COVERGROUP.value: ItemKind.CLASS,
    DeclKind.FUNCTION.value: ItemKind.FUNCTION,
    DeclKind.TASK.value: ItemKind.FUNCTION,
    DeclKind.TYPEDEF.value: ItemKind.TYPE_PARAMETER,
    DeclKind.ENUM_MEMBER.value: ItemKind.ENUM_MEMBER,
    DeclKind.STRUCT_MEMBER.value: ItemKind.FIELD,
    DeclKind.PARAMETER.value: ItemKind.CONSTANT,
    DeclKind.LOCALPARAM.value: ItemKind.CONSTANT,
    DeclKind.PORT.value: ItemKind.PROPERTY,
    DeclKind.INSTANCE.value: ItemKind.REFERENCE,
    DeclKind.PROPERTY.value: ItemKind.EVENT,
    DeclKind.SEQUENCE.value: ItemKind.EVENT,
    "field": ItemKind.FIELD,
    "formal argument": ItemKind.VARIABLE,
}


def snippet_text(text: str) -> str:
    """*text* so that a snippet shows it literally (LSP 3.18, Snippet Syntax)."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


def plain_item(
    label: str,
    kind: ItemKind,
    rank: Rank,
    replace: Span,
    *,
    detail: str = "",
    insert_text: str = "",
) -> CompletionItem:
    """An item that inserts its text as it is: its label, or *insert_text*."""
    text = insert_text or label
    return CompletionItem(
        label, kind, detail, "", text, False, replace, rank.value + label.lower(), label
    )


def snippet_item(
    label: str,
    kind: ItemKind,
    rank: Rank,
    replace: Span,
    *,
    detail: str,
    insert_text: str,
) -> CompletionItem:
    """An item that inserts a snippet."""
    return CompletionItem(
        label, kind, detail, "", insert_text, True, replace, rank.value + label.lower(), label
    )


def declared_item(declared: Declared, rank: Rank, replace: Span, label: str = "") -> CompletionItem:
    """The item of a declaration: its name, or *label* if it must be written otherwise (`pkg::name`)."""
    kind = ICONS.get(declared.kind, ItemKind.VARIABLE)
    return plain_item(label or declared.name, kind, rank, replace, detail=described(declared))


def described(declared: Declared) -> str:
    """One short line: direction and type, value of constants, definition of instances."""
    decl = declared.decl
    if decl is not None and decl.kind is DeclKind.INSTANCE:
        return decl.definition
    pieces = [declared.direction, bare_type(declared) or declared.type_text]
    value = decl.value_text if decl is not None else ""
    if declared.symbol is not None and declared.symbol.value:
        value = declared.symbol.value
    if value and declared.kind not in {DeclKind.VARIABLE.value, DeclKind.NET.value}:
        pieces.append(f"= {value}")
    text = one_line(" ".join(piece for piece in pieces if piece), 80)
    return text or declared.kind


def matches(typed: str, name: str) -> bool:
    """The letters of *typed* occur in *name* in this order, the case ignored."""
    letters = iter(name.lower())
    return all(letter in letters for letter in typed.lower())


def capped(
    items: Iterable[CompletionItem], typed: str, *, is_incomplete: bool = False
) -> Completions:
    """The answer: one item per label, best first; if there are too many, only what fits *typed*."""
    unique: dict[str, CompletionItem] = {}
    for item in items:
        known = unique.get(item.label)
        if known is None or item.sort_key < known.sort_key:
            unique[item.label] = item
    ordered = sorted(unique.values(), key=lambda item: item.sort_key)
    if len(ordered) <= LIMIT:
        return Completions(tuple(ordered), is_incomplete)
    fitting = [item for item in ordered if matches(typed, item.filter_text)]
    return Completions(tuple(fitting[:LIMIT]), is_incomplete=True)
