"""Counter-based random draws: number k of an entry depends on (seed, k, the entry's key) alone.

Philox4x64-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"),
the generator NumPy ships as ``numpy.random.Philox``; here the counter is (k, 0, 0, 0) and the key
(seed, digest of the path), so that no state is carried.
"""

# The shapes are numbered as in problems/parameters.py.

import numpy as np
from numba import njit
from numpy.typing import NDArray

_M0 = np.uint64(0xD2E7470EE14C6C93)
_M1 = np.uint64(0xCA5A826395121157)
_W0 = np.uint64(0x9E3779B97F4A7C15)
_W1 = np.uint64(0xBB67AE8584CAA73B)
_LOW32 = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_11 = np.uint64(11)
_ZERO = np.uint64(0)


@njit(cache=True, nogil=True)
def draw_quantiles(
    seed: np.uint64,
    first: np.uint64,
    keys: NDArray[np.uint64],
    value: NDArray[np.float64],
    shape: NDArray[np.int64],
    arguments: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Fill ``out`` (n_draws, P) with draws ``first``, ``first + 1``, ...

    Fixed entries get their value; uniform, triangular and chance entries their draw; normal,
    lognormal and beta entries the uniform number in (0, 1) from which the caller inverts them.
    """
    for row in range(out.shape[0]):
        counter = first + np.uint64(row)
        for entry in range(out.shape[1]):
            kind = shape[entry]
            if kind == 0:
                out[row, entry] = value[entry]
                continue
            u = philox_uniform(counter, seed, keys[entry])
            if kind == 1:
                out[row, entry] = arguments[entry, 0] + arguments[entry, 1] * u
            elif kind == 2:
                left, mode, right = arguments[entry, 0], arguments[entry, 1], arguments[entry, 2]
                width = right - left
                if u * width < mode - left:
                    out[row, entry] = left + np.sqrt(u * width * (mode - left))
                else:
                    out[row, entry] = right - np.sqrt((1.0 - u) * width * (right - mode))
            elif kind == 6:
                out[row, entry] = 1.0 if u < arguments[entry, 0] else 0.0
            else:
                out[row, entry] = u


@njit(cache=True, nogil=True)
def philox_uniform(counter: np.uint64, key0: np.uint64, key1: np.uint64) -> float:
    """A number in (0, 1) from the first word of Philox4x64-10 at (counter, 0, 0, 0)."""
    return philox_four(counter, _ZERO, _ZERO, _ZERO, key0, key1)[0]


@njit(cache=True, nogil=True)
def philox_four(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[float, float, float, float]:
    """Four numbers in (0, 1) from Philox4x64-10 at a counter, for a key."""
    for _ in range(10):
        high0, low0 = _multiply(_M0, c0)
        high1, low1 = _multiply(_M1, c2)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0 += _W0
        k1 += _W1
    return _uniform(c0), _uniform(c1), _uniform(c2), _uniform(c3)


@njit(cache=True, nogil=True)
def _uniform(word: np.uint64) -> float:
    return (np.float64(word >> _11) + 0.5) * 1.1102230246251565e-16


@njit(cache=True, nogil=True)
def _multiply(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """High and low word of a 64 x 64 bit product."""
    a_low, a_high = a & _LOW32, a >> _32
    b_low, b_high = b & _LOW32, b >> _32
    low = a_low * b_low
    middle = a_high * b_low + (low >> _32)
    carry = (middle & _LOW32) + a_low * b_high
    return a_high * b_high + (middle >> _32) + (carry >> _32), a * b
