"""A deadline of a divided step holds for its parts."""

from servanda.problems.implementation_game import implementation_game


def test_every_part_keeps_the_deadline_of_its_step():
    game = implementation_game(
        ["a", "b"],
        ["land", "guarantee"],
        discount=0.9,
        flow=lambda done: [50, 50],
        attack=lambda done: [40, 40],
        months={"land": 2, "guarantee": 1},
        tranches={"land": 2},
        deadlines={"land": 6},
    )
    found = dict(zip(game.steps, game.deadline.tolist(), strict=True))
    assert found == {"land 1/2": 6, "land 2/2": 6, "guarantee": -1}
