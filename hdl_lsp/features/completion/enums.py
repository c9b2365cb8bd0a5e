"""Members of the enum that the place expects: comparisons, assignments, case items, ports.

Must not need complete statements: only the text left of the cursor is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_lsp.features.completion.items import CompletionItem, Rank, declared_item
from hdl_lsp.features.completion.site import Site, code_before
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.lookup import ports_of
from hdl_lsp.workspace.members import after_dots, enum_members
from hdl_lsp.workspace.names import resolve, units
from hdl_lsp.workspace.scopes import container_name

_LOOK_BACK = 20_000  # bytes; a case statement that is longer gives up its expression
_OPERAND_BYTES = 200  # a longer left side of a comparison is not looked through
_OPERAND = re.compile(
    rb"([A-Za-z_][\w$]*(?:\s*\.\s*[A-Za-z_][\w$]*)*)(?:\s*\[[^\[\]]*\])*\s*"
    rb"(?:===|!==|==\?|!=\?|==|!=|<=|(?<![=!<>])=)$"
)
_ASSIGNED = re.compile(
    rb"([A-Za-z_][\w$]*(?:\s*\.\s*[A-Za-z_][\w$]*)*)(?:\s*\[[^\[\]]*\])*\s*"
    rb"(?:<=|(?<![=!<>])=)[^;=]*[?:]$"
)
_CASE_WORDS = re.compile(
    rb"\b(?:(endcase)|(begin)|(end)|case[xz]?\s*\(\s*([A-Za-z_][\w$.]*)[^()]*\)(?:\s*inside\b)?)"
)
_COMMENT = re.compile(rb"//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_ITEM_STARTS = frozenset({b")", b";", b"end", b"inside", b","})


def expected_items(site: Site) -> Iterator[CompletionItem]:
    """Enum members, in order of declaration, before everything else; nothing where no enum is expected."""
    for number, member in enumerate(_expected(site)):
        label = _spelled(site, member)
        item = declared_item(member, Rank.EXPECTED, site.replace, label)
        yield CompletionItem(
            item.label,
            item.kind,
            item.detail,
            "",
            item.insert_text,
            False,
            item.replace,
            f"{Rank.EXPECTED.value}{number:05}",
            item.filter_text,
        )


def _expected(site: Site) -> tuple[Declared, ...]:
    at = site.cursor
    if at.instance is not None and at.instance.connection:
        for unit in units(site.snapshot, site.file, at.instance.definition)[:1]:
            for port in ports_of(site.snapshot, unit):
                if port.name == at.instance.connection:
                    return enum_members(site.snapshot, port)
        return ()
    path = _operand(site) or _case_expression(site)
    if not path:
        return ()
    names = tuple(part.strip() for part in path.split("."))
    found = resolve(site.snapshot, site.file, site.replace.start, names[0])
    for holder in after_dots(site.snapshot, found, names[1:])[:1]:
        return enum_members(site.snapshot, holder)
    return ()


def _operand(site: Site) -> str:
    before = code_before(site.text, site.replace.start)[-_OPERAND_BYTES:]
    match = _OPERAND.search(before) or _ASSIGNED.search(before)
    return match.group(1).decode("ascii", "replace") if match else ""


def _case_expression(site: Site) -> str:
    """The expression of the case statement whose item starts at the cursor; "" elsewhere."""
    if site.before not in _ITEM_STARTS:
        return ""
    start = max(0, site.replace.start - _LOOK_BACK)
    code = _COMMENT.sub(b" ", site.text.data[start : site.replace.start])
    cases = blocks = 0
    for match in reversed(list(_CASE_WORDS.finditer(code))):
        if match.group(1):
            cases += 1
        elif match.group(2):
            blocks -= 1
            if blocks < 0 and not cases:
                return ""
        elif match.group(3):
            blocks += 1
        elif cases:
            cases -= 1
        else:
            return match.group(4).decode("ascii", "replace")
    return ""


def _spelled(site: Site, member: Declared) -> str:
    """The member's name, with its package where it is not visible plainly."""
    visible = resolve(site.snapshot, site.file, site.replace.start, member.name)
    if any((one.file, one.focus) == (member.file, member.focus) for one in visible):
        return member.name
    if member.file is None or member.index is None:
        return member.name
    summary = site.snapshot.summary(member.file)
    parent = summary.decls[member.index].parent
    package = container_name(summary, parent) if parent is not None else ""
    return f"{package}::{member.name}" if package else member.name
