"""The next arms of a case statement over an enum: labels in the order of the enum, opened as the neighbours are.

Must not guess what an arm does: a body is empty. Silent in `inside`, casez and casex, and where the arms that are
there follow no order or leave members out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hdl_lsp.computed.arm_style import arm_style, neighbours
from hdl_lsp.computed.layout import indent_at, is_free, lead, starts_line
from hdl_lsp.computed.suggestion import Asked, Computed
from hdl_lsp.context.site import CompletionSite
from hdl_lsp.syntax.case_around import CaseArm, CaseAround, case_around
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.workspace.declared import Declared
from hdl_lsp.workspace.expression_enum import enum_of, enum_with, spelled

RULE = "case arms"
MOST_MEMBERS = 256
"""An enum of more members is a table of codes: nobody writes an arm for each."""
MOST_ARMS = 24
"""Where more arms are missing, only the next one is suggested."""

_DEFAULT = ("default",)
_Labels = tuple[str, ...]


def case_arms(asked: Asked) -> tuple[Computed, ...]:
    """The arms that are missing at the cursor, all of them where no arm follows; then the next one alone."""
    site = asked.site
    data = site.text.data
    start, typed = _label_start(site)
    if start < 0:
        return ()
    around = case_around(data, start, max(int(site.cursor.word_span.end), int(site.offset)))
    if around is None or around.keyword != "case" or around.is_inside or around.is_unread:
        return ()
    members = _members(asked, around)
    if not 2 <= len(members) <= MOST_MEMBERS:
        return ()
    habits = neighbours(data, start)
    arms = [
        tuple(_spelling(asked, around, members, name) for name in arm)
        for arm in _arms(around, habits, [member.name for member in members])
    ]
    if any("" in arm for arm in arms):
        return ()
    if typed:
        arms = _beginning_with(typed, arms)
    style = arm_style(site, around, habits)
    closing = ""
    if around.endcase is None and not around.after:
        closing = "\n" + indent_at(data, around.head.start) + "endcase"
    texts = [
        lead(site, style.indent) + (style.gap + style.indent).join(map(style.arm, some)) + closing
        for some in _portions(arms)
    ]
    return tuple(Computed(text[len(typed) :], RULE) for text in texts)


def _label_start(site: CompletionSite) -> tuple[int, str]:
    """Where the arm at the cursor starts, and what of its label is typed; -1 where none may stand."""
    at = site.cursor
    if at.kind is not CursorKind.IDENTIFIER or not is_free(site):
        return -1, ""
    if site.is_fresh_line:
        return int(site.offset), ""
    start = int(at.word_span.start)
    is_label = at.typed and at.typed == at.word and starts_line(site.text.data, start)
    return (start, at.typed) if is_label else (-1, "")


def _members(asked: Asked, around: CaseAround) -> tuple[Declared, ...]:
    """The enum's members: by the type of what is looked at, else by two labels that are members of one enum."""
    snapshot, site = asked.snapshot, asked.site
    named = [label for arm in around.arms if not arm.is_default for label in arm.labels]
    found = enum_of(snapshot, site.file, around.head.start, around.subject)
    if not found and len(named) >= 2:
        found = enum_with(snapshot, site.file, around.head.start, named[0])
    known = {member.name for member in found}
    return found if all(_bare(label) in known for label in named) else ()


def _arms(around: CaseAround, habits: Sequence[CaseAround], names: Sequence[str]) -> list[_Labels]:
    """The labels, without packages, of the arms that come at the cursor; one arm where others follow."""
    if any(arm.is_default for arm in around.before):
        return []
    arms = list(_like_sibling(around, habits, names))
    arms = arms or [(name,) for name in _in_order(around, names)]
    if around.after:
        return arms[:1]
    is_end = {name for arm in arms for name in arm} >= set(_missing(around, names))
    if is_end and _DEFAULT not in arms and _wants_default(habits):
        arms.append(_DEFAULT)
    return arms


def _like_sibling(
    around: CaseAround, habits: Sequence[CaseAround], names: Sequence[str]
) -> Iterator[_Labels]:
    """The arms that follow in another case statement of the file that begins with the same arms."""
    begun = [_bare_labels(arm) for arm in around.before]
    used = set(_used(around.arms))
    for each in habits:
        arms = [_bare_labels(arm) for arm in each.before]
        rest = arms[len(begun) :]
        if len(begun) < 2 or arms[: len(begun)] != begun or not rest:
            continue
        labels = [name for arm in arms if arm != _DEFAULT for name in arm]
        if labels and set(labels) <= set(names) and used.isdisjoint(n for arm in rest for n in arm):
            yield from rest
            return


def _in_order(around: CaseAround, names: Sequence[str]) -> list[str]:
    """The members whose arms come at the cursor, in order; () where the arms that are there tell nothing."""
    missing = _missing(around, names)
    before, after = _used(around.before), _used(around.after)
    place = {name: number for number, name in enumerate(names)}
    low = place[before[-1]] if before else -1
    high = place[after[0]] if after else len(names)
    gap = [name for name in names[low + 1 : high] if name in missing]
    if len(missing) <= 1:
        return missing
    if not after and len(gap) < len(missing):
        return []  # some were passed over: the order is another one, or they are left out
    if len(gap) == 1:
        return gap
    shared = sum(len(arm.labels) > 1 for arm in around.arms)
    is_dense = sorted(place[name] for name in before) == list(range(low + 1))
    return gap if is_dense and 3 * shared <= len(around.arms) else []


def _missing(around: CaseAround, names: Sequence[str]) -> list[str]:
    used = set(_used(around.arms))
    return [name for name in names if name not in used]


def _used(arms: Sequence[CaseArm]) -> list[str]:
    return [label for arm in arms if not arm.is_default for label in _bare_labels(arm)]


def _bare_labels(arm: CaseArm) -> _Labels:
    return tuple(_bare(label) for label in arm.labels)


def _bare(label: str) -> str:
    return label.rpartition("::")[2]


def _wants_default(habits: Sequence[CaseAround]) -> bool:
    """The file's case statements have a `default`; so do most designs', where there is no other."""
    with_default = sum(any(arm.is_default for arm in each.before) for each in habits)
    return not habits or 2 * with_default >= len(habits)


def _spelling(asked: Asked, around: CaseAround, members: Sequence[Declared], name: str) -> str:
    """*name* as the other labels are written: with the package if they are."""
    if name == "default":
        return name
    for label in (label for arm in around.arms for label in arm.labels if not arm.is_default):
        scope, sign, _ = label.rpartition("::")
        return f"{scope}{sign}{name}"
    member = next(member for member in members if member.name == name)
    return spelled(asked.snapshot, asked.site.file, asked.site.offset, member)


def _beginning_with(typed: str, arms: list[_Labels]) -> list[_Labels]:
    """*arms* from the first whose label goes on from *typed*."""
    for number, arm in enumerate(arms):
        if arm[0].startswith(typed) and arm[0] != typed:
            return arms[number:]
    return []


def _portions(arms: list[_Labels]) -> Iterator[list[_Labels]]:
    """All of them, unless that is too much to take in, and the next one alone."""
    if 0 < len(arms) <= MOST_ARMS:
        yield arms
    if len(arms) > 1:
        yield arms[:1]
