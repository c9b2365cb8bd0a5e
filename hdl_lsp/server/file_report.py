"""What `hdl/fileInfo` and `hdl-lsp doctor FILE` say of a file: its flags, and what the server holds of it.

Must not decide anything about the file (features/file_info.py does).
"""

from __future__ import annotations

from hdl_lsp.features.file_info import file_info
from hdl_lsp.semantics.summarise import BIG_FILE_BYTES
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.places import document_of
from hdl_lsp.text.decode import encoding_of
from hdl_lsp.text.source import SourceText
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.loader import RealDisk
from hdl_lsp.workspace.snapshot import Snapshot


async def reported(connection: Connection, params: object) -> object:
    """Answer of `hdl/fileInfo`, as docs/protocol.md describes it."""
    page = connection.page(document_of(params))
    return None if page is None else file_report(page.snapshot, page.file, page.text)


def file_report(snapshot: Snapshot, file: FileId, text: SourceText) -> dict[str, object]:
    """All of it, as JSON."""
    info = file_info(snapshot, file)
    facts = snapshot.facts(file)
    on_disk = RealDisk().read(info.path)
    is_indexed = snapshot.index.digest_of(file) == text.digest
    return {
        "path": info.path,
        "digest": text.digest,
        "bytes": text.size_bytes,
        "lines": text.line_count,
        "encoding": "" if on_disk is None else encoding_of(on_disk),
        "revision": snapshot.revision,
        "isOpen": file in snapshot.open_files,
        "isIndexed": is_indexed,
        "isBig": text.size_bytes > BIG_FILE_BYTES,
        "factsDigest": facts.digest if facts else None,
        "factsFailure": facts.failure if facts else "",
        "rule": info.rule,
        "why": info.why,
        "folder": info.folder,
        "role": info.role,
        "isThirdParty": info.is_third_party,
        "target": info.target,
        "tops": list(info.tops),
        "units": list(info.units),
        "includedBy": list(info.included_by),
        "compiledIn": info.compiled_in,
        "includeDirs": list(info.include_dirs),
        "defines": [f"{name}={value}" if value else name for name, value in info.defines],
        "macroFiles": list(info.macro_files),
        "unresolvedIncludes": list(info.unresolved_includes),
        "unresolvedMacros": list(info.unresolved_macros),
        "unresolvedNames": list(info.unresolved_names),
    }
