"""What follows one actor's breach, added up over what may snap back."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@njit(cache=True, nogil=True)
def add_aftermath(
    attack: Floats,
    renege: Floats,
    breaker: int,
    attacks: bool,
    weight: Floats,
    war: Floats,
    of: Integers,
    frozen: Floats,
    breaks_out: Flags,
) -> None:
    """Add what one way of snapping back brings everybody, times its probability.

    Parameters
    ----------
    attack, renege : (D, N, T, A, A) float, who breaches, then whose value; added to.
    breaker : int
    attacks : bool, whether it can attack; where not, its other breaches stand in.
    weight : (D, N, A) float, probability that each actor gives to this.
    war : (D, W, T, A) float, values of the distinct wars.
    of : (N,) int, which war each state brings.
    frozen : (D, N, A) float, value of the frozen state.
    breaks_out : (D, N, T) bool, whether war comes instead.
    """
    D, N, T, _, A = attack.shape
    for d in range(D):
        for n in range(N):
            for i in range(A):
                share = weight[d, n, i]
                if share == 0.0:
                    continue
                for t in range(T):
                    fought = war[d, of[n], t, i]
                    after = fought if breaks_out[d, n, t] else frozen[d, n, i]
                    renege[d, n, t, breaker, i] += share * after
                    attack[d, n, t, breaker, i] += share * (fought if attacks else after)
