"""Tiny GGUF files for tests: a real header, real tensor list, and as many bytes of data as asked for."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

CONTROL = 3
NORMAL = 1

_UINT32, _STRING, _ARRAY, _INT32 = 4, 8, 9, 5
_Q8_0 = 8
_ALIGNMENT = 32


def gguf_bytes(
    metadata: Mapping[str, str | int],
    tokens: Sequence[tuple[str, int]] = (),
    tensor_blocks: int = 4,
) -> bytes:
    """A version 3 file with one Q8_0 tensor of *tensor_blocks* blocks (32 values, 34 bytes each)."""
    keys = [_text(key) + _value(value) for key, value in metadata.items()]
    if tokens:
        texts = b"".join(_text(text) for text, _ in tokens)
        kinds = struct.pack(f"<{len(tokens)}i", *(kind for _, kind in tokens))
        head = struct.pack("<I", _ARRAY)
        keys.append(
            _text("tokenizer.ggml.tokens") + head + struct.pack("<IQ", _STRING, len(tokens)) + texts
        )
        keys.append(
            _text("tokenizer.ggml.token_type")
            + head
            + struct.pack("<IQ", _INT32, len(tokens))
            + kinds
        )
    tensor = _text("weights") + struct.pack("<IQIQ", 1, tensor_blocks * 32, _Q8_0, 0)
    header = b"GGUF" + struct.pack("<IQQ", 3, 1, len(keys)) + b"".join(keys) + tensor
    padding = bytes(-len(header) % _ALIGNMENT)
    return header + padding + bytes(tensor_blocks * 34)


def write_gguf(
    path: Path, metadata: Mapping[str, str | int], tokens: Sequence[tuple[str, int]] = ()
) -> Path:
    """Writes `gguf_bytes` to *path*."""
    path.write_bytes(gguf_bytes(metadata, tokens))
    return path


def _text(text: str) -> bytes:
    """A GGUF string."""
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _value(value: str | int) -> bytes:
    """A typed GGUF value."""
    if isinstance(value, str):
        return struct.pack("<I", _STRING) + _text(value)
    return struct.pack("<II", _UINT32, value)
