"""A frozen table from names to the files that hold them, patched by sharing what did not change.

Must not know what the names mean: index.py keeps one such table per kind of name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hdl_lsp.workspace.files import FileId

BUCKETS = 512  # 100,000 names make 200 to a bucket: copying one takes microseconds

Bucket = Mapping[str, tuple[FileId, ...]]
_EMPTY: Bucket = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """name -> files, ascending. Copying for one changed name costs one bucket, not the table.

    Compared by identity: a patch that changes nothing gives the same object, so it can be a cache's key.
    """

    buckets: tuple[Bucket, ...] = field(default_factory=lambda: (_EMPTY,) * BUCKETS)

    def files(self, name: str) -> tuple[FileId, ...]:
        """The files of *name*, ascending by id; () when nobody holds it."""
        return self.buckets[hash(name) % BUCKETS].get(name, ())

    def names(self) -> Iterator[str]:
        """Every name, each once, in no order that means anything."""
        for bucket in self.buckets:
            yield from bucket

    def patched(
        self, added: Mapping[str, list[FileId]], removed: Mapping[str, list[FileId]]
    ) -> Postings:
        """The table without the pairs of *removed* and then with those of *added*."""
        if not added and not removed:
            return self
        fresh: dict[int, dict[str, tuple[FileId, ...]]] = {}
        for name in {*added, *removed}:
            number = hash(name) % BUCKETS
            bucket = fresh.get(number)
            if bucket is None:
                bucket = fresh[number] = dict(self.buckets[number])
            files = set(bucket.get(name, ()))
            files.difference_update(removed.get(name, ()))
            files.update(added.get(name, ()))
            if files:
                bucket[name] = tuple(sorted(files))
            else:
                bucket.pop(name, None)
        return Postings(tuple(fresh.get(n, bucket) for n, bucket in enumerate(self.buckets)))
