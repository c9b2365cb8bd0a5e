"""The build a person chose for a workspace, kept from one day to the next.

Must not write into the workspace: the choice is one person's, and lies in their cache folder.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path

from hdl_lsp.llm.models_folder import cache_directory
from hdl_lsp.server.capabilities import member

log = logging.getLogger(__name__)


def remember(roots: Sequence[str], name: str, folder: Path | None = None) -> None:
    """Keeps the choice for these workspace folders; a disk that can't be written costs only the memory."""
    path = _file(roots, folder)
    try:
        if name:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"roots": list(roots), "target": name}), encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    except OSError as err:
        log.warning("the choice of target was not kept: %s", err)


def remembered(roots: Sequence[str], folder: Path | None = None) -> str:
    """The choice kept for these workspace folders; "" when there is none that can be read."""
    try:
        kept: object = json.loads(_file(roots, folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    name = member(kept, "target")
    is_ours = member(kept, "roots") == list(roots)
    return name if is_ours and isinstance(name, str) else ""


def _file(roots: Sequence[str], folder: Path | None) -> Path:
    key = hashlib.blake2b("\0".join(roots).encode("utf-8", "surrogatepass"), digest_size=12)
    return (folder or cache_directory().parent / "targets") / f"{key.hexdigest()}.json"
