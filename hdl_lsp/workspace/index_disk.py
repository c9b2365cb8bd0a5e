"""The tables of an index as blobs for the store, and back: what makes a start warm.

Must not read or write files. Blobs that are damaged, or not of one another, give nothing.
"""

from __future__ import annotations

import marshal
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import cast

from hdl_lsp.semantics.index_names import TABLES
from hdl_lsp.semantics.summary_codec import SUMMARY_VERSION
from hdl_lsp.workspace.files import FileTable
from hdl_lsp.workspace.name_tables import NameTables, Table, packed

FORMAT = 1
SLOTS = "slots"
_CHECK_BYTES = 4


def store_version() -> str:
    """What a store must have been made by: with another slang a text may have another summary."""
    return f"{FORMAT} {SUMMARY_VERSION} {zlib.crc32(' '.join(TABLES).encode())} {_slang_version()}"


def _slang_version() -> str:
    """As the folder beside the package says that pip made; to import it, or a parser of metadata, takes longer."""
    spec = find_spec("pyslang")
    site = os.path.dirname(os.path.dirname((spec and spec.origin) or ""))
    made = (name for name in os.listdir(site or os.curdir) if name.startswith("pyslang-"))
    name = next((name for name in sorted(made) if name.endswith(".dist-info")), "")
    if name:
        return name.removeprefix("pyslang-").removesuffix(".dist-info")
    from importlib.metadata import version

    return version("pyslang")


@dataclass(frozen=True, slots=True)
class Saved:
    """Tables on their way to the store: taken from an index on the loop, packed elsewhere."""

    tables: Mapping[str, Table]
    slots: tuple[tuple[str, str, int, int], ...]  # path, digest, slot and what it holds
    is_dense: bool  # every slot counts

    def blobs(self) -> dict[str, bytes]:
        """What unpacked() takes; some 50 ms for 4,000 files, in steps of 20."""
        numbers = None if self.is_dense else {s: n for n, (_, _, s, _) in enumerate(self.slots)}
        rows = [(os.fsencode(path), digest, held) for path, digest, _, held in self.slots]
        found = {SLOTS: _sealed(marshal.dumps(rows, 2))}
        for kind, table in self.tables.items():
            found[kind] = _sealed(packed(table, numbers))
        return found


def saved(names: NameTables, files: Mapping[str, tuple[str, int]]) -> Saved:
    """The tables of *files*: digest and slot by path."""
    by_slot = sorted((slot, path, digest) for path, (digest, slot) in files.items())
    slots = tuple((path, digest, slot, names.holds[slot]) for slot, path, digest in by_slot)
    return Saved(names.copied(), slots, is_dense=len(slots) == len(names.owners))


@dataclass(frozen=True, slots=True)
class Loaded:
    """Tables from the store: digest and slot of each file that was known."""

    rows: Sequence[tuple[str, str, int]]  # of each slot: path, digest and what it holds
    tables: Mapping[str, bytes]  # as packed() wrote them

    def names(self, table: FileTable) -> NameTables:
        """The tables with the files' ids."""
        names = NameTables(TABLES)
        names.owners = [table.id_of(path) for path, _, _ in self.rows]
        names.holds = [held for _, _, held in self.rows]
        for kind in TABLES:
            names.adopt(kind, self.tables[kind])
        return names


def unpacked(blobs: Mapping[str, bytes]) -> Loaded | None:
    """What Saved.blobs() made them of; None when they are damaged or incomplete."""
    bodies = {kind: _opened(blobs.get(kind, b"")) for kind in (SLOTS, *TABLES)}
    whole = {kind: body for kind, body in bodies.items() if body is not None}
    if len(whole) != len(bodies):
        return None
    # the checksum says that we wrote it
    rows = cast("list[tuple[bytes, str, int]]", marshal.loads(whole[SLOTS]))  # noqa: S302
    return Loaded(
        [(os.fsdecode(path), digest, held) for path, digest, held in rows],
        {kind: whole[kind] for kind in TABLES},
    )


def _sealed(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(_CHECK_BYTES, "big") + body


def _opened(data: bytes) -> bytes | None:
    body = data[_CHECK_BYTES:]
    is_whole = data[:_CHECK_BYTES] == zlib.crc32(body).to_bytes(_CHECK_BYTES, "big")
    return body if is_whole and body else None
