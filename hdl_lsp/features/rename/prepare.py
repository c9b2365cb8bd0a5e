"""What can be renamed, and to what: everything that is decided before any use is searched.

Must not wait or read the disk: the face says which files may be written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass

from hdl_lsp.semantics.lexical import DIRECTIVES
from hdl_lsp.semantics.summary import DeclKind, MacroDef
from hdl_lsp.syntax.cursor import CursorKind, cursor
from hdl_lsp.syntax.words import IDENTIFIER, KEYWORDS
from hdl_lsp.text.source import Span, span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.meanings import Meanings
from hdl_lsp.workspace.scopes import FILE_SCOPE, scope_of
from hdl_lsp.workspace.snapshot import Snapshot
from hdl_lsp.workspace.use_target import Target, target_at

_ESCAPED = re.compile(r"\\[!-~]+")
_SILENT = frozenset({CursorKind.COMMENT, CursorKind.STRING, CursorKind.INCLUDE})
LONGEST_NAME = 1024
"""Characters; no tool has to take more (IEEE 1800-2023 5.6)."""

IsWritable = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing is renamed; `reason` is a sentence that names the place where it fails."""

    reason: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The name at the cursor can be renamed as far as can be told without searching."""

    span: Span  # without the backslash of an escaped identifier
    name: str
    target: Target


def prepare_rename(
    snapshot: Snapshot, file: FileId, offset: int, is_writable: IsWritable
) -> Prepared | Refused:
    """The name at *offset* that can be renamed, or why it can't."""
    text = snapshot.text(file)
    if text is None:
        return Refused("nothing is known of this file")
    at = cursor(snapshot.syntax(file), offset)
    if at.kind in _SILENT or not at.word:
        return Refused("there is no name here to rename")
    if at.kind is CursorKind.NUMBER:
        return Refused(f"{at.word} is a literal")
    if at.kind is CursorKind.SYSTEM or at.word.startswith("$"):
        return Refused(f"{at.word} is a system task or function")
    is_macro = at.kind is CursorKind.MACRO
    if is_macro and at.word.removeprefix("`") in DIRECTIVES:
        return Refused(f"`{at.word.removeprefix('`')} is a compiler directive")
    if not is_macro and at.word in KEYWORDS:
        return Refused(f"{at.word} is a keyword")
    found = target_at(snapshot, Meanings(snapshot), file, offset)
    if found is None:
        return Refused(f"nobody declares {at.word} in the files that are known")
    target, where = found
    home = snapshot.path(target.best.file) if target.best.file is not None else ""
    reason = not_ours(snapshot, home, is_writable)
    if reason:
        return Refused(f"{target.name} is declared in {home}, {reason}")
    if text.data[where.start : where.start + 1] == b"\\":
        where = span(where.start + 1, where.end)
    return Prepared(where, target.name, target)


def not_ours(snapshot: Snapshot, path: str, is_writable: IsWritable) -> str:
    """Why *path* must not be edited; "" when it may."""
    roots = snapshot.project.roots
    if roots and not any(path.startswith(r.rstrip(os.sep) + os.sep) for r in roots):
        return "which is outside the workspace"
    if snapshot.project.is_third_party(path):
        return "which is third-party code"
    return "" if is_writable(path) else "which can't be written, or is a link out of the workspace"


def refused_name(snapshot: Snapshot, target: Target, new: str) -> str:
    """Why *target* can't be called *new*, as far as the declarations around it tell; "" if it can."""
    bare = new.removeprefix("\\")
    if len(bare) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters"
    if new.startswith("\\"):
        if not _ESCAPED.fullmatch(new) or target.is_macro:
            return f"{new} is no escaped identifier"
    elif not IDENTIFIER.fullmatch(new):
        return f"{new!r} is no identifier: letters, digits, _ and $, and no digit or $ in front"
    elif new in KEYWORDS and not target.is_macro:
        return f"{new} is a keyword"
    if bare == target.name:
        return f"{bare} is its present name"
    if target.is_macro:
        return _refused_macro(snapshot, target, bare)
    if target.formal is not None:
        return _refused_argument(snapshot, target, target.formal, new)
    return _declared_beside(snapshot, target, bare)


def _refused_macro(snapshot: Snapshot, target: Target, new: str) -> str:
    if new in DIRECTIVES:
        return f"`{new} is a compiler directive"
    defined = {name for name, _ in snapshot.project.defines}
    if target.name in defined:
        return f"{target.name} is defined by the project's options, not only by a file"
    if new in defined:
        return f"the project's options define {new} already"
    for ref in snapshot.index.macros(new):
        return f"the macro {new} is defined already at {place(snapshot, ref.file, int(ref.macro.name_span.start))}"
    for file in snapshot.index.macro_users(new):
        return f"{snapshot.path(file)} uses a macro {new} already"
    return ""


def _refused_argument(snapshot: Snapshot, target: Target, macro: MacroDef, new: str) -> str:
    """An argument's new name must stand nowhere in the definition: it would be replaced there from now on (22.5.1)."""
    file = target.best.file
    text = None if file is None else snapshot.text(file)
    if new.startswith("\\") or text is None or file is None:
        return f"{new} can't be the argument of a macro"
    found = re.search(
        rf"(?<![\w$]){re.escape(new)}(?![\w$])".encode(),
        text.data[macro.name_span.end : macro.span.end],
    )
    if found is None:
        return ""
    where = place(snapshot, file, macro.name_span.end + found.start())
    return f"{new} stands in the definition of {macro.name} already, at {where}"


def _declared_beside(snapshot: Snapshot, target: Target, new: str) -> str:
    """Another declaration called *new* in the scope of the target."""
    file, index = target.best.file, target.best.index
    if target.is_unit:
        if target.name in snapshot.project.tops:
            return f"the project's options name {target.name} as a top; change them first"
        for ref in snapshot.index.units(new):
            where = place(snapshot, ref.file, int(ref.decl.name_span.start))
            return f"{new} is declared already as a {ref.decl.kind.value} at {where}"
    if file is None or index is None:
        return ""
    summary = snapshot.summary(file)
    scope, parent = scope_of(summary, index), summary.decls[index].parent
    for number, decl in enumerate(summary.decls):
        if decl.name != new or decl.kind is DeclKind.MACRO:
            continue
        is_beside = (
            scope_of(summary, number) == scope if scope >= FILE_SCOPE else decl.parent == parent
        )
        if is_beside:
            where = place(snapshot, file, int(decl.name_span.start))
            return f"{new} is declared already in the same scope, at {where}"
    return ""


def place(snapshot: Snapshot, file: FileId, offset: int) -> str:
    """`path:line` for a sentence."""
    text = snapshot.text(file)
    line1 = 1 if text is None else text.line_of(offset) + 1
    return f"{snapshot.path(file)}:{line1}"
