"""Which pieces are taken into a budget, and in which order they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdl_lsp.context.budget import Piece, Stability, estimate_tokens, pack

pieces = st.lists(
    st.builds(
        Piece,
        text=st.text(max_size=40),
        path=st.sampled_from(["a.sv", "b.sv"]),
        worth=st.floats(0, 10),
        stability=st.sampled_from(Stability),
    )
)


def piece(text: str, worth: float, stability: Stability = Stability.DESIGN) -> Piece:
    """A piece from one file."""
    return Piece(text, "a.sv", worth, stability)


@given(pieces, st.integers(0, 60))
def test_the_budget_holds(offered: list[Piece], budget: int) -> None:
    """Never more tokens than allowed, no text twice, and most stable first."""
    packed = pack(offered, budget)
    assert sum(estimate_tokens(p.text) for p in packed) <= budget
    assert len({p.text for p in packed}) == len(packed)
    assert list(packed) == sorted(packed, key=lambda p: p.stability)


@given(pieces, st.integers(0, 60))
def test_the_order_of_offers_does_not_matter(offered: list[Piece], budget: int) -> None:
    """Equal offers in another order give the same prompt."""
    texts = [p.text for p in pack(offered, budget)]
    assert [p.text for p in pack(offered[::-1], budget)] == texts


def test_worth_decides_and_small_ones_fill_the_rest() -> None:
    """A piece that does not fit is passed over."""
    big, small, best = piece("b" * 300, 5), piece("s", 1), piece("w" * 60, 9)
    assert pack([small, big, best], 30) == (small, best)


def test_stable_pieces_come_first() -> None:
    """What lives longest stands first, whatever it is worth."""
    edit = piece("edit", 9, Stability.EDIT)
    project = piece("project", 1, Stability.PROJECT)
    assert pack([edit, project], 100) == (project, edit)
