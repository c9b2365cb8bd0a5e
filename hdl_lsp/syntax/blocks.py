"""Keywords that belong together (begin and end, case and endcase, module and endmodule) and the names at both.

Must not need a tree: it reads keywords alone, so that a broken statement hides no block. A keyword that has no
partner belongs to no block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hdl_lsp.text.source import SourceText, Span, span

CLOSERS = {
    "end": ("begin",),
    "join": ("fork",),
    "join_any": ("fork",),
    "join_none": ("fork",),
    "endcase": ("case", "casex", "casez", "randcase"),
    "endmodule": ("module", "macromodule"),
    "endinterface": ("interface",),
    "endprogram": ("program",),
    "endpackage": ("package",),
    "endclass": ("class",),
    "endfunction": ("function",),
    "endtask": ("task",),
    "endgenerate": ("generate",),
    "endproperty": ("property",),
    "endsequence": ("sequence", "randsequence"),
    "endgroup": ("covergroup",),
    "endclocking": ("clocking",),
    "endchecker": ("checker",),
    "endprimitive": ("primitive",),
    "endspecify": ("specify",),
    "endtable": ("table",),
    "endconfig": ("config",),
}
"""What each closing keyword may close (IEEE 1800-2023, Annex A)."""

OPENERS = frozenset(opener for openers in CLOSERS.values() for opener in openers)

_NO_OPENER_AFTER = {
    "fork": frozenset(("wait", "disable")),
    "class": frozenset(("typedef",)),
    "interface": frozenset(("virtual",)),
    "property": frozenset(("assert", "assume", "cover", "restrict", "expect")),
    "sequence": frozenset(("cover",)),
    "function": frozenset(("extern", "import", "export", "pure", "with")),
    "task": frozenset(("extern", "import", "export", "pure")),
    "clocking": frozenset(("global",)),
}
"""Words before a keyword that make it no opening one. (`default clocking c;` is told by its semicolon.)"""

_KEYWORD = re.compile(
    rb"""
      //[^\r\n]* | /\*.*?(?:\*/|\Z) | (?<!`)"(?:\\(?:\r\n|.)|[^"\\\r\n])*"?
    | (?<![\w$`.\\])(?P<word>"""
    + rb"|".join(word.encode() for word in sorted((*CLOSERS, *OPENERS), key=lambda w: -len(w)))
    + rb""")(?![\w$])""",
    re.VERBOSE | re.DOTALL,
)
_CLASS_AFTER = re.compile(rb"\s+class\b")
_WORD_BEFORE = re.compile(
    rb"([A-Za-z_]\w*)(?:\s+virtual)?\s*(?:\"[^\"\r\n]*\"\s*)?(?:context\s+|pure\s+)?\Z"
)
_LABEL_AFTER = re.compile(rb"\s*:\s*(?!:)([A-Za-z_][\w$]*)")
_LABEL_BEFORE = re.compile(rb"([A-Za-z_][\w$]*)\s*:\s*\Z")
_UNIT_NAME = re.compile(rb"\s+(?:(?:static|automatic)\s+)?([A-Za-z_][\w$]*)")
_ROUTINE_NAME = re.compile(rb"[^;(]*?([A-Za-z_][\w$]*)\s*[;(]")
_LABELLED = frozenset(("begin", "fork", "generate"))
_CALLED = frozenset(("function", "task"))
_NAMELESS = frozenset(("case", "casex", "casez", "randcase", "table", "specify", "randsequence"))
_LOOK_BACK = 80


@dataclass(frozen=True, slots=True)
class Block:
    """Two keywords that belong together. Names are None where nothing is written."""

    opener: Span
    closer: Span
    name: Span | None
    """The name or label at the opening keyword."""
    end_name: Span | None
    """The name after the closing keyword."""

    @property
    def span(self) -> Span:
        """From the opening keyword to the end of the closing one, its name included."""
        return Span(self.opener.start, (self.end_name or self.closer).end)


def blocks(text: SourceText) -> tuple[Block, ...]:
    """The blocks of *text*, inner ones before the one around them.

    A closing keyword takes the nearest open one that fits; what was opened in between has no end and is left out.
    """
    data = text.data
    found: list[Block] = []
    waiting: list[tuple[str, Span]] = []
    for match in _KEYWORD.finditer(data):
        if match["word"] is None:
            continue
        word, where = match["word"].decode(), span(*match.span("word"))
        if word in OPENERS:
            if not _is_reference(data, word, where):
                waiting.append((word, where))
            continue
        fitting = CLOSERS[word]
        at = next((n for n in range(len(waiting) - 1, -1, -1) if waiting[n][0] in fitting), -1)
        if at < 0:
            continue
        opener, start = waiting[at]
        del waiting[at:]
        found.append(
            Block(start, where, _name(data, opener, start), _group(_LABEL_AFTER, data, where.end))
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OpenBlock:
    """A block that an offset is in."""

    keyword: str
    opener: Span
    name: Span | None
    closer: Span | None
    """What closes it, somewhere below; None where nothing does."""


def block_around(text: SourceText, offset: int) -> OpenBlock | None:
    """The innermost block that is open at *offset*; None at file scope."""
    data = text.data
    waiting: list[tuple[str, Span]] = []
    innermost: tuple[str, Span] | None = None
    for match in _KEYWORD.finditer(data):
        if match["word"] is None:
            continue
        word, where = match["word"].decode(), span(*match.span("word"))
        if where.end > offset and innermost is None:
            if not waiting:
                return None
            innermost = waiting[-1]
        if word in OPENERS:
            if not _is_reference(data, word, where):
                waiting.append((word, where))
            continue
        at = next(
            (n for n in range(len(waiting) - 1, -1, -1) if waiting[n][0] in CLOSERS[word]), -1
        )
        if at < 0:
            continue
        if innermost is not None and innermost in waiting[at:]:
            closer = where if waiting[at] == innermost else None
            return _open_block(data, innermost, closer)
        del waiting[at:]
    if innermost is None and waiting:
        innermost = waiting[-1]
    return None if innermost is None else _open_block(data, innermost, None)


def _open_block(data: bytes, opened: tuple[str, Span], closer: Span | None) -> OpenBlock:
    keyword, where = opened
    return OpenBlock(keyword, where, _name(data, keyword, where), closer)


def _is_reference(data: bytes, word: str, where: Span) -> bool:
    if word == "interface" and _CLASS_AFTER.match(data, where.end):
        return True
    refused = _NO_OPENER_AFTER.get(word)
    if refused is None:
        return False
    before = _WORD_BEFORE.search(data, max(0, where.start - _LOOK_BACK), where.start)
    return before is not None and before[1].decode() in refused


def _name(data: bytes, opener: str, where: Span) -> Span | None:
    if opener in _LABELLED:
        after = _group(_LABEL_AFTER, data, where.end)
        if after is not None:
            return after
        before = _LABEL_BEFORE.search(data, max(0, where.start - _LOOK_BACK), where.start)
        return span(*before.span(1)) if before else None
    if opener in _NAMELESS:
        return None
    return _group(_ROUTINE_NAME if opener in _CALLED else _UNIT_NAME, data, where.end)


def _group(pattern: re.Pattern[bytes], data: bytes, at: int) -> Span | None:
    match = pattern.match(data, at)
    return span(*match.span(1)) if match else None
