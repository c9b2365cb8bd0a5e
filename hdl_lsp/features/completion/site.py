"""The place that is completed: its cursor, what is replaced, and what kind of code stands there.

Must not list anything: it is what the other files of this folder look at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from hdl_lsp.semantics.facts import FileFacts, SymbolFact
from hdl_lsp.semantics.summary import DESIGN_UNITS, DeclKind, FileSummary
from hdl_lsp.syntax.cursor import Cursor, cursor
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.scopes import FILE_SCOPE, names_in, scope_chain
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.written import header_span

_DIRECTION_SUFFIX = re.compile(r"_(?:i|o|io|ni|no|pi|po)$")
_LOOK_BACK = 2_000  # bytes; comments between two tokens are rarely longer
_BLANK_BEFORE = re.compile(rb"(?:\s|/\*(?:[^*]|\*(?!/))*\*/)+$")
_LINE_COMMENT = re.compile(rb"//[^\r\n]*$")
_LAST_TOKEN = re.compile(rb"(?:[`$]?[A-Za-z_][\w$]*|[0-9][\w']*|'[\w]+|[=!<>&|^~+\-*/%:]+|.)$")
_ITEM_STARTS = frozenset(
    {
        b"", b";", b"begin", b"end", b"else", b"generate", b"endgenerate", b"fork", b"join",
        b"endcase", b"endfunction", b"endtask", b"endmodule", b"endpackage", b"endinterface",
        b"endclass", b"join_any", b"join_none", b"initial", b"final", b"forever", b"do", b"default:",
    }
)  # fmt: skip
_NO_EXPRESSION = frozenset(
    {
        b"logic", b"reg", b"wire", b"bit", b"int", b"integer", b"byte", b"shortint", b"longint",
        b"real", b"string", b"tri", b"genvar", b"signed", b"unsigned", b"module", b"package",
        b"interface", b"program", b"class", b"function", b"task", b"automatic", b"struct", b"void",
        b"endmodule", b"modport",
    }
)  # fmt: skip


class Place(Enum):
    """What kind of code an identifier would start or continue."""

    FILE = "outside every design unit"
    HEADER = "in the header of a module: parameters and ports"
    ITEM = "at the start of a module or package item"
    STATEMENT = "at the start of a statement"
    EXPRESSION = "where a value stands"
    NEW_NAME = "where a new name is made up"


@dataclass(frozen=True)
class Site:
    """Everything the items of one answer depend on."""

    snapshot: Snapshot
    file: FileId
    offset: int
    text: SourceText
    cursor: Cursor
    summary: FileSummary  # of the present text
    facts: FileFacts | None  # of this or an older text
    replace: Span
    before: bytes  # last token before the word; b"" at the start of the file
    place: Place

    @cached_property
    def signals(self) -> Mapping[str, str]:
        """Signals around the cursor by their name and by their name without a direction suffix; exact names win."""
        names = [
            decl.name
            for scope in scope_chain(self.summary, self.offset)
            for decl in (self.summary.decls[index] for index in names_in(self.summary, scope))
            if decl.kind in {DeclKind.PORT, DeclKind.NET, DeclKind.VARIABLE}
        ]
        found: dict[str, str] = {}
        for name in names:
            found.setdefault(stem(name), name)
        return {**found, **{name: name for name in names}}


def stem(name: str) -> str:
    """*name* without the suffix that tells a port's direction."""
    return _DIRECTION_SUFFIX.sub("", name)


def site_at(snapshot: Snapshot, file: FileId, offset: int) -> Site | None:
    """The site at *offset*; None when the file was never read."""
    text = snapshot.text(file)
    if text is None:
        return None
    at = cursor(snapshot.syntax(file), offset)
    end = at.word_span.end if at.typed else offset
    replace = span(at.word_span.start, max(end, at.word_span.start))
    summary = snapshot.summary(file)
    before = token_before(text, replace.start)
    place = _place(text, summary, at, before, offset)
    facts = snapshot.facts(file)
    return Site(snapshot, file, offset, text, at, summary, facts, replace, before, place)


def token_before(text: SourceText, offset: int) -> bytes:
    """The last token that ends before *offset*, comments and blanks skipped; b"" if there is none near."""
    match = _LAST_TOKEN.search(code_before(text, offset))
    return match.group() if match else b""


def code_before(text: SourceText, offset: int) -> bytes:
    """The text before *offset*, without the blanks and comments at its end; at most some kilobytes of it."""
    before = text.data[max(0, offset - _LOOK_BACK) : offset]
    while True:
        stripped = _BLANK_BEFORE.sub(b"", before)
        line = stripped[stripped.rfind(b"\n") + 1 :]
        comment = _LINE_COMMENT.search(line) if b'"' not in line else None
        if comment:
            stripped = stripped[: len(stripped) - len(comment.group())]
        if len(stripped) == len(before):
            return before
        before = stripped


def _place(text: SourceText, summary: FileSummary, at: Cursor, before: bytes, offset: int) -> Place:
    chain = scope_chain(summary, offset)
    if not at.container and chain == (FILE_SCOPE,):
        return Place.FILE
    unit = next(
        (i for i in chain if i != FILE_SCOPE and summary.decls[i].kind in DESIGN_UNITS), None
    )
    if (
        unit is not None
        and chain[0] == unit
        and offset < header_span(text, summary.decls[unit].span).end - 1
        and before not in {b"=", b"["}
    ):
        return Place.NEW_NAME if _is_new_name(before) else Place.HEADER
    if before in _ITEM_STARTS or (before == b")" and at.instance is None and at.call is None):
        return Place.STATEMENT if at.in_procedure else Place.ITEM
    if before == b":" and at.in_procedure:
        return Place.STATEMENT
    return Place.NEW_NAME if _is_new_name(before) else Place.EXPRESSION


def _is_new_name(before: bytes) -> bool:
    if before in _NO_EXPRESSION or before == b"]":
        return True
    word = before.decode("latin-1")
    return (word[:1].isalpha() or word[:1] == "_") and word not in KEYWORDS


def stale_symbols(site: Site) -> dict[str, SymbolFact]:
    """What slang knew, in this or an older text, of names around the cursor: by name, the present container first."""
    found: dict[str, SymbolFact] = {}
    if site.facts is None:
        return found
    containers = {
        site.summary.decls[i].name for i in scope_chain(site.summary, site.offset) if i >= 0
    }
    containers.add(site.cursor.container)
    for symbol in site.facts.symbols:
        if symbol.container in containers:
            found.setdefault(symbol.name, symbol)
    return found
