"""What can be written at an offset: one file per kind of place, joined by answer.py."""

from hdl_lsp.features.completion.answer import completion
from hdl_lsp.features.completion.items import CompletionItem, Completions, ItemKind

__all__ = ["CompletionItem", "Completions", "ItemKind", "completion"]
