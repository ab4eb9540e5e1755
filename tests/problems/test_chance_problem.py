"""Problems with chance: what they refuse, and what the builder fills in."""

from dataclasses import replace

import numpy as np
import pytest

from servanda.errors import NotFoundError, ProblemError
from servanda.problems.chance import (
    ChanceDraws,
    LogitNoise,
    chance_draws,
    chance_game,
    single_chance_draw,
)
from servanda.problems.implementation import single_draw
from servanda.problems.implementation_game import implementation_game
from servanda.solvers.chance_plan import chance_over_draws, evaluate_with_chance


def game(war=20.0):
    return implementation_game(
        ["north", "south"],
        ["truce", "land"],
        discount=0.9,
        months=2,
        owners={"land": "south"},
        ceasefire=["truce"],
        fighting_cost=3.0,
        belligerent=["north"],
        flow=lambda done: [10.0 + len(done), 10.0],
        attack=lambda done: [war, 99.0],
        renege=lambda done: [5.0, 6.0],
    )


def test_what_is_left_out_is_filled_in():
    found = chance_game(game(), passes={"land": 0.4})
    truce = game().state_row(1)
    assert found.passes.tolist() == [[1.0, 0.4]] * 3
    assert found.failed[0, truce, 0].tolist() == [11.0, 10.0]
    assert found.failed[0, 0, 0].tolist() == [7.0, 7.0]  # fighting goes on
    # north attacks, and gets its war; south, which cannot attack, what walking away is worth
    assert found.attack[0, 0, 0].tolist() == [[20.0, 6.0]] * 2
    assert found.renege[0, 0, 0].tolist() == [[5.0, 6.0]] * 2
    worth = chance_game(game(), failed=lambda done: {"north": 1.0, "south": len(done)})
    assert worth.failed[0, truce, 0].tolist() == [1.0, 1.0]


def test_regimes_and_their_chances_by_name():
    found = chance_game(
        game(),
        regimes={"later": game(30.0)},
        hazards={("as now", "later"): 0.1},
        dated={4: {("as now", "later"): 0.5, ("later", "as now"): 0.2}},
    )
    assert found.regimes == ("as now", "later")
    assert found.monthly[0].tolist() == [[0.9, 0.1], [0.0, 1.0]]
    assert found.dated[2, 0].tolist() == [[0.5, 0.5], [0.2, 0.8]]
    assert found.attack[1, 0, 0, 0, 0] == 30.0
    assert not found.attack.flags.writeable


def test_faults_are_named_all_at_once():
    good = chance_game(game())
    with pytest.raises(ProblemError, match=r"passes: probabilities.*monthly: the probabilities"):
        replace(good, passes=good.passes * 2, monthly=good.monthly * 0.5)
    with pytest.raises(ProblemError, match="failed: shape"):
        replace(good, failed=good.failed[:, :1])
    with pytest.raises(ProblemError, match="dates: must be different months"):
        replace(good, dates=[3, 3], dated=np.ones((3, 2, 1, 1)))
    with pytest.raises(ProblemError, match="attack: must be finite"):
        replace(good, attack=good.attack * np.nan)
    both = chance_game(game(), regimes={"later": game()})
    with pytest.raises(ProblemError, match="regimes: two have the same name"):
        replace(both, regimes=("one", "one"))
    with pytest.raises(NotFoundError, match="landd"):
        chance_game(game(), passes={"landd": 0.4})
    with pytest.raises(NotFoundError, match="regime"):
        chance_game(game(), hazards={("as now", "latr"): 0.1})
    other = replace(game(), steps=("truce", "lands"))
    with pytest.raises(ProblemError, match="'later' differs from 'as now' in its steps"):
        chance_game(game(), regimes={"later": other})
    for wrong in (-0.1, np.inf, np.nan):
        with pytest.raises(ProblemError, match=r"noise\.hazard"):
            LogitNoise(wrong, 1.0)
        with pytest.raises(ProblemError, match=r"noise\.precision"):
            LogitNoise(0.1, wrong)
    with pytest.raises(ProblemError, match="horizon: -1 months"):
        evaluate_with_chance(good, ["truce", "land"], horizon=-1)


def test_draws_of_payoffs_become_draws_with_chance():
    problem = game()
    found = chance_game(problem, passes={"land": 0.4})
    drawn = chance_draws(found, single_draw(problem))
    own = single_chance_draw(found)
    for name in vars(own):
        assert getattr(drawn, name).tolist() == getattr(own, name).tolist(), name
    shares = chance_over_draws(found, drawn, ["truce", "land"])
    assert shares.to_dict()["draws"] == 1
    short = {name: getattr(own, name) for name in vars(own)} | {"flows": own.flows[:, :, :1]}
    with pytest.raises(ProblemError, match=r"draws.flows: shape \(1, 1, 2\)"):
        chance_over_draws(found, ChanceDraws(**short), ["truce", "land"])
    with pytest.raises(ProblemError, match="arrays differ in their number of draws"):
        ChanceDraws(**(short | {"flows": np.concatenate([own.flows, own.flows])}))
    two = chance_game(problem, regimes={"later": game(30.0)})
    with pytest.raises(ProblemError, match="of one regime, but the problem has 2"):
        chance_draws(two, single_draw(problem))
