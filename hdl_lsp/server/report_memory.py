"""What is remembered between two pulls of the workspace's diagnostics; bounded by the files that have any.

Must not make reports (diagnostic_reports.py does).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hdl_lsp.config import Config
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.project_files.model import ProjectModel

Basis = tuple[DesignFacts | None, Config, ProjectModel]


@dataclass(slots=True)
class ReportMemory:
    """Result ids of closed files, valid for one basis."""

    is_pulled: bool = False
    """The client pulls the whole workspace: nothing is pushed any more."""
    related: set[FileId] = field(default_factory=set[FileId])
    """Closed files whose findings were sent together with another file's."""
    _basis: Basis | None = None
    _ids: dict[FileId, tuple[str, str]] = field(default_factory=dict[FileId, tuple[str, str]])

    def based_on(self, basis: Basis) -> None:
        """Forgets every id when what all files depend on is another object than before."""
        known = self._basis
        if known is None or any(a is not b for a, b in zip(known, basis, strict=True)):
            self._ids.clear()
            self._basis = basis

    def id_of(self, file: FileId, digest: str) -> str | None:
        """The result id of the text with *digest*; None when it has to be worked out."""
        known = self._ids.get(file)
        return known[1] if known is not None and known[0] == digest else None

    def remember(self, file: FileId, digest: str, result_id: str) -> None:
        """Keeps a result id."""
        self._ids[file] = (digest, result_id)
