"""How a child process of ours is started: this interpreter, this package, nothing of the user's current folder.

Must not start it, nor import asyncio: the first child is started before that.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


def command(module: str, *arguments: str) -> tuple[str, ...]:
    """`python -m module arguments...`; -P, because the current folder is the user's and may hold a json.py."""
    return (sys.executable, "-P", "-m", module, *arguments)


def environment(added: Mapping[str, str]) -> dict[str, str]:
    """Our environment, what is *added*, and a way to import this package from a checkout."""
    found = {**os.environ, **added}
    site = {Path(sysconfig.get_path(key)).resolve() for key in ("purelib", "platlib")}
    if _PACKAGE_ROOT not in site:
        inherited = found.get("PYTHONPATH")
        parts = [str(_PACKAGE_ROOT), *([inherited] if inherited else [])]
        found["PYTHONPATH"] = os.pathsep.join(parts)
    return found
