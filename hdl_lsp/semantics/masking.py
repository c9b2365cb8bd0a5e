"""The text slang parses when it parses one file alone: what other files would define is masked.

Must not change the length of the text, so that every offset of the parse is one of the file.
"""

from __future__ import annotations

import re

from hdl_lsp.semantics.lexical import Lexis, parenthesis_end

_REST_OF_LINE = re.compile(rb"[ \t]*;?[ \t]*(?=[\r\n]|\Z)")
_BASE_BEFORE = re.compile(rb"'[sS]?[bodhBODH][ \t]*\Z")
_NEXT_STATEMENT = re.compile(rb"\s*(?:[\w`$]|\Z)")
_BASE = re.compile(rb"[ \t]*'[sS]?[bodhBODH]")
_OPENING = re.compile(rb"[ \t]*\(")
_WINDOW = 400  # bytes looked back; longer comments end it early, and the macro becomes a name
_BACKTICK = 0x60
_STATEMENT_ENDS = b';)}"'

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
    if end > name_end and _is_due_statement(text, code, at, end):
        text[at:end] = b"$x;" + code[at + 3 : end].translate(
            _TO_SPACES
        )  # 12.7.3 wants more than `;`
        return end
    if _is_alone(code, at, end):
        text[at:end] = code[at:end].translate(_TO_SPACES)
        return end
    if _BASE.match(code, name_end):
        text[at:name_end] = b"9".rjust(name_end - at)
    elif _BASE_BEFORE.search(code, max(0, at - 8), at):
        text[at:name_end] = b"0" * (name_end - at)
    else:
        text[at : at + 1] = b" "
    return name_end


def _is_due_statement(text: bytearray, code: bytes, at: int, end: int) -> bool:
    """Before *at* stands `if (...)`, `else` or `default:`, and the macro has to be the statement."""
    head = code[max(0, at - _WINDOW) : at].rstrip()
    last = at - (min(at, _WINDOW) - len(head)) - 1
    if not head.endswith((b")", b"else", b":")) or text[last] != code[last]:
        return False  # the second one: what ends here is itself a macro, masked by now
    line = code[code.rfind(b"\n", 0, last) + 1 : last].lstrip()
    if line.startswith(b"`"):
        return False  # `else, or a macro of this file
    return _NEXT_STATEMENT.match(code, end) is not None


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
