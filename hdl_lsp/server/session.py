"""The only mutable object an answer can depend on: texts, names, project, settings, engine, analysis.

Must not know LSP: server and command line drive it. Only its methods and finished loads change it, on the loop.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from hdl_lsp.config import Config, Layer, Resolved
from hdl_lsp.errors import HdlLspError
from hdl_lsp.llm.engine import Engine, Lane
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.semantics.design_query import NotElaborated, Question, QuestionAnswer
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.name_uses import NamesFound, NamesRequest
from hdl_lsp.semantics.request import FactsRequest
from hdl_lsp.semantics.summarise import BIG_FILE_BYTES, summarise
from hdl_lsp.server import loading, settings
from hdl_lsp.server.big_summaries import BigSummaries
from hdl_lsp.server.design_findings import DesignFindings
from hdl_lsp.server.design_keeper import DesignKeeper
from hdl_lsp.server.engines import NO_MODEL, LazyEngine
from hdl_lsp.server.facts_keeper import FactsKeeper
from hdl_lsp.server.indexing import Indexing
from hdl_lsp.server.listeners import Listeners
from hdl_lsp.server.loading import Progress, Silent
from hdl_lsp.server.reading import Reading
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace import closure, loader
from hdl_lsp.workspace.disk_texts import DiskTexts
from hdl_lsp.workspace.files import FileId, FileTable
from hdl_lsp.workspace.index import WorkspaceIndex
from hdl_lsp.workspace.memo import Memo
from hdl_lsp.workspace.project_files.model import ProjectModel
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.store import Store
from hdl_lsp.workspace.summaries import Summaries
from hdl_lsp.workspace.vfs import Change, Closed, OnDisk, Opened, Vfs

log = logging.getLogger(__name__)

DEPENDANT_DELAY_S = (
    0.3  # files that name a changed one are compiled again when it has rested a while
)
DESIGN_NICENESS = 5  # whole designs run behind what is typed
DESIGN_MEMORY_BYTES = 2 << 30  # of which OpenTitan's Earl Grey takes 0.75 GB; more is old text


class Session:
    """A workspace that is being worked on."""

    def __init__(
        self,
        *,
        user_config: Path | None = None,
        engine: Engine | None = None,
        index_folder: Path | None = None,
    ) -> None:
        """*index_folder*: where indexes are kept between sessions; None for in memory only."""
        self.table = FileTable()
        self.texts = DiskTexts(self.table, loader.read, self._on_disk_change)
        self.vfs = Vfs(self.texts.text)
        self.memo = Memo()
        summaries = Summaries(Store(None, ""), loader.read)
        self.index = WorkspaceIndex(self.table, summaries)
        self.files = Indexing(self, summaries, index_folder)
        self.reading = Reading(self)
        self.project = ProjectModel()
        self.listeners = Listeners()
        self.roots: tuple[str, ...] = ()
        self.loads = 0  # how often the folders have been read to the end
        self.active_instance = ""  # hierarchical path whose values are shown; "" for no choice
        self._start_clients()
        self.design_findings = DesignFindings(self.table, self.vfs)
        self.designer = DesignKeeper(
            lambda: self.design,
            self._world,
            lambda: self.config.design,
            self.listeners,
            self.design_findings.elaborated,
        )
        self.keeper = FactsKeeper(lambda: self.shallow, self.facts_request, self._on_facts)
        self._user_config = user_config
        self._client_settings: Mapping[str, object] = {}
        self.settings: Resolved = settings.resolved((), {}, user=user_config)
        self.of_root: Mapping[str, Config] = {}  # with several folders, each one's own settings
        self.foreign: Mapping[str, object] = {}  # settings of other extensions
        self.target_choice = ""  # the build chosen at run time; stronger than `project.target`
        self._reported: set[str] = set()
        self.engine: Engine = engine or LazyEngine(lambda: self.config, self._on_state)
        self._revision = 0
        self._snapshot: Snapshot | None = None
        self._changed_files: set[FileId] = set()  # on disk, since they were indexed
        self._dirty: set[FileId] = set()  # open files whose summary is not of their present text
        self._big = BigSummaries(self._summarise_big)
        self._requests: dict[FileId, tuple[int, FactsRequest]] = {}

    # -- settings and folders

    @property
    def config(self) -> Config:
        """Every effective setting."""
        return self.settings.config

    def open_folder(
        self, roots: Iterable[str], client_settings: Mapping[str, object] | None = None
    ) -> None:
        """The workspace folders (absolute paths) and the client's settings; load() reads them."""
        self.roots = tuple(os.path.normpath(root) for root in roots)
        self.configure(client_settings)

    def configure(self, client_settings: Mapping[str, object] | None = None) -> bool:
        """Reads the settings again; true when the project must be loaded again."""
        if client_settings is not None:
            self._client_settings = client_settings
        before, before_of_files = self.config, settings.of_files(self.config, self.of_root)
        layers = (self.roots, self._client_settings, self._user_config)
        self.settings = settings.resolved(*layers)
        self.of_root = settings.of_folders(*layers)
        self.listeners.configured(self.config)
        self.report(settings.sentence(problem) for problem in self.settings.problems)
        if self.config != before:
            self.touched()
            self.keeper.schedule(self.vfs.open_files, self._delay_s())
        return settings.of_files(self.config, self.of_root) != before_of_files

    def origin(self, key: str) -> Layer:
        """Where the value of a setting came from."""
        return self.settings.origin[key]

    def report(self, sentences: Iterable[str]) -> None:
        """Tells the user what is new in *sentences*."""
        fresh = [s for s in dict.fromkeys(sentences) if s not in self._reported]
        if fresh:
            self._reported |= set(fresh)
            self.listeners.problems(fresh)

    # -- texts

    def apply(self, changes: Iterable[Change]) -> frozenset[FileId]:
        """The only door for changed texts: editor, watched file or load; gives the files that changed."""
        listed = tuple(changes)
        changed = self.vfs.apply(listed)
        self.design_findings.follow(change.file for change in listed)
        gone = [file for file in changed if file not in self.vfs.files]
        for file in gone:
            self.index = self.index.without(file)
            self._dirty.discard(file)
        for change in listed:
            match change:
                case Opened(file):
                    self._dirty.add(file)
                    self.keeper.schedule((file,), 0)
                    self.touched()
                case Closed(file):
                    self.keeper.forget(file)
                    self.touched()  # with the text of the disk, another file is open all the same
                case _:
                    pass
        if changed - self.vfs.open_files:
            self.keeper.forget_answers()  # texts of closed files travel by path: equal requests may differ
        if changed:
            self._dirty |= changed.difference(gone)
            self.touched()
            self._schedule_facts(changed)
            self.designer.changed()
        return changed

    def refresh(self, paths: Iterable[str]) -> frozenset[FileId]:
        """Reads *paths* from disk again, because somebody else changed them."""
        return self.apply(OnDisk(self.table.id_of(path), loader.read(path)) for path in paths)

    def _on_disk_change(self, file: FileId) -> None:
        """Somebody read a closed file whose text is no longer the one that the index is about."""
        if not self._changed_files:
            asyncio.get_running_loop().call_soon(self._refresh_changed)
        self._changed_files.add(file)

    def _refresh_changed(self) -> None:
        files, self._changed_files = self._changed_files, set[FileId]()
        self.refresh(self.table.path_of(file) for file in files if file in self.vfs.files)

    def snapshot(self) -> Snapshot:
        """The world now; the same object until something changes."""
        if self._snapshot is None or self._dirty:
            self._summarise_dirty()
        if self._snapshot is None:
            self._snapshot = Snapshot(
                revision=self._revision,
                table=self.table,
                files=self.vfs.files,
                open_files=self.vfs.open_files,
                project=self.project,
                index=self.index,
                config=self.config,
                memo=self.memo,
                known_facts=self.keeper.known,
                edits=self.vfs.edits,
                similar=self.files.similar.code,
            )
        return self._snapshot

    def touched(self) -> None:
        """The world is another one: the next snapshot is made anew."""
        self._revision += 1
        self._snapshot = None

    def _schedule_facts(self, changed: frozenset[FileId]) -> None:
        if not self.loads:
            return
        opened = self.vfs.open_files
        self.keeper.schedule(opened & changed, self._delay_s())
        paths = frozenset(self.table.path_of(file) for file in changed)
        dependants = (self.keeper.depending_on(paths) & opened) - changed
        self.keeper.schedule(dependants, max(DEPENDANT_DELAY_S, self._delay_s()))

    def _delay_s(self) -> float:
        return self.config.diagnostics.delay_ms / 1000

    def _summarise_dirty(self) -> None:
        """Brings the index up to date: small texts here and now (1 to 10 ms), big ones in the child."""
        made: loading.Summaries = {}
        for file in tuple(self._dirty):
            text = self.vfs.text(file)
            self._dirty.discard(file)
            self.vfs.let_go(file)
            if text is None or self.index.digest_of(file) == text.digest:
                continue
            if text.size_bytes > BIG_FILE_BYTES:
                self._big.start(file)
            else:
                made[file] = (text.digest, summarise(text, self.table.path_of(file)))
        if made:
            self._take_summaries(made)

    def _take_summaries(self, made: loading.Summaries) -> None:
        """Puts those into the index that are of the present texts."""
        texts = ((file, self.vfs.text(file)) for file in made)
        self.index = self.index.with_files(
            {f: made[f] for f, t in texts if t and t.digest == made[f][0]}
        )
        self.touched()

    async def summarised(self, file: FileId, wait_s: float) -> Snapshot:
        """The world when the summary of *file*, if it is a big one being made, is there; or after *wait_s* seconds."""
        await self._big.wait(file, wait_s)
        return self.snapshot()

    async def _summarise_big(self, file: FileId) -> bool:
        """Has the summary of a big file made elsewhere; false when its text has changed meanwhile."""
        text = self.vfs.text(file)
        if text is None or self.index.digest_of(file) == text.digest:
            return True
        await loading.summarise(
            [(file, text)], self.table, (self.design,), Silent(), self._take_summaries
        )
        if self.index.digest_of(file) == text.digest:
            self._schedule_facts(frozenset({file}))
        return self.vfs.text(file) == text

    # -- loading

    async def load(self, progress: Progress | None = None) -> None:
        """Reads the folders: project, texts, names. A second call replaces the first, which then returns."""
        await self.reading.run(progress or Silent())

    def loaded(self) -> None:
        """The folders were read, as far as the user let it."""
        self.loads += 1
        self._dirty |= self.vfs.open_files
        self.touched()
        self.keeper.forget_answers()  # texts of closed files travel by path: equal requests may differ
        self.keeper.schedule(self.vfs.open_files, 0)
        self.listeners.loaded()
        self.listeners.status()

    # -- analysis

    def facts_request(self, file: FileId) -> FactsRequest | None:
        """What to compile for *file* now; None when nothing is known of it, or nobody could resolve its names."""
        if not self.loads or file not in self.vfs.files:
            return None
        snapshot = self.snapshot()
        known = self._requests.get(file)
        if known is not None and known[0] == snapshot.revision:
            return known[1]
        request = closure.facts_request(snapshot, file)
        self._requests[file] = (snapshot.revision, request)
        return request

    def diagnosed(self, file: FileId) -> FileFacts | None:
        """What is known of exactly the present text of *file*: its facts, or its diagnostics alone."""
        text = self.vfs.text(file)
        return self.keeper.diagnostics_of(file, text.digest) if text is not None else None

    async def facts(self, file: FileId) -> FileFacts | None:
        """Facts of the present text of *file*; None while analysis is down or the workspace is not loaded."""
        return await self.keeper.facts(file)

    async def with_facts(self, snapshot: Snapshot, file: FileId, wait_s: float) -> Snapshot:
        """*snapshot* with facts of *file* if they come within *wait_s* seconds, else as it was."""
        if snapshot.fresh_facts(file) is not None:
            return snapshot
        try:
            async with asyncio.timeout(wait_s):
                facts = await self.facts(file)
        except TimeoutError:
            return snapshot
        text = snapshot.text(file)
        if facts is None or text is None or facts.digest != text.digest:
            return snapshot
        return replace(snapshot, known_facts={**snapshot.known_facts, file: facts})

    async def check_text(self, file: FileId, text: SourceText) -> FileFacts | None:
        """Diagnostics of *file* if its text were *text*; None while analysis is down."""
        try:
            return await self.shallow.diagnostics(
                closure.diagnostics_request(self.snapshot(), file, text)
            )
        except HdlLspError as err:
            log.info("a candidate was not checked: %s", err)
            return None

    async def names(
        self, request: NamesRequest, done: Callable[[int], None] | None = None
    ) -> NamesFound | None:
        """What names mean, by slang; None while analysis is down. *done* is told how many files there are so far."""
        try:
            return await self.design.names(request, done)
        except HdlLspError as err:
            log.info("references by name only: %s", err)
            return None

    @property
    def design_facts(self) -> DesignFacts | None:
        """What the last elaboration of the whole design told; None before the first."""
        return self.designer.facts

    def elaborate(self) -> asyncio.Task[None] | None:
        """The task that elaborates the whole design; `listeners.design` is told. None while the folders are read."""
        return self.designer.elaborate()

    async def design_query(self, question: Question) -> QuestionAnswer | NotElaborated:
        """The answer about the elaborated design, made of the present texts; else why there is none."""
        return await self.designer.query(question)

    def _world(self) -> Snapshot | None:
        return self.snapshot() if self.loads else None

    def _start_clients(self) -> None:
        """Two processes, so that what a person types never waits for a whole design; none is started yet."""
        self.shallow = AnalysisClient("the analysis process", on_state=self._on_state)
        self.design = AnalysisClient(
            "the design analysis process",
            on_state=self._on_state,
            niceness=DESIGN_NICENESS,
            memory_limit_bytes=DESIGN_MEMORY_BYTES,
        )

    def has_model(self, lane: Lane) -> bool:
        """A model for *lane* can be asked."""
        engine = self.engine
        status = engine.lane_status(lane) if isinstance(engine, LazyEngine) else engine.status()
        return status.state not in NO_MODEL

    async def warm_engine(self) -> None:
        """Loads the model ahead of the first question."""
        if isinstance(self.engine, LazyEngine):
            await self.engine.warm()

    async def restart_workers(self) -> None:
        """Starts analysis and model again, whatever they are doing."""
        old = (self.shallow, self.design)
        self._start_clients()
        await asyncio.gather(*(client.close() for client in old), self.engine.close())
        self.keeper.forget_answers()
        self.designer.forget()
        self.keeper.schedule(self.vfs.open_files, 0)

    async def close(self) -> None:
        """Ends every task and process."""
        await self.reading.close()
        await asyncio.gather(self._big.close(), self.keeper.close(), self.designer.close())
        await self.files.close()
        await asyncio.gather(self.shallow.close(), self.design.close(), self.engine.close())

    def _on_facts(self, file: FileId) -> None:
        """Facts are part of a snapshot: the next one has the new ones."""
        self._snapshot = None
        self.listeners.facts(file)

    def _on_state(self, *_state: object) -> None:
        self.listeners.status()
