/* SPDX-License-Identifier: BSD-2-Clause */
/* What others report, folded to what a page for people has room for: whole
 * tables stay with the machine-readable formats. Shared by the renderers, so
 * that they say the same. Arrays live in ARENA. */
#ifndef MX_REPORTS_OTHERS_VIEW_H
#define MX_REPORTS_OTHERS_VIEW_H

#include "base/strbuf.h"
#include "reports/report.h"

/* DMARC by provider and own address; hosts that are not ours are one row a
 * provider, with how many there are. */
struct view_dmarc {
	struct slice name, source_ip; /* source_ip absent: other hosts */
	struct slice ours;
	int64_t hosts, messages, pass, dkim, spf, quarantine, reject;
};

/* Witness by provider and own address: sums, and one glyph a day. */
struct view_witness {
	struct slice name, source_ip;
	int64_t messages, accepted, refused;
	int64_t reported; /* -1: no reporter */
	char *days;       /* window.day_count glyphs: "=" agree, "<" shrinking,
	                   * "0" absent, "?" no report, "." no mail, "~" too
	                   * few; NULL for who sends no reports */
	bool is_telling;  /* some day shrinks or is absent */
};

/* TLS by reporter and policy, with its results: "certificate-expired 2". */
struct view_tls {
	const struct report_tls *policy;
	struct slice name, results;
};

/* SNDS by address: days of each colour. */
struct view_snds {
	struct slice source_ip, ours;
	int64_t days, green, yellow, red, traps, rcpt_commands;
	struct slice last_filter, last_rate;
	const char *last_day;
};

struct view_dmarc *view_dmarc(const struct report *report,
    struct arena *arena, size_t *count_r);
struct view_witness *view_witness(const struct report *report,
    struct arena *arena, size_t *count_r);
struct view_tls *view_tls(const struct report *report, struct arena *arena,
    size_t *count_r);
struct view_snds *view_snds(const struct report *report, struct arena *arena,
    size_t *count_r);
/* Is there any report of others in the window? */
bool view_has_others(const struct report *report);
/* "12 DMARC reports (2 more were copies), 3 overlap ...": one sentence; ""
 * where there is none. */
void view_dmarc_sentence(const struct report *report, struct strbuf *out);
/* "3 reports not signed by their reporter"; "" where there is none. */
void view_not_signed(const struct report *report, struct strbuf *out);

#endif
