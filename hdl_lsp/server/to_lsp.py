"""Our values as LSP's, for one client and one snapshot.

Must not decide what is shown, nor change order; it converts positions and leaves out what the client can't take.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lsprotocol import types

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.presentation.symbols import LocatedSymbol, Symbol
from hdl_lsp.semantics.facts import Diagnostic, Related, Severity
from hdl_lsp.server.client import Client
from hdl_lsp.text import columns
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import SourceText, Span

SEVERITY: Mapping[Severity, types.DiagnosticSeverity] = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFORMATION: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}

_UNSEEN = "not compiled"
_UNSEEN_ANNOTATION = types.ChangeAnnotation(
    label="in branches that are not compiled",
    needs_confirmation=True,
    description="renamed by scopes alone: an `ifdef leaves these branches out",
)


@dataclass(frozen=True, slots=True)
class View:
    """How one client sees files: `text_of` and `uri_of` take absolute paths."""

    client: Client
    text_of: Callable[[str], SourceText | None]
    uri_of: Callable[[str], str]

    def position(self, text: SourceText, offset: int) -> types.Position:
        """*offset* as a line and column in the client's encoding."""
        line0, column = columns.position_at(text, offset, self.client.encoding)
        return types.Position(line0, column)

    def range(self, text: SourceText, where: Span) -> types.Range:
        """*where* as a range."""
        return types.Range(self.position(text, where.start), self.position(text, where.end))

    def location(self, path: str, where: Span) -> types.Location | None:
        """A place in a file; None when its text is not known."""
        text = self.text_of(path)
        return None if text is None else types.Location(self.uri_of(path), self.range(text, where))

    def targets(
        self, targets: Iterable[NavTarget], origin: types.Range | None = None
    ) -> list[types.Location] | list[types.LocationLink]:
        """Where answers lead: links with the whole declaration where the client takes them."""
        if not self.client.location_links:
            places = (self.location(target.path, target.focus) for target in targets)
            return [place for place in places if place is not None]
        links: list[types.LocationLink] = []
        for target in targets:
            text = self.text_of(target.path)
            if text is not None:
                focus = self.range(text, target.focus)
                full = self.range(text, target.full) if target.full.covers(target.focus) else focus
                links.append(types.LocationLink(self.uri_of(target.path), full, focus, origin))
        return links

    def locations(self, targets: Iterable[NavTarget]) -> list[types.Location]:
        """The focus of every target."""
        places = (self.location(target.path, target.focus) for target in targets)
        return [place for place in places if place is not None]

    def text_edits(self, text: SourceText, edits: Sequence[TextEdit]) -> list[types.TextEdit]:
        """Edits of one text."""
        return [types.TextEdit(self.range(text, e.span), e.new_text) for e in edits]

    def workspace_edit(
        self, path: str, text: SourceText, edits: Sequence[TextEdit], version: int | None
    ) -> types.WorkspaceEdit:
        """Edits of one file; tied to the document's version where the client can check it."""
        uri = self.uri_of(path)
        converted = self.text_edits(text, edits)
        if self.client.document_changes:
            document = types.OptionalVersionedTextDocumentIdentifier(uri, version)
            return types.WorkspaceEdit(
                document_changes=[types.TextDocumentEdit(document, list(converted))]
            )
        return types.WorkspaceEdit(changes={uri: converted})

    def edits_of_files(
        self,
        edits: Mapping[str, Sequence[TextEdit]],
        versions: Mapping[str, int],
        unseen: Collection[tuple[str, int]] = (),
    ) -> types.WorkspaceEdit:
        """Edits of several files by path; *versions* of the open ones tie them to what the client has.

        Those that start at one of *unseen*, which no compiler has looked at, are to be confirmed where a client can.
        """
        texts = {path: text for path in edits if (text := self.text_of(path)) is not None}
        if not self.client.document_changes:
            changes = {self.uri_of(p): self.text_edits(t, edits[p]) for p, t in texts.items()}
            return types.WorkspaceEdit(changes=changes)
        is_annotated = bool(unseen) and self.client.change_annotations
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(
                        self.uri_of(path), versions.get(path)
                    ),
                    [
                        types.AnnotatedTextEdit(_UNSEEN, plain.range, plain.new_text)
                        if is_annotated and (path, int(one.span.start)) in unseen
                        else plain
                        for one, plain in zip(
                            edits[path], self.text_edits(text, edits[path]), strict=True
                        )
                    ],
                )
                for path, text in texts.items()
            ],
            change_annotations={_UNSEEN: _UNSEEN_ANNOTATION} if is_annotated else None,
        )

    def diagnostic(self, text: SourceText, found: Diagnostic) -> types.Diagnostic:
        """One finding."""
        related = [self._related(r) for r in found.related]
        return types.Diagnostic(
            range=self.range(text, found.span),
            message=found.message,
            severity=SEVERITY[found.severity],
            code=found.code or None,
            code_description=types.CodeDescription(found.url)
            if found.url and self.client.code_description
            else None,
            source=found.source,
            tags=[types.DiagnosticTag.Unnecessary]
            if found.is_unused and self.client.diagnostic_tags
            else None,
            related_information=[r for r in related if r is not None] or None
            if self.client.related_information
            else None,
        )

    def _related(self, related: Related) -> types.DiagnosticRelatedInformation | None:
        place = self.location(related.path, related.span)
        return None if place is None else types.DiagnosticRelatedInformation(place, related.message)

    def document_symbol(self, text: SourceText, symbol: Symbol) -> types.DocumentSymbol:
        """One line of an outline with what is under it."""
        return types.DocumentSymbol(
            name=symbol.name or "-",  # LSP 3.18: a name must not be empty
            kind=types.SymbolKind[symbol.kind.value],
            range=self.range(text, symbol.span),
            selection_range=self.range(text, symbol.focus),
            detail=symbol.detail or None,
            children=[self.document_symbol(text, child) for child in symbol.children] or None,
        )

    def flat_symbols(
        self, uri: str, text: SourceText, symbols: Iterable[Symbol], container: str = ""
    ) -> list[types.SymbolInformation]:
        """The same as a list, for clients without hierarchy."""
        flat: list[types.SymbolInformation] = []
        for symbol in symbols:
            flat.append(
                types.SymbolInformation(
                    name=symbol.name or "-",
                    kind=types.SymbolKind[symbol.kind.value],
                    location=types.Location(uri, self.range(text, symbol.span)),
                    container_name=container or None,
                )
            )
            flat += self.flat_symbols(uri, text, symbol.children, symbol.name)
        return flat

    def workspace_symbol(self, located: LocatedSymbol) -> types.WorkspaceSymbol | None:
        """One hit of a search; None when its file is gone.

        A client that asks for the place when it needs it gets the file alone: no text has to be read for a list.
        """
        focus = located.symbol.focus
        if self.client.resolves_symbols:
            return types.WorkspaceSymbol(
                location=types.LocationUriOnly(self.uri_of(located.path)),
                name=located.symbol.name,
                kind=types.SymbolKind[located.symbol.kind.value],
                container_name=located.container or None,
                data={"start": focus.start, "end": focus.end},
            )
        place = self.location(located.path, focus)
        if place is None:
            return None
        return types.WorkspaceSymbol(
            location=place,
            name=located.symbol.name,
            kind=types.SymbolKind[located.symbol.kind.value],
            container_name=located.container or None,
        )


def words(markdown: str, *, as_markdown: bool) -> types.MarkupContent | str | None:
    """Documentation of an item: a plain string for clients that announce no format; None for none."""
    if not markdown:
        return None
    shown = markup(markdown, as_markdown=as_markdown)
    return shown if as_markdown else shown.value


def markup(markdown: str, *, as_markdown: bool) -> types.MarkupContent:
    """Markdown for clients that render it; for the others the fences are taken out."""
    if as_markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, markdown)
    lines = [line for line in markdown.split("\n") if not line.startswith("```")]
    return types.MarkupContent(types.MarkupKind.PlainText, "\n".join(lines))
