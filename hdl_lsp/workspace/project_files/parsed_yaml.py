"""YAML that was parsed before, kept in the user's cache: a thousand .core files cost half a second at every start.

Must not be needed: a missing, damaged or older file means parsing again. JSON, because reading it runs nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import cast

FILE = "yaml.json"
VERSION = 1  # of what the parser makes of a text
MAX_BYTES = 32_000_000
FEWEST = 100  # parsed in one go; fewer are parsed as fast as they are found here


class ParsedYaml:
    """Values by the content of their texts. Only values that JSON gives back as they were are kept."""

    def __init__(self) -> None:
        self._known: dict[str, object] = {}
        self._fresh: dict[str, object] = {}

    def find(self, data: bytes) -> tuple[object] | None:
        """The value of the text *data* in a tuple; None when it is not known."""
        if not self._known:
            return None
        key = _key(data)
        return (self._known[key],) if key in self._known else None

    def add(self, data: bytes, value: object) -> None:
        """What a parser made of *data*."""
        self._fresh[_key(data)] = value

    def load(self, folder: Path) -> None:
        """Takes what is kept in *folder*."""
        path = folder / FILE
        try:
            if path.stat().st_size > MAX_BYTES:
                return
            found: object = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return
        if isinstance(found, dict):
            kept = cast("dict[str, object]", found)
            values = kept.get("values")
            if kept.get("version") == VERSION and isinstance(values, dict):
                self._known = cast("dict[str, object]", values)

    def save(self, folder: Path) -> None:
        """Keeps in *folder* what was parsed since load(), if that is worth it and can be written there."""
        fresh, self._fresh = self._fresh, {}
        if len(fresh) < FEWEST:
            return
        self._known |= {key: value for key, value in fresh.items() if _survives(value)}
        text = json.dumps({"version": VERSION, "values": self._known}, separators=(",", ":"))
        if len(text) > MAX_BYTES:
            return
        with contextlib.suppress(OSError):
            import tempfile

            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder, prefix=FILE)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(folder / FILE)


def _key(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _survives(value: object) -> bool:
    """JSON gives *value* back as it was: no dates, no numbers as keys, nothing that is there twice.

    A few lines of YAML whose aliases name each other are gigabytes of JSON.
    """
    if _is_shared(value):
        return False
    try:
        return json.loads(json.dumps(value)) == value
    except (TypeError, ValueError, RecursionError):
        return False


def _is_shared(value: object) -> bool:
    """A list or mapping inside *value* stands in two places, which is what an alias makes of it."""
    seen: set[int] = set()
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict | list):
            if id(cast("object", one)) in seen:
                return True
            seen.add(id(cast("object", one)))
        if isinstance(one, dict):
            todo += cast("dict[object, object]", one).values()
        elif isinstance(one, list):
            todo += cast("list[object]", one)
    return False
