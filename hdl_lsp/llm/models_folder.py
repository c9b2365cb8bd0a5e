"""Where models are kept on this machine.

Must not look into it (catalogue.py does), nor import what does: every start asks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_directory() -> Path:
    """Where models are kept: hdl-lsp/models in the user's cache directory. Reads the environment."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    else:
        base = os.environ.get("XDG_CACHE_HOME")
    root = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
    return root / "hdl-lsp" / "models"
