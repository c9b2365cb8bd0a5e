"""Answers as annotated source, for expectations that a person can read.

Must not know any feature: it shows places in texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.text.source import SourceText, Span
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support.fixture import Fixture

Where = Fixture | Snapshot


def render_targets(where: Where, targets: Iterable[NavTarget]) -> str:
    """Every target's path, 1-based line and line, with carets under its focus; in the order given.

    A path is printed once for targets that follow each other. No targets: "nowhere".
    """
    places = [(target.path, target.focus, "") for target in targets]
    return render_places(where, places) or "nowhere\n"


def render_places(where: Where, places: Iterable[tuple[str, Span, str]]) -> str:
    """The same for (path, span, label) triples; the label stands behind the carets."""
    texts = _texts(where)
    lines: list[str] = []
    last = ""
    for path, where_in, label in places:
        if path != last:
            lines.append(path)
            last = path
        if path in texts:
            lines += _marked_line(texts[path], where_in, label)
        else:
            lines.append(f"    | bytes {where_in.start} to {where_in.end} {label}".rstrip())
    return "".join(f"{line}\n" for line in lines)


def render_spans(text: SourceText, spans: Iterable[tuple[Span, str]]) -> str:
    """(span, label) pairs under their lines of *text*, without a path."""
    return "".join(
        f"{line}\n" for place, label in spans for line in _marked_line(text, place, label)
    )


def render_under(text: SourceText, labelled: Iterable[tuple[Span, str]]) -> str:
    """Every line of *text*, and under it carets and a label for each of its (span, label) pairs, in their order."""
    under: dict[int, list[str]] = {}
    for place, label in labelled:
        _, carets = _marked_line(text, place, label)
        under.setdefault(text.line_of(place.start), []).append(carets)
    lines: list[str] = []
    for line0 in range(text.line_count):
        lines.append(f"{line0 + 1:>3} | {text.line_text(line0)}".rstrip())
        lines += under.get(line0, [])
    return "".join(f"{line}\n" for line in lines)


def _texts(where: Where) -> Mapping[str, SourceText]:
    if isinstance(where, Fixture):
        return {path: SourceText.of(text) for path, text in where.files.items()}
    return {where.path(file): text for file, text in where.files.items()}


def _marked_line(text: SourceText, place: Span, label: str) -> tuple[str, str]:
    """The line on which *place* starts and carets under it, as far as that line goes; `|` for an empty span."""
    line0 = text.line_of(place.start)
    line = text.line_span(line0)
    before = len(text.slice(Span(line.start, min(place.start, line.end))))
    end = min(place.end, line.end)
    width = len(text.slice(Span(place.start, end))) if place.start < end else 0
    mark = "^" * width or "|"
    more = " ..." if text.line_of(place.end) > line0 and place.end > line.end else ""
    shown = text.line_text(line0).replace("\t", " ")
    return (
        f"{line0 + 1:>3} | {shown}".rstrip(),
        f"    | {' ' * before}{mark}{more} {label}".rstrip(),
    )
