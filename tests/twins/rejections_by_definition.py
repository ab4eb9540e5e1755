"""What answers teach, by the rule of Bayes, one draw after the other."""

from math import exp, inf, log2


def signs(gain, misjudged):
    """Chance that an offer worth so much above waiting is signed."""
    if misjudged == 0:
        return 1.0 if gain >= -1e-9 else 0.0
    if gain == -inf:
        return 0.0
    x = gain / misjudged
    return 1 / (1 + exp(-x)) if x > -700 else 0.0


def learn(prior, gains, answers, misjudged):
    """Beliefs after each answer, and the information in each."""
    belief, found, bits = list(prior), [list(prior)], []
    for gain, signed in zip(gains, answers, strict=True):
        like = [signs(g, misjudged) if signed else 1 - signs(g, misjudged) for g in gain]
        total = sum(w * one for w, one in zip(belief, like, strict=True))
        after = [w * one / total for w, one in zip(belief, like, strict=True)]
        bits.append(sum(a * log2(a / b) for a, b in zip(after, belief, strict=True) if a > 0))
        belief = after
        found.append(after)
    return found, bits
