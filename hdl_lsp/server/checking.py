"""slang's verdict on what may be inserted into a file, asked of the analysis process.

Must not decide what is shown: postprocess/gate.py does.
"""

from __future__ import annotations

import logging

from hdl_lsp.errors import HdlLspError
from hdl_lsp.postprocess.gate import Checker
from hdl_lsp.semantics.checked import Checked
from hdl_lsp.server.session import Session
from hdl_lsp.text.source import Offset, SourceText
from hdl_lsp.workspace import closure
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.insertions import check_request

log = logging.getLogger(__name__)


def checker(session: Session, file: FileId) -> Checker:
    """Compiles *file* with insertions, against the world as it is when it is asked."""

    async def check(
        before: SourceText, offset: Offset, insertions: tuple[str, ...]
    ) -> Checked | None:
        snapshot = session.snapshot()
        known = session.facts_request(file)  # is asked at every key anyway, and remembered
        if known is None or known.main.digest != before.digest:
            known = closure.facts_request(snapshot, file, before)
        try:
            return await session.shallow.check(
                check_request(snapshot, file, known, offset, insertions)
            )
        except HdlLspError as err:
            log.info("candidates were not checked: %s", err)
            return None

    return check
