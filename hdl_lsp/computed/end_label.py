"""The end of a block: the label after `end :`, labels where the file writes them, and an `end` that is missing.

Must not close a block that somebody still writes in: a missing `end` is offered only at the indentation of its
opening line, or where its first letters are typed.
"""

from __future__ import annotations

import re
from collections import Counter

from hdl_lsp.computed.layout import indent_at, starts_line
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.syntax.blocks import CLOSERS, Block, OpenBlock, block_around, blocks
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.syntax.lookback import TokensBefore
from hdl_lsp.text.source import SourceText

RULE = "end label"

_AFTER_END = re.compile(
    r"(?:^|[^\w$`.])(?P<word>(?:end|join)\w*)(?P<gap>\s*)(?P<colon>:\s*)?(?P<begun>[\w$]*)$"
)
_FAMILY = frozenset({"endmodule", "endinterface", "endpackage", "endprogram", "endclass"})
"""Whoever labels one of these labels them all."""
_STATEMENT_ENDS = frozenset({";", "begin", "else", "generate"})
_DEFAULT_GAP = " : "


def end_label(asked: Asked) -> tuple[Computed, ...]:
    """The rest of the line that ends a block; () where nothing is missing."""
    site = asked.site
    if site.line_suffix.strip() or site.cursor.kind is not CursorKind.IDENTIFIER:
        return ()
    found = _AFTER_END.search(site.line_prefix)
    if found and found["word"] in CLOSERS and (found["colon"] or not found["begun"]):
        text = _label(site.text, site.offset, found)
    elif site.is_fresh_line or site.line_prefix.strip() == site.cursor.typed:
        text = _missing_end(asked)
    else:
        return ()
    return (Computed(text, RULE),) if text else ()


# -- labels


def _label(text: SourceText, offset: int, found: re.Match[str]) -> str:
    """What is missing after the closing keyword left of the cursor."""
    closer_end = offset - len(found.group()[found.start("gap") - found.start() :].encode())
    known = blocks(text)
    block = next((b for b in known if b.closer.end == closer_end), None)
    if block is None or block.name is None:
        return ""
    name = text.slice(block.name)
    if found["colon"]:
        return name[len(found["begun"]) :] if name.startswith(found["begun"]) else ""
    if block.end_name is not None or not _are_labelled(text, known, found["word"], block):
        return ""
    gap = _gap(text, known)
    return gap.removeprefix(found["gap"]) + name if gap.startswith(found["gap"]) else ""


def _are_labelled(text: SourceText, known: tuple[Block, ...], word: str, but: Block | None) -> bool:
    """The file puts names after closing keywords like *word*, wherever there is a name to put."""
    family = _FAMILY if word in _FAMILY else frozenset({word})
    alike = [b for b in known if b != but and b.name and text.slice(b.closer) in family]
    return bool(alike) and all(b.end_name is not None for b in alike)


def _gap(text: SourceText, known: tuple[Block, ...]) -> str:
    """What stands between `end` and its label."""
    gaps = Counter(
        text.data[b.closer.end : b.end_name.start].decode("utf-8", "replace")
        for b in known
        if b.end_name is not None
    )
    return gaps.most_common(1)[0][0] if gaps else _DEFAULT_GAP


# -- an end that is missing


def _missing_end(asked: Asked) -> str:
    """The closing keyword of the innermost open block, what is typed of it left out; "" where none is missing."""
    site = asked.site
    data = site.text.data
    start = site.offset - len(site.cursor.typed.encode())
    block = block_around(site.text, start)
    if block is None or not _is_between_statements(data, start):
        return ""
    indent = indent_at(data, block.opener.start)
    if not _is_unclosed(site.text, block, indent):
        return ""
    keyword = next(end for end, openers in CLOSERS.items() if block.keyword in openers)
    if site.cursor.typed:
        if len(site.cursor.typed) < 2 or not keyword.startswith(site.cursor.typed):
            return ""
    elif site.line_prefix != indent:
        return ""
    if site.line_prefix.removesuffix(site.cursor.typed) != indent:
        return ""
    known = blocks(site.text)
    label = ""
    if block.name is not None and _are_labelled(site.text, known, keyword, None):
        label = _gap(site.text, known) + site.text.slice(block.name)
    return keyword[len(site.cursor.typed) :] + label


def _is_between_statements(data: bytes, start: int) -> bool:
    before = TokensBefore(data, start)[0].text
    return before in _STATEMENT_ENDS or before in CLOSERS


def _is_unclosed(text: SourceText, block: OpenBlock, indent: str) -> bool:
    """Nothing closes *block*, or what does stands further left, so that it was meant for a block around it."""
    if block.closer is None:
        return True
    data = text.data
    closing = indent_at(data, block.closer.start)
    return (
        starts_line(data, block.closer.start)
        and len(closing) < len(indent)
        and indent.startswith(closing)
    )
