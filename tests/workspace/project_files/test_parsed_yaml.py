"""YAML kept from one process to the next: the same values, and no trust in what is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_lsp.workspace.project_files.parsed_yaml import FEWEST, FILE, ParsedYaml


def filled(folder: Path, count: int = FEWEST) -> None:
    """Keeps *count* values in *folder*, and one more with a number as key."""
    parsed = ParsedYaml()
    for number in range(count):
        parsed.add(b"%d" % number, {"name": f"core{number}", "files": ["a.sv", None, 1.5]})
    parsed.add(b"number", {1: "a"})
    parsed.save(folder)


def test_kept(tmp_path: Path) -> None:
    """A second process finds the values of the same texts, and of no others."""
    filled(tmp_path)
    again = ParsedYaml()
    again.load(tmp_path)
    assert again.find(b"7") == ({"name": "core7", "files": ["a.sv", None, 1.5]},)
    assert again.find(b"other") is None


def test_what_json_changes_is_not_kept(tmp_path: Path) -> None:
    """A value that would come back as another one is parsed again."""
    filled(tmp_path)
    again = ParsedYaml()
    again.load(tmp_path)
    assert again.find(b"number") is None


def test_aliases_are_not_kept(tmp_path: Path) -> None:
    """What YAML names twice is one value here, and without end in JSON."""
    parsed = ParsedYaml()
    for number in range(FEWEST):
        parsed.add(b"%d" % number, {"name": f"core{number}"})
    bomb: object = ["a.sv"]
    for _ in range(60):
        bomb = [bomb, {"files": bomb}]
    parsed.add(b"bomb", bomb)
    endless: list[object] = []
    endless.append(endless)
    parsed.add(b"endless", endless)
    parsed.save(tmp_path)
    again = ParsedYaml()
    again.load(tmp_path)
    assert again.find(b"7") is not None
    assert again.find(b"bomb") is again.find(b"endless") is None


def test_few_are_not_kept(tmp_path: Path) -> None:
    """A handful is not worth a file."""
    filled(tmp_path, 3)
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"[]", b'{"version": 0, "values": {}}', b"[" * 100_000, b"\xff\xfe"]
)
def test_damaged(damaged: bytes, tmp_path: Path) -> None:
    """A damaged or older file is as if there were none, and is written anew."""
    (tmp_path / FILE).write_bytes(damaged)
    parsed = ParsedYaml()
    parsed.load(tmp_path)
    assert parsed.find(b"7") is None
    filled(tmp_path)
    parsed.load(tmp_path)
    assert parsed.find(b"7") is not None


def test_nowhere_to_write(tmp_path: Path) -> None:
    """Where nothing can be written nothing is, without a fuss."""
    (tmp_path / "file").write_text("")
    filled(tmp_path / "file" / "below")
