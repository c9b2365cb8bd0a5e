"""The edits of a rename: the new name at every use, and what must be written out where a name stood for two.

Must not decide whether they are right (proof.py does).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hdl_lsp.semantics.summary import DeclKind, InstanceUse
from hdl_lsp.text.edit import TextEdit
from hdl_lsp.text.source import span
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.meanings import Meanings
from hdl_lsp.workspace.names import scope_members, units
from hdl_lsp.workspace.use_target import Target
from hdl_lsp.workspace.uses import Use, Verdict


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One edit, and whether it only puts the new name in the place of the old one."""

    edit: TextEdit
    is_plain: bool = True


def rewrites(
    meanings: Meanings, target: Target, uses: Iterable[Use], new: str
) -> Mapping[FileId, tuple[Rewrite, ...]]:
    """The rewrites of each file, in text order. *new* is bare, with its backslash if it is escaped."""
    found: defaultdict[FileId, dict[int, Rewrite]] = defaultdict(dict)
    written = f"{new} " if new.startswith("\\") else new
    files: dict[FileId, None] = {}
    for use in uses:
        files[use.file] = None
        found[use.file][int(use.span.start)] = _rewrite(meanings, use, written)
    if target.is_connected:
        files |= dict.fromkeys(meanings.snapshot.index.instantiators(target.unit))
    for file in files:
        for rewrite in _implicit(meanings, target, file, written):
            found[file].setdefault(int(rewrite.edit.span.start), rewrite)
    return {
        file: tuple(by_start[start] for start in sorted(by_start))
        for file, by_start in found.items()
        if by_start
    }


def _rewrite(meanings: Meanings, use: Use, written: str) -> Rewrite:
    code = meanings.code(use.file)
    old = code.data[use.span.start : use.span.end].decode("utf-8", "replace") if code else ""
    old = f"{old} " if old.startswith("\\") else old
    if use.verdict is Verdict.SHORTHAND:
        text = f"{written}({old})" if use.is_port_side else f"{old}({written})"
        return Rewrite(TextEdit(use.span, text), is_plain=False)
    return Rewrite(TextEdit(use.span, written))


def _implicit(meanings: Meanings, target: Target, file: FileId, written: str) -> Iterator[Rewrite]:
    """`.*` connects by equal names (23.3.2.4): the pair that is equal no longer is written out in front of it."""
    snapshot = meanings.snapshot
    for use in snapshot.summary(file).instances:
        star = next((c for c in use.ports if c.name == "*"), None)
        if star is None or any(c.name == target.name for c in use.ports):
            continue
        at = int(star.span.start)
        if target.is_connected and use.definition == target.unit:
            if target.kind != DeclKind.PORT.value:
                continue  # it connects no parameters
            if meanings.plain(file, at, target.name) != frozenset():
                yield _in_front(at, f".{written}({target.name})")
            continue
        signal = meanings.plain(file, at, target.name)
        if signal and signal & target.places and has_port(meanings, file, use, target.name):
            yield _in_front(at, f".{target.name}({written})")


def _in_front(at: int, connection: str) -> Rewrite:
    return Rewrite(TextEdit(span(at, at), f"{connection}, "), is_plain=False)


def has_port(meanings: Meanings, file: FileId, use: InstanceUse, name: str) -> bool:
    """The definition of instance *use* declares the port *name*."""
    for unit in units(meanings.snapshot, file, use.definition)[:1]:
        return any(m.kind == "port" for m in scope_members(meanings.snapshot, unit, name))
    return False


def newly_connected(meanings: Meanings, target: Target, new: str) -> tuple[FileId, int] | None:
    """A `.*` that would connect the renamed signal to a port that has the new name and is open so far."""
    home = target.best.file
    if home is None or target.package or target.is_macro or target.is_unit:
        return None
    for use in meanings.snapshot.summary(home).instances:
        star = next((c for c in use.ports if c.name == "*"), None)
        if star is None or any(c.name == new for c in use.ports):
            continue
        at = int(star.span.start)
        signal = meanings.plain(home, at, target.name)
        if signal and signal & target.places and has_port(meanings, home, use, new):
            return home, at
    return None
