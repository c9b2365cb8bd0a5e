"""Formats that say little: Vide, LazyVerilog, Veridian, svls, Slingshot, hdl_checker, DVT, other extensions' settings."""

from __future__ import annotations

from tests.support.projects import problems_of, project_of, short

HDL = {"rtl/a.sv": "", "rtl/b.sv": "", "tb/t.sv": "", "inc/d.svh": ""}


def test_vide() -> None:
    """Globs, folders, macros, libraries; each of several tops is a target."""
    text = """\
sources = ["rtl/**/*.sv", "gone/*.sv"]
include_dirs = ["inc"]
defines = ["SIM", "W=8"]
top_modules = ["a", "b"]
libraries = ["tb"]
exclude = ["rtl/b.sv"]
"""
    found = project_of({**HDL, "vide.toml": text})
    assert (found.kind, found.is_configured) == ("vide.toml", True)
    assert (short(found.sources), short(found.libraries)) == (["rtl/a.sv"], ["tb/t.sv"])
    assert (short(found.include_dirs), dict(found.defines)) == (["inc"], {"SIM": "", "W": "8"})
    assert found.tops == ("a", "b")
    assert problems_of(found) == ["vide.toml:1: sources: no file matches gone/*.sv"]
    assert project_of({**HDL, "vide.toml": text}, target="b").tops == ("b",)


def test_vide_without_sources_takes_all() -> None:
    """The file that Vide's own template writes leaves everything open."""
    found = project_of({**HDL, "vide.toml": "sources = []\n"})
    assert short(found.sources) == ["rtl/a.sv", "rtl/b.sv", "tb/t.sv"]
    assert not found.is_configured


def test_lazyverilog() -> None:
    """`[design]` names a list and macros."""
    text = '[design]\nvcode = "sim/all.f"\ndefine = ["X=1"]\n[lint]\nx = 1\n'
    found = project_of({**HDL, "lazyverilog.toml": text, "sim/all.f": "rtl/a.sv --top a"})
    assert (found.kind, short(found.sources)) == ("lazyverilog.toml", ["rtl/a.sv"])
    assert (dict(found.defines), found.tops) == ({"X": "1"}, ("a",))
    assert "/p/sim/all.f" in found.watched


def test_lazyverilog_with_style_only_is_no_project() -> None:
    """A file that holds rules of formatting says nothing about sources."""
    assert project_of({**HDL, "lazyverilog.toml": "[format]\nindent = 2\n"}).kind == "inferred"


def test_veridian() -> None:
    """Folders; everything else is added unless that is switched off."""
    text = "include_dirs:\n  - inc\nsource_dirs:\n  - rtl\nauto_search_workdir: {}\n"
    alone = project_of({**HDL, "veridian.yml": text.replace("{}", "false")})
    assert (alone.kind, short(alone.sources)) == ("veridian.yml", ["rtl/a.sv", "rtl/b.sv"])
    assert short(alone.include_dirs) == ["inc"]
    both = project_of({**HDL, "veridian.yaml": text.replace("{}", "true")})
    assert short(both.sources) == ["rtl/a.sv", "rtl/b.sv", "tb/t.sv"]


def test_svls() -> None:
    """Include folders and macros of `[verilog]`."""
    text = '[verilog]\ninclude_paths = ["inc", "none"]\ndefines = ["A"]\n[option]\nlinter = true\n'
    found = project_of({**HDL, ".svls.toml": text})
    assert (found.kind, short(found.include_dirs)) == (".svls.toml", ["inc", "none"])
    assert dict(found.defines) == {"A": ""}
    assert problems_of(found) == [".svls.toml:2: include_paths: no folder none"]
    assert project_of({**HDL, ".svls.toml": "[option]\nlinter = true\n"}).kind == "inferred"


def test_slingshot() -> None:
    """Include folders."""
    found = project_of({**HDL, ".slingshot.toml": 'include_dirs = ["inc"]\n'})
    assert (found.kind, short(found.include_dirs)) == (".slingshot.toml", ["inc"])


def test_hdl_checker_lines() -> None:
    """Sources with flags one a line; VHDL and flags for VHDL are not ours."""
    text = """\
single_build_flags[verilog] = -DONE
global_build_flags[vhdl] = -2008
verilog work rtl/a.sv -DTWO
systemverilog work rtl/b.sv
vhdl work x.vhd
verilog work gone.sv
"""
    found = project_of({**HDL, ".hdl_checker.config": text})
    assert (found.kind, short(found.sources)) == (".hdl_checker.config", ["rtl/a.sv", "rtl/b.sv"])
    assert dict(found.defines) == {"ONE": "", "TWO": ""}
    assert problems_of(found) == [".hdl_checker.config:6: no such file: gone.sv"]


def test_hdl_checker_json() -> None:
    """Its newer form is JSON."""
    text = '{"sources": ["rtl/a.sv", ["rtl/b.sv", {"library": "work"}], "x.vhd"]}'
    found = project_of({**HDL, ".hdl_checker.config": text})
    assert short(found.sources) == ["rtl/a.sv", "rtl/b.sv"]


def test_dvt() -> None:
    """DVT's own options are no files, and names count from the project's folder."""
    text = """\
+dvt_init+ius.irun
+dvt_enable_elaboration
+incdir+inc
-F sim/all.f
-top a
-pvalue+W=8 +dvt_setenv+X=1
"""
    found = project_of({**HDL, ".dvt/default.build": text, "sim/all.f": "../rtl/a.sv"})
    assert (found.kind, short(found.sources)) == (".dvt/default.build", ["rtl/a.sv"])
    assert (short(found.include_dirs), found.tops) == (["inc"], ("a",))
    assert problems_of(found) == []
    assert "/p/sim/all.f" in found.watched


def test_dvt_without_files_is_no_project() -> None:
    """The file that DVT writes at first only scans the folder."""
    assert project_of({**HDL, ".dvt/default.build": "+dvt_auto\n"}).kind == "inferred"


def test_settings_of_the_verilog_extension() -> None:
    """`verilog.project` names lists, folders, macros and tops."""
    project = {
        "filelists": ["x/all.f"],
        "includeDirs": ["inc"],
        "defines": ["Y"],
        "topModules": ["t"],
    }
    files = {**HDL, "x/all.f": "rtl/b.sv"}
    for verilog in (
        {"project": project},
        {f"project.{key}": value for key, value in project.items()},
    ):
        found = project_of(files, foreign={"verilog": verilog})
        assert (found.kind, short(found.sources)) == ("editor settings", ["rtl/b.sv"])
        assert (short(found.include_dirs), found.tops) == (["inc"], ("t",))
        assert dict(found.defines) == {"Y": ""}


def test_settings_of_the_systemverilog_extension() -> None:
    """Globs of what to index."""
    settings = {"includeIndexing": ["**/*.{sv,v}", "rtl/*.sv"], "excludeIndexing": ["b.sv"]}
    found = project_of(HDL, foreign={"systemverilog": settings})
    assert (short(found.sources), found.is_configured) == (["rtl/a.sv", "tb/t.sv"], False)


def test_empty_settings_of_other_extensions_choose_nothing() -> None:
    """Defaults, as an editor with the extension installed sends them."""
    empty = {
        "verilog": {
            "project": {"filelists": [], "defines": [], "includeDirs": [], "topModules": []}
        },
        "systemverilog": {"includeIndexing": ["**/*.{sv,v,svh,vh}"], "excludeIndexing": []},
    }
    assert project_of(HDL, foreign=empty).kind == "inferred"
