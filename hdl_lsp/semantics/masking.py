"""The text slang parses when it parses one file alone: what other files would define is masked.

Must not change the length of the text, so that every offset of the parse is one of the file.
"""

from __future__ import annotations

import re

from hdl_lsp.semantics.lexical import Lexis, parenthesis_end

_REST_OF_LINE = re.compile(rb"[ \t]*;?[ \t]*(?=[\r\n]|\Z)")
_BASE = re.compile(rb"[ \t]*'[sS]?[bodhBODH]")
_OPENING = re.compile(rb"[ \t]*\(")
_WINDOW = 400  # bytes looked back; longer comments end it early, and the macro becomes a name
_BACKTICK = 0x60
_STATEMENT_ENDS = b';:)}"'

_WORD_ENDS = re.compile(rb"[\w$]")


def masked(data: bytes, lexis: Lexis) -> bytes:
    """*data* without includes, and with macros it does not define made harmless.

    A macro that stands alone on its lines becomes white space, any other becomes the identifier
    (or call) of the same name, because slang skips far after an unknown macro. NULs become spaces.
    """
    text = bytearray(data.replace(b"\0", b" "))
    for start, end in lexis.directive_spans:
        text[start:end] = b" " * (end - start)
    known = {macro.name for macro in lexis.macros} | {"__FILE__", "__LINE__"}
    bodies = iter(lexis.define_spans)
    body = next(bodies, None)
    masked_up_to = 0
    for use in lexis.macro_uses:
        at = use.span.start - 1
        while body is not None and body[1] <= at:
            body = next(bodies, None)
        in_body = body is not None and body[0] <= at
        if in_body or use.name in known or at < masked_up_to or text[at] != _BACKTICK:
            continue
        masked_up_to = _mask(text, lexis.code, at, use.span.end)
    return bytes(text)


def _mask(text: bytearray, code: bytes, at: int, name_end: int) -> int:
    """Makes the unknown macro at *at* harmless; the offset up to which nothing is left to mask."""
    end = name_end
    opened = _OPENING.match(code, name_end)
    if opened:
        closed = parenthesis_end(code, opened.end() - 1)
        end = closed if closed > 0 else end
    if _is_alone(code, at, end):
        text[at:end] = code[at:end].translate(_TO_SPACES)
        return end
    if opened and _ends_condition(code, at) and _REST_OF_LINE.match(code, end):
        text[at:end] = b";" + code[at + 1 : end].translate(_TO_SPACES)
        return end
    if _BASE.match(code, name_end):
        text[at:name_end] = b"9".rjust(name_end - at)
    else:
        text[at : at + 1] = b" "
    return name_end


def _ends_condition(code: bytes, at: int) -> bool:
    """Before *at* stands `if (...)` or `else`: a statement has to follow."""
    head = code[max(0, at - _WINDOW) : at].rstrip()
    return head.endswith((b")", b"else"))


_TO_SPACES = bytes(byte if byte in b"\r\n" else 0x20 for byte in range(256))


def _is_alone(code: bytes, at: int, end: int) -> bool:
    """Nothing but this macro stands from *at* to *end* on its lines, and no expression is open."""
    if not _REST_OF_LINE.match(code, end):
        return False
    before = code[max(0, at - _WINDOW) : at]
    head = before.rstrip(b" \t")
    if head and head[-1:] not in b"\r\n":
        return False
    last = head.rstrip()[-1:]
    return not last or last in _STATEMENT_ENDS or _WORD_ENDS.match(last) is not None
