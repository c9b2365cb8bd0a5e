"""The small language inside strings of .core files: words, and words that count only under a flag.

Must not know what a word or a flag means.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"\s*(?:(?P<sign>[?()!])|(?P<word>[^\s?()!]+))")


@lru_cache(maxsize=8192)
def words_of(text: str, flags: frozenset[str]) -> tuple[str, ...]:
    """The words of *text*; those of `flag ? (words)` only if *flags* holds it, of `!flag ? (words)` if it does not.

    Text that is not well formed gives the words that can be told.
    """
    if "?" not in text:
        return tuple(text.split())
    found: list[str] = []
    counts = [True]  # does what is written here count, for every open parenthesis
    pending, wanted = "", True
    for match in _TOKEN.finditer(text):
        word = match["word"]
        if word is not None:
            if pending and counts[-1]:
                found.append(pending)
            pending = word
            continue
        match match["sign"]:
            case "!":
                if pending and counts[-1]:
                    found.append(pending)
                pending, wanted = "", False
            case "(":
                counts.append(counts[-1] and (pending in flags) is wanted)
                pending, wanted = "", True
            case ")":
                if pending and counts[-1]:
                    found.append(pending)
                pending = ""
                if len(counts) > 1:
                    counts.pop()
            case _:
                pass
    if pending and counts[-1]:
        found.append(pending)
    return tuple(found)
