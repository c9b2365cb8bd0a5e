"""A real Checker for tests: compiles candidate texts in this process.

Must not answer from anything but slang.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from hdl_lsp.semantics.compile import Compiler
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace import closure
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot


def checker(
    snapshot: Snapshot, file: FileId, seen: list[SourceText] | None = None
) -> Callable[[SourceText], Awaitable[FileFacts | None]]:
    """Compiles another text of *file*; each text that is asked about is appended to *seen*."""
    compiler = Compiler()

    async def check(text: SourceText) -> FileFacts | None:
        if seen is not None:
            seen.append(text)
        return compiler.diagnostics(closure.diagnostics_request(snapshot, file, text))

    return check
