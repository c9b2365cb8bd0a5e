"""The tokens of a piece of a file: slang's symbols first, then what was known before the last edit, then names.

Must not wait for facts: whoever asked is told when they are there, and asks again. Names only; keywords, numbers and
strings have tokens in dead branches alone, where they are grey.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hdl_lsp.features.semantic_tokens.by_name import ByName
from hdl_lsp.features.semantic_tokens.clocks import habit
from hdl_lsp.features.semantic_tokens.kinds import (
    DECLARATION,
    INACTIVE,
    KEYWORD,
    MACRO,
    NUMBER,
    SIGNALS,
    STRING,
    SYSTEM,
    WRITE,
    code_of_decl,
    code_of_symbol,
)
from hdl_lsp.presentation.tokens import Tokens
from hdl_lsp.semantics.facts import FileFacts, Reference
from hdl_lsp.syntax import name_tokens
from hdl_lsp.syntax.tokens import CONDITION_DIRECTIVES, LINE_DIRECTIVES, LONE_DIRECTIVES
from hdl_lsp.syntax.words import KEYWORDS
from hdl_lsp.text.edit import TextEdit, minimal_edit
from hdl_lsp.text.source import LINE_END, SourceText, Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

SLICE_BYTES = 24_000
"""Some 10 ms of work: between two pieces other requests get their turn."""

DIRECTIVES = LINE_DIRECTIVES | CONDITION_DIRECTIVES | LONE_DIRECTIVES

_NAMING = {"`define": MACRO | DECLARATION} | dict.fromkeys(
    ("`undef", "`ifdef", "`ifndef", "`elsif"), MACRO
)

_NAMES = frozenset(("word", "macro", "system"))


@dataclass(frozen=True, slots=True)
class Known:
    """All tokens of an earlier text, made from facts of exactly that text."""

    text: SourceText
    tokens: Tokens
    inactive: tuple[Span, ...]


def slices(text: SourceText, where: Span) -> Iterator[Span]:
    """The pieces in which the lines of *where* are best read."""
    return name_tokens.slices(text, where, SLICE_BYTES)


def reader(snapshot: Snapshot, file: FileId, known: Known | None = None) -> Reader:
    """Who reads the tokens of *file*; *known* counts while there are no fresh facts."""
    text = snapshot.text(file) or SourceText(b"")
    facts = snapshot.fresh_facts(file)
    if facts is not None:
        source: _FromFacts | _Carried | None = _FromFacts(facts)
    else:
        source = _Carried(known, text) if known is not None else None
    return Reader(text, ByName(snapshot, file, text), source, snapshot.path(file))


class _FromFacts:
    """Slang's symbols by place."""

    def __init__(self, facts: FileFacts) -> None:
        self.facts = facts
        self.inactive = facts.inactive
        self._references: Mapping[int, Reference] = {}
        self._codes: dict[int, int] = {}

    def look_at(self, where: Span) -> None:
        """Prepares for the names of *where*."""
        found = self.facts.references
        low = bisect.bisect_left(found, where.start, key=lambda r: r.span.start)
        high = bisect.bisect_left(found, where.end, key=lambda r: r.span.start)
        self._references = {r.span.start: r for r in found[low:high]}

    def code_of(self, name: str, start: int, _end: int, names: ByName, path: str) -> int | None:
        """The code of the name at *start*; None where slang knows nothing."""
        reference = self._references.get(start)
        if reference is None:
            return None
        number = reference.symbol
        symbol = self.facts.symbols[number]
        is_here = symbol.path == path
        decl = names.declared_at.get(symbol.name_span.start) if is_here else None
        kind = decl.kind.value if decl is not None else symbol.kind
        of = self._codes.get(number)
        if of is None:
            of = code_of_decl(decl) if decl is not None else code_of_symbol(symbol)
            self._codes[number] = of
        if is_here:
            of = names.with_role(of, kind, name, start)
        elif kind in SIGNALS:
            of |= habit(name)
        if reference.is_write:
            of |= WRITE
        return of | DECLARATION if reference.is_declaration else of


class _Carried:
    """Tokens of an earlier text, where the text is still the same."""

    def __init__(self, known: Known, text: SourceText) -> None:
        self._tokens = known.tokens
        edit = minimal_edit(known.text, text) or TextEdit(span(0, 0), "")
        grown = text.size_bytes - known.text.size_bytes
        self._start, self._old_end = edit.span.start, edit.span.end
        self._new_end, self._shift = edit.span.end + grown, grown
        moved = (span(self._moved(s.start), self._moved(s.end)) for s in known.inactive)
        self.inactive = tuple(s for s in moved if s.length)

    def look_at(self, _where: Span) -> None:
        """Nothing to prepare."""

    def code_of(self, _name: str, start: int, end: int, _names: ByName, _path: str) -> int | None:
        """The code that the same word had; None in what was edited."""
        if end <= self._start:
            return self._tokens.code_of(start, end)
        if start >= self._new_end:
            return self._tokens.code_of(start - self._shift, end - self._shift)
        return None

    def _moved(self, offset: int) -> int:
        if offset <= self._start:
            return offset
        return max(self._start, offset + self._shift) if offset >= self._old_end else self._start


@dataclass(slots=True)
class Reader:
    """Reads tokens piece by piece; pieces may be asked for in any order."""

    text: SourceText
    names: ByName
    source: _FromFacts | _Carried | None
    path: str

    @property
    def facts(self) -> FileFacts | None:
        """The facts of this very text that tokens are made from; None while there are none."""
        return self.source.facts if isinstance(self.source, _FromFacts) else None

    @property
    def inactive(self) -> tuple[Span, ...]:
        """Branches of conditionals that are not compiled, as far as is known."""
        return self.source.inactive if self.source is not None else ()

    def read(self, where: Span) -> Tokens:
        """The tokens that start in *where*."""
        data = self.text.data
        tokens = Tokens()
        if self.source is not None:
            self.source.look_at(where)
        dead = self.inactive
        ends = [one.end for one in dead]
        before = ""
        for match in name_tokens.name_tokens(data, where.start, where.end):
            start, end = match.span()
            at = bisect.bisect_right(ends, start)
            is_dead = at < len(dead) and dead[at].start <= start
            word = match[0].decode("utf-8", "replace") if match.lastgroup in _NAMES else ""
            of = _NAMING.get(before) if before and match.lastgroup == "word" else None
            if of is None:
                of = self._code(match, word, start, end, is_dead=is_dead)
            before = word
            if of is not None:
                tokens.append(start, end, of | INACTIVE if is_dead else of)
        return tokens

    def _code(
        self, match: re.Match[bytes], word: str, start: int, end: int, *, is_dead: bool
    ) -> int | None:
        match match.lastgroup:
            case "word":
                if word in KEYWORDS:
                    return KEYWORD if is_dead else None
                of = None
                if self.source is not None:
                    of = self.source.code_of(word, start, end, self.names, self.path)
                return of if of is not None else self.names.code_of(word, start, end)
            case "macro":
                if word not in DIRECTIVES:
                    return MACRO
                return KEYWORD if is_dead else None
            case "system":
                return SYSTEM
            case "number":
                return NUMBER if is_dead and not LINE_END.search(match[0]) else None
            case "string":
                return STRING if is_dead and not LINE_END.search(match[0]) else None
            case _:
                return None
