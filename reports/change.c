/* SPDX-License-Identifier: BSD-2-Clause */
/* Worse, better, same or too few: the tests of two shares. */
#include <math.h>

#include "reports/report_build.h"

enum { FEW = 20, SMALL = 1000, LEAST_DELIVERIES = 5 };
static const double least_points = 0.02;
static const double significance = 0.01;

/* Of the table (a of n, b of m), the logarithm of its hypergeometric
 * probability. */
static double
log_table(double a, double n, double b, double m)
{
	return lgamma(n + 1) - lgamma(a + 1) - lgamma(n - a + 1) +
	    lgamma(m + 1) - lgamma(b + 1) - lgamma(m - b + 1) -
	    lgamma(n + m + 1) + lgamma(a + b + 1) + lgamma(n + m - a - b + 1);
}

/* Two-sided: the sum of all tables as unlikely as this one. */
static double
fisher(int64_t a, int64_t n, int64_t b, int64_t m)
{
	int64_t hits = a + b;
	int64_t low = hits > m ? hits - m : 0;
	int64_t high = hits < n ? hits : n;
	double seen = log_table((double)a, (double)n, (double)b, (double)m);
	double p = 0.0;

	for (int64_t i = low; i <= high; i++) {
		double it = log_table((double)i, (double)n,
		    (double)(hits - i), (double)m);

		if (it <= seen + 1e-7)
			p += exp(it);
	}
	return p;
}

static double
normal(int64_t a, int64_t n, int64_t b, int64_t m)
{
	double share = (double)(a + b) / (double)(n + m);
	double spread = share * (1.0 - share) *
	    (1.0 / (double)n + 1.0 / (double)m);
	double distance = (double)a / (double)n - (double)b / (double)m;

	if (spread <= 0.0)
		return 1.0;
	return erfc(fabs(distance) / sqrt(spread) / sqrt(2.0));
}

enum report_change
report_change_of(int64_t hits, int64_t all, int64_t hits_before,
    int64_t all_before)
{
	double share, before, p;
	int64_t expected;

	if (all < FEW || all_before < FEW)
		return CHANGE_TOO_FEW;
	share = (double)hits / (double)all;
	before = (double)hits_before / (double)all_before;
	/* how many deliveries the change is about */
	expected = (int64_t)(fabs(share - before) * (double)all + 0.5);
	if (fabs(share - before) < least_points || expected < LEAST_DELIVERIES)
		return CHANGE_SAME;
	p = all + all_before < SMALL ?
	    fisher(hits, all, hits_before, all_before) :
	    normal(hits, all, hits_before, all_before);
	if (p >= significance)
		return CHANGE_SAME;
	return share > before ? CHANGE_WORSE : CHANGE_BETTER;
}

void
report_wilson(int64_t hits, int64_t all, double *low_r, double *high_r)
{
	const double z = 1.959963984540054; /* 97.5 % of the normal */
	double n = (double)all;
	double share = (double)hits / n;
	double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
	double half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) /
	    (1 + z * z / n);

	*low_r = middle - half > 0 ? middle - half : 0;
	*high_r = middle + half < 1 ? middle + half : 1;
}
