"""A folder of real sources as a Snapshot: summaries and a project now, facts when they are asked for.

Must not be used where parse_fixture() is enough: reading a design takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from hdl_lsp.config import Config
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.summarise import summarise
from hdl_lsp.text.decode import decode
from hdl_lsp.workspace import closure
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.index import WorkspaceIndex
from hdl_lsp.workspace.loader import RealDisk
from hdl_lsp.workspace.memo import Memo
from hdl_lsp.workspace.project import find_project
from hdl_lsp.workspace.snapshot import Snapshot


class CompiledFacts(Mapping[FileId, FileFacts]):
    """Facts of any file of a snapshot, compiled in this process when somebody asks for them."""

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self._known: dict[FileId, FileFacts] = {}
        self._compiler = Compiler()

    def __getitem__(self, file: FileId) -> FileFacts:
        if self.snapshot is None or file not in self.snapshot.files:
            raise KeyError(file)
        if file not in self._known:
            request = closure.facts_request(self.snapshot, file)
            self._known[file] = self._compiler.facts(request)
        return self._known[file]

    def __iter__(self) -> Iterator[FileId]:
        return iter(self.snapshot.files if self.snapshot else ())

    def __len__(self) -> int:
        return len(self.snapshot.files) if self.snapshot else 0


def load(root: Path, sources: Iterable[Path]) -> Snapshot:
    """The workspace folder *root* with *sources*, none of them open."""
    table = FileTable()
    texts = {table.id_of(str(path)): decode(path.read_bytes()) for path in sources}
    paths = sorted(table.path_of(file) for file in texts)
    facts = CompiledFacts()
    snapshot = Snapshot(
        revision=1,
        table=table,
        files=texts,
        open_files=frozenset(),
        project=find_project((str(root),), Config(), RealDisk(), paths),
        index=WorkspaceIndex(table).with_files(
            {f: (text.digest, summarise(text, table.path_of(f))) for f, text in texts.items()}
        ),
        config=Config(),
        memo=Memo(),
        known_facts=facts,
    )
    facts.snapshot = snapshot
    return snapshot
