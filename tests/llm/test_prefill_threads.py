"""The number of threads that read a prompt follows what is measured."""

from __future__ import annotations

from hdl_lsp.llm.worker.prefill_threads import LEAST_TOKENS, TRY_AGAIN_EVERY, PrefillThreads


def read(threads: PrefillThreads, speeds: dict[int, float], pieces: int) -> list[int]:
    """The threads used for *pieces* pieces when so many threads give so many tokens/s."""
    used: list[int] = []
    for _ in range(pieces):
        choice = threads.next(128)
        threads.measured(choice, 128, 128 / speeds[choice])
        used.append(choice)
    return used


def test_all_cores_are_used_where_they_pay_off() -> None:
    """After one piece with each, the faster one is kept."""
    assert read(PrefillThreads(1, 2), {1: 100.0, 2: 180.0}, 6) == [2, 1, 2, 2, 2, 2]


def test_a_busy_machine_gets_fewer_threads() -> None:
    """Where more threads are slower, few are used."""
    assert read(PrefillThreads(1, 2), {1: 100.0, 2: 20.0}, 6) == [2, 1, 1, 1, 1, 1]


def test_the_slower_choice_is_tried_again() -> None:
    """When the machine calms down, the threads come back."""
    threads = PrefillThreads(1, 2)
    read(threads, {1: 100.0, 2: 20.0}, 4)
    later = read(threads, {1: 100.0, 2: 400.0}, 2 * TRY_AGAIN_EVERY)
    assert later[-1] == 2


def test_short_pieces_are_read_by_few_and_teach_nothing() -> None:
    """A key costs one token: no thread is woken for that."""
    threads = PrefillThreads(1, 2)
    assert threads.next(LEAST_TOKENS - 1) == 1
    threads.measured(1, LEAST_TOKENS - 1, 1.0)
    assert threads.next(LEAST_TOKENS) == 2


def test_one_core_leaves_no_choice() -> None:
    """With a single core there is a single answer."""
    assert read(PrefillThreads(1, 1), {1: 50.0}, 3) == [1, 1, 1]
