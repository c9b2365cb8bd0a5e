"""What a GGUF file says about itself, read without llama.cpp: is it whole, what is in it, how big.

Must not load weights: only the header is read, and the file size compared with what the header promises.
Format: GGUF version 2 and 3, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hdl_lsp.errors import ModelLoadError, ModelNotFoundError

MAGIC = b"GGUF"
DEFAULT_ALIGNMENT = 32
MAX_COUNT = 1 << 24  # more keys or tensors than this is not a header
MAX_DIMENSIONS = 4

_STRING = 8
_ARRAY = 9
_SCALARS: Mapping[int, struct.Struct] = {
    kind: struct.Struct("<" + code)
    for kind, code in {
        0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"
    }.items()
}  # fmt: skip

# ggml type -> (values per block, bytes per block), ggml.c type_traits.
_BLOCKS: Mapping[int, tuple[int, int]] = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 36), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4),
    27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip

# general.file_type -> name, llama.h enum llama_ftype.
_FILE_TYPES: Mapping[int, str] = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
}  # fmt: skip

_CONTROL_TOKEN = 3  # tokenizer.ggml.token_type
_USER_DEFINED_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Gguf:
    """The header of a model file that is whole."""

    path: Path
    size_bytes: int
    version: int
    metadata: Mapping[
        str, object
    ]  # scalars and strings; arrays only by their length, as `key.length`
    special_tokens: Mapping[str, int]  # text -> id of control and user-defined tokens
    parameters: int  # number of weights

    @property
    def architecture(self) -> str:
        """E.g. "qwen2", "gemma3"; "" when the file does not say."""
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        """The author's name for the model; "" when the file does not say."""
        return self.text("general.name")

    @property
    def quantisation(self) -> str:
        """E.g. "Q4_K_M"; "?" when the file does not say."""
        return _FILE_TYPES.get(self.number("general.file_type", -1), "?")

    @property
    def context_length(self) -> int:
        """Tokens the model was trained for; 0 when the file does not say."""
        return self.number(f"{self.architecture}.context_length", 0)

    @property
    def layers(self) -> int:
        """Number of layers; 0 when the file does not say."""
        return self.number(f"{self.architecture}.block_count", 0)

    @property
    def has_chat_template(self) -> bool:
        """Whether the file brings its own chat template."""
        return "tokenizer.chat_template" in self.metadata

    def text(self, key: str) -> str:
        """A string of the metadata; "" when absent."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str, absent: int) -> int:
        """An integer of the metadata, or *absent*."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) else absent


def read_gguf(path: Path) -> Gguf:
    """The header of *path*; raises ModelNotFoundError, or ModelLoadError when it is no whole GGUF."""
    if not path.is_file():
        raise ModelNotFoundError(f"no model file {path}")
    size_bytes = path.stat().st_size
    if size_bytes < len(MAGIC):
        raise ModelLoadError(f"can't load model {path.name}: not a GGUF file")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        if view[:4] != MAGIC:
            raise ModelLoadError(f"can't load model {path.name}: not a GGUF file")
        try:
            return _read(path, size_bytes, view)
        except (struct.error, IndexError) as err:
            raise ModelLoadError(
                f"can't load model {path.name}: the file is cut short inside its header"
            ) from err


class _Reader:
    """A position in the mapped header."""

    def __init__(self, view: mmap.mmap) -> None:
        self.view = view
        self.at = 4

    def scalar(self, kind: int) -> int | float | bool:
        """One number of a GGUF scalar type."""
        layout = _SCALARS[kind]
        value: int | float | bool = layout.unpack_from(self.view, self.at)[0]
        self.at += layout.size
        return value

    def uint32(self) -> int:
        """One 32-bit number."""
        return int(self.scalar(4))

    def uint64(self) -> int:
        """One 64-bit number."""
        return int(self.scalar(10))

    def string_bytes(self) -> bytes:
        """One string; struct.error when it reaches past the end of the file."""
        length = self.uint64()
        if self.at + length > len(self.view):
            raise struct.error("string past the end")
        value = self.view[self.at : self.at + length]
        self.at += length
        return value


def _read(path: Path, size_bytes: int, view: mmap.mmap) -> Gguf:
    """Header, keys, tensor list, and the check that the file is as long as the tensors say."""
    reader = _Reader(view)
    version = reader.uint32()
    if version not in (2, 3):
        raise ModelLoadError(
            f"can't load model {path.name}: GGUF version {version} is not supported"
        )
    tensor_count = reader.uint64()
    key_count = reader.uint64()
    if max(tensor_count, key_count) > MAX_COUNT:
        raise ModelLoadError(f"can't load model {path.name}: its header is damaged")
    metadata: dict[str, object] = {}
    token_texts: list[bytes] = []
    token_types: tuple[int, ...] = ()
    for _ in range(key_count):
        key = reader.string_bytes().decode("utf-8", "replace")
        kind = reader.uint32()
        if kind == _STRING:
            metadata[key] = reader.string_bytes().decode("utf-8", "replace")
        elif kind == _ARRAY:
            strings, numbers, length = _array(path, reader)
            metadata[f"{key}.length"] = length
            if key == "tokenizer.ggml.tokens":
                token_texts = strings
            elif key == "tokenizer.ggml.token_type":
                token_types = numbers
        elif kind in _SCALARS:
            metadata[key] = reader.scalar(kind)
        else:
            raise ModelLoadError(f"can't load model {path.name}: its header is damaged")
    parameters, data_bytes = _tensors(reader, tensor_count)
    alignment = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
    step = alignment if isinstance(alignment, int) and alignment > 0 else DEFAULT_ALIGNMENT
    expected_bytes = -(-reader.at // step) * step + data_bytes
    if tensor_count and size_bytes < expected_bytes:
        raise ModelLoadError(
            f"can't load model {path.name}: the file is cut short"
            f" ({size_bytes:,} of {expected_bytes:,} bytes); download it again"
        )
    special = {
        text.decode("utf-8", "replace"): number
        for number, (text, kind) in enumerate(zip(token_texts, token_types, strict=False))
        if kind in (_CONTROL_TOKEN, _USER_DEFINED_TOKEN)
    }
    return Gguf(path, size_bytes, version, metadata, special, parameters)


def _array(path: Path, reader: _Reader) -> tuple[list[bytes], tuple[int, ...], int]:
    """Strings or numbers of an array (the other is empty), and its length."""
    kind = reader.uint32()
    length = reader.uint64()
    if length > MAX_COUNT:
        raise ModelLoadError(f"can't load model {path.name}: its header is damaged")
    if kind == _STRING:
        return [reader.string_bytes() for _ in range(length)], (), length
    if kind not in _SCALARS:
        raise ModelLoadError(f"can't load model {path.name}: its header is damaged")
    code = _SCALARS[kind].format[1:]
    layout = struct.Struct(f"<{length}{code}")
    numbers: tuple[int, ...] = layout.unpack_from(reader.view, reader.at)
    reader.at += layout.size
    return [], numbers, length


def _tensors(reader: _Reader, tensor_count: int) -> tuple[int, int]:
    """Number of weights, and the bytes from the start of the data to the end of the last tensor."""
    parameters = 0
    data_bytes = 0
    for _ in range(tensor_count):
        reader.string_bytes()
        dimensions = reader.uint32()
        if dimensions > MAX_DIMENSIONS:
            raise struct.error("too many dimensions")
        values = 1
        for _ in range(dimensions):
            values *= reader.uint64()
        kind = reader.uint32()
        offset = reader.uint64()
        per_block, block_bytes = _BLOCKS.get(kind, (1, 0))  # a type we don't know: only its start
        parameters += values
        data_bytes = max(data_bytes, offset + values // per_block * block_bytes)
    return parameters, data_bytes
