"""A state machine's processes, for a pair of enum signals such as state_q and state_d that nothing drives yet.

Must not decide what the states do: every arm is empty. Silent once anything drives the next state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hdl_lsp.computed.arm_style import ArmStyle, arm_style, neighbours
from hdl_lsp.computed.clocking import Clocking, clocking
from hdl_lsp.computed.layout import indent_at, is_free, step_of
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.computed.zero_value import initial_member
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.context.site_kind import SiteKind
from hdl_lsp.semantics.summary import DeclKind
from hdl_lsp.syntax.case_around import CaseAround
from hdl_lsp.syntax.lookback import TokensBefore
from hdl_lsp.syntax.tokens import tokens_after
from hdl_lsp.text.source import span
from hdl_lsp.workspace.declared import Declared, of_decl
from hdl_lsp.workspace.expression_enum import spelled
from hdl_lsp.workspace.members import enum_members
from hdl_lsp.workspace.scopes import names_in, scope_chain

RULE = "state machine"
MOST_STATES = 64

_NEXT_OF = (
    ("_q", ("_d", "_n", "_next")),
    ("_r", ("_n", "_next", "_nxt", "_d")),
    ("_reg", ("_next", "_nxt")),
    ("_cs", ("_ns",)),
    ("_p", ("_n",)),
    ("_current", ("_next",)),
    ("_curr", ("_next",)),
    ("", ("_d", "_n", "_next", "_nxt")),
)
"""How the present state ends, and how the next state does in its place."""
_NEXT_BEGINS = (("current_", "next_"), ("curr_", "next_"), ("", "next_"))
_PLAIN = re.compile(r"(?:logic|reg|bit|int|integer|byte|struct|union|string|time|genvar)\b")
_ITEMS = re.compile(rb"\b(?:always\w*|assign|initial|final|generate|begin|endmodule|module)\b")
_QUALIFIED = re.compile(rb"\b(unique0?|priority)?\s*\bcase\s*\(")
_COMB = re.compile(rb"\balways(?:_comb\b|\s*@\s*(?:\*|\(\s*\*\s*\)))")


@dataclass(frozen=True, slots=True)
class _Machine:
    """The signals of one state machine and the names of its states as they are written here."""

    present: str
    following: str
    states: tuple[str, ...]
    first: str
    declared_end: int


def fsm_skeleton(asked: Asked) -> tuple[Computed, ...]:
    """The body of an empty combinational or clocked block, or, right after the declarations, both processes."""
    site = asked.site
    if not site.is_fresh_line or not is_free(site):
        return ()
    build = {
        SiteKind.ALWAYS_COMB: _next_state_body,
        SiteKind.ALWAYS_FF: _register_body,
        SiteKind.MODULE_ITEM: _processes,
    }.get(site.kind)
    if build is None:
        return ()
    for machine in _machines(asked):
        text = build(asked, machine)
        if text:
            return (Computed(text, RULE),)
    return ()


def _machines(asked: Asked) -> Iterator[_Machine]:
    """Pairs of signals of one enum type around the cursor, the one declared last first."""
    snapshot, site = asked.snapshot, asked.site
    summary = snapshot.summary(site.file)
    for scope in scope_chain(summary, site.offset)[:2]:
        found = {
            decl.name: index
            for index in names_in(summary, scope)
            if (decl := summary.decls[index]).kind is DeclKind.VARIABLE
            and not _PLAIN.match(decl.type_text)
        }
        for name, index in reversed(found.items()):
            decl = summary.decls[index]
            for partner in _partners(name):
                other = found.get(partner)
                if other is None or summary.decls[other].type_text != decl.type_text:
                    continue
                declared = of_decl(snapshot, site.file, index)
                end = max(int(decl.span.end), int(summary.decls[other].span.end))
                machine = _machine(asked, declared, name, partner, end)
                if machine is not None:
                    yield machine
                break


def _partners(name: str) -> Iterator[str]:
    """What the next state of *name* may be called."""
    for ending, following in _NEXT_OF:
        if name.endswith(ending):
            stem = name[: len(name) - len(ending)]
            yield from (stem + one for one in following if stem + one != name)
    for beginning, following in _NEXT_BEGINS:
        if name.startswith(beginning):
            yield following + name[len(beginning) :]


def _machine(
    asked: Asked, declared: Declared, present: str, following: str, end: int
) -> _Machine | None:
    snapshot, site = asked.snapshot, asked.site
    members = enum_members(snapshot, declared)
    if not 2 <= len(members) <= MOST_STATES or end > site.offset:
        return None
    states = tuple(spelled(snapshot, site.file, site.offset, member) for member in members)
    first = initial_member(members)
    if "" in states or first is None:
        return None
    return _Machine(present, following, states, states[members.index(first)], end)


def _next_state_body(asked: Asked, machine: _Machine) -> str:
    """Default and case statement, in a combinational block that is empty."""
    site = asked.site
    if not _is_empty_block(site) or _is_driven(site, machine.following, rb"=(?!=)"):
        return ""
    indent = site.indent or indent_at(site.text.data, _block_line(site)) + step_of(site.text.data)
    return indent[len(site.indent) :] + _case(site, machine, indent)


def _register_body(asked: Asked, machine: _Machine) -> str:
    """Reset and register, in a clocked block that is empty."""
    site = asked.site
    if not _is_empty_block(site) or _is_driven(site, machine.present, rb"<="):
        return ""
    line = _block_line(site)
    found = clocking(asked, head_line=line)
    if found is None or not found.condition:
        return ""
    indent = site.indent or indent_at(site.text.data, line) + step_of(site.text.data)
    return indent[len(site.indent) :] + _register(site, machine, found, indent)


def _processes(asked: Asked, machine: _Machine) -> str:
    """Both processes, where nothing but declarations stands between the signals and the cursor."""
    site = asked.site
    data = site.text.data
    if TokensBefore(data, site.offset)[0].text != ";":
        return ""
    if _ITEMS.search(data, machine.declared_end, site.offset):
        return ""
    if _is_named(site, machine.following) or _is_named(site, machine.present):
        return ""
    found = clocking(asked)
    indent, step = site.indent, step_of(data)
    comb = _COMB.search(data)
    head = comb.group().decode("ascii") if comb else "always_comb"
    text = f"{head} begin\n{indent}{step}{_case(site, machine, indent + step)}\n{indent}end"
    if found is None:
        return text
    inner = _register(site, machine, found, indent + step)
    return f"{text}\n\n{indent}{found.head} begin\n{indent}{step}{inner}\n{indent}end"


def _case(site: CompletionSite, machine: _Machine, indent: str) -> str:
    """The default of the next state and the case statement; the first line without its indentation."""
    data = site.text.data
    ways = [found.group(1) or b"" for found in _QUALIFIED.finditer(data)]
    qualifier = max(ways, key=ways.count).decode("ascii") if ways else "unique"
    style = _arm_style(site, indent + step_of(data))
    arms = [style.arm((state,)) for state in machine.states]
    arms.append(style.arm(("default",)))
    lines = [
        f"{machine.following} = {machine.present};",
        indent + f"{qualifier} case ({machine.present})".lstrip(),
        *(style.indent + arm for arm in arms),
        f"{indent}endcase",
    ]
    return "\n".join(lines)


def _arm_style(site: CompletionSite, indent: str) -> ArmStyle:
    """Arms as the file writes them, as blocks."""
    here = span(site.offset, site.offset)
    empty = CaseAround("case", "", here, (), is_inside=False, before=(), after=(), endcase=None)
    style = arm_style(site, empty, neighbours(site.text.data, site.offset))
    default = ";" if style.default == ";" else f"begin\n{indent}end"
    return replace(style, indent=indent, is_block=True, width=0, default=default)


def _register(site: CompletionSite, machine: _Machine, found: Clocking, indent: str) -> str:
    step = step_of(site.text.data)
    register = f"{machine.present} <= {machine.following};"
    if not found.condition:
        return register
    return (
        f"if ({found.condition}) begin\n{indent}{step}{machine.present} <= {machine.first};\n"
        f"{indent}end else begin\n{indent}{step}{register}\n{indent}end"
    )


def _is_empty_block(site: CompletionSite) -> bool:
    """`begin` stands right before the cursor, and `end` right after it."""
    back = TokensBefore(site.text.data, site.offset)
    following = next(tokens_after(site.text.data, site.offset), None)
    is_opened = back[0].text == "begin" or (back[1].text == ":" and back[2].text == "begin")
    return is_opened and following is not None and following.text == "end"


def _block_line(site: CompletionSite) -> int:
    """Where the token before the cursor is: the line of the block's head."""
    return TokensBefore(site.text.data, site.offset)[0].start


def _is_driven(site: CompletionSite, name: str, sign: bytes) -> bool:
    pattern = rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s*" + sign
    return re.search(pattern, site.text.data) is not None


def _is_named(site: CompletionSite, name: str) -> bool:
    """*name* stands somewhere after the cursor."""
    pattern = rb"(?<![\w$.])" + re.escape(name.encode()) + rb"(?![\w$])"
    return re.search(pattern, site.text.data[site.offset :]) is not None
