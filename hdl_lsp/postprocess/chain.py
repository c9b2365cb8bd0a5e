"""The order in which raw model text becomes a suggestion, readable as a list.

Must not wait: whether slang accepts a candidate is asked afterwards, by gate.py and repair.py.
"""

from __future__ import annotations

from collections.abc import Callable

from hdl_lsp.context.site import CompletionSite
from hdl_lsp.postprocess.align_columns import align_columns
from hdl_lsp.postprocess.balance_blocks import balance_blocks
from hdl_lsp.postprocess.candidate import Candidate
from hdl_lsp.postprocess.comment_runaway import comment_runaway
from hdl_lsp.postprocess.drop_empty import drop_empty
from hdl_lsp.postprocess.drop_suffix_overlap import drop_suffix_overlap
from hdl_lsp.postprocess.endless_line import endless_line
from hdl_lsp.postprocess.finish_statement import finish_statement
from hdl_lsp.postprocess.half_tokens import half_tokens
from hdl_lsp.postprocess.one_line import one_line
from hdl_lsp.postprocess.reindent import reindent
from hdl_lsp.postprocess.stop_at_scope import stop_at_scope
from hdl_lsp.postprocess.trim_repetition import trim_repetition

Filter = Callable[[Candidate], Candidate | None]

FILTERS: tuple[Filter, ...] = (
    # What does not belong there at all.
    one_line,
    comment_runaway,
    finish_statement,
    half_tokens,
    endless_line,
    # What was said already, or is not the candidate's to say.
    stop_at_scope,
    trim_repetition,
    drop_suffix_overlap,
    # How it is written.
    reindent,
    balance_blocks,
    align_columns,
    drop_empty,
)


def run(text: str, site: CompletionSite, *, is_complete: bool = True) -> Candidate | None:
    """The suggestion that is left of *text*; None when a filter dropped it."""
    candidate: Candidate | None = Candidate(text, site, is_complete)
    for filter_ in FILTERS:
        if candidate is None:
            return None
        candidate = filter_(candidate)
    return candidate
