"""Solutions on lotteries of two parties, from their definitions: every pair of packages, finely."""

import itertools

import numpy as np


def segments(values):
    """Ends of all segments between two packages; on them lie all efficient lotteries of two."""
    for first, second in itertools.combinations_with_replacement(range(len(values)), 2):
        yield values[first], values[second]


def best_on_hull(values, disagreement, criterion, steps=400):
    """Largest criterion of the gains over fine points of every segment; -inf when nobody accepts.

    The grid is refined once around the best point of each segment.
    """
    best = -np.inf
    for first, second in segments(np.asarray(values, dtype=float)):
        low, high = 0.0, 1.0
        for _ in range(4):
            chance = np.linspace(low, high, steps + 1)
            gains = first + chance[:, None] * (second - first) - disagreement
            rational = (gains >= -1e-9).all(axis=1)
            if not rational.any():
                break
            score = np.where(rational, criterion(np.maximum(gains, 0.0)), -np.inf)
            best = max(best, score.max())
            place = int(np.argmax(score))
            width = (high - low) / steps
            low, high = max(chance[place] - width, 0.0), min(chance[place] + width, 1.0)
    return best


def ideal(values, disagreement):
    return np.array(
        [best_on_hull(values, disagreement, lambda gains, i=i: gains[:, i]) for i in range(2)]
    )
