"""How a decode under way is stopped from another thread.

Must not import llama.cpp: the callback's type is the C one, and the byte is ours.
"""

from __future__ import annotations

import ctypes
import platform
import sys

_STRLEN_MACHINES = ("x86_64", "AMD64", "aarch64", "arm64")
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p)  # ggml_abort_callback


class AbortFlag:
    """A byte that any thread may set and llama.cpp looks at between graph nodes, without Python.

    The callback is libc's strlen on a two-byte text: its result is not zero exactly when the first
    byte is not. No interpreter lock is needed, so a busy reader can't delay it. Where we don't know
    that the low byte of its result is read as the boolean, a Python callback does the same.
    """

    def __init__(self) -> None:
        self._bytes = ctypes.create_string_buffer(2)
        self.argument = ctypes.cast(self._bytes, ctypes.c_void_p)
        # ctypes has no static types for what casts return.
        self.callback: object = self._native() or _CALLBACK(self._python)

    def set(self) -> None:
        """Asks the decode under way to stop."""
        self._bytes[0] = b"\x01"

    def clear(self) -> None:
        """Lets decodes run."""
        self._bytes[0] = b"\x00"

    @property
    def is_set(self) -> bool:
        """Whether a stop was asked for."""
        return self._bytes[0] != b"\x00"

    def _python(self, _argument: object) -> bool:
        """The callback where strlen can't be used."""
        return self.is_set

    def _native(self) -> object | None:
        """The C library's strlen as a callback, or None."""
        if platform.machine() not in _STRLEN_MACHINES:
            return None
        libc = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
        return ctypes.cast(libc.strlen, _CALLBACK)
