"""Plain tuples as bytes that know whether they are whole: what a cache on disk holds.

Must not know what the tuples mean, nor read or write files.
"""

from __future__ import annotations

import marshal
import zlib
from typing import Any, cast

# marshal gives back what it was given, but its type says nothing: rows are tuples of str, int, bool, None.
Row = tuple[Any, ...]

_CHECK_BYTES = 4


class DamagedError(ValueError):
    """These bytes were not sealed as that kind, or have changed since; make the value again."""


def seal(kind: bytes, rows: Row) -> bytes:
    """*rows* behind *kind*, which names the version too, and a checksum."""
    body = marshal.dumps(rows)
    return _head(kind, body) + body


def unseal(kind: bytes, data: bytes) -> Row:
    """The rows sealed as *kind*; raises DamagedError for all other bytes.

    marshal may crash the process on what it did not write itself: the checksum is looked at first.
    """
    body = data[len(kind) + _CHECK_BYTES :]
    if not data.startswith(_head(kind, body)):
        raise DamagedError(f"{len(data)} bytes that are no {kind.decode()}")
    return cast("Row", marshal.loads(body))  # noqa: S302 - written by seal()


def _head(kind: bytes, body: bytes) -> bytes:
    return kind + zlib.crc32(body).to_bytes(_CHECK_BYTES, "big")
