"""Inlay hints: what the code means but does not say, shown between its characters.

Must not be imported by another feature; answer.py is the entry, each other file makes one kind of hint.
"""

from hdl_lsp.features.inlay_hints.answer import inlay_hints
from hdl_lsp.features.inlay_hints.hint import HintKind, InlayHint

__all__ = ["HintKind", "InlayHint", "inlay_hints"]
