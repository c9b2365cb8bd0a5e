"""The world at one revision: what every feature is a function of.

Must not change, wait or read the disk. Built by the server's Session (and by the command line) and shared freely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hdl_lsp.config import Config
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.summary import FileSummary
from hdl_lsp.syntax.tree import SyntaxTree
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.index import WorkspaceIndex
from hdl_lsp.workspace.memo import Memo
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.recent_edits import RecentEdit
from hdl_lsp.workspace.similar_code import SimilarCode


@dataclass(frozen=True)
class Snapshot:
    """Everything a feature may know, at one revision. Sharing it is free; it never changes."""

    revision: int  # grows by one with every applied change
    table: FileTable  # path <-> id
    files: Mapping[FileId, SourceText]  # open buffers over files whose text was read
    open_files: frozenset[FileId]
    project: ProjectModel
    index: WorkspaceIndex
    config: Config
    memo: Memo
    known_facts: Mapping[FileId, FileFacts] = field(default_factory=dict[FileId, FileFacts])
    """Newest facts of open files; may be of an older text (compare `digest`)."""

    edits: tuple[RecentEdit, ...] = ()
    """What was changed in an editor lately, newest first."""

    similar: SimilarCode | None = None
    """Where in the repository words stand: a hint that may be of older texts, like the index on disk."""

    def text(self, file: FileId) -> SourceText | None:
        """The text of *file*; None when it was never read."""
        return self.files.get(file)

    def path(self, file: FileId) -> str:
        """Absolute path of *file*."""
        return self.table.path_of(file)

    def syntax(self, file: FileId) -> SyntaxTree:
        """tree-sitter's tree of *file*, memoised; of an empty text when the file was never read."""
        return self.memo.syntax(file, self.files.get(file) or SourceText(b""))

    def summary(self, file: FileId) -> FileSummary:
        """Summary of *file*: from the index while it is of the present text, else parsed now (1 to 10 ms)."""
        return self.index.summary_of(file) or FileSummary()

    def facts(self, file: FileId) -> FileFacts | None:
        """Newest facts of *file*, for the present text or an older one; None when there are none yet."""
        return self.known_facts.get(file)

    def fresh_facts(self, file: FileId) -> FileFacts | None:
        """Facts of exactly the present text of *file*, else None."""
        facts, text = self.known_facts.get(file), self.files.get(file)
        return facts if facts and text and facts.digest == text.digest else None
