"""What a client was last sent of semantic tokens, by document; bounded.

Must not read tokens: it remembers.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.workspace.files import FileId

if TYPE_CHECKING:
    from hdl_lsp.features.semantic_tokens import Known

MOST_DOCUMENTS = 16
MOST_KNOWN_BYTES = 400_000  # of a text whose tokens are carried over an edit


@dataclass(frozen=True, slots=True)
class Sent:
    """The last answer about a whole document."""

    result_id: str
    data: array[int]


@dataclass(slots=True)
class TokenMemory:
    """Answers for deltas, tokens that outlive an edit, and what answers were made from."""

    made_from: dict[FileId, FileFacts | None] = field(
        default_factory=dict[FileId, "FileFacts | None"]
    )
    """Facts behind the last answer about an open file; None: by names."""
    _sent: OrderedDict[FileId, Sent] = field(default_factory=OrderedDict[FileId, Sent])
    _known: OrderedDict[FileId, Known] = field(default_factory=OrderedDict[FileId, "Known"])
    _count: int = 0

    def sent(self, file: FileId) -> Sent | None:
        """The last answer about *file*."""
        return self._sent.get(file)

    def send(self, file: FileId, data: array[int]) -> Sent:
        """A new answer about *file*, with an id of its own."""
        self._count += 1
        answer = self._sent[file] = Sent(str(self._count), data)
        self._sent.move_to_end(file)
        if len(self._sent) > MOST_DOCUMENTS:
            self._sent.popitem(last=False)
        return answer

    def known(self, file: FileId) -> Known | None:
        """The last tokens of *file* that were made from facts."""
        return self._known.get(file)

    def know(self, file: FileId, known: Known) -> None:
        """Keeps tokens made from facts, of a text that is not too big."""
        if known.text.size_bytes > MOST_KNOWN_BYTES:
            return
        self._known[file] = known
        self._known.move_to_end(file)
        if len(self._known) > MOST_DOCUMENTS:
            self._known.popitem(last=False)

    def forget(self, file: FileId) -> None:
        """Drops everything about *file*, which was closed."""
        self._sent.pop(file, None)
        self._known.pop(file, None)
        self.made_from.pop(file, None)
