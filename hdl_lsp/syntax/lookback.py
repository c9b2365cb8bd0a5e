"""The tokens before an offset, nearest first, with ways to step over brackets and along paths of names.

Must not decide what the brackets are (brackets.py does).
"""

from __future__ import annotations

from hdl_lsp.syntax.tokens import Token, TokenKind, tokens_before

MAX_TOKENS = 8_000
"""As far as anything looks in one direction: a port list of 1,000 connections. Keeps broken text fast."""

BOUNDARIES = frozenset(
    """
    always always_comb always_ff always_latch assign begin checker class clocking covergroup end endcase
    endchecker endclass endclocking endfunction endgenerate endgroup endinterface endmodule endpackage
    endprogram endproperty endsequence endtask final fork function generate import initial join join_any
    join_none macromodule module package program property sequence task typedef
    """.split()
)
"""Words that no parenthesis of an instance or call reaches over, so that an unclosed one ends here."""

PLAIN_WORD_KINDS = (TokenKind.WORD, TokenKind.MACRO)

NOTHING = Token(TokenKind.SIGN, "", 0, 0)


class TokensBefore:
    """The code tokens before an offset, nearest first, read when asked for. Beyond the first or MAX_TOKENS: NOTHING."""

    def __init__(self, data: bytes, offset: int) -> None:
        self._rest = tokens_before(data, offset)
        self._read: list[Token] = []

    def __getitem__(self, index: int) -> Token:
        while index >= len(self._read):
            token = next(self._rest, None) if len(self._read) < MAX_TOKENS else None
            if token is None:
                return NOTHING
            self._read.append(token)
        return self._read[index]

    def after_group(self, index: int) -> int:
        """The index after the bracket that the closing bracket at *index* closes.

        Where that isn't found before the statement's boundary, the index after the closing bracket itself.
        """
        depth = 0
        at = index
        while True:
            text = self[at].text
            if text in (")", "]", "}"):
                depth += 1
            elif text in ("(", "[", "{", "'{"):
                depth -= 1
                if depth == 0:
                    return at + 1
            elif self[at] is NOTHING or text in BOUNDARIES:
                return index + 1
            at += 1

    def after_groups(self, index: int) -> int:
        """after_group() for the subscripts at *index*, none or several."""
        while self[index].text == "]":
            index = self.after_group(index)
        return index

    def starts_connection(self, dot: int) -> bool:
        """The `.` at *dot* starts a named connection and selects no member.

        So after `(` and `,`; and, where a comma was forgotten, after another connection.
        """
        before = self[dot + 1]
        if before.text in ("(", ",") or before is NOTHING:
            return True
        at = dot + 1
        if before.text == ")":
            at = self.after_group(at)
        return (
            self[at].kind is TokenKind.WORD
            and self[at + 1].text == "."
            and self[at + 2].text in ("(", ",", ")")
        ) or before.text == ".*"


def base_names(back: TokensBefore, index: int) -> tuple[str, ...]:
    """The names of the path that ends at *index*, which is left of a dot or `::`; outermost first."""
    names: list[str] = []
    while True:
        while back[index].text in (")", "]"):
            index = back.after_group(index)
        if back[index].text == "#":
            index += 1
        token = back[index]
        if token.kind not in (*PLAIN_WORD_KINDS, TokenKind.SYSTEM):
            break
        names.append(token.text)
        if back[index + 1].text not in (".", "::"):
            break
        if back[index + 1].text == "." and back.starts_connection(index + 1):
            break
        index += 2
    return tuple(reversed(names))
