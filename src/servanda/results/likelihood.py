"""Words for probabilities: the seven-step scale of ICD 203, and nothing finer.

>>> likelihood_word(0.24), likelihood_word(0.5), likelihood_word(0.97)
('unlikely', 'roughly even chance', 'almost certain')

The directive gives the steps as 1-5, 5-20, 20-45, 45-55, 55-80, 80-95 and 95-99 percent. Not in the
directive: a bound belongs to the step nearer to an even chance, and shares beyond 1 and 99 percent
(which a finite number of draws cannot tell from them) take the outermost words.

Office of the Director of National Intelligence, Intelligence Community Directive 203, "Analytic
standards" (2015).
"""

from math import isfinite

STEPS = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
)
EVEN = "roughly even chance"
OPPOSITE = {
    "almost no chance": "almost certain",
    "very unlikely": "very likely",
    "unlikely": "likely",
    EVEN: EVEN,
}
SCALE = (*(word for _, word in STEPS), EVEN, "likely", "very likely", "almost certain")
"""The seven words, least likely first."""


def likelihood_word(p: float) -> str:
    """The word for a probability between 0 and 1."""
    if not (isfinite(p) and 0.0 <= p <= 1.0):
        raise ValueError(f"{p} is not a probability")
    if p > 0.5:
        return OPPOSITE[likelihood_word(round(1.0 - p, 12))]
    return next((word for bound, word in STEPS if p < bound), EVEN)
