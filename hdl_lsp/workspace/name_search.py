"""Which names a person may mean who typed some letters of one.

Must not know what the names are of.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from itertools import accumulate


class NameList:
    """Names that are searched often: all in one text, where finding some letters takes a millisecond for 50,000."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        lower = [name.lower() for name in self.names]
        self._text = "\n" + "\n".join(lower) + "\n"
        self._starts = array("I", accumulate((len(one) + 1 for one in lower), initial=1))

    @cached_property
    def by_length(self) -> Sequence[str]:
        """All names, the shortest first."""
        return sorted(self.names, key=lambda name: (len(name), name))

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.names)

    def holding(self, letters: str) -> Iterator[str]:
        """The names in whose lower case *letters* stand, once each; a line end in *letters* is a name's."""
        at = self._text.find(letters)
        while at >= 0:
            start = at + 1 if letters.startswith("\n") else at
            number = bisect_right(self._starts, start) - 1
            if number == len(self.names):  # the last line end
                return
            yield self.names[number]
            at = self._text.find(letters, self._starts[number + 1] - 1)

    def scattering(self, letters: str) -> Iterator[str]:
        """The names in whose lower case *letters* stand in this order."""
        # Up to the first of each letter: nothing is ever tried twice.
        pattern = "".join(rf"[^{one}\n]*{one}" for one in map(re.escape, letters))
        for match in re.finditer(rf"\n{pattern}", self._text):
            yield self.names[bisect_right(self._starts, match.start() + 1) - 1]


def ranked(lists: Sequence[NameList], query: str) -> Iterator[str]:
    """The names of *lists* that hold the letters of *query* in order, the best first; see WorkspaceIndex.search.

    What comes later is looked for only when it is asked for.
    """
    wanted = query.lower()
    if not wanted:
        yield from merge(*(some.by_length for some in lists), key=lambda name: (len(name), name))
    if not wanted or "\n" in wanted:
        return
    given: set[str] = set()
    for letters in (f"\n{wanted}\n", f"\n{wanted}", f"_{wanted}", wanted):
        found = {name for some in lists for name in some.holding(letters)} - given
        given |= found
        yield from _ordered(found, query)
    scattered = {name for some in lists for name in some.scattering(wanted)}
    yield from _ordered(scattered - given, query)


def _ordered(names: Iterable[str], query: str) -> list[str]:
    """The case that was typed first, then the shorter name."""
    return [
        name
        for _, _, name in sorted((0 if query in name else 1, len(name), name) for name in names)
    ]
