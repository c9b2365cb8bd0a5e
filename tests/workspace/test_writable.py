"""What may be edited: below the folders, and not through a link that leads out of them."""

from __future__ import annotations

from pathlib import Path

from hdl_lsp.workspace.writable import writable_below


def test_links_that_lead_out(tmp_path: Path) -> None:
    """A file and a link inside may be written, a link to a file outside may not."""
    root = tmp_path / "chip"
    root.mkdir()
    outside = tmp_path / "shared.sv"
    outside.write_text("module shared; endmodule\n")
    (root / "own.sv").write_text("module own; endmodule\n")
    (root / "inner.sv").symlink_to(root / "own.sv")
    (root / "outer.sv").symlink_to(outside)
    may = writable_below([str(root)])
    assert [may(str(root / name)) for name in ("own.sv", "inner.sv", "outer.sv", "new.sv")] == [
        True,
        True,
        False,
        True,
    ]
    assert not may(str(outside))


def test_a_workspace_reached_by_a_link(tmp_path: Path) -> None:
    """The folder itself may be a link."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.sv").write_text("module a; endmodule\n")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert writable_below([str(tmp_path / "link")])(str(tmp_path / "link" / "a.sv"))
