"""What the elaborated design says about one open file, moved along with the edits since.

Must not import pyslang, nor decide what is shown (features/diagnostics.py does). An elaboration takes seconds where
a key takes milliseconds: what it found elsewhere in the file stays true in the meantime, and must not flicker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hdl_lsp.semantics.design_facts import DesignFacts
from hdl_lsp.semantics.facts import Diagnostic
from hdl_lsp.text.edit import TextEdit, minimal_edit
from hdl_lsp.text.source import SourceText, Span, encode, span

LINE_ENDS = (b"\n", b"\r")

MAX_TOUCHED = 64
"""Places that are kept apart; more edits than that between two elaborations become one place around them all."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Findings of the design in the present text of a file."""

    text: SourceText
    findings: tuple[Diagnostic, ...]
    design: DesignFacts  # of this text, or of an older one
    touched: tuple[Span, ...] = ()  # lines that were edited since, in the present text

    def is_touched(self, where: Span) -> bool:
        """A line of *where* is not the one that was elaborated."""
        around = _lines(self.text, where)
        return any(
            around.start <= place.end and place.start <= around.end for place in self.touched
        )


def carried(design: DesignFacts, path: str, text: SourceText) -> Carried | None:
    """What *design* says about *path*; None unless it was elaborated with exactly this text, from a top."""
    if design.is_lint_only or design.digests.get(path) != text.digest:
        return None
    return Carried(text, tuple(design.diagnostics.get(path, ())), design)


def moved(known: Carried, path: str, text: SourceText) -> Carried:
    """*known* in the newer *text* of *path*, without what stood on a line that was edited."""
    edit = minimal_edit(known.text, text)
    if edit is None:
        return known
    edit = _from_line_start(known.text, edit)
    findings: list[Diagnostic] = []
    for one in known.findings:
        where = _after(known.text, edit, text, one.span)
        if where is not None:
            related = tuple(other for other in one.related if other.path != path)
            findings.append(replace(one, span=where, related=related))
    places = [_after(known.text, edit, text, place) for place in known.touched]
    touched = [place for place in places if place is not None]
    new = encode(edit.new_text)
    last = len(new) - 1 if new.endswith(LINE_ENDS) else len(new)
    touched.append(_lines(text, span(edit.span.start, edit.span.start + last)))
    if len(touched) > MAX_TOUCHED:
        touched = [span(min(t.start for t in touched), max(t.end for t in touched))]
    return Carried(text, tuple(findings), known.design, tuple(sorted(touched)))


def _from_line_start(old: SourceText, edit: TextEdit) -> TextEdit:
    """The same edit as whole lines, if it can be seen so: of equal beginnings minimal_edit() takes the later one."""
    start, removed, new = edit.span.start, edit.span.length, encode(edit.new_text)
    if bool(removed) == bool(new):
        return edit
    moved_text = new or old.data[start : edit.span.end]
    back = start - old.line_span(old.line_of(start)).start
    if not back or old.data[start - back : start] != moved_text[-back:]:
        return edit
    text = new[-back:] + new[:-back]
    return TextEdit(span(start - back, edit.span.end - back), text.decode("utf-8", "replace"))


def _after(old: SourceText, edit: TextEdit, new: SourceText, where: Span) -> Span | None:
    """Where *where* of the *old* text lies in the *new* one; None when one of its lines was edited."""
    lines, shift = _lines(old, where), new.size_bytes - old.size_bytes
    if edit.span.end <= lines.start:
        start = lines.start + shift
        is_whole = start == 0 or new.data[start - 1 : start] in LINE_ENDS
        return span(where.start + shift, where.end + shift) if is_whole else None
    if edit.span.start >= lines.end:
        is_whole = new.data[lines.end : lines.end + 1] in (b"", *LINE_ENDS)
        return where if is_whole else None
    return None


def _lines(text: SourceText, where: Span) -> Span:
    """The whole lines of *where*, without the last line end."""
    first, last = text.line_of(where.start), text.line_of(where.end)
    return span(text.line_span(first).start, text.line_span(last).end)
