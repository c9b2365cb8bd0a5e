"""A terminal editor on a real screen: what a person would see and type. tmux is the terminal.

Must not know any editor.
"""

import shlex
import subprocess
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

_WAIT_S = 60.0
_LOOK_AGAIN_S = 0.05


class Screen:
    """One terminal window, 110 columns and 32 rows."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        """Starts *command* in *folder*; *environment* is added to the present one."""
        self._socket = f"hdl-lsp-{uuid.uuid4().hex[:8]}"
        added = [f"{name}={value}" for name, value in environment.items()]
        line = shlex.join(["env", *added, *command])
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-x", "110", "-y", "32", "-c", str(folder), line
        )
        self._tmux("set", "-g", "escape-time", "0")

    def text(self) -> str:
        """Everything on the screen, without colours."""
        return self._tmux("capture-pane", "-p")

    def keys(self, *names: str) -> None:
        """Presses keys by tmux' names: `Escape`, `C-x`, `M-Tab`, `Enter`, or a character."""
        self._tmux("send-keys", *names)

    def type(self, text: str) -> None:
        """Types *text* key by key."""
        for character in text:
            self._tmux("send-keys", "-l", character)

    def wait_for(self, *wanted: str) -> str:
        """The screen once all texts *wanted* are on it."""
        return self.wait_until(
            lambda text: all(part in text for part in wanted), f"{wanted} on the screen"
        )

    def wait_until(self, holds: Callable[[str], bool], what: str) -> str:
        """The screen once it *holds* what is wanted; *what* is for the failure."""
        deadline = time.monotonic() + _WAIT_S
        while not holds(text := self.text()):
            assert time.monotonic() < deadline, f"waited for {what}:\n{text}"
            time.sleep(_LOOK_AGAIN_S)  # a terminal has no event for "something was drawn"
        return text

    def close(self) -> None:
        """Ends the terminal and everything in it."""
        # Without check: an editor that was left takes the terminal with it.
        subprocess.run(
            ["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False
        )

    def _tmux(self, *args: str) -> str:
        return subprocess.run(
            ["tmux", "-L", self._socket, *args], capture_output=True, text=True, check=True
        ).stdout


@contextmanager
def screen(command: list[str], folder: Path, environment: Mapping[str, str]) -> Generator[Screen]:
    """A Screen that is closed whatever happens."""
    opened = Screen(command, folder, environment)
    try:
        yield opened
    finally:
        opened.close()
