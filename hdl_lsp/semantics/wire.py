"""What an analysis process answers with, around the value that was asked for.

Must not import pyslang: the server reads these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """The value for one request, and the memory of the process after it."""

    value: object
    memory_bytes: int  # resident set; 0 where the system can't tell
