"""Completion: which kinds of items the place at the cursor gets.

Must not wait: facts of an older text are used by name, the present text through its summary and tree.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_lsp.features.completion.directives import include_items, macro_items, system_items
from hdl_lsp.features.completion.enums import expected_items
from hdl_lsp.features.completion.instances import (
    argument_items,
    connection_items,
    instance_name_items,
    module_items,
)
from hdl_lsp.features.completion.items import CompletionItem, Completions, capped
from hdl_lsp.features.completion.keywords import keyword_items
from hdl_lsp.features.completion.members import member_items, scoped_items
from hdl_lsp.features.completion.scope import import_items, package_items, scope_items
from hdl_lsp.features.completion.site import Place, Site, site_at
from hdl_lsp.syntax.cursor import CursorKind
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot

_SILENT = frozenset({CursorKind.COMMENT, CursorKind.STRING, CursorKind.NUMBER})


def completion(snapshot: Snapshot, file: FileId, offset: int) -> Completions:
    """What can be written at *offset*, best first; nothing in comments, strings and numbers."""
    site = site_at(snapshot, file, offset)
    if site is None or site.cursor.kind in _SILENT:
        return Completions()
    typed = site.cursor.typed
    match site.cursor.kind:
        case CursorKind.INCLUDE:
            return capped(include_items(site), "")
        case CursorKind.MACRO:
            items, more = macro_items(site)
            return capped(items, typed, is_incomplete=more)
        case CursorKind.SYSTEM:
            return capped(system_items(site), typed)
        case CursorKind.PORT_NAME | CursorKind.PARAMETER_NAME:
            instance = site.cursor.instance
            return capped(connection_items(site, instance), typed) if instance else Completions()
        case CursorKind.ARGUMENT_NAME:
            return capped(argument_items(site), typed)
        case CursorKind.MEMBER:
            return capped(member_items(site), typed)
        case CursorKind.SCOPE:
            return capped(scoped_items(site), typed)
        case _:
            return _plain(site)


def _plain(site: Site) -> Completions:
    typed = site.cursor.typed
    instance = site.cursor.instance
    if site.before == b"import" or site.cursor.after_keyword == "import":
        return capped(import_items(site), typed)
    if site.place is Place.NEW_NAME:
        return capped(instance_name_items(site), typed)
    if instance is not None and instance.connection is None:
        return capped(connection_items(site, instance), typed)
    more = False
    items: list[CompletionItem] = list(_names(site))
    if site.place is Place.ITEM:
        modules, more = module_items(site)
        items += modules
    return capped(items, typed, is_incomplete=more)


def _names(site: Site) -> Iterator[CompletionItem]:
    if site.place in {Place.EXPRESSION, Place.STATEMENT}:
        yield from expected_items(site)
    yield from scope_items(site)
    if site.place is not Place.FILE:
        yield from package_items(site, with_scope=True)
    yield from keyword_items(site.place, site.replace)
