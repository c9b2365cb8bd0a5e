"""The arms of a case statement that follow from the enum it is over."""

from __future__ import annotations

from hdl_lsp.computed.case_arms import case_arms
from tests.support.computed import suggested

STATES = "typedef enum logic [1:0] {IDLE, LOAD, WAIT, DONE} state_e;"


def check(body: str, *expected: str, types: str = STATES) -> None:
    """*body* inside an always_comb of a module that has `state_e state_q`, and what is suggested in it."""
    fixture = (
        f"package p;\n{types}\nendpackage\n"
        "module m import p::*; (input state_e state_q, input logic a, output logic y);\n"
        f"always_comb begin\n  y = a;\n{body}\nend\nendmodule\n"
    )
    assert suggested(case_arms, fixture) == expected


def test_empty_case_gets_every_member_and_default() -> None:
    """Where no arm is written, every member comes in the enum's order; the first arm alone is the second choice."""
    check(
        "  unique case (state_q)\n    <|>\n  endcase",
        "IDLE: begin\n    end\n    LOAD: begin\n    end\n    WAIT: begin\n    end\n    DONE: begin\n    end\n    default: ;",
        "IDLE: begin\n    end",
    )


def test_case_that_is_not_closed_is_closed() -> None:
    """Right after `case (x)` was typed, endcase is missing and comes along."""
    check(
        "  unique case (state_q)\n    DONE, WAIT, LOAD: y = 1'b0;\n    <|>",
        "IDLE: ;\n    default: ;\n  endcase",
        "IDLE: ;\n  endcase",
    )


def test_one_arm_where_others_follow() -> None:
    """Between two arms only the one in the gap is suggested, opened as its neighbour is."""
    check(
        """\
  case (state_q)
    IDLE: y = 1'b0;
    <|>
    WAIT: y = 1'b1;
    DONE: y = 1'b0;
  endcase""",
        "LOAD: ;",
    )


def test_shape_of_the_arm_before() -> None:
    """Blocks, the blanks around the colon and an empty line between arms are those of the arms above."""
    check(
        """\
  case (state_q)
    IDLE : begin
      y = 1'b0;
    end

    LOAD : begin
      y = 1'b1;
    end

    <|>
    default : y = 1'b0;
  endcase""",
        "WAIT : begin\n    end",
    )


def test_colons_in_one_column() -> None:
    """Labels are filled up to the column of the colons."""
    check(
        """\
  case (state_q)
    A_LONGER_ONE : y = 1'b0;
    B            : y = 1'b1;
    <|>
  endcase""",
        "C            : ;\n    default      : ;",
        "C            : ;",
        types="typedef enum logic [1:0] {A_LONGER_ONE, B, C} state_e;",
    )


def test_half_typed_label() -> None:
    """What is typed of the label is kept, and the suggestion goes on from there."""
    check(
        "  case (state_q)\n    IDLE: y = 1'b0;\n    LO<|>\n    default: ;\n  endcase",
        "AD: ;",
    )


def test_label_that_fits_no_member() -> None:
    """A word that begins no missing member gets nothing."""
    check("  case (state_q)\n    IDLE: y = 1'b0;\n    XY<|>\n    default: ;\n  endcase")


def test_indentation_that_is_missing_is_written() -> None:
    """At the start of the line the suggestion brings the indentation of the arms above."""
    check(
        "  case (state_q)\n    IDLE: y = 1'b0;\n<|>\n    DONE, WAIT: y = 1'b1;\n    default: ;\n  endcase",
        "    LOAD: ;",
    )


def test_silent_inside_an_arm() -> None:
    """A statement is being written in an arm: no label may stand there."""
    check("  case (state_q)\n    IDLE: begin\n      <|>\n    end\n  endcase")
    check("  case (state_q)\n    IDLE:\n      <|>\n  endcase")


def test_silent_where_labels_are_no_members() -> None:
    """A label that is no member of the enum makes it uncertain what the case is about."""
    check("  case (state_q)\n    2'd0: y = 1'b0;\n    <|>\n  endcase")


def test_silent_without_an_enum() -> None:
    """A case over a plain signal, casez and `inside` get nothing."""
    check("  case (a)\n    <|>\n  endcase")
    check("  casez (state_q)\n    <|>\n  endcase")
    check("  case (state_q) inside\n    <|>\n  endcase")


def test_silent_where_arms_follow_no_order() -> None:
    """Members were left out before: which one comes next is not certain."""
    check(
        "  case (state_q)\n    WAIT: y = 1'b0;\n    IDLE: y = 1'b1;\n    <|>\n    default: ;\n  endcase"
    )


def test_complete_case_is_left_alone() -> None:
    """Every member and default are there."""
    check(
        "  case (state_q)\n    IDLE, LOAD: y = 1'b0;\n    WAIT, DONE: ;\n    <|>\n    default: ;\n  endcase"
    )


def test_default_as_the_file_has_it() -> None:
    """No default where the file's other case statements have none."""
    check(
        """\
  case (state_q)
    IDLE: y = 1'b0;
    LOAD: y = 1'b0;
    WAIT: y = 1'b0;
    DONE: y = 1'b0;
  endcase
  case (state_q)
    IDLE: y = 1'b0;
    LOAD: y = 1'b0;
    WAIT: y = 1'b0;
    <|>
  endcase""",
        "DONE: ;",
    )


def test_order_of_a_sibling() -> None:
    """A case that begins like another one of the file goes on like it, shared arms too."""
    check(
        """\
  case (state_q)
    WAIT: y = 1'b0;
    IDLE: y = 1'b0;
    DONE, LOAD: y = 1'b1;
  endcase
  case (state_q)
    WAIT: y = 1'b0;
    IDLE: y = 1'b0;
    <|>
  endcase""",
        "DONE, LOAD: ;",
    )


def test_nameless_enum_of_two_signals() -> None:
    """`enum {...} state_d, state_q` is the type of the second signal too."""
    assert suggested(
        case_arms,
        """
        module m (input logic a, output logic y);
          enum logic {OFF, ON} state_d, state_q;
          always_comb begin
            y = a;
            case (state_q)
              OFF: y = 1'b0;
              <|>
              default: ;
            endcase
          end
        endmodule
        """,
    ) == ("ON: ;",)


def test_field_of_a_struct_in_a_package_that_is_not_imported() -> None:
    """Members that are not visible plainly are written with their package."""
    assert suggested(
        case_arms,
        """
        //- /p.sv
        package p;
          typedef enum logic {OFF, ON} power_e;
          typedef struct packed {power_e power; logic x;} cfg_t;
        endpackage
        //- /m.sv
        module m (input p::cfg_t [1:0] cfg_i, output logic y);
          always_comb begin
            y = 1'b0;
            case (cfg_i[0].power)
              <|>
            endcase
          end
        endmodule
        """,
    ) == (
        "p::OFF: begin\n      end\n      p::ON: begin\n      end\n      default: ;",
        "p::OFF: begin\n      end",
    )
