"""What follows the handshake, and every change of project: settings, file watchers, reading with a progress bar.

Must not block: everything here runs in the background of an open connection.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from contextlib import suppress

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from hdl_lsp.errors import WorkerError
from hdl_lsp.server import client_settings
from hdl_lsp.server.client_settings import FOREIGN_SECTIONS
from hdl_lsp.server.connection import Connection
from hdl_lsp.server.progress import WorkDone
from hdl_lsp.server.remembered_target import remembered

log = logging.getLogger(__name__)

ANSWER_S = 5.0  # a client that never answers is not waited for
PROGRESS_AFTER_S = 0.5
WATCHED = (
    "**/*.{sv,svh,v,vh,svi,f,F}",
    "**/hdl-lsp.toml",
    "**/verible.filelist",
    "**/.slang/**/*.json",
    "**/{vide,lazyverilog,.svls,.slingshot}.toml",
    "**/{veridian,Bender}.{yml,yaml}",
    "**/Bender.{lock,local}",
    "**/{*.core,*.eda.yml,.hdl_checker.config}",
    "**/.dvt/*.build",
)


async def start(connection: Connection) -> None:
    """Settings first: they say what to read."""
    await pull_settings(connection)
    connection.session.target_choice = remembered(connection.session.roots)
    await watch_files(connection)
    await asyncio.gather(load(connection), connection.session.warm_engine())


async def pull_settings(connection: Connection) -> bool:
    """Asks a client that keeps settings for its section `hdl`, and for what other extensions know about the project.

    True when the project has to be read again.
    """
    if not connection.client.configuration:
        return False
    sections = ("hdl", *FOREIGN_SECTIONS)
    params = types.ConfigurationParams([types.ConfigurationItem(section=s) for s in sections])
    try:
        async with asyncio.timeout(ANSWER_S):
            answers = await connection.server.workspace_configuration_async(params)
    except (JsonRpcException, TimeoutError) as err:
        log.info("the client gave no settings: %s", err)
        return False
    settings = client_settings.settings(answers[0] if answers else None)
    given = client_settings.foreign(dict(zip(FOREIGN_SECTIONS, answers[1:], strict=False)))
    foreign = {**connection.initial_foreign, **given}
    session = connection.session
    is_other, session.foreign = session.foreign != foreign, foreign
    return session.configure({**connection.initial_settings, **settings}) or is_other


async def watch_files(connection: Connection) -> None:
    """Registers for changes on disk, where the client takes a registration."""
    if not connection.client.watches_files:
        return
    watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED]
    registration = types.Registration(
        id="hdl-lsp-files",
        method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        register_options=types.DidChangeWatchedFilesRegistrationOptions(watchers),
    )
    try:
        async with asyncio.timeout(ANSWER_S):
            await connection.server.client_register_capability_async(
                types.RegistrationParams([registration])
            )
    except (JsonRpcException, TimeoutError) as err:
        log.info("the client watches no files: %s", err)


GC_THRESHOLDS = (10_000, 10, 1_000)
"""Python's own would walk every tree and every fact several times during one large answer: 0.1 s each time.
What one answer leaves behind in cycles is young, and a walk of the young ones takes a millisecond."""


def collect_rarely() -> None:
    """What is there now stays: the garbage collector need not walk it on every key."""
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    gc.enable()


async def load(connection: Connection) -> None:
    """Reads the workspace, with a progress bar that can be cancelled; a configured design is then elaborated."""
    progress = WorkDone(connection.server, "hdl-lsp: reading the workspace")
    if connection.client.progress:
        connection.background.start(progress.create(), "progress bar")
    try:
        await connection.session.load(progress)
        collect_rarely()
    finally:
        files = len(connection.session.index.files())
        progress.end("stopped" if progress.is_cancelled else f"{files} files")
    with suppress(WorkerError):  # its own status says so
        await connection.session.shallow.start()  # so that the first question need not wait for it
    if not progress.is_cancelled and connection.session.config.inline.enabled:
        connection.session.files.search_similar()
    if connection.session.project.is_configured and not progress.is_cancelled:
        connection.background.start(elaborate(connection), "design")


async def elaborate(connection: Connection) -> None:
    """Elaborates the whole design; a progress bar shows when it takes longer than a glance."""
    task = connection.session.elaborate()
    if task is None:
        return
    done, _ = await asyncio.wait({task}, timeout=PROGRESS_AFTER_S)
    if done or not connection.client.progress:
        return
    progress = WorkDone(connection.server, "hdl-lsp: elaborating the design", can_cancel=False)
    connection.background.start(progress.create(), "progress bar")
    await asyncio.wait({task})
    progress.end("done")
