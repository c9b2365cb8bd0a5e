"""Whether a file can be edited, as the disk says.

Must not decide whether it should be: project.py knows third-party code.
"""

from __future__ import annotations

import os


def is_writable(path: str) -> bool:
    """The file at *path* may be written, or exists only in an editor."""
    return os.access(path, os.W_OK) or not os.path.lexists(path)
