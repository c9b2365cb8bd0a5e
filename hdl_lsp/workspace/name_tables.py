"""Under each name the files that hold it, packed: what all versions of the index share.

Must not know what the names mean. It only grows: an index says which slots count for it, so that one that was
taken before stays right.
"""

from __future__ import annotations

import marshal
import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias, cast

from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.name_search import NameList

# One file's slot; or those of several, four bytes each, as they were loaded or as they grow.
Packed: TypeAlias = "int | bytes | array[int]"
Table: TypeAlias = Mapping[str, Packed]
CODE = "I"


class NameTables:
    """Tables of name -> slots; a slot is one version of one file, numbered from 0."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self.kinds = tuple(kinds)
        self.owners: list[FileId] = []  # the file of each slot
        self.holds: list[int] = []  # bit n of a slot: it holds a name of the kind n
        self._tables: dict[str, dict[str, Packed]] = {kind: {} for kind in self.kinds}
        self._packed: dict[str, bytes] = {}  # tables of the disk that nobody has asked yet
        self._listed: dict[str, NameList] = {}
        self._tails: tuple[int, dict[str, list[str]]] = (0, {})

    def add(self, file: FileId, names: Iterable[Iterable[str]]) -> int:
        """A new slot for *file*, which holds *names*: those of each kind in the order of `kinds`."""
        slot = len(self.owners)
        held = 0
        for number, (kind, some) in enumerate(zip(self.kinds, names, strict=True)):
            table = self._table(kind)
            name = None
            for name in some:
                known = table.get(name)
                if known is None:
                    table[name] = slot
                elif isinstance(known, array):
                    known.append(slot)
                else:
                    table[name] = grown = array(CODE, unpacked(known))
                    grown.append(slot)
            if name is not None:
                held |= 1 << number
        self.owners.append(file)
        self.holds.append(held)
        return slot

    def slots(self, kind: str, name: str) -> Sequence[int]:
        """The slots of the files that hold *name*, of any version of theirs."""
        known = self._table(kind).get(name)
        return () if known is None else unpacked(known)

    def names(self, kind: str) -> AbstractSet[str]:
        """Every name that any slot holds."""
        return self._table(kind).keys()

    def listed(self, kind: str) -> NameList:
        """names(), ready to be searched; made again (10 ms for 50,000) only when there are others."""
        known, table = self._listed.get(kind), self._table(kind)
        if known is None or len(known) != len(table):  # names only come
            self._listed[kind] = known = NameList(table)
        return known

    def paths_to(self, basename: str) -> Sequence[str]:
        """Every name of the table "include_paths" whose last component is *basename*."""
        names = self._table("include_paths")
        if self._tails[0] != len(names):  # names only come
            tails: dict[str, list[str]] = {}
            for name in names:
                tails.setdefault(os.path.basename(name), []).append(name)
            self._tails = len(names), tails
        return self._tails[1].get(basename, ())

    def copied(self) -> dict[str, Table]:
        """The tables as packed() takes them in another thread, while these grow."""
        return {kind: dict(self._table(kind)) for kind in self.kinds}

    def adopt(self, kind: str, table: bytes) -> None:
        """Takes a table as packed() wrote it, for the slots that are here; it is unpacked when somebody asks."""
        self._packed[kind] = table
        self._listed.pop(kind, None)

    def _table(self, kind: str) -> dict[str, Packed]:
        data = self._packed.pop(kind, None)
        if data is not None:
            self._tables[kind] = unpacked_table(data)
        return self._tables[kind]


def packed(table: Table, slots: Mapping[int, int] | None) -> bytes:
    """One table as bytes for adopt(). *slots*: new numbers of those that count; None for all as they are.

    marshal's version 2 keeps no references between objects, and loads fastest: 25 ms for 110,000 names.
    """
    if slots is None:
        return marshal.dumps(dict(table), 2)
    kept: dict[str, Packed] = {}
    for name, known in table.items():
        left = [slots[slot] for slot in tuple(unpacked(known)) if slot in slots]
        if left:
            kept[name] = left[0] if len(left) == 1 else array(CODE, left)
    return marshal.dumps(kept, 2)


def unpacked_table(data: bytes) -> dict[str, Packed]:
    """The table that packed() wrote; the caller has made sure that these are its bytes."""
    return cast("dict[str, Packed]", marshal.loads(data))  # noqa: S302


def unpacked(known: Packed) -> Sequence[int]:
    """The slots of one name."""
    if isinstance(known, int):
        return (known,)
    return memoryview(known).cast(CODE) if isinstance(known, bytes) else known
