"""Causes switched off: what alone blocks is named, shares add up, nothing depends on threads."""

import pytest

from one_cause import SPOILT, scenario
from servanda import workbench
from servanda.errors import NotFoundError, ScenarioError

DRAWS = 8


@pytest.mark.parametrize("cause", SPOILT)
def test_what_alone_stands_in_the_way_is_named(cause: str) -> None:
    found = workbench.why(scenario(SPOILT[cause]), draws=DRAWS)
    shares = {one.cause.id: one.share for one in found.causes}
    assert found.as_it_is == 0.0
    assert shares == {name: float(name == cause) for name in shares}
    assert found.causes[0].cause.id == cause
    assert found.causes[0].shapley == pytest.approx(1.0)
    assert found.causes[0].cause.name in found.message
    for pair in found.pairs:
        assert pair.share == float(cause in {pair.first, pair.second})
        assert pair.together == pytest.approx(0.0)


def test_where_nothing_stands_in_the_way_no_cause_brings_anything() -> None:
    found = workbench.why(scenario(), draws=DRAWS)
    assert found.as_it_is == found.all_off == 1.0
    assert [one.gain for one in found.causes] == [0.0] * len(found.causes)
    assert "No cause, switched off alone" in found.message


def test_two_causes_that_hide_behind_one_another_share_what_they_bring() -> None:
    both = {**SPOILT["red-lines:north"], **SPOILT["commitment"]}
    found = workbench.why(scenario(both), draws=DRAWS)
    shapley = {one.cause.id: one.shapley for one in found.causes}
    assert shapley == pytest.approx({"red-lines:north": 0.5, "commitment": 0.5, "stakes": 0.0})
    assert {found.pairs[0].first, found.pairs[0].second} == {"red-lines:north", "commitment"}
    assert found.pairs[0].together == 1.0
    assert "Of two causes" in found.message


def test_causes_asked_for_are_those_answered_and_a_wrong_one_is_named() -> None:
    read = scenario(SPOILT["commitment"])
    found = workbench.why(read, causes=["commitment"], draws=DRAWS)
    assert [one.cause.id for one in found.causes] == ["commitment"]
    assert found.pairs == ()
    with pytest.raises(NotFoundError, match="stakes"):
        workbench.why(read, causes=["stake"], draws=DRAWS)


def test_a_scenario_without_a_war_has_nothing_to_diagnose() -> None:
    read = workbench.read("well-by-rank")
    with pytest.raises(ScenarioError) as caught:
        workbench.why(read, draws=DRAWS)
    assert [one.path for one in caught.value.complaints] == ["war"]
    assert "servanda deals" in caught.value.complaints[0].rule


def test_the_template_case_shares_add_up_and_threads_do_not_matter(tmp_path) -> None:
    from scenario_files import TEXT, write

    read = workbench.read(write(tmp_path, TEXT))
    found = workbench.why(read, draws=40, threads=1)
    assert workbench.why(read, draws=40, threads=2) == found
    assert sum(one.shapley for one in found.causes) == pytest.approx(found.all_off - found.as_it_is)
    shares = {one.cause.id: one.share for one in found.causes}
    for pair in found.pairs:
        for one in (pair.first, pair.second):
            other = pair.second if one == pair.first else pair.first
            if other != "beliefs":  # switching off what only forbids cannot lose a deal
                assert pair.share >= shares[one]


def test_as_it_is_no_less_than_in_the_brief(tmp_path) -> None:
    from scenario_files import TEXT, write

    read = workbench.read(write(tmp_path, TEXT))
    brief = workbench.analyse(read, draws=60)
    assert workbench.why(read, draws=60).as_it_is >= brief.likelihood.probability
