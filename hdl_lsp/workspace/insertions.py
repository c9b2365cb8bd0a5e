"""What an analysis process is asked about text that may be inserted: the file, and all files that any of it names.

Must not read the disk, nor know what is suggested.
"""

from __future__ import annotations

import re

from hdl_lsp.semantics.request import CheckRequest, DiagnosticsRequest, FactsRequest
from hdl_lsp.text.source import Offset, SourceText, encode
from hdl_lsp.workspace.closure import diagnostics_request
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

_WORD = re.compile(r"[A-Za-z_]\w*")


def check_request(
    snapshot: Snapshot,
    file: FileId,
    known: FactsRequest,
    offset: Offset,
    insertions: tuple[str, ...],
) -> CheckRequest:
    """What to ask about the text of *file* that *known* is about, with each of *insertions* at *offset*.

    The files that are compiled along are those that any of these texts needs.
    """
    context = dict.fromkeys(known.context)
    data = encode(known.main.text or "")
    paths = {known.main.path, *(source.path for source in known.context)}
    for insertion in insertions:
        if _leads_elsewhere(snapshot, paths, insertion):
            text = SourceText(data[:offset] + encode(insertion) + data[offset:])
            context.update(dict.fromkeys(diagnostics_request(snapshot, file, text).context))
    before = DiagnosticsRequest(
        known.main, tuple(context), known.options, known.overlays, known.includers
    )
    return CheckRequest(before, offset, insertions)


def _leads_elsewhere(snapshot: Snapshot, paths: set[str], insertion: str) -> bool:
    """A word of *insertion* names a module, package or interface that none of the files *paths* declares."""
    for word in dict.fromkeys(_WORD.findall(insertion)):
        declared_in = snapshot.index.files_in("units", word)
        if declared_in and not any(snapshot.path(one) in paths for one in declared_in):
            return True
    return False
