"""Work shared out over threads: in order, not too far ahead, and over when it fails."""

import threading

import pytest

from servanda.solvers.threads import AHEAD, in_threads, n_workers


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_order(workers):
    assert list(in_threads(lambda x: x * x, range(50), workers)) == [x * x for x in range(50)]
    assert list(in_threads(lambda x: x, [], workers)) == []


def test_few_results_wait_to_be_fetched():
    begun = set()
    results = in_threads(lambda x: begun.add(x) or x, range(1000), 2)
    for fetched in range(20):
        assert next(results) == fetched
        assert len(begun) <= fetched + 1 + AHEAD * 2
    results.close()
    assert len(begun) < 60


def test_a_fault_comes_through_and_ends_the_work():
    begun = []
    lock = threading.Lock()

    def work(x):
        with lock:
            begun.append(x)
        if x == 3:
            raise ZeroDivisionError
        return x

    with pytest.raises(ZeroDivisionError):
        list(in_threads(work, range(1000), 2))
    assert len(begun) < 60


def test_workers_are_the_cores_unless_said():
    assert n_workers(3) == 3
    assert n_workers(0) == 1
    assert n_workers(None) >= 1
