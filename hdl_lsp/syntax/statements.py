"""Where a procedural statement ends, read from tokens: right where the text around it fits no grammar.

Must not say what a statement means, and must not go beyond the tokens it is given.
"""

from __future__ import annotations

from collections.abc import Sequence

from hdl_lsp.syntax.tokens import Token, TokenKind, code_tokens

OPENING = frozenset(("(", "[", "{", "'{"))
CLOSING = frozenset((")", "]", "}"))
BLOCK_ENDS = {
    "begin": frozenset(("end",)),
    "fork": frozenset(("join", "join_any", "join_none")),
    "case": frozenset(("endcase",)),
    "casex": frozenset(("endcase",)),
    "casez": frozenset(("endcase",)),
    "randcase": frozenset(("endcase",)),
}
"""Words that open a block inside a procedure, and those that close it."""

BLOCK_CLOSERS = frozenset(word for words in BLOCK_ENDS.values() for word in words)
ENDS = BLOCK_CLOSERS | frozenset(
    """
    else endmodule endinterface endpackage endprogram endclass endchecker endfunction endtask endgenerate
    endproperty endsequence endgroup endclocking module package class function task always always_comb always_ff
    always_latch initial final assign
    """.split()
)
"""Words no statement reaches over; one that gets there is broken."""

_QUALIFIERS = frozenset(("unique", "unique0", "priority"))
_HEADED = frozenset(("while", "repeat", "foreach", "for", "wait", "randsequence"))
_ASSERTIONS = frozenset(("assert", "assume", "cover", "expect", "restrict"))
_DEEPEST = 200
MOST_TOKENS = 8_000
"""What is longer is not read: 4,000 tokens are some milliseconds."""
_NO_TOKEN = ""


def text_at(tokens: Sequence[Token], index: int) -> str:
    """The text of token *index*; "" outside."""
    return tokens[index].text if 0 <= index < len(tokens) else _NO_TOKEN


def tokens_of_block(data: bytes, start: int) -> list[Token]:
    """The code tokens from *start* to the word that closes the block around it, that word included.

    Where a block opens at *start* itself, they end where that one closes. At most MOST_TOKENS.
    """
    found: list[Token] = []
    depth = 0
    for token in code_tokens(data, start, len(data)):
        found.append(token)
        if len(found) >= MOST_TOKENS:
            break
        text = token.text
        if text in BLOCK_ENDS:
            depth += 1
        elif text in BLOCK_CLOSERS:
            depth -= 1
            if depth < 0 or (depth == 0 and found[0].text in BLOCK_ENDS):
                break
        elif text in ENDS and text not in {"else", "assign"}:
            break
    return found


def group_end(tokens: Sequence[Token], index: int) -> int:
    """The index after the bracket that closes the one at *index*; *index* itself where none opens or none closes."""
    depth = 0
    for at in range(index, len(tokens)):
        text = tokens[at].text
        if text in OPENING:
            depth += 1
        elif text in CLOSING:
            depth -= 1
        elif text in ENDS:
            return index
        if depth <= 0:
            return at + 1 if at > index else index
    return index


def block_end(tokens: Sequence[Token], index: int) -> int | None:
    """The index after the word that closes the block opened at *index*, and after its label; None if it is open."""
    expected: list[frozenset[str]] = []
    for at in range(index, len(tokens)):
        text = tokens[at].text
        if text in BLOCK_ENDS and not _is_wait_fork(tokens, at):
            expected.append(BLOCK_ENDS[text])
        elif text in BLOCK_CLOSERS:
            if not expected or text not in expected.pop():
                return None
            if not expected:
                is_named = text_at(tokens, at + 1) == ":" and (
                    at + 2 < len(tokens) and tokens[at + 2].kind is TokenKind.WORD
                )
                return at + (3 if is_named and text != "endcase" else 1)
        elif text in ENDS and text not in {"else", "assign"}:
            return None
    return None


def _is_wait_fork(tokens: Sequence[Token], index: int) -> bool:
    return tokens[index].text == "fork" and text_at(tokens, index - 1) in {"wait", "disable"}


def statement_end(tokens: Sequence[Token], index: int, depth: int = 0) -> int | None:
    """The index after the statement that starts at *index*; None where it is unfinished or there is none."""
    if depth > _DEEPEST or index >= len(tokens):
        return None
    word = tokens[index].text
    if word in ENDS and word != "assign":
        return None
    if word in _QUALIFIERS:
        return statement_end(tokens, index + 1, depth + 1)
    if word in BLOCK_ENDS:
        return block_end(tokens, index)
    if word == "if":
        return _if_end(tokens, index, depth)
    if word in {"wait", "disable"} and text_at(tokens, index + 1) == "fork":
        return index + 3 if text_at(tokens, index + 2) == ";" else None
    if word in _HEADED:
        return _after_group(tokens, index + 1, depth)
    if word == "forever":
        return statement_end(tokens, index + 1, depth + 1)
    if word == "@" or (word == "#" and text_at(tokens, index + 1) != "#"):
        if text_at(tokens, index + 1) == "(":
            return _after_group(tokens, index + 1, depth)
        return statement_end(tokens, index + 2, depth + 1)
    if word in _ASSERTIONS:
        return _assertion_end(tokens, index, depth)
    if tokens[index].kind is TokenKind.WORD and text_at(tokens, index + 1) == ":":
        return statement_end(tokens, index + 2, depth + 1)
    if tokens[index].kind is TokenKind.MACRO:
        return _macro_end(tokens, index)
    return _semicolon(tokens, index)


def _if_end(tokens: Sequence[Token], index: int, depth: int) -> int | None:
    end = _after_group(tokens, index + 1, depth)
    if end is not None and text_at(tokens, end) == "else":
        return statement_end(tokens, end + 1, depth + 1)
    return end


def _after_group(tokens: Sequence[Token], index: int, depth: int) -> int | None:
    end = group_end(tokens, index)
    return None if end == index else statement_end(tokens, end, depth + 1)


def _assertion_end(tokens: Sequence[Token], index: int, depth: int) -> int | None:
    at = index + 1
    while at < len(tokens) and tokens[at].text != "(":
        if tokens[at].text in ENDS or tokens[at].text == ";":
            return None
        at += 1
    end = group_end(tokens, at)
    if end == at:
        return None
    if text_at(tokens, end) != "else":
        action = statement_end(tokens, end, depth + 1)
        if action is None or text_at(tokens, action) != "else":
            return action
        end = action
    return statement_end(tokens, end + 1, depth + 1)


def _macro_end(tokens: Sequence[Token], index: int) -> int | None:
    """A macro may be a whole statement without a semicolon, or start one."""
    after = index + 1
    if text_at(tokens, after) == "(":
        after = group_end(tokens, after)
        if after == index + 1:
            return None
    following = text_at(tokens, after)
    if following == ";":
        return after + 1
    if following in {"=", "<=", ".", "[", "::"}:
        return _semicolon(tokens, index)
    return after


def _semicolon(tokens: Sequence[Token], index: int) -> int | None:
    """The index after the next semicolon outside brackets; None where the statement does not get there."""
    at = index
    while at < len(tokens):
        text = tokens[at].text
        if text == ";":
            return at + 1
        if text in OPENING:
            end = group_end(tokens, at)
            if end == at:
                return None
            at = end
            continue
        if text in CLOSING or (at > index and text in ENDS) or text in BLOCK_ENDS:
            return None
        at += 1
    return None
