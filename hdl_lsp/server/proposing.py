"""Config inference with proof: tries what hdl-lsp.toml could say, one choice after the other, and counts errors.

Must not write anything, and must not use the processes of the session: trials would throw their caches away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from hdl_lsp.errors import HdlLspError
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.semantics.facts import Severity
from hdl_lsp.semantics.request import CompileOptions, DesignRequest, Input
from hdl_lsp.server import loading
from hdl_lsp.workspace import candidates, disk_look, inference, loader
from hdl_lsp.workspace.project_files.model import is_below
from hdl_lsp.workspace.proposal import (
    Choice,
    Kind,
    Proposal,
    gained,
    proof,
    relative,
    toml,
    unsolved,
)
from hdl_lsp.workspace.snapshot import Snapshot

MAX_INCLUDE_DIRS = 40
MAX_EXCLUDES = 12
MAX_TOPS = 3
MAX_OTHER_TOPS = 8

SHARED = "Macros that one file defines are known in all files without a word here"

TRIAL_NICENESS = 10

T = TypeVar("T")


@dataclass(slots=True)
class _Trials:
    """What is kept so far, and what that leaves of errors."""

    client: AnalysisClient
    root: str
    files: tuple[str, ...]
    options: CompileOptions
    progress: loading.Progress
    total: int = 1
    done: int = 0
    errors: dict[str, int] = field(default_factory=dict[str, int])
    messages: tuple[str, ...] = ()
    choices: list[Choice] = field(default_factory=list[Choice])

    @property
    def count(self) -> int:
        """Errors in all files."""
        return sum(self.errors.values())

    async def measure(
        self, files: tuple[str, ...], options: CompileOptions
    ) -> tuple[dict[str, int], tuple[str, ...]]:
        """Errors by file, and what they say."""
        request = DesignRequest(tuple(Input(path) for path in files), options)
        facts = await self.client.design(request)
        self.done += 1
        self.progress.report(min(self.done, self.total), self.total)
        wrong = {
            path: [d.message for d in found if d.severity is Severity.ERROR]
            for path, found in facts.diagnostics.items()
        }
        counts = {path: len(found) for path, found in wrong.items() if found}
        return counts, tuple(message for found in wrong.values() for message in found)

    async def attempt(
        self, kind: Kind, value: str, files: tuple[str, ...], options: CompileOptions
    ) -> None:
        """Tries one choice on top of what is kept, and keeps it if that removes errors."""
        if self.progress.is_cancelled or not self.count:
            return
        errors, messages = await self.measure(files, options)
        before, after = self.count, sum(errors.values())
        is_kept = after < before
        self.choices.append(
            Choice(kind, value, before, after, gained(self.errors, errors), is_kept)
        )
        if is_kept:
            self.errors, self.messages = errors, messages
            self.files, self.options = files, options


async def propose(
    snapshot: Snapshot,
    root: str,
    progress: loading.Progress,
    start: Callable[[], AnalysisClient] | None = None,
) -> Proposal:
    """What hdl-lsp.toml of the folder *root* should say, and what each line is worth.

    Greedy: include folders, the macros that hdl-lsp shares between files anyway, further macros, then folders to
    leave out, each on top of what was kept before; then the largest top that elaborates. Errors without anything
    are those of a compiler that is given every file by itself. The disk counts, not what is open in an editor.
    """
    files = candidates.compiled_files(snapshot, root)
    if not files:
        return Proposal(root, 0, 0, 0, failure="there is no HDL file in the folder")
    client = (start or _client)()
    trials = _Trials(client, root, files, CompileOptions(is_configured=True), progress)
    try:
        return await _proposed(snapshot, trials)
    except HdlLspError as err:
        return Proposal(root, len(files), 0, 0, failure=str(err))
    finally:
        await client.close()


def _client() -> AnalysisClient:
    return AnalysisClient("the trial analysis process", niceness=TRIAL_NICENESS)


async def _proposed(snapshot: Snapshot, trials: _Trials) -> Proposal:
    root, number = trials.root, len(trials.files)
    folders = candidates.include_folders(snapshot, root)[:MAX_INCLUDE_DIRS]
    scripts = await asyncio.to_thread(
        disk_look.named, root, candidates.is_script, candidates.MAX_SCRIPTS
    )
    macros = await _stepped(candidates.macros(snapshot, loader.RealDisk(), scripts))
    names = await _stepped(candidates.ranked_tops(snapshot, root))
    tops = [
        (name, await _stepped(candidates.design_files(snapshot, root, name)))
        for name in names[:MAX_TOPS]
    ]
    trials.total = 2 + len(folders) + len(macros) + MAX_EXCLUDES + len(tops)
    trials.errors, trials.messages = await trials.measure(trials.files, trials.options)
    before = trials.count
    for folder in folders:
        options = trials.options
        options = replace(options, include_dirs=(*options.include_dirs, folder))
        await trials.attempt(Kind.INCLUDE_DIR, relative(root, folder), trials.files, options)
    shared = inference.macro_files(snapshot.index, snapshot.memo, root)
    if shared:
        options = replace(trials.options, macro_files=shared)
        await trials.attempt(Kind.SHARED, SHARED, trials.files, options)
    for name, value in macros:
        options = replace(trials.options, defines=(*trials.options.defines, (name, value)))
        text = f"{name}={value}" if value else name
        await trials.attempt(Kind.DEFINE, text, trials.files, options)
    await _spare(snapshot, trials, tops[0][1] if tops else ())
    for name, files in tops:
        if await _elaborates(trials, name, files):
            break
    chosen = {choice.value for choice in trials.choices if choice.is_kept}
    others = [name for name in names if name not in chosen]
    return Proposal(
        root,
        number,
        before,
        trials.count,
        tuple(trials.choices),
        unsolved(trials.messages),
        tuple(others[:MAX_OTHER_TOPS]),
    )


async def _stepped(steps: Generator[None, None, T]) -> T:
    """What *steps* return; the loop turns between them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        await asyncio.sleep(0)


async def _spare(snapshot: Snapshot, trials: _Trials, own: tuple[str, ...]) -> None:
    """Tries to leave folders out, then to do without the include folders in them. *own*: files of the design."""
    root = trials.root
    excluded: list[str] = []
    for _ in range(2 if own else 0):  # with the worst gone, the next worst stand out
        spare = candidates.spare_folders(
            trials.files,
            root,
            trials.errors,
            own,
            lambda folder: candidates.is_needed(snapshot, trials.files, folder),
        )
        for folder in spare[:MAX_EXCLUDES]:
            left = tuple(path for path in trials.files if not is_below(path, folder))
            await trials.attempt(Kind.EXCLUDE, relative(root, folder), left, trials.options)
            excluded.append(folder)
    for folder in trials.options.include_dirs:
        if any(folder == other or is_below(folder, other) for other in excluded):
            await _without(trials, folder)


async def _without(trials: _Trials, folder: str) -> None:
    """Takes an include folder back if nothing needs it any more."""
    if trials.progress.is_cancelled:
        return
    rest = tuple(other for other in trials.options.include_dirs if other != folder)
    options = replace(trials.options, include_dirs=rest)
    errors, messages = await trials.measure(trials.files, options)
    if sum(errors.values()) <= trials.count:
        trials.errors, trials.messages, trials.options = errors, messages, options
        name = relative(trials.root, folder)
        trials.choices = [
            replace(c, is_kept=False) if c.kind is Kind.INCLUDE_DIR and c.value == name else c
            for c in trials.choices
        ]


async def _elaborates(trials: _Trials, top: str, files: tuple[str, ...]) -> bool:
    """Tries a top; kept when elaboration adds no more errors than there are files: otherwise half of it is missing."""
    if trials.progress.is_cancelled:
        return True
    errors, _ = await trials.measure(files, replace(trials.options, tops=(top,)))
    before = sum(trials.errors.get(path, 0) for path in files)
    after = sum(errors.values())
    is_kept = after <= before + len(files)
    trials.choices.append(Choice(Kind.TOP, top, before, after, len(files), is_kept))
    return is_kept


def as_json(found: Proposal) -> dict[str, object]:
    """Answer of `hdl/proposeConfig`, as docs/protocol.md describes it."""
    return {
        "folder": found.root,
        "files": found.files,
        "errorsBefore": found.before,
        "errorsAfter": found.after,
        "choices": [
            {
                "key": choice.kind.value,
                "value": choice.value,
                "errorsBefore": choice.before,
                "errorsAfter": choice.after,
                "files": choice.files,
                "isKept": choice.is_kept,
                "proof": proof(choice) if choice.is_kept else "",
            }
            for choice in found.choices
        ],
        "unsolved": [{"message": text, "count": number} for text, number in found.unsolved],
        "otherTops": list(found.other_tops),
        "toml": toml(found),
    }
