"""SyntaxTree and Node: a parsed text, asked by offset; every question has an answer on broken text.

Must not parse (parser.py) and must not hand out tree_sitter objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import tree_sitter

from hdl_lsp.text.source import SourceText, Span, span

ERROR = "ERROR"
"""The kind of a node whose text fits no rule of the grammar."""


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a tree. Equal when it is the same piece of the same tree."""

    _raw: tree_sitter.Node
    _source: SourceText = field(repr=False, compare=False)

    @property
    def kind(self) -> str:
        """Name of the grammar rule, or the text itself for keywords and punctuation; ERROR for what fits none."""
        return self._raw.type

    @property
    def span(self) -> Span:
        """The bytes it covers, without blanks around it."""
        return span(self._raw.start_byte, self._raw.end_byte)

    @property
    def text(self) -> str:
        """Its text as the user wrote it, also where the tree was made from a masked text."""
        return self._source.slice(self.span)

    @property
    def is_named(self) -> bool:
        """A rule of the grammar; False for keywords and punctuation."""
        return self._raw.is_named

    @property
    def is_missing(self) -> bool:
        """The parser invented it to go on; its span is empty."""
        return self._raw.is_missing

    @property
    def has_error(self) -> bool:
        """Something in it, or itself, fits no rule or is missing."""
        return self._raw.has_error

    def parent(self) -> Node | None:
        """The node around it; None for the root. Costs a walk from the root: for all ancestors ask path_at()."""
        raw = self._raw.parent
        return None if raw is None else Node(raw, self._source)

    def children(self) -> tuple[Node, ...]:
        """Its direct parts in text order, keywords, punctuation and comments included."""
        return tuple(Node(raw, self._source) for raw in self._raw.children)

    def child(self, *kinds: str) -> Node | None:
        """The first direct part of one of *kinds*; None if there is none."""
        raw = next((raw for raw in self._raw.children if raw.type in kinds), None)
        return None if raw is None else Node(raw, self._source)

    def field(self, name: str) -> Node | None:
        """The part that the grammar calls *name*, such as "instance_type"; None if it has none."""
        raw = self._raw.child_by_field_name(name)
        return None if raw is None else Node(raw, self._source)

    def walk(self, kinds: frozenset[str]) -> Iterator[Node]:
        """Every node of *kinds* in it, itself included, in text order, outer before inner."""
        return (Node(raw, self._source) for raw in _walk(self._raw) if raw.type in kinds)


class SyntaxTree:
    """One parse of one text. Immutable; made by parser.parse()."""

    def __init__(
        self,
        text: SourceText,
        raw: tree_sitter.Tree,
        masked: tuple[SourceText, tree_sitter.Tree] | None,
        *,
        is_masked: bool,
    ) -> None:
        self.text = text
        """What was parsed; all offsets count in it."""
        self.is_masked = is_masked
        """Macros and directives were blanked before parsing, because that left fewer errors."""
        self._raw = raw
        self._masked = masked

    def parsed(
        self,
    ) -> tuple[tuple[SourceText, tree_sitter.Tree], tuple[SourceText, tree_sitter.Tree] | None]:
        """What parser.parse() reuses: the tree of the text itself, and that of the masked text if there is one."""
        return (self.text, self._raw), self._masked

    @cached_property
    def root(self) -> Node:
        """The whole text."""
        return Node(self.raw_root(), self.text)

    @cached_property
    def error_bytes(self) -> int:
        """Bytes under ERROR nodes, and one for each missing token; 0 means the text fits the grammar."""
        return count_error_bytes(self.raw_root())

    def node_at(self, offset: int) -> Node:
        """The innermost node at *offset*; right after a word it is that word. The root where there is nothing else."""
        at = self._touched(offset)
        raw = self.raw_root().descendant_for_byte_range(at, min(at + 1, self.text.size_bytes))
        return self.root if raw is None else Node(raw, self.text)

    def path_at(self, offset: int) -> tuple[Node, ...]:
        """The nodes around *offset*, outermost (the root) first, the last one being node_at()'s."""
        at = self._touched(offset)
        end = min(at + 1, self.text.size_bytes)
        cursor = self.raw_root().walk()
        path = [self.root]
        while cursor.goto_first_child_for_byte(at) is not None:
            raw = cursor.node
            if raw is None or not raw.start_byte <= at or raw.end_byte < end:
                break
            path.append(Node(raw, self.text))
        return tuple(path)

    def enclosing(self, offset: int, kinds: frozenset[str]) -> Node | None:
        """The innermost node of *kinds* around *offset*; None if there is none."""
        return next((node for node in reversed(self.path_at(offset)) if node.kind in kinds), None)

    def walk(self, kinds: frozenset[str], within: Span | None = None) -> Iterator[Node]:
        """Every node of *kinds*, in text order, outer before inner; only those that touch *within* if it is given."""
        if within is None:
            return self.root.walk(kinds)
        found = _walk(self.raw_root(), within)
        return (Node(raw, self.text) for raw in found if raw.type in kinds)

    def errors(self) -> tuple[Span, ...]:
        """Outermost spans that fit no rule of the grammar, and empty spans where a token is missing."""
        return tuple(span(raw.start_byte, raw.end_byte) for raw in _error_nodes(self.raw_root()))

    def raw_root(self) -> tree_sitter.Node:
        """tree-sitter's own root, for queries.py; it must not leave this package."""
        tree = self._masked[1] if self.is_masked and self._masked else self._raw
        return tree.root_node

    def _touched(self, offset: int) -> int:
        """*offset* in the text, moved one back where it stands right after a word and before no other."""
        data = self.text.data
        at = max(0, min(offset, len(data)))
        if at and _is_word(data[at - 1]) and (at == len(data) or not _is_word(data[at])):
            return at - 1
        return at


def count_error_bytes(root: tree_sitter.Node) -> int:
    """Bytes under ERROR nodes below *root*, and one for each missing token."""
    return sum(max(1, raw.end_byte - raw.start_byte) for raw in _error_nodes(root))


def _error_nodes(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """Outermost ERROR and missing nodes. Goes only where an error is, without recursion: trees can be 20,000 deep."""
    if not root.has_error:
        return
    cursor = root.walk()
    while True:
        raw = cursor.node
        if raw is None:
            return
        is_error = raw.is_error or raw.is_missing
        if is_error:
            yield raw
        if not is_error and raw.has_error and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def _walk(root: tree_sitter.Node, within: Span | None = None) -> Iterator[tree_sitter.Node]:
    """Every node below *root*, itself first, without recursion; nothing that lies outside *within*."""
    cursor = root.walk()
    while True:
        raw = cursor.node
        is_near = raw is not None and (
            within is None or (raw.end_byte >= within.start and raw.start_byte <= within.end)
        )
        if raw is not None and is_near:
            yield raw
        if is_near and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def _is_word(byte: int) -> bool:
    """A byte of an identifier or number (IEEE 1800-2023, 5.6): letters, digits, `_` and `$`."""
    return (
        0x30 <= byte <= 0x39 or 0x41 <= byte <= 0x5A or 0x61 <= byte <= 0x7A or byte in (0x5F, 0x24)
    )
