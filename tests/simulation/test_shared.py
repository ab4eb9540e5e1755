"""Questions asked together share their work, and say what each says when it is asked alone."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from servanda import workbench
from servanda.simulation.progress import Progress
from servanda.simulation.shared import in_sharing_threads, shared, shared_work

SCENARIO = "two-step-territory-and-guarantee"
DRAWS = 40

Doubled = Callable[..., float]


@pytest.fixture
def asked() -> list[float]:
    return []


@pytest.fixture
def double(asked: list[float]) -> Doubled:
    @shared
    def doubled(value: Any, *, times: int = 2, threads: int | None = None) -> float:
        asked.append(float(np.sum(value)))
        return times * float(np.sum(value))

    return doubled


def test_work_is_shared_inside_and_nothing_is_kept_afterwards(
    double: Doubled, asked: list[float]
) -> None:
    assert [double(3), double(3)] == [6, 6]
    assert asked == [3, 3]
    with shared_work():
        assert [double(3), double(3, threads=2), double(3, times=3), double(4)] == [6, 6, 9, 8]
        assert asked == [3, 3, 3, 3, 4]
        with shared_work():  # a question asked on the way
            assert double(4) == 8
        assert double(4) == 8
    assert asked == [3, 3, 3, 3, 4]
    assert double(4) == 8
    assert asked == [3, 3, 3, 3, 4, 4]


def test_what_cannot_be_compared_has_to_be_the_same_object(
    double: Doubled, asked: list[float]
) -> None:
    one, other = np.ones(2), np.ones(2)
    with shared_work():
        assert [double(one), double(one), double(other)] == [4, 4, 4]
        assert [double(np.full(2, value)) for value in range(50)] == [4.0 * n for n in range(50)]
    assert asked[:2] == [2, 2]
    assert len(asked) == 52  # an array that is gone is never taken for a new one in its place


def test_threads_share_with_the_one_that_asks(double: Doubled, asked: list[float]) -> None:
    with shared_work():
        assert double(1) == 2
        assert in_sharing_threads(double, range(4), 3) == [0, 2, 4, 6]
        assert double(3) == 6
    assert sorted(asked) == [0, 1, 2, 3]


def test_what_fails_is_asked_again() -> None:
    tried = []

    @shared
    def fails() -> None:
        tried.append("once more")
        raise ValueError

    with shared_work():
        for _ in range(2):
            with pytest.raises(ValueError):
                fails()
    assert len(tried) == 2


def test_answers_are_the_same_together_and_alone() -> None:
    scenario = workbench.read(SCENARIO)
    said = Counter[str]()

    def heard(doing: str, share: float, /, of: int = 0) -> None:
        said[doing] += share == 0.0

    def answers(progress: Progress) -> dict[str, Any]:
        how: dict[str, Any] = {"draws": DRAWS, "progress": progress}
        asked = {
            question: workbench.ask(question, scenario, **how)
            for question in workbench.BESIDES
            if question != "histories"
        }
        asked["histories"] = workbench.simulate(
            scenario, histories=8, policies=2, progress=progress
        )
        asked["analysis"] = workbench.analyse(scenario, **how)
        asked["order"] = workbench.order(scenario, **how)
        return {question: repr(answer.to_dict()) for question, answer in asked.items()}

    alone = answers(heard)
    assert said["reading the polls"] == len(alone)
    said.clear()
    with shared_work():
        together = answers(heard)
    assert said["reading the polls"] == 1
    assert together == alone


def test_an_order_of_the_deal_in_focus_takes_its_draws_once() -> None:
    said = Counter[str]()

    def heard(doing: str, share: float, /, of: int = 0) -> None:
        said[doing] += share == 0.0

    workbench.order(workbench.read(SCENARIO), draws=DRAWS, progress=heard)
    assert said["value of fighting on"] == 2  # at the central values, and over the draws
