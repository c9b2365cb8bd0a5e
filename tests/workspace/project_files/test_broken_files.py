"""Half-written project files: whatever stands in them, there is a project."""

from __future__ import annotations

import re

import pytest

from tests.support.projects import project_of

SAMPLES = {
    ".slang/server.json": '{"flags": "-DX a.sv", "build": "x.f", "builds": [{"name": "n", "glob": "*.f", '
    '"command": "c {}"}], "buildPattern": "b/{}.f", "index": [{"dirs": ["a"], "excludeDirs": ["b"]}]}',
    "vide.toml": 'sources = ["a.sv"]\ninclude_dirs = ["x"]\ndefines = { A = 1 }\ntop_modules = ["a", "b"]\nlibraries = ["l"]\n',
    "lazyverilog.toml": '[design]\nvcode = "x.f"\ndefine = ["A"]\n',
    "veridian.yml": "include_dirs: [a]\nsource_dirs: [b]\nauto_search_workdir: false\n",
    ".svls.toml": '[verilog]\ninclude_paths = ["a"]\ndefines = ["X"]\n',
    ".hdl_checker.config": '{"sources": ["a.sv", ["b.sv", {"flags": []}]]}',
    "build/x/y/z.eda.yml": "files:\n- {name: ../../../a.sv, file_type: verilogSource, core: 'a:b:c:1', include_path: x}\n"
    "parameters: {A: {default: 1, paramtype: vlogdefine}}\ntoplevel: a\n",
    "x.core": "CAPI=2:\nname: a:b:c:1\nfilesets:\n  f:\n    files: [a.sv, {b.sv: {is_include_file: true}}]\n    depend: ['x? (d)']\n"
    "mapping: {'a:b:d': 'a:b:c'}\nparameters: {P: {default: 1, paramtype: vlogdefine}}\n"
    "targets: {default: {filesets: [f], toplevel: a, flags: {x: true}, parameters: [P], flow_options: {tool: t}}}\n",
    "Bender.yml": "package: {name: x}\ndependencies: {d: {path: l}}\nexport_include_dirs: [i]\nworkspace: {checkout_dir: w}\n"
    "sources:\n- {target: all(a), defines: {A: 1}, include_dirs: [i], files: [a.sv, {files: [b.sv]}]}\n",
}
VALUES = ("null", "[]", "{}", "1", "true", '"x"', "[1]", "[[1]]", "{a: 1}", "&x [*x]", "2020-01-01")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_beginning_and_every_other_value(name: str) -> None:
    """Cut anywhere, or with another kind of value at any place, a file gives a project, chosen targets too."""
    text = SAMPLES[name]
    variants = [text[:end] for end in range(len(text))]
    spans = [
        m.span()
        for m in re.finditer(r"(?<=[:=\[{,] )[^\s,\]}]+|(?<=[:=] )\S[^\n]*|\[[^\[\]]*\]", text)
    ]
    variants += [text[:low] + value + text[high:] for low, high in spans for value in VALUES]
    assert len(spans) > 2
    for variant in variants:
        found = project_of({name: variant, "a.sv": "", "b.sv": "", "x.f": "a.sv", "l/c.sv": ""})
        assert found.roots == ("/p",)
        assert found.why
        for target in found.targets[:2]:
            files = {name: variant, "a.sv": "", "b.sv": "", "x.f": "a.sv"}
            assert project_of(files, target=target.name).target == target.name
