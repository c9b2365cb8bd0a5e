"""Which files are the design under evaluation, the same for the features and for the walk they are judged by.

Must not judge. Without a file list the files are those that the top needs, by the names they declare.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hdl_lsp.errors import UsageError
from hdl_lsp.semantics.truth.record import TruthRequest
from hdl_lsp.server.session import Session
from hdl_lsp.workspace.closure import compile_options
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.needs import needs_of


@dataclass(frozen=True, slots=True)
class Design:
    """A folder with a file list for one top, as absolute paths. *is_inferred*: the features are not told the list."""

    folder: Path
    filelist: Path | None = None
    tops: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()
    is_inferred: bool = False


@asynccontextmanager
async def opened(design: Design) -> AsyncGenerator[tuple[Session, TruthRequest]]:
    """A session on the design as an editor would open it, and what to ask the walk."""
    if not design.folder.is_dir():
        raise UsageError(f"no such folder: {design.folder}")
    if not design.tops:
        raise UsageError("which module is the top? --top NAME")
    with TemporaryDirectory(prefix="hdl-lsp-eval-") as scratch:
        filelist = design.filelist
        if filelist is None:
            filelist = Path(scratch) / "design.f"
            async with _session(design, None) as session:
                filelist.write_text(_composed(session, design.tops), encoding="utf-8")
        elif not filelist.is_file():
            raise UsageError(f"no such file list: {filelist}")
        request = TruthRequest(
            filelist=str(filelist),
            defines=tuple((n, v) for n, _, v in (d.partition("=") for d in design.defines)),
            tops=design.tops,
        )
        async with _session(design, None if design.is_inferred else filelist) as session:
            yield session, request


@asynccontextmanager
async def _session(design: Design, filelist: Path | None) -> AsyncGenerator[Session]:
    project: dict[str, object] = {"tops": list(design.tops), "defines": list(design.defines)}
    if filelist is not None:
        project["filelists"] = [str(filelist)]
    session = Session()
    try:
        session.open_folder([str(design.folder)], {"llm": {"enabled": False}, "project": project})
        await session.load()
        yield session
    finally:
        await session.close()


def _composed(session: Session, tops: tuple[str, ...]) -> str:
    """A file list of the files that *tops* need. Raises UsageError for a top that nobody declares."""
    index = session.index
    files: dict[FileId, None] = {}
    for top in tops:
        units = index.units(top)
        if not units:
            raise UsageError(f"no file declares the top {top}")
        paths = sorted((session.table.path_of(unit.file) for unit in units), key=len)
        files[session.table.id_of(paths[0])] = None
    found = needs_of(index, session.project, tuple(files), is_whole_design=True)
    options = compile_options(session.snapshot())
    headers = {str(Path(session.table.path_of(file)).parent) for file in found.included}
    folders = dict.fromkeys((*options.include_dirs, *sorted(headers)))
    lines = [f'+incdir+"{folder}"' for folder in folders]
    lines += [f'"{session.table.path_of(file)}"' for file in (*found.context, *files)]
    return "\n".join([*lines, ""])
