"""How this repository connects ports: other instances of the same module, and the same port of other modules.

Must not look into more than a few files, and must not decide whether a habit is followed (matching.py does).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hdl_lsp.computed.name_likeness import words
from hdl_lsp.semantics.summary import Connection, FileSummary, InstanceUse
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.scopes import scope_chain
from hdl_lsp.workspace.snapshot import Snapshot

MOST_FILES = 6
"""Other files that are looked into for instances of a module; the nearest ones."""
MOST_SIBLINGS = 24

IDENTIFIER = re.compile(r"(?<![\w$'`.:\"])[A-Za-z_][\w$]*(?!\s*::)(?![\w$])")
"""An identifier that names something here: not a member, not in a package, no macro, no digits of a literal."""
_NAME = re.compile(r"(?<![\w$'`\"])[A-Za-z_][\w$]*")
"""Any identifier, members too."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another instance of the module that is instantiated here."""

    use: InstanceUse
    is_near: bool
    """It stands in the same module as the cursor, and so among the same signals."""


def value_of(connection: Connection) -> str:
    """What is connected: of `.clk_i` alone `clk_i`, of `.x ()` nothing."""
    is_bare = connection.span.end == connection.name_span.end
    return connection.name if is_bare else " ".join(connection.value_text.split())


def siblings(snapshot: Snapshot, file: FileId, offset: int, definition: str) -> tuple[Sibling, ...]:
    """Other instances of *definition*, the nearest first: in this module, this file, files of near folders."""
    summary = snapshot.summary(file)
    unit = unit_at(summary, offset)
    own = [
        Sibling(use, unit is not None and unit_at(summary, use.span.start) == unit)
        for use in summary.instances
        if use.definition == definition and not use.span.start <= offset <= use.span.end
    ]
    own.sort(key=lambda one: (not one.is_near, abs(one.use.span.start - offset)))
    here = Path(snapshot.path(file)).parts
    others = [f for f in snapshot.index.instantiators(definition) if f != file]
    others.sort(key=lambda f: (-_shared(here, Path(snapshot.path(f)).parts), snapshot.path(f)))
    for other in others[:MOST_FILES]:
        if len(own) >= MOST_SIBLINGS:
            break
        own += (
            Sibling(use, is_near=False)
            for use in snapshot.summary(other).instances
            if use.definition == definition
        )
    return tuple(own[:MOST_SIBLINGS])


def unit_at(summary: FileSummary, offset: int) -> int | None:
    """Index of the design unit around *offset*."""
    return next((s for s in reversed(scope_chain(summary, offset)[:-1])), None)


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    """How many folders two paths begin with alike."""
    pairs = zip(left, right, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


class Renaming:
    """What becomes of a sibling's names here: `u_a_csr` to `u_b_csr` makes `b_q` of `a_q`."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """*pairs*: names of the sibling, and what stands in their place here; the first ones count most."""
        self._words: dict[str, str] = {}
        for old, new in pairs:
            before, after = words(old), words(new)
            if len(before) == len(after):
                for left, right in zip(before, after, strict=True):
                    if left != right:
                        self._words.setdefault(left, right)
        self.says_something = bool(self._words)

    def applied(self, value: str) -> str:
        """*value* with the words of its identifiers renamed; upper and lower case stay."""
        if not self._words:
            return value
        return _NAME.sub(lambda found: _WORDS.sub(self._word, found.group()), value)

    def _word(self, found: re.Match[str]) -> str:
        new = self._words.get(found.group().lower())
        if new is None:
            return found.group()
        if found.group().isupper():
            return new.upper()
        return new.capitalize() if found.group()[0].isupper() else new


def port_habits(summary: FileSummary, unit: int | None, offset: int) -> Mapping[str, Counter[str]]:
    """By port name, what the other instances in the unit around *offset* connect to ports so called."""
    found: dict[str, Counter[str]] = {}
    for use, connection in _connections(summary, unit):
        if not use.span.start <= offset <= use.span.end:
            found.setdefault(connection.name, Counter())[value_of(connection)] += 1
    return found


def _connections(
    summary: FileSummary, unit: int | None
) -> Iterator[tuple[InstanceUse, Connection]]:
    if unit is None:
        return
    around = summary.decls[unit].span
    for use in summary.instances:
        if around.covers(use.span):
            for connection in use.ports:
                if connection.name not in {"", "*"}:
                    yield use, connection
