"""What the elaborated design says about every open file, kept up while it is edited.

Must not know LSP, nor elaborate. Only the Session changes it, synchronously.
"""

from __future__ import annotations

from collections.abc import Iterable

from hdl_lsp.semantics.carried import Carried, carried, moved
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.vfs import Vfs


class DesignFindings:
    """By open file. A file that is no part of the design has none."""

    def __init__(self, table: FileTable, vfs: Vfs) -> None:
        self._table = table
        self._vfs = vfs
        self._design: DesignFacts | None = None
        self._known: dict[FileId, Carried] = {}

    def of(self, file: FileId) -> Carried | None:
        """What is known of the present text of *file*."""
        return self._known.get(file)

    def elaborated(self, design: DesignFacts) -> None:
        """A newer elaboration counts."""
        self._design = design
        self.follow(self._vfs.open_files)

    def follow(self, files: Iterable[FileId]) -> None:
        """Brings *files*, that were opened, edited or closed, up to date."""
        opened = self._vfs.open_files
        for file in files:
            if file in opened:
                self._follow(file)
            else:
                self._known.pop(file, None)

    def _follow(self, file: FileId) -> None:
        """As the text was elaborated, or moved along from what was."""
        design, known = self._design, self._known.get(file)
        path, text = self._table.path_of(file), self._vfs.text(file)
        if design is None or text is None:
            return
        fresh = carried(design, path, text)
        if fresh is not None:
            self._known[file] = fresh
        elif design.is_lint_only or path not in design.digests:
            self._known.pop(file, None)
        elif known is not None:
            self._known[file] = moved(known, path, text)
