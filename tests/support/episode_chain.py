#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The figures of the episode score, exactly, by its Markov chain.

The state is the score: a vote that refuses (probability P) adds WEIGHT, one
that accepts takes 1 away, never below 0; it opens at the threshold. Prints,
for each daily volume: the threshold, refusals in a row that open, how many
false openings a year P = 0.5 %, 1 % and 2 % bring, and how many votes pass on
average until it opens at P = 100 %, 50 % and 20 %. The figures in
tests/unit/test_episodes_end.c are from here."""
import math


def threshold(daily):
    return 12 + math.floor(4 * math.log10(max(daily, 5) / 5) + 1e-9)


def mean_votes(p, top, weight=6):
    """E[s] = 1 + p E[s + weight] + (1 - p) E[max(s - 1, 0)], solved."""
    rows = [[0.0] * (top + 1) for _ in range(top)]
    for s in range(top):
        rows[s][s] += 1
        rows[s][top] = 1
        if s + weight < top:
            rows[s][s + weight] -= p
        rows[s][max(s - 1, 0)] -= 1 - p
    for c in range(top):
        pivot = max(range(c, top), key=lambda r: abs(rows[r][c]))
        rows[c], rows[pivot] = rows[pivot], rows[c]
        for r in range(top):
            if r != c and rows[r][c]:
                share = rows[r][c] / rows[c][c]
                rows[r] = [x - share * y for x, y in zip(rows[r], rows[c])]
    return rows[0][top] / rows[0][0]


for per_day in (5, 50, 500, 5000, 50000, 500000, 5000000):
    h = threshold(per_day)
    print(per_day, h, -(-h // 6),
          *["%.3g" % (per_day * 365 / mean_votes(p, h))
            for p in (0.005, 0.01, 0.02)],
          *["%.1f" % mean_votes(p, h) for p in (1, 0.5, 0.2)])
