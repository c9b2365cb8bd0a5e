"""Classes among themselves: bodies of extern methods, overriding methods, classes below a class."""

from __future__ import annotations

from collections.abc import Callable

from hdl_lsp.features.definition import declaration, definition, implementation
from hdl_lsp.presentation.navigation import NavTarget
from hdl_lsp.workspace.files import FileId
from hdl_lsp.workspace.snapshot import Snapshot
from tests.support.fixture import parse_fixture

CLASSES = """
class base;
  extern function int [|proto: get|](int a);
  virtual function void [|base_f: f|](); endfunction
endclass
function int base::[|body: get|](int a); return a; endfunction
class [|derived: derived|] extends base;
  virtual function void [|derived_f: f|](); endfunction
endclass
class [|last: last|] #(type T = int) extends derived;
  virtual function void [|last_f: f|](); endfunction
endclass
interface class able; pure virtual function void go(); endclass
class [|impl: impl|] extends base implements able;
  virtual function void [|impl_go: go|](); endfunction
endclass
module [|top: top|]; derived d; initial begin void'(d.get(1)); d.f(); end endmodule
module other; function void f(); endfunction endmodule
"""


def led_to(
    find: Callable[[Snapshot, FileId, int], tuple[NavTarget, ...]], before: str
) -> list[str]:
    """Names of the marked ranges that *find* leads to from the name at the end of *before*."""
    at = parse_fixture(CLASSES)
    data = at.source.data
    start = data.index(before.encode()) + len(before) - 1
    places = {one.span: one.name for one in at.ranges}
    return [places[found.focus] for found in find(at.snapshot(), at.file, start)]


def test_extern_method() -> None:
    """An extern method has its prototype as declaration, its body as definition and implementation."""
    for name in ("extern function int g", "base::g", "d.g"):
        assert led_to(declaration, name) == ["proto"]
        assert led_to(definition, name) == ["body"]
        assert led_to(implementation, name) == ["body"]


def test_overriding_methods() -> None:
    """A method's implementations are the methods of the classes below that override it, all levels."""
    assert led_to(
        implementation, "class base;\n  extern function int get(int a);\n  virtual function void f"
    ) == [
        "derived_f",
        "last_f",
    ]
    assert led_to(implementation, "able; pure virtual function void g") == ["impl_go"]
    assert led_to(implementation, "module other; function void f") == []


def test_subclasses() -> None:
    """A class's implementations are the classes that extend or implement it, all levels."""
    assert led_to(implementation, "class b") == ["derived", "impl", "last"]
    assert led_to(implementation, "interface class a") == ["impl"]
    assert led_to(implementation, "class last") == []
