"""Whether a file can be edited, as the disk says.

Must not decide whether it should be: project.py knows third-party code.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence


def writable_below(roots: Sequence[str]) -> Callable[[str], bool]:
    """Tells of a path whether it may be written: not through a link that leads out of *roots*.

    A path that exists only in an editor may be. Without roots every place is as good as another.
    """
    real_roots = [os.path.realpath(root) for root in roots]

    def is_writable(path: str) -> bool:
        real = os.path.realpath(path)
        is_inside = not real_roots or any(
            real.startswith(root.rstrip(os.sep) + os.sep) for root in real_roots
        )
        return is_inside and (os.access(path, os.W_OK) or not os.path.lexists(path))

    return is_writable
