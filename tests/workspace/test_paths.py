"""Globs over whole paths."""

from __future__ import annotations

import pytest

from hdl_lsp.workspace.paths import glob_pattern


@pytest.mark.parametrize(
    ("pattern", "path", "is_match"),
    [
        ("/p/*.sv", "/p/a.sv", True),
        ("/p/*.sv", "/p/q/a.sv", False),
        ("/p/**/*.sv", "/p/a.sv", True),
        ("/p/**/*.sv", "/p/q/r/a.sv", True),
        ("/p/**", "/p/q/a.sv", True),
        ("/p/.../a?.v", "/p/q/ab.v", True),
        ("/p/**/rtl/*_pkg.sv", "/p/x/rtl/dv/rtl/a_pkg_pkg.sv", True),
        ("/p/*a*b", "/p/aab", True),
        ("/p/*a*b", "/p/aa/b", False),
        ("/p/**a*/b", "/p/xa/ya/b", True),
        ("/p/x**/b", "/p/xy/z/b", True),
        ("/p/x**/b", "/p/xb", False),
    ],
)
def test_wildcards(pattern: str, path: str, is_match: bool) -> None:
    """`*` and `?` stay in one folder, `**` and `...` cross folders, `**/` is none as well."""
    assert bool(glob_pattern(pattern).match(path)) is is_match


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 12 + "b", "a" * 200),
        ("/p/" + "**/" * 25 + "b", "/p/" + "a/" * 100),
        ("/p/" + "**/*a*" * 12 + "b", "/p/" + "a/" * 400),
        ("**a*a" * 12 + "b", "a/a" * 400),
    ],
)
def test_many_wildcards_end(pattern: str, path: str) -> None:
    """Not all ways to share out a long path among the wildcards are tried: that would take years."""
    assert not glob_pattern(pattern).match(path)
