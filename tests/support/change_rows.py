#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Rows of tests/unit/change_rows.h: which changes of a share count.

Fisher's exact test in whole numbers (tables as unlikely as the one seen, or
more so, over all tables with its margins), the normal approximation where
there are 1,000 deliveries or more, both two-sided. Run by hand:
    tests/support/change_rows.py > tests/unit/change_rows.h
"""
import math
import random
from fractions import Fraction


def fisher(a, n, b, m):
    hits = a + b
    ways = [math.comb(n, i) * math.comb(m, hits - i)
            for i in range(max(0, hits - m), min(hits, n) + 1)]
    seen = math.comb(n, a) * math.comb(m, b)
    return float(Fraction(sum(w for w in ways if w <= seen), sum(ways)))


def normal(a, n, b, m):
    share = (a + b) / (n + m)
    spread = share * (1 - share) * (1 / n + 1 / m)
    if spread <= 0:
        return 1.0
    return math.erfc(abs(a / n - b / m) / math.sqrt(2 * spread))


def change(a, n, b, m):
    if n < 20 or m < 20:
        return "CHANGE_TOO_FEW", 1.0
    p = fisher(a, n, b, m) if n + m < 1000 else normal(a, n, b, m)
    points = abs(Fraction(a, n) - Fraction(b, m))
    if points < Fraction(2, 100) or points * n < 5 or p >= 0.01:
        return "CHANGE_SAME", p
    return ("CHANGE_WORSE" if a * m > b * n else "CHANGE_BETTER"), p


def main():
    chance = random.Random(20261123)
    rows = [(19, 19, 0, 500), (0, 500, 19, 19), (20, 20, 0, 20),
            (0, 20, 20, 20), (0, 20, 0, 20), (6, 20, 0, 20), (7, 20, 0, 20),
            (7, 20, 0, 100), (0, 100, 7, 100), (0, 100, 8, 100),
            (50, 500, 20, 499), (50, 500, 20, 500), (500, 500, 500, 500),
            (100000, 1000000, 80001, 1000000),
            (100000, 1000000, 80000, 1000000), (3, 999000, 0, 900)]
    while len(rows) < 300:
        n = chance.choice([20, 25, 60, 150, 400, 900, 5000, 80000])
        m = chance.choice([20, 25, 60, 150, 400, 900, 5000, 80000])
        base = chance.choice([0.0, 0.005, 0.02, 0.1, 0.5, 0.95])
        rate = min(1.0, base + chance.choice([0, 0.01, 0.02, 0.03, 0.1, 0.3]))
        rows.append((round(n * rate), n, round(m * base), m))
        rows.append((round(m * base), m, round(n * rate), n))
    print("/* SPDX-License-Identifier: BSD-2-Clause */")
    print("/* Made by tests/support/change_rows.py: hits, all, hits before,"
          " all before. */")
    for row in rows:
        word, p = change(*row)
        # what stands on the edge is decided by the last bit of a float
        if abs(p - 0.01) > 1e-6 * 0.01:
            print("\t{ %d, %d, %d, %d, %s }," % (*row, word))


main()
