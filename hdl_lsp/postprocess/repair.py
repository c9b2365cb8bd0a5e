"""The longest beginning of a candidate that slang lets pass: whole statements, or whole items of a list.

Must not decide what passes: gate.py does.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass

from hdl_lsp.context.site import Extent
from hdl_lsp.postprocess import gate
from hdl_lsp.postprocess.balance_blocks import balance_blocks
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.gate import LISTS, Checker, Verdict
from hdl_lsp.postprocess.tokens import CLOSERS, Token, tokens
from hdl_lsp.text.source import encode

MOST_CHECKS = 6
"""All candidates of one place are compiled at most so often together."""

_OPEN = frozenset("([{")
_CLOSE = frozenset(")]}")
_WHOLE_AFTER = frozenset({";", ",", "begin", "end", "endcase", "else", ":", "(", "[", "{"})
_MAY_END = frozenset({")", "]", "}", "'"})


@dataclass(slots=True)
class _Checks:
    """Asks for verdicts, as long as there are checks left."""

    check: Checker
    left: int = MOST_CHECKS

    async def verdicts(self, candidates: tuple[Candidate, ...]) -> tuple[Verdict, ...]:
        """() when no checks are left, or slang is down."""
        asked = candidates[: self.left]
        self.left -= len(asked)
        return await gate.verdicts(asked, self.check) or ()


async def passing(
    candidates: tuple[Candidate, ...], check: Checker
) -> tuple[tuple[Candidate, Verdict], ...]:
    """The longest form of each of *candidates* that is whole and passes, with its verdict; those without are left out.

    All are compiled at once; only those that fail are shortened.
    """
    checks = _Checks(check)
    found: list[tuple[Candidate, Verdict]] = []
    first = await checks.verdicts(candidates)
    for candidate, verdict in zip(candidates, first, strict=False):
        whole = balance_blocks(candidate)
        if verdict.passes and whole == candidate:
            found.append((candidate, verdict))
        else:
            shorter = await _shortened(candidate, verdict, checks)
            found += [shorter] if shorter is not None else []
    return tuple(found)


async def _shortened(
    candidate: Candidate, verdict: Verdict, checks: _Checks
) -> tuple[Candidate, Verdict] | None:
    """The longest form that passes, looked for where slang saw the first error, else by halving."""
    ended = _ended(candidate)
    for attempt in (balance_blocks(candidate), ended and balance_blocks(ended)):
        if attempt is None or attempt == candidate:
            continue
        (answer,) = await checks.verdicts((attempt,)) or (Verdict(("not checked",)),)
        if answer.passes:
            return attempt, answer
    ends = tuple(_whole_ends(candidate))
    best: tuple[Candidate, Verdict] | None = None
    least, most = 0, _before(candidate, ends, verdict.first_error)  # of `ends`
    take = most
    while checks.left and least < most:
        attempt = balance_blocks(candidate.with_text(candidate.text[: ends[take - 1]]))
        answers = await checks.verdicts((attempt,)) if attempt is not None else ()
        if attempt is not None and answers and answers[0].passes:
            best, least = (attempt, answers[0]), take
        else:
            error = answers[0].first_error if answers else None
            most = min(take - 1, _before(candidate, ends, error))
        take = (least + most + 1) // 2
    return best


def _before(candidate: Candidate, ends: tuple[int, ...], error: int | None) -> int:
    """How many of *ends* lie before *error*, in bytes of the candidate; all if that is None."""
    if error is None:
        return len(ends)
    sizes = [len(encode(candidate.text[:end])) for end in ends]
    return bisect.bisect_right(sizes, error)


def _whole_ends(candidate: Candidate) -> Iterator[int]:
    """Where a statement, a block or an item of a list ends inside the candidate; ascending, in characters."""
    text = candidate.text
    words = list(tokens(text))
    depth = 0
    for index, word in enumerate(words):
        if word.kind == "mark":
            depth += (word.text in _OPEN) - (word.text in _CLOSE)
        if depth or word.kind not in {"mark", "word"}:
            continue
        if word.text == ";" or (word.text in CLOSERS and word.kind == "word"):
            end = _with_comment(words, _labelled(words, index), text)
        elif word.text == "," and candidate.site.kind in LISTS:
            end = word.start if _is_closed_next(candidate) else word.end
        else:
            continue
        if end < len(text.rstrip()):
            yield end


def _labelled(words: list[Token], index: int) -> int:
    """Index of the last token of what ends at *index*: `end : name` ends with its name."""
    has_label = index + 2 < len(words) and words[index + 1].text == ":"
    return index + 2 if has_label and words[index].text != ";" else index


def _with_comment(words: list[Token], index: int, text: str) -> int:
    """End of the token at *index*, or of the comment that follows on its line."""
    end = words[index].end
    if index + 1 < len(words) and words[index + 1].kind == "comment":
        beside = words[index + 1]
        return end if "\n" in text[end : beside.end] else beside.end
    return end


def _is_closed_next(candidate: Candidate) -> bool:
    """The next character of the file, right of the cursor or below it, closes the list."""
    rest = candidate.site.text.data[candidate.site.offset :].lstrip()
    return rest[:1] in (b")", b"}")


def _ended(candidate: Candidate) -> Candidate | None:
    """The candidate ended as its place wants it; None where it is, or nothing can be said.

    Operators at its end are cut off and a semicolon is put there; the last comma in a list is cut.
    """
    words = [token for token in tokens(candidate.text) if token.kind != "comment"]
    if words and words[-1].text == "," and candidate.site.kind in LISTS:
        return candidate.with_text(candidate.text[: words[-1].start])
    if candidate.site.extent is not Extent.LINES or not words or words[-1].text in _WHOLE_AFTER:
        return None
    while words and words[-1].kind == "mark" and words[-1].text not in _MAY_END:
        words.pop()
    return candidate.with_text(candidate.text[: words[-1].end] + ";") if words else None
