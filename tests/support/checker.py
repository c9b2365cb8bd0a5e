"""Real checks for tests: texts are compiled in this process.

Must not answer from anything but slang.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hdl_lsp.postprocess.gate import Checker
from hdl_lsp.semantics.candidates import Candidates
from hdl_lsp.semantics.checked import Checked
from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.text.source import Offset, SourceText
from hdl_lsp.workspace import closure
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.insertions import check_request
from hdl_lsp.workspace.snapshot import Snapshot


def checker(snapshot: Snapshot, file: FileId, seen: list[tuple[str, ...]] | None = None) -> Checker:
    """Compiles *file* with insertions; those of each call are appended to *seen*."""
    candidates = Candidates(Compiler())

    async def check(before: SourceText, offset: Offset, insertions: tuple[str, ...]) -> Checked:
        if seen is not None:
            seen.append(insertions)
        known = closure.facts_request(snapshot, file, before)
        return candidates.checked(check_request(snapshot, file, known, offset, insertions))

    return check


def text_checker(
    snapshot: Snapshot, file: FileId, seen: list[SourceText] | None = None
) -> Callable[[SourceText], Awaitable[FileFacts | None]]:
    """Compiles another text of *file*; each text that is asked about is appended to *seen*."""
    compiler = Compiler()

    async def check(text: SourceText) -> FileFacts | None:
        if seen is not None:
            seen.append(text)
        return compiler.diagnostics(closure.diagnostics_request(snapshot, file, text))

    return check
