"""Drops the line of a candidate that does not end, and an expression that goes round in circles.

Must not judge whole lines that repeat each other; trim_repetition.py does.
"""

from __future__ import annotations

from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.tokens import tokens

LONGEST_LINE = 200
"""Characters. RTL is written in 80 to 120 columns; longer lines are tables, which no model knows by heart."""

ROUNDS = 3
"""So many times in a row the same tokens are a circle: `a | a | a`."""

_LONGEST_ROUND = 8
"""Tokens of one round at most."""


def endless_line(candidate: Candidate) -> Candidate | None:
    """The candidate up to its first line that is too long or goes in circles; None when that is the first one."""
    kept: list[str] = []
    for index, line in enumerate(candidate.lines()):
        whole = candidate.site.line_prefix + line if index == 0 else line
        if len(whole) > LONGEST_LINE and len(line) > LONGEST_LINE // 4:
            break
        if _goes_round(line):
            break
        kept.append(line)
    if len(kept) == len(candidate.lines()):
        return candidate
    text = "\n".join(kept).rstrip()
    return candidate.with_text(text) if text.strip() else None


def _goes_round(line: str) -> bool:
    words = [token.text for token in tokens(line)]
    for length in range(1, _LONGEST_ROUND + 1):
        same = 0
        for at in range(length, len(words)):
            same = same + 1 if words[at] == words[at - length] else 0
            rounds = words[at - length + 1 : at + 1]
            if same >= _enough(rounds) and _is_circle(rounds):
                return True
    return False


def _enough(one_round: list[str]) -> int:
    """So many tokens must be those of the round before. The last round lacks what separates it, as `&` `&`."""
    rounds = ROUNDS + 2 if "," in one_round else ROUNDS
    separator = 1 if len(one_round) < 2 * ROUNDS else 2
    return max(ROUNDS - 1, len(one_round) * (rounds - 1) - separator)


def _is_circle(one_round: list[str]) -> bool:
    """Names a thing, and is no step of a nesting as in `f(f(f(a)))`. Numbers do repeat: `{1'b0, 1'b0, 1'b0}`."""
    is_named = any(word[0].isalpha() or word[0] == "_" for word in one_round)
    return is_named and all(one_round.count(a) == one_round.count(b) for a, b in ("()", "[]", "{}"))
