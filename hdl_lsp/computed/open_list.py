"""The list of connections that the cursor is in: what is written of it on both sides, and how text is put into it.

Must not decide what is connected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hdl_lsp.computed.list_layout import Layout, connection_text, indent_of, learned
from hdl_lsp.computed.suggestion import Asked
from hdl_lsp.semantics.summary import Connection, InstanceUse
from hdl_lsp.syntax.cursor import CursorKind, InstanceAt
from hdl_lsp.syntax.lookback import TokensBefore
from hdl_lsp.syntax.tokens import tokens_after
from hdl_lsp.text.source import SourceText

_NAME_KINDS = frozenset({CursorKind.PORT_NAME, CursorKind.PARAMETER_NAME})
_NEAREST = 12
"""Other instances of the file that the layout is learned from, the nearest first."""
_DOT_BEFORE = re.compile(r"\.\s*[\w$]*$")


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list with the cursor between its connections."""

    asked: Asked
    instance: InstanceAt
    use: InstanceUse | None  # what slang's parser makes of it; None where that is nothing
    before: str  # token before the word at the cursor
    after: str  # token after it; "" at the end of the text
    typed: str  # of a connection's name, right before the cursor, with its dot: `.cl`
    layout: Layout

    @property
    def is_closed(self) -> bool:
        """Its closing parenthesis stands after the cursor, at once or behind more connections."""
        return self.after in {")", ".", ",", ".*"}


def open_list(asked: Asked) -> OpenList | None:
    """The list at the cursor; None where no connection may start here."""
    site, instance = asked.site, asked.site.cursor.instance
    if instance is None or instance.connection is not None or instance.has_wildcard:
        return None
    cursor = site.cursor
    if cursor.call is not None or cursor.word != cursor.typed:
        return None
    is_name = cursor.kind in _NAME_KINDS
    if not is_name and (cursor.kind is not CursorKind.IDENTIFIER or cursor.typed):
        return None
    back = TokensBefore(site.text.data, cursor.word_span.start if is_name else site.offset)
    first = 1 if is_name else 0  # over the dot
    before = back[first].text
    if before not in {"(", ",", ")"} or (is_name and before == ")"):
        return None
    typed = _DOT_BEFORE.search(site.line_prefix)
    ahead = next(tokens_after(site.text.data, site.offset), None)
    use = written_use(asked, instance)
    return OpenList(
        asked=asked,
        instance=instance,
        use=use,
        before=before,
        after=ahead.text if ahead else "",
        typed=typed.group() if is_name and typed else "." if is_name else "",
        layout=_layout(asked, instance, use),
    )


def written_use(asked: Asked, instance: InstanceAt) -> InstanceUse | None:
    """The instance at the cursor in the summary of the present text."""
    summary = asked.snapshot.summary(asked.site.file)
    return next(
        (
            use
            for use in summary.instances
            if use.definition == instance.definition
            and use.definition_span.start == instance.span.start
            and (not instance.name or use.name == instance.name)
        ),
        None,
    )


def _layout(asked: Asked, instance: InstanceAt, use: InstanceUse | None) -> Layout:
    """Of this list if it shows one, else of the nearest instances of the file, those of the same module first."""
    site = asked.site
    is_parameters = instance.is_in_parameters
    own = _of(site.text, use, is_parameters=is_parameters, is_open=True) if use else None
    others = [u for u in asked.snapshot.summary(site.file).instances if u is not use]
    others.sort(
        key=lambda u: (u.definition != instance.definition, abs(u.span.start - site.offset))
    )
    near = [
        layout
        for other in others[:_NEAREST]
        if (layout := _of(site.text, other, is_parameters=is_parameters))
    ]
    if not near and not own:
        near = list(_elsewhere(asked, instance, is_parameters=is_parameters))
    whole = next((one for one in near if one.is_split), near[0] if near else Layout())
    whole = replace(whole, name_width=0, value_width=0)
    if own is None:
        return whole
    count = len(_named(use, is_parameters=is_parameters)) if use else 0
    if count < 2:  # one connection shows its line and blanks, and no columns or commas
        return replace(
            whole,
            is_split=own.is_split,
            indent=own.indent,
            left=own.left,
            right=own.right,
            has_shorthand=own.has_shorthand or whole.has_shorthand,
            gap=whole.gap if whole.is_aligned else own.gap,
        )
    return replace(own, is_closed_apart=own.is_split and whole.is_closed_apart)


def _elsewhere(asked: Asked, instance: InstanceAt, *, is_parameters: bool) -> Iterator[Layout]:
    for file in asked.snapshot.index.instantiators(instance.definition)[:3]:
        text = asked.snapshot.text(file)
        for use in asked.snapshot.summary(file).instances if text else ():
            if text and use.definition == instance.definition:
                layout = _of(text, use, is_parameters=is_parameters)
                if layout:
                    yield layout


def _named(use: InstanceUse, *, is_parameters: bool) -> Sequence[Connection]:
    return [c for c in (use.parameters if is_parameters else use.ports) if c.name not in {"", "*"}]


def _of(
    text: SourceText, use: InstanceUse, *, is_parameters: bool, is_open: bool = False
) -> Layout | None:
    named = _named(use, is_parameters=is_parameters)
    if not named:
        return None
    closing = -1 if is_open else text.data.find(b")", named[-1].span.end)
    return learned(text, use.definition_span.start, closing, named)


def inserted(
    found: OpenList, pairs: Sequence[tuple[str, str]], all_names: Sequence[str], *, is_whole: bool
) -> str:
    """The text that puts the connections *pairs* at the cursor; "" where it does not fit there.

    *all_names*: of everything that will be in the list, for its columns. *is_whole*: nothing is missing after
    them, so that the list is closed where it is not.
    """
    layout, site = found.layout, found.asked.site
    base = indent_of(site.text, found.instance.span.start)
    indent = site.indent if site.is_fresh_line and site.indent else base + layout.indent
    width = max((len(name) for name in all_names), default=0)
    widest = max((len(value) for _, value in pairs), default=0)
    texts = [connection_text(name, value, layout, width, widest) for name, value in pairs]
    is_fresh = not site.line_prefix.removesuffix(found.typed).strip()
    between = _between(layout, indent)
    start = _start(found, texts[0], indent, is_fresh=is_fresh)
    if start is None:
        return ""
    text = start + between.join(texts)[len(found.typed) :]
    if found.after == ".":
        return text + ("," if not site.line_suffix.strip() else ", ")
    apart = layout.is_split and (layout.is_closed_apart or is_fresh)
    close = "\n" + base + layout.close_indent
    if found.is_closed:
        is_here = bool(site.line_suffix.strip())
        return text + (close if is_here and apart and is_whole else "")
    if not is_whole:
        return text
    return text + (close if apart else "") + ");"


def _between(layout: Layout, indent: str) -> str:
    if not layout.is_split:
        return "," + (layout.comma_gap or " ")
    if layout.is_comma_first:
        return "\n" + indent + "," + layout.comma_gap
    return ",\n" + indent


def _start(found: OpenList, first: str, indent: str, *, is_fresh: bool) -> str | None:
    """What stands before the first connection; None where the two do not go together."""
    layout = found.layout
    if not first.startswith(found.typed):
        return None
    if found.typed:
        return ""
    if found.before == ")":
        if layout.is_comma_first and is_fresh:
            return "," + layout.comma_gap
        return None if is_fresh else _between(layout, indent)
    if is_fresh:
        return ""
    prefix = found.asked.site.line_prefix
    if layout.is_split:
        return "\n" + indent
    return "" if prefix.endswith((" ", "(")) else " "
