"""How engine, project and analysis are doing, as the `hdl/*` methods answer it (docs/protocol.md).

Must not wait: a status is what is known right now.
"""

from __future__ import annotations

import asyncio

from hdl_lsp import __version__
from hdl_lsp.semantics.client import AnalysisClient
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.session import Session

STATUS = "$/hdl/status"
STATUS_PAUSE_S = 0.1


def engine_status(session: Session) -> dict[str, object]:
    """Answer of `hdl/engineStatus`."""
    status = session.engine.status()
    return {
        "state": status.state.value,
        "model": status.model,
        "device": status.device,
        "detail": status.detail,
        "contextTokens": status.context_tokens,
        "fim": status.fim,
        "tokensPerS": status.tokens_per_s,
        "restarts": status.restarts,
    }


def project_status(session: Session) -> dict[str, object]:
    """Answer of `hdl/projectStatus`."""
    project = session.project
    return {
        "source": project.kind,
        "detail": project.why,
        "isConfigured": project.is_configured,
        "isLoaded": session.loads > 0,
        "roots": list(project.roots),
        "sources": len(project.sources),
        "files": len(session.index.files()),
        "includeDirs": list(project.include_dirs),
        "defines": [f"{name}={value}" if value else name for name, value in project.defines],
        "tops": list(project.tops),
        "target": project.target,
        "targets": [target.name for target in project.targets],
        "problems": [
            {"path": p.path, "line": p.line1, "message": p.message} for p in project.problems
        ],
        "design": _design(session),
    }


def _design(session: Session) -> dict[str, object] | None:
    """What the last elaboration of the whole design found; None before the first."""
    design = session.design_facts
    if design is None:
        return None
    return {
        "tops": list(design.tops),
        "instances": design.counts.instances,
        "diagnostics": sum(len(found) for found in design.diagnostics.values()),
        "failure": design.failure,
        "isLintOnly": design.is_lint_only,
        "isKept": session.designer.is_kept,
        "memoryBytes": session.design.memory_bytes,
        "durationMs": round(session.designer.duration_s * 1000),
        "activeInstance": session.active_instance,
    }


def _analysis(client: AnalysisClient) -> dict[str, object]:
    status = client.status()
    return {
        "state": status.state,
        "restarts": status.restarts,
        "detail": status.detail,
    }


def server_status(connection: Connection) -> dict[str, object]:
    """Answer of `hdl/serverStatus`."""
    session = connection.session
    return {
        "version": __version__,
        "revision": session.snapshot().revision,
        "positionEncoding": connection.client.encoding.value,
        "openDocuments": len(connection.documents),
        "internalErrors": connection.server.internal_errors,
        "requests": connection.times.report(),
        "engine": engine_status(session),
        "analysis": {
            "shallow": _analysis(session.shallow),
            "design": _analysis(session.design),
        },
    }


def notification(connection: Connection) -> dict[str, object]:
    """Parameters of `$/hdl/status`."""
    session = connection.session
    indexing = session.reading.indexing
    return {
        "engine": engine_status(session),
        "analysis": {
            "shallow": _analysis(session.shallow)["state"],
            "design": _analysis(session.design)["state"],
        },
        "loads": session.loads,
        "target": session.project.target,
        "indexing": None if indexing is None else {"done": indexing[0], "total": indexing[1]},
    }


class StatusPush:
    """Sends `$/hdl/status` to a client that asked for it, some times a second at most."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._timer: asyncio.TimerHandle | None = None
        self._sent: dict[str, object] | None = None

    def changed(self) -> None:
        """Something about the status may be new."""
        if self._connection.options.has_status and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(STATUS_PAUSE_S, self._send)

    def _send(self) -> None:
        self._timer = None
        status = notification(self._connection)
        if status != self._sent and not self._connection.protocol.is_shut_down:
            self._sent = status
            self._connection.protocol.notify(STATUS, status)
