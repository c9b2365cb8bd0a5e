"""What the client at the other end can do, in the terms in which handlers ask.

Must not decide anything: it repeats the capabilities of `initialize`, with LSP's defaults filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from lsprotocol import types
from pygls.capabilities import get_capability

from hdl_lsp.text.columns import Encoding


@dataclass(frozen=True, slots=True)
class Client:
    """Capabilities of the client; the defaults are those of a client that announces nothing."""

    encoding: Encoding = Encoding.UTF16
    pulls_diagnostics: bool = False
    refreshes_diagnostics: bool = False
    refreshes_tokens: bool = False
    refreshes_hints: bool = False
    refreshes_lenses: bool = False
    resolves_symbols: bool = False  # asks for the range of a workspace symbol when it is needed
    related_documents: bool = False  # takes reports of other files with a pulled one
    related_information: bool = False
    diagnostic_tags: bool = False
    code_description: bool = False
    diagnostic_versions: bool = False
    hover_markdown: bool = True  # contentFormat left out: Markdown was there before the choice was
    completion_markdown: bool = False
    signature_markdown: bool = False
    snippets: bool = False
    label_offsets: bool = False  # parameter labels of signatures as offsets into the label
    location_links: bool = False
    hierarchical_symbols: bool = False
    inline_completion: bool = False
    action_literals: bool = False
    action_resolves_edit: bool = False
    action_tags: bool = False  # understands CodeActionTag.LLMGenerated
    document_changes: bool = False
    change_annotations: bool = False
    progress: bool = False
    configuration: bool = False
    watches_files: bool = False  # takes a dynamic registration of file watchers
    link_tooltips: bool = False
    fold_lines_only: bool = False
    retries: frozenset[str] = frozenset()  # methods for which ContentModified may be answered


def client_of(capabilities: types.ClientCapabilities, encoding: Encoding) -> Client:
    """The Client behind *capabilities*; *encoding* is the one chosen from its preferences."""

    def has(path: str) -> bool:
        return bool(get_capability(capabilities, path, False))

    def values(path: str) -> Sequence[object]:
        return cast("Sequence[object]", get_capability(capabilities, path, None) or ())

    def markdown(path: str, default: bool) -> bool:
        kinds = values(path)
        return types.MarkupKind.Markdown in kinds if kinds else default

    return Client(
        encoding=encoding,
        # Only a client that can be told to pull again: capabilities.py offers no diagnosticProvider to others.
        pulls_diagnostics=get_capability(capabilities, "text_document.diagnostic", None) is not None
        and has("workspace.diagnostics.refresh_support"),
        refreshes_diagnostics=has("workspace.diagnostics.refresh_support"),
        refreshes_tokens=has("workspace.semantic_tokens.refresh_support"),
        refreshes_hints=has("workspace.inlay_hint.refresh_support"),
        refreshes_lenses=has("workspace.code_lens.refresh_support"),
        resolves_symbols="location.range" in values("workspace.symbol.resolve_support.properties"),
        related_documents=has("text_document.diagnostic.related_document_support"),
        related_information=has("text_document.publish_diagnostics.related_information")
        or has("text_document.diagnostic.related_information"),
        diagnostic_tags=bool(values("text_document.publish_diagnostics.tag_support.value_set"))
        or bool(values("text_document.diagnostic.tag_support.value_set")),
        code_description=has("text_document.publish_diagnostics.code_description_support")
        or has("text_document.diagnostic.code_description_support"),
        diagnostic_versions=has("text_document.publish_diagnostics.version_support"),
        hover_markdown=markdown("text_document.hover.content_format", default=True),
        completion_markdown=markdown(
            "text_document.completion.completion_item.documentation_format", default=False
        ),
        signature_markdown=markdown(
            "text_document.signature_help.signature_information.documentation_format", default=False
        ),
        snippets=has("text_document.completion.completion_item.snippet_support"),
        label_offsets=has(
            "text_document.signature_help.signature_information.parameter_information.label_offset_support"
        ),
        location_links=has("text_document.definition.link_support"),
        hierarchical_symbols=has(
            "text_document.document_symbol.hierarchical_document_symbol_support"
        ),
        inline_completion=get_capability(capabilities, "text_document.inline_completion", None)
        is not None,
        action_literals=get_capability(
            capabilities, "text_document.code_action.code_action_literal_support", None
        )
        is not None,
        action_resolves_edit="edit"
        in values("text_document.code_action.resolve_support.properties")
        and has("text_document.code_action.data_support"),
        action_tags=types.CodeActionTag.LlmGenerated
        in values("text_document.code_action.tag_support.value_set"),
        document_changes=has("workspace.workspace_edit.document_changes"),
        change_annotations=has("workspace.workspace_edit.change_annotation_support")
        and has("workspace.workspace_edit.document_changes"),
        progress=has("window.work_done_progress"),
        configuration=has("workspace.configuration"),
        watches_files=has("workspace.did_change_watched_files.dynamic_registration"),
        link_tooltips=has("text_document.document_link.tooltip_support"),
        fold_lines_only=has("text_document.folding_range.line_folding_only"),
        retries=frozenset(
            str(method)
            for method in values("general.stale_request_support.retry_on_content_modified")
        ),
    )
