"""The `hdl/*` methods about the elaborated design: instances, drivers, loads, and the instance whose values are shown.

Must not raise for a design that can't be elaborated: the answer's `status` says why it is empty.
"""

from __future__ import annotations

from hdl_lsp.errors import UsageError
from hdl_lsp.features import code_lens, elaborated
from hdl_lsp.semantics.design_query import (
    MAX_PAGE,
    ChildrenOf,
    InstanceAt,
    InstanceInfo,
    InstancePage,
    InstancesOf,
    NotElaborated,
    Question,
    QuestionAnswer,
    SignalAnswer,
    SignalOf,
    Site,
)
from hdl_lsp.server import startup
from hdl_lsp.server.capabilities import member
from hdl_lsp.server.connection import Connection, Place
from hdl_lsp.server.places import document_of, place_of
from hdl_lsp.server.to_lsp import View
from hdl_lsp.text.source import Offset, Span

MAX_DEPTH = 16
MAX_SITES = 2_000


async def instances(connection: Connection, params: object) -> object:
    """Answer of `hdl/instances`: by path, by name of a module, or by a place in a file."""
    start, limit = _number(params, "start", 0), _number(params, "limit", MAX_PAGE)
    path, definition = member(params, "path"), member(params, "definition")
    question: Question
    if isinstance(path, str):
        question = ChildrenOf(path, start, limit)
    elif isinstance(definition, str):
        question = InstancesOf(definition, start, limit)
    elif member(params, "textDocument") is not None:
        place = _place(connection, params)
        if place is None:
            return _page(connection, NotElaborated("nothing is known of this document"))
        name = elaborated.module_at(place.snapshot, place.file, place.offset)
        if not name:
            return _page(connection, NotElaborated("there is no module here"))
        question = InstancesOf(name, start, limit)
    else:
        question = ChildrenOf("", start, limit)
    return _page(connection, await _asked(connection, question))


async def drivers(connection: Connection, params: object) -> object:
    """Answer of `hdl/drivers`."""
    return await _signal(connection, params, is_driving=True)


async def loads(connection: Connection, params: object) -> object:
    """Answer of `hdl/loads`."""
    return await _signal(connection, params, is_driving=False)


async def instantiations(connection: Connection, params: object) -> object:
    """Answer of `hdl/instantiations`: where a module is written as an instance; needs no elaboration."""
    snapshot = connection.session.snapshot()
    name = member(params, "definition")
    if not isinstance(name, str):
        place = _place(connection, params)
        if place is None:
            return {"definition": "", "locations": []}
        name = elaborated.module_at(place.snapshot, place.file, place.offset)
    targets = code_lens.instantiations(snapshot, name)
    return {"definition": name, "locations": connection.view(snapshot).locations(targets)}


async def select_instance(connection: Connection, params: object) -> object:
    """Answer of `hdl/selectInstance`; an empty path takes the choice back. Raises UsageError for a wrong path."""
    session = connection.session
    path = member(params, "path")
    if not isinstance(path, str):
        raise UsageError("hdl/selectInstance needs a path; an empty one takes the choice back")
    if path:
        found = await _asked(connection, InstanceAt(path))
        if isinstance(found, NotElaborated):
            return {"active": session.active_instance, "status": found.reason}
        if not isinstance(found, InstancePage) or not found.instances:
            raise UsageError(f"the design has no instance {path}")
    session.active_instance = path
    return {"active": path, "status": ""}


async def _asked(connection: Connection, question: Question) -> QuestionAnswer | NotElaborated:
    """The answer; while the design is elaborated for it, progress is shown."""
    if not connection.session.designer.is_kept:
        connection.background.start(startup.elaborate(connection), "design")
    return await connection.session.design_query(question)


async def _signal(connection: Connection, params: object, *, is_driving: bool) -> object:
    depth = min(_number(params, "depth", 1), MAX_DEPTH)
    limit = min(_number(params, "limit", 200), MAX_SITES)
    path, instance = member(params, "path"), member(params, "instance")
    if isinstance(path, str):
        question = SignalOf(path, depth=depth, limit=limit)
    else:
        place = _place(connection, params)
        chosen = instance if isinstance(instance, str) else connection.session.active_instance
        asked = (
            elaborated.signal_question(place.snapshot, place.file, place.offset, chosen)
            if place
            else None
        )
        if asked is None:
            return _no_signal("no signal is named here")
        question = SignalOf(
            file=asked.file, offset=asked.offset, instance=chosen, depth=depth, limit=limit
        )
    answer = await _asked(connection, question)
    if isinstance(answer, NotElaborated):
        return _no_signal(answer.reason)
    if not isinstance(answer, SignalAnswer) or not answer.path:
        return _no_signal("the elaborated design has no such signal")
    view = connection.view(connection.session.snapshot())
    sites = answer.drivers if is_driving else answer.loads
    return {
        "signal": {
            "path": answer.path,
            "kind": answer.kind,
            "type": answer.type_text,
            "width": answer.bit_width,
            "value": answer.value,
            "location": _location(view, answer.file, answer.span),
        },
        "sites": [_site(view, site) for site in sites],
        "isCut": answer.is_cut,
        "status": "",
    }


def _no_signal(status: str) -> dict[str, object]:
    return {"signal": None, "sites": [], "isCut": False, "status": status}


def _site(view: View, site: Site) -> dict[str, object]:
    return {
        "kind": site.kind.value,
        "location": _location(view, site.file, site.span),
        "text": site.text,
        "instance": site.instance,
        "through": list(site.through),
        "level": site.level,
    }


def _page(connection: Connection, answer: object) -> dict[str, object]:
    if isinstance(answer, NotElaborated):
        return {"instances": [], "start": 0, "total": 0, "status": answer.reason}
    assert isinstance(answer, InstancePage)
    view = connection.view(connection.session.snapshot())
    return {
        "instances": [_instance(view, one) for one in answer.instances],
        "start": answer.start,
        "total": answer.total,
        "status": "" if answer.is_known else "the elaborated design has no such instance",
    }


def _instance(view: View, one: InstanceInfo) -> dict[str, object]:
    return {
        "name": one.name,
        "definition": one.definition,
        "path": one.path,
        "kind": one.kind,
        "parameters": [{"name": name, "value": value} for name, value in one.parameters],
        "location": _location(view, one.file, one.span),
        "definitionLocation": _location(view, one.definition_file, one.definition_span),
        "children": one.child_count,
    }


def _location(view: View, path: str, where: Span | None) -> object:
    return view.location(path, where) if path and where is not None else None


def _place(connection: Connection, params: object) -> Place | None:
    """The place in *params*; without a position, the start of the document."""
    if member(params, "position") is not None:
        return place_of(connection, params)
    page = connection.page(document_of(params))
    return None if page is None else Place(page.snapshot, page.file, page.text, Offset(0))


def _number(params: object, name: str, default: int) -> int:
    value = member(params, name)
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else default
