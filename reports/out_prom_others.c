/* SPDX-License-Identifier: BSD-2-Clause */
/* What others report, as a fixed number of gauges: labels are words of ours,
 * never names of strangers. Nothing where no report was read. */
#include "reports/out_prom.h"

#include "reports/others_view.h"

static void
add_dmarc(struct strbuf *out, const struct report *report)
{
	static const char *const ours[] = { "yes", "no", "unknown" };

	prom_help(out, "mxtrend_dmarc_messages", "Messages that DMARC reports "
	    "count for our domains, by whether the address is ours.");
	for (size_t k = 0; k < sizeof(ours) / sizeof(ours[0]); k++) {
		int64_t all = 0, pass = 0;

		for (size_t i = 0; i < report->dmarc_count; i++) {
			if (!slice_eq(report->dmarc[i].ours,
			    slice_str(ours[k])))
				continue;
			all += report->dmarc[i].messages;
			pass += report->dmarc[i].pass;
		}
		strbuf_addf(out, "mxtrend_dmarc_messages{ours=\"%s\","
		    "result=\"pass\"} %lld\n", ours[k], (long long)pass);
		strbuf_addf(out, "mxtrend_dmarc_messages{ours=\"%s\","
		    "result=\"fail\"} %lld\n", ours[k],
		    (long long)(all - pass));
	}
}

static void
add_witness(struct strbuf *out, const struct report *report)
{
	static const char *const states[] = { "agree", "shrinking", "absent",
		"no-report", "no-reporter", "unknown" };

	prom_help(out, "mxtrend_witness_days", "Days of a provider and own "
	    "address by what DMARC reports say beside the log.");
	for (size_t k = 0; k < sizeof(states) / sizeof(states[0]); k++) {
		int64_t days = 0;

		for (size_t i = 0; i < report->witness_count; i++)
			days += slice_eq(report->witness[i].state,
			    slice_str(states[k]));
		strbuf_addf(out, "mxtrend_witness_days{state=\"%s\"} %lld\n",
		    states[k], (long long)days);
	}
}

static void
add_snds(struct strbuf *out, const struct report *report)
{
	static const char *const results[] = { "green", "yellow", "red" };
	int64_t traps = 0;

	prom_help(out, "mxtrend_snds_days",
	    "Days of an address by SNDS filter result.");
	for (size_t k = 0; k < sizeof(results) / sizeof(results[0]); k++) {
		int64_t days = 0;

		for (size_t i = 0; i < report->snds_count; i++)
			days += slice_eq(report->snds[i].filter_result,
			    slice_str(results[k]));
		strbuf_addf(out, "mxtrend_snds_days{filter_result=\"%s\"} "
		    "%lld\n", results[k], (long long)days);
	}
	for (size_t i = 0; i < report->snds_count; i++)
		traps += report->snds[i].trap_hits > 0 ?
		    report->snds[i].trap_hits : 0;
	prom_gauge(out, "mxtrend_snds_trap_hits", "Trap hits in SNDS.", traps);
}

void
prom_others(struct strbuf *out, const struct report *report)
{
	int64_t complaints = 0, failed = 0, unlogged = 0;

	if (!view_has_others(report))
		return;
	add_dmarc(out, report);
	add_witness(out, report);
	add_snds(out, report);
	for (size_t i = 0; i < report->complaint_count; i++)
		complaints += report->complaints[i].complaints;
	for (size_t i = 0; i < report->tls_count; i++)
		failed += report->tls[i].failed > 0 ? report->tls[i].failed :
		    0;
	for (size_t i = 0; i < report->bounce_count; i++)
		unlogged += report->bounces[i].not_in_log;
	prom_gauge(out, "mxtrend_complaints", "Feedback reports with their "
	    "incidents.", complaints);
	prom_gauge(out, "mxtrend_tls_failed_sessions", "Sessions of others to "
	    "us that failed, by the details of TLS reports.", failed);
	prom_gauge(out, "mxtrend_bounces_not_in_log", "Recipients of bounce "
	    "mails whose failure no log tells of.", unlogged);
}
