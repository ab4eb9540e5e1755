"""The front process by its definition, front by front: slow, obvious, for parcels all alike."""

from itertools import product
from math import prod

import numpy as np
from scipy.stats import beta, norm


def months_law(fronts, tempo, gain, unrest, months):
    """Net moves of all lines over the months, {moves: probability}: every way it can go."""
    law = {0: 1.0}
    for _ in range(months):
        longer = {}
        for so_far, chance in law.items():
            for moves, more in month_law(fronts, tempo, gain, unrest).items():
                longer[so_far + moves] = longer.get(so_far + moves, 0.0) + chance * more
        law = longer
    return law


def month_law(fronts, tempo, gain, unrest):
    if unrest == 0:
        return steady_law(fronts, tempo, gain)
    spread = beta(tempo * (1 - unrest) / unrest, (1 - tempo) * (1 - unrest) / unrest)
    law = {}
    edges = np.linspace(0, 1, 20_001)
    weights, middles = np.diff(spread.cdf(edges)), (edges[1:] + edges[:-1]) / 2
    for ways in product((1, -1, 0), repeat=fronts):
        each = prod(front_chance(way, middles, gain) for way in ways)
        law[sum(ways)] = law.get(sum(ways), 0.0) + float((weights * each).sum())
    return law


def steady_law(fronts, tempo, gain):
    law = {}
    for ways in product((1, -1, 0), repeat=fronts):
        chance = prod(front_chance(way, tempo, gain) for way in ways)
        law[sum(ways)] = law.get(sum(ways), 0.0) + chance
    return law


def front_chance(way, tempo, gain):
    return {1: tempo * gain, -1: tempo * (1 - gain), 0: 1 - tempo}[way]


def density(law, parcel, error, change):
    return sum(chance * norm.pdf(change, moves * parcel, error) for moves, chance in law.items())


def below(law, parcel, error, months, change):
    spread = error * np.sqrt(months)
    return sum(chance * norm.cdf(change, moves * parcel, spread) for moves, chance in law.items())
