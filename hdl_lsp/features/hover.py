"""What a name is, in a few lines: declaration as written, resolved type, value, comment, place.

Must not wait for a model or for fresh facts: with old facts, types and values are matched by name.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from hdl_lsp.presentation.markup import bits, code, code_block, one_line, plain, sections, squeezed
from hdl_lsp.presentation.numbers import LITERAL, Literal, digits_fit, read, spelled, value_in_words
from hdl_lsp.semantics.facts import FileFacts
from hdl_lsp.semantics.summary import DESIGN_UNITS, Decl, DeclKind
from hdl_lsp.syntax.comments import doc_comment
from hdl_lsp.syntax.cursor import CursorKind, cursor
from hdl_lsp.syntax.words import SYSTEM_TASKS
from hdl_lsp.text.source import SourceText, Span, span
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.includes import find_include
from hdl_lsp.workspace.lookup import Found, declaring_macro, is_macro_name, look_up
from hdl_lsp.workspace.macro_arguments import macro_argument
from hdl_lsp.workspace.macro_steps import (
    Definition,
    bound,
    definition_of,
    distinct,
    steps,
    use_at,
)
from hdl_lsp.workspace.names import macros
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.written import cut, written

_LONGEST_EXPANSION = 16  # lines
_LONGEST_USE = 4_000  # bytes of a macro's arguments
_SELF_EXPLAINING = frozenset(
    {
        DeclKind.FUNCTION.value,
        DeclKind.TASK.value,
        DeclKind.ENUM_MEMBER.value,
        DeclKind.GENVAR.value,
    }
)
_LONGEST_TYPE = 160  # characters; an enum of 200 members is not read in a pop-up


@dataclass(frozen=True, slots=True)
class Hover:
    """Markdown about what *span* names."""

    span: Span
    markdown: str


def hover(snapshot: Snapshot, file: FileId, offset: int) -> Hover | None:
    """What is known about the name, literal, macro, system task or include path at *offset*; None elsewhere."""
    text = snapshot.text(file)
    if text is None:
        return None
    at = cursor(snapshot.syntax(file), offset)
    match at.kind:
        case CursorKind.COMMENT:
            return None
        case CursorKind.INCLUDE:
            return _include(snapshot, file, offset)
        case CursorKind.STRING:
            return None
        case CursorKind.NUMBER:
            return _number(text, offset)
        case CursorKind.SYSTEM:
            return _system_task(at.word, at.word_span)
        case _:
            pass
    if not at.word:
        return _number(text, offset)
    if is_macro_name(snapshot, file, at):
        return _macro(snapshot, file, at.word, at.word_span, offset)
    formal = macro_argument(snapshot, file, offset)
    if formal is not None:
        head = f"`define {formal.macro.name}({', '.join(formal.macro.arguments or ())})"
        return Hover(formal.span, sections((code_block(head), "argument of the macro")))
    found = look_up(snapshot, file, offset)
    return _declaration(snapshot, file, found) if found else None


def _declaration(snapshot: Snapshot, file: FileId, found: Found) -> Hover:
    best = found.best
    parts = [
        code_block(written(snapshot, best) or _from_fact(best)),
        _facts_line(snapshot, best),
        _comment(snapshot, best),
        _place(snapshot, file, found.declared),
    ]
    return Hover(found.span, sections(parts))


def _from_fact(declared: Declared) -> str:
    pieces = (declared.direction, declared.type_text, declared.name)
    return " ".join(piece for piece in pieces if piece)


def _facts_line(snapshot: Snapshot, declared: Declared) -> str:
    symbol = declared.symbol
    pieces = [_role(snapshot, declared)]
    if symbol is not None:
        if _is_type_news(snapshot, declared, symbol.type_text):
            pieces.append(code(one_line(symbol.type_text, _LONGEST_TYPE)))
        if symbol.bit_width and declared.kind not in {"function", "task"}:
            pieces.append(bits(symbol.bit_width))
        if symbol.value:
            pieces.append(f"value {code(one_line(value_in_words(symbol.value)))}")
    return " · ".join(piece for piece in pieces if piece)


def _is_type_news(snapshot: Snapshot, declared: Declared, type_text: str) -> bool:
    """The resolved type says more than the declaration as it is written."""
    if not type_text or declared.kind in _SELF_EXPLAINING:
        return False
    as_written = written(snapshot, declared)
    if declared.kind == DeclKind.TYPEDEF.value and "{" in as_written:
        return False
    return "".join(type_text.split()) not in "".join(as_written.split())


def _role(snapshot: Snapshot, declared: Declared) -> str:
    kind = declared.kind
    if kind == DeclKind.PORT.value and declared.direction:
        what = "argument" if _is_argument(snapshot, declared) else "port"
        kind = f"{declared.direction} {what}"
    if kind == DeclKind.STRUCT_MEMBER.value:
        kind = "field"
    if kind == DeclKind.INSTANCE.value and declared.container:
        return f"instance in {code(declared.container)}"
    if declared.container:
        return f"{kind} of {code(declared.container)}"
    return kind if not written(snapshot, declared).startswith(kind) else ""


def _is_argument(snapshot: Snapshot, declared: Declared) -> bool:
    holder = _holder(snapshot, declared)
    return holder is not None and holder.kind not in DESIGN_UNITS


def _holder(snapshot: Snapshot, declared: Declared) -> Decl | None:
    """The declaration around *declared*."""
    if declared.file is None or declared.decl is None or declared.decl.parent is None:
        return None
    return snapshot.summary(declared.file).decls[declared.decl.parent]


def _comment(snapshot: Snapshot, declared: Declared) -> str:
    text = snapshot.text(declared.file) if declared.file is not None else None
    if text is None:
        return ""
    holder = _holder(snapshot, declared)
    if holder and text.line_of(holder.span.start) == text.line_of(declared.focus.start):
        return ""  # what stands above or behind is about the holder
    start = declared.full.start if declared.full.covers(declared.focus) else declared.focus.start
    if text.line_of(start) != text.line_of(declared.focus.start):
        comment = doc_comment(text, declared.focus.start) if _is_item(declared) else ""
        return plain(comment or doc_comment(text, start))
    return plain(doc_comment(text, declared.focus.start))


def _is_item(declared: Declared) -> bool:
    """One of several names that share a statement, so that a comment on its own line is its own."""
    return declared.kind in {
        DeclKind.VARIABLE.value,
        DeclKind.NET.value,
        DeclKind.PARAMETER.value,
        DeclKind.LOCALPARAM.value,
        DeclKind.STRUCT_MEMBER.value,
        DeclKind.ENUM_MEMBER.value,
    }


def _place(snapshot: Snapshot, file: FileId, declared: tuple[Declared, ...]) -> str:
    best = declared[0]
    if best.file is None:
        use = declaring_macro(snapshot, file, best.name)
        here = snapshot.text(file)
        if use is not None and here is not None:
            return f"by {code('`' + use.name)} in line {here.line_of(use.span.start) + 1}"
    text = snapshot.text(best.file) if best.file is not None else None
    if text is None or best.file is None:
        return ""
    line1 = text.line_of(best.focus.start) + 1
    path = shown_path(snapshot, snapshot.path(best.file))
    where = f"line {line1}" if best.file == file else code(f"{path}:{line1}")
    declared = tuple(d for d in declared if d.kind == best.kind)
    others = len({(d.file, d.focus) for d in declared}) - 1
    if others:
        where += f" and {others} more" if others > 1 else " and 1 more place"
    return where


def shown_path(snapshot: Snapshot, path: str) -> str:
    """*path* relative to the workspace folder that holds it."""
    for root in snapshot.project.roots:
        if path.startswith(root.rstrip(os.sep) + os.sep):
            return os.path.relpath(path, root)
    return path


def _macro(snapshot: Snapshot, file: FileId, name: str, where: Span, offset: int) -> Hover | None:
    found = look_up(snapshot, file, offset)
    expansion = _expansion(snapshot.fresh_facts(file), offset, name)
    predefined = dict(snapshot.project.of(snapshot.path(file)).defines).get(name)
    if found is None and not expansion and predefined is None:
        return None
    parts: list[str] = []
    if found is not None:
        parts.append(code_block(written(snapshot, found.best)))
    elif predefined is not None:
        parts.append(code_block(f"`define {name} {predefined}".rstrip()))
        parts.append("defined by the project")
    parts += _steps(snapshot, file, found, offset, expansion)
    if expansion:
        parts.append("expands to\n\n" + code_block(cut(squeezed(expansion), _LONGEST_EXPANSION)))
    if found is not None:
        parts += (_comment(snapshot, found.best), _place(snapshot, file, found.declared))
    return Hover(where, sections(parts))


def _steps(
    snapshot: Snapshot, file: FileId, found: Found | None, offset: int, expansion: str
) -> list[str]:
    """The arguments of the use at *offset* and what it becomes level by level; nothing for a plain constant."""
    text = snapshot.text(file)
    if text is None or found is None:
        return []
    start = max(0, found.span.start - 1)
    if text.data[start : start + 1] != b"`":
        return []  # a definition, or a name after `ifdef

    def find(name: str) -> Definition | None:
        return next(
            (_taken_apart(snapshot, one) for one in macros(snapshot, file, offset, name)), None
        )

    definition = _taken_apart(snapshot, found.best)
    if definition is None:
        return []
    rest = text.data[start : start + _LONGEST_USE].decode(errors="replace")
    use = use_at(rest, 0, definition)
    parts: list[str] = []
    if definition.formals and use.arguments is not None:
        pairs = bound(use, definition).items()
        parts.append(
            code_block("\n".join(f"{name} = {one_line(actual)}" for name, actual in pairs))
        )
    levels = steps(rest[: use.end], find)
    shown = distinct(levels, expansion or (levels[-1] if levels else ""))
    for number, level in enumerate(shown, 1):
        block = code_block(cut(squeezed(level), _LONGEST_EXPANSION))
        parts.append(f"step {number}\n\n{block}")
    return parts


def _taken_apart(snapshot: Snapshot, declared: Declared) -> Definition | None:
    text = snapshot.text(declared.file) if declared.file is not None else None
    if text is None or declared.macro is None:
        return None
    rest = text.data[declared.focus.end : declared.full.end].decode(errors="replace")
    return definition_of(declared.name, rest)


def _expansion(facts: FileFacts | None, offset: int, name: str) -> str:
    if facts is None:
        return ""
    uses = [m for m in facts.macros if m.name == name and m.span.contains(offset)]
    inner = min(uses, key=lambda use: use.span.length, default=None)
    return inner.expansion.strip() if inner else ""


def _system_task(word: str, where: Span) -> Hover | None:
    task = SYSTEM_TASKS.get(word)
    if task is None:
        return None
    return Hover(where, sections((code_block(task.signature), plain(task.description))))


def _include(snapshot: Snapshot, file: FileId, offset: int) -> Hover | None:
    for use in snapshot.summary(file).includes:
        if use.span.contains(offset):
            found = find_include(snapshot, file, use.path)
            if not found:
                return Hover(use.span, "no file of that name is known in this workspace")
            shown = [code(shown_path(snapshot, snapshot.path(one))) for one in found]
            return Hover(use.span, "  \n".join(shown))
    return None


def _number(text: SourceText, offset: int) -> Hover | None:
    line0 = text.line_of(offset)
    where = text.line_span(line0)
    line = text.data[where.start : where.end].decode("latin-1")  # one character per byte
    column = offset - where.start
    for match in LITERAL.finditer(line):
        if match.start() <= column <= match.end():
            literal = read(match.group())
            if literal is None:
                return None
            place = span(where.start + match.start(), where.start + match.end())
            if literal.width is None and not literal.fill and abs(literal.value or 0) < 10:
                return None  # the same in every base
            described = _literal_in_words(literal)
            return Hover(place, described) if described else None
    return None


def _literal_in_words(literal: Literal) -> str:
    pieces = [code(value) for value in spelled(literal)]
    if literal.fill:
        return f"every bit {code(literal.fill)}, as wide as the context"
    if literal.width is not None:
        pieces.append(bits(literal.width))
        if literal.is_signed:
            pieces.append("signed")
        if not digits_fit(literal):
            pieces.append(f"does not fit into {bits(literal.width)}")
    return " · ".join(pieces)
