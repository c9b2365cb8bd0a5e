"""Headers of methods that a class promises with `extern`."""

from __future__ import annotations

from hdl_lsp.computed.extern_method import extern_method
from tests.support.computed import suggested

CLASS = """\
class agent;
  extern function new(string name = "agent");
  extern virtual protected function int
    count(int low, int high);
  extern task run();
  function void inside(); endfunction
endclass
"""


def check(body: str, *expected: str) -> None:
    """*body* after a class with three prototypes, and what is suggested in it."""
    assert suggested(extern_method, CLASS + body) == expected


def test_first_method_after_the_class() -> None:
    """Without `virtual` and `protected`, which stand in the class alone."""
    check("\n<|>\n", 'function agent::new(string name = "agent");\nendfunction')


def test_next_method_after_one_that_is_written() -> None:
    """What is written is left out; the prototype may go over lines."""
    check(
        'function agent::new(string name = "agent");\nendfunction\n\n<|>\n',
        "function int agent::count(int low, int high);\nendfunction",
    )
    check(
        'function agent::new(string name = "agent");\nendfunction : new\n\n<|>\n',
        "function int agent::count(int low, int high);\nendfunction",
    )


def test_typed_keyword() -> None:
    """`task` asks for the task, and what is typed of the header is kept."""
    check("task <|>\n", "agent::run();\nendtask")
    check("function int agent::c<|>\n", "ount(int low, int high);\nendfunction")


def test_silent_where_no_method_can_stand() -> None:
    """In another class, in a module, in a comment, after other text."""
    check("class other;\n  <|>\nendclass\n")
    check("module m;\n  function <|>\nendmodule\n")
    check("// <|>\n")
    check("int x;\n<|>\n")


def test_silent_when_everything_is_written() -> None:
    """No prototype is left."""
    assert (
        suggested(
            extern_method,
            """
            class a;
              extern task run();
              pure virtual function void p();
            endclass
            task a::run();
            endtask
            <|>
            """,
        )
        == ()
    )


def test_in_a_package() -> None:
    """Methods of a class in a package are written in the package, indented as the line is."""
    assert suggested(
        extern_method,
        """
        package p;
          class a;
            extern task run();
          endclass
          <|>
        endpackage
        """,
    ) == ("task a::run();\n  endtask",)
