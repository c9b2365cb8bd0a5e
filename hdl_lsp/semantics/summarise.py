"""FileSummary of one text.

Must not import slang before a text comes: a server that finds its index on disk has none to parse at the start.
"""

from __future__ import annotations

from hdl_lsp.semantics.summary import FileSummary
from hdl_lsp.text.source import SourceText

BIG_FILE_BYTES = 300_000
"""Above this a summary takes about 50 ms, and the analysis process should make it (invariant 8).

It also keeps slang's recursion over types and events within a stack of 8 MiB: they overflow it at
some 80,000 terms or more, which is longer than this. The analysis process has a deeper stack.
"""


def summarise(text: SourceText, path: str = "") -> FileSummary:
    """What *text* declares, names and includes.

    A function of the text and of whether *path* has a header's suffix, of nothing else: no other
    file, macro table or setting. (The suffix decides about the problem "not allowed here" only.)
    """
    from hdl_lsp.semantics import summariser

    return summariser.summarise(text, path)
