"""The order in which raw model text becomes a suggestion, readable as a list.

Must not wait: whether slang accepts a candidate is asked afterwards, by gate.py and repair.py.
"""

from __future__ import annotations

from collections.abc import Callable

from hdl_lsp.context.site import CompletionSite
from hdl_lsp.postprocess.balance_blocks import balance_blocks
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.drop_suffix_overlap import drop_suffix_overlap
from hdl_lsp.postprocess.finish_statement import finish_statement
from hdl_lsp.postprocess.one_line import one_line
from hdl_lsp.postprocess.reindent import reindent
from hdl_lsp.postprocess.stop_at_scope import stop_at_scope
from hdl_lsp.postprocess.trim_repetition import trim_repetition

Filter = Callable[[Candidate], Candidate | None]

FILTERS: tuple[Filter, ...] = (
    one_line,
    finish_statement,
    stop_at_scope,
    trim_repetition,
    drop_suffix_overlap,
    balance_blocks,
    reindent,
)


def run(text: str, site: CompletionSite, *, is_complete: bool = True) -> Candidate | None:
    """The suggestion that is left of *text*; None when a filter dropped it."""
    candidate: Candidate | None = Candidate(text, site, is_complete)
    for filter_ in FILTERS:
        if candidate is None:
            return None
        candidate = filter_(candidate)
    return candidate
