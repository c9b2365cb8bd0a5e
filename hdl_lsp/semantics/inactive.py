"""The `ifdef branches that a parse of one text alone leaves out, and what they declare.

Must not know the defines of the project: a macro that the text does not define is undefined.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hdl_lsp.semantics.declarations import DeclarationCollector
from hdl_lsp.semantics.kinds import SCOPES
from hdl_lsp.semantics.lexical import Lexis
from hdl_lsp.semantics.parse import NestingTooDeepError, parse
from hdl_lsp.semantics.summary import Decl, InstanceUse, PackageImport
from hdl_lsp.text.source import Span, span

_DIRECTIVE = re.compile(
    rb"`(?P<word>ifdef|ifndef|elsif|else|endif|define|undefineall|undef)\b"
    rb"(?:[ \t]*(?P<name>[A-Za-z_][\w$]*))?"
)
_NAMING = frozenset({b"ifdef", b"ifndef", b"elsif"})
_SOMETHING = re.compile(rb";|\bendmodule\b|\bendpackage\b|\bendinterface\b|\bendclass\b")
_FRAGMENT_CODE = "NotAllowedInCU"
_TO_SPACES = bytes(byte if byte in b"\r\n" else 0x20 for byte in range(256))


@dataclass(slots=True)
class _Condition:
    """An open `ifdef."""

    is_outer_active: bool
    was_taken: bool
    is_active: bool


def inactive_spans(code: bytes) -> tuple[Span, ...]:
    """The branches of *code* (comments blanked) that are not taken; nested ones belong to the outer.

    An `ifdef that is never closed runs to the end of the text (22.6 has it as an error).
    """
    if b"`if" not in code:
        return ()  # as most files
    defined: set[bytes] = set()
    open_conditions: list[_Condition] = []
    found: list[Span] = []
    start: int | None = None
    for match in _DIRECTIVE.finditer(code):
        if code.endswith(b"`", 0, match.start()):
            continue  # two join tokens (22.5.1)
        name = match["name"] or b""
        is_active = not open_conditions or open_conditions[-1].is_active
        match match["word"]:
            case b"define" if is_active:
                defined.add(name)
            case b"undef" if is_active:
                defined.discard(name)
            case b"undefineall" if is_active:
                defined.clear()
            case b"ifdef" | b"ifndef" as word:
                taken = is_active and (name in defined) == (word == b"ifdef")
                open_conditions.append(_Condition(is_active, taken, taken))
            case b"elsif" if open_conditions:
                top = open_conditions[-1]
                top.is_active = top.is_outer_active and not top.was_taken and name in defined
                top.was_taken |= top.is_active
            case b"else" if open_conditions:
                top = open_conditions[-1]
                top.is_active = top.is_outer_active and not top.was_taken
                top.was_taken |= top.is_active
            case b"endif" if open_conditions:
                open_conditions.pop()
            case _:
                continue
        end = match.end() if match["word"] in _NAMING else match.end("word")
        was_active, is_active = is_active, not open_conditions or open_conditions[-1].is_active
        if was_active and not is_active:
            start = end
        elif start is not None and not was_active:
            is_switch = match["word"] in {b"elsif", b"else"} and len(open_conditions) > 0
            if is_active or (is_switch and open_conditions[-1].is_outer_active):
                found.append(span(start, match.start()))
                start = None if is_active else end
    if start is not None:
        found.append(span(start, len(code)))
    return tuple(found)


def declared_in(
    spans: Sequence[Span], data: bytes, lexis: Lexis, known: DeclarationCollector
) -> None:
    """Adds to *known* what the branches *spans* declare, instantiate and import.

    A branch that can't be parsed on its own (half an expression, some ports) adds nothing.
    """
    wanted = [where for where in spans if _SOMETHING.search(lexis.code, where.start, where.end)]
    if not wanted:
        return
    text = bytearray(data.translate(_TO_SPACES))
    for where in wanted:
        text[where.start : where.end] = data[where.start : where.end]
    try:
        parsed = parse(bytes(text), replace(lexis, macros=()))
    except NestingTooDeepError:
        return
    broken = [
        problem.location.offset
        for problem in parsed.tree.diagnostics
        if problem.location.buffer == parsed.buffer
        and problem.isError()
        and _FRAGMENT_CODE not in str(problem.code)
    ]
    sound = [w for w in wanted if not any(w.start <= at <= w.end for at in broken)]
    if not sound:
        return
    branches = DeclarationCollector(parsed, bytes(text))
    branches.run()
    _merge(known, branches, sound)


def _merge(known: DeclarationCollector, added: DeclarationCollector, sound: list[Span]) -> None:
    """Appends what lies in *sound* branches; its parents are looked up among the known."""
    scopes = [index for index, decl in enumerate(known.decls) if decl.kind in SCOPES]
    starts = [where.start for where in sound]
    new_index: dict[int, int] = {}

    def is_sound(where: Span) -> bool:
        at = bisect.bisect_right(starts, where.start) - 1
        return at >= 0 and sound[at].covers(where)

    def parent_of(item: Decl | PackageImport) -> int | None:
        if item.parent in new_index:
            return new_index[item.parent]
        around = [index for index in scopes if known.decls[index].span.covers(item.span)]
        return around[-1] if around else None

    for index, decl in enumerate(added.decls):
        if is_sound(decl.span):
            new_index[index] = len(known.decls)
            known.decls.append(replace(decl, parent=parent_of(decl)))
    for use in added.instances:
        if use.decl in new_index:
            moved: InstanceUse = replace(use, decl=new_index[use.decl])
            known.instances.append(moved)
    known.imports += [
        replace(item, parent=parent_of(item)) for item in added.imports if is_sound(item.span)
    ]
