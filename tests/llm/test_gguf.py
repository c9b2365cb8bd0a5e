"""Reading the header of model files, whole and damaged ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.errors import ModelLoadError, ModelNotFoundError
from hdl_lsp.llm import catalogue
from hdl_lsp.llm.gguf import read_gguf
from tests.support.gguf_file import CONTROL, NORMAL, gguf_bytes, write_gguf

METADATA = {
    "general.architecture": "qwen2",
    "general.name": "Tiny Coder",
    "general.file_type": 7,
    "qwen2.context_length": 4096,
    "qwen2.block_count": 3,
    "tokenizer.chat_template": "{{ messages }}",
}


def test_header_says_what_the_model_is(tmp_path: Path) -> None:
    """Architecture, quantisation, context, layers, weights and template come from the header."""
    model = read_gguf(write_gguf(tmp_path / "m.gguf", METADATA))
    assert (model.architecture, model.name, model.quantisation) == ("qwen2", "Tiny Coder", "Q8_0")
    assert (model.context_length, model.layers, model.parameters) == (4096, 3, 128)
    assert model.has_chat_template


def test_special_tokens_are_control_tokens_only(tmp_path: Path) -> None:
    """A control token is listed with its id; ordinary text with the same look is not."""
    tokens = [("a", NORMAL), ("<|fim_prefix|>", CONTROL), ("<|fim_suffix|>", NORMAL)]
    model = read_gguf(write_gguf(tmp_path / "m.gguf", METADATA, tokens))
    assert model.special_tokens == {"<|fim_prefix|>": 1}


def test_missing_file(tmp_path: Path) -> None:
    """A path without a file is named in the error."""
    with pytest.raises(ModelNotFoundError, match=r"no model file .*nothing\.gguf"):
        read_gguf(tmp_path / "nothing.gguf")


@pytest.mark.parametrize("content", [b"", b"GG", b"PK\x03\x04 a zip file", b"<html>404</html>"])
def test_file_of_another_kind(tmp_path: Path, content: bytes) -> None:
    """An empty file, an archive or a saved error page is called not a GGUF."""
    path = tmp_path / "m.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelLoadError, match=r"can't load model m\.gguf: not a GGUF file"):
        read_gguf(path)


def test_file_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    """Every proper start of a model file is refused with one sentence, none is read wrongly."""
    whole = gguf_bytes(METADATA, [("<|fim_prefix|>", CONTROL)])
    path = tmp_path / "m.gguf"
    for length in range(4, len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelLoadError, match="cut short"):
            read_gguf(path)
    path.write_bytes(whole)
    assert read_gguf(path).size_bytes == len(whole)


def test_truncated_weights_say_how_much_is_missing(tmp_path: Path) -> None:
    """A broken download is told by its size."""
    whole = gguf_bytes(METADATA)
    path = tmp_path / "m.gguf"
    path.write_bytes(whole[:-30])
    with pytest.raises(ModelLoadError, match=rf"{len(whole) - 30:,} of {len(whole):,} bytes"):
        read_gguf(path)


@pytest.mark.parametrize("count_at", [8, 16])
def test_nonsense_counts_are_a_damaged_header(tmp_path: Path, count_at: int) -> None:
    """Random numbers where counts should be end in a sentence, not in a long loop."""
    damaged = bytearray(gguf_bytes(METADATA))
    damaged[count_at : count_at + 8] = b"\xff" * 8
    path = tmp_path / "m.gguf"
    path.write_bytes(damaged)
    with pytest.raises(ModelLoadError, match="its header is damaged"):
        read_gguf(path)


def test_unknown_version_is_named(tmp_path: Path) -> None:
    """A future GGUF version is refused by number."""
    damaged = bytearray(gguf_bytes(METADATA))
    damaged[4] = 9
    path = tmp_path / "m.gguf"
    path.write_bytes(damaged)
    with pytest.raises(ModelLoadError, match="GGUF version 9 is not supported"):
        read_gguf(path)


@pytest.mark.real
def test_real_models_are_read() -> None:
    """The two installed models are whole and are what the catalogue says."""
    found = {}
    for name in ("gemma3-270m", "smollm2-135m-instruct"):
        info = catalogue.info(name)
        assert info.entry is not None
        assert info.header.context_length == info.entry.context_tokens
        assert info.fim == info.entry.fim
        assert round(info.header.size_bytes / 1e6) == info.entry.size_mb
        found[name] = (info.header.architecture, info.header.quantisation, info.header.layers)
    assert found == {
        "gemma3-270m": ("gemma3", "Q4_K_M", 18),
        "smollm2-135m-instruct": ("llama", "Q4_1", 30),
    }
