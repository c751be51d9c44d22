/* SPDX-License-Identifier: BSD-2-Clause */
/* What a dossier about one provider and one own address needs of the reports
 * of others, in one go. */
#include "analyzer/query_others_priv.h"

static int64_t
known(int64_t count)
{
	return count > 0 ? count : 0;
}

/* Widen a span; INT64_MIN is no time. */
static void
widen(int64_t *first, int64_t *last, int64_t from, int64_t to)
{
	if (from != INT64_MIN && (*first == INT64_MIN || from < *first))
		*first = from;
	if (to != INT64_MIN && to > *last)
		*last = to;
}

static void
add_dmarc(const struct others *others, struct others_evidence *to)
{
	size_t count;
	const struct others_dmarc *rows = others_dmarc(others, &count);

	for (size_t i = 0; i < count; i++) {
		to->dmarc.messages += rows[i].messages;
		to->dmarc.pass += rows[i].pass;
		to->dmarc.dkim += rows[i].dkim;
		to->dmarc.spf += rows[i].spf;
		to->dmarc.quarantine += rows[i].quarantine;
		to->dmarc.reject += rows[i].reject;
		widen(&to->dmarc.begin_utc, &to->dmarc.end_utc,
		    rows[i].begin_utc, rows[i].end_utc);
	}
	for (size_t i = 0; i < others->reporter_count; i++)
		to->dmarc.reports += others->reporter_rows[i].reports;
}

/* Reports of failed authentication and of mail that is no spam are none. */
static bool
is_complaint(struct slice type)
{
	return !slice_eq(type, SLICE("auth-failure")) &&
	    !slice_eq(type, SLICE("dmarc")) &&
	    !slice_eq(type, SLICE("not-spam"));
}

static void
add_complaints(const struct others *others, struct others_evidence *to)
{
	size_t count;
	const struct others_complaint *rows =
	    others_complaints(others, &count);

	for (size_t i = 0; i < count; i++) {
		if (!is_complaint(rows[i].feedback_type))
			continue;
		to->complaints.reports += rows[i].reports;
		to->complaints.complaints += rows[i].complaints;
		widen(&to->complaints.first_utc, &to->complaints.last_utc,
		    rows[i].first_utc, rows[i].last_utc);
	}
}

static void
add_snds(const struct others *others, struct others_evidence *to)
{
	size_t count;
	const struct others_snds *rows = others_snds(others, &count);
	int64_t last_blocked = INT64_MIN;

	for (size_t i = 0; i < count; i++) {
		const struct others_snds *row = &rows[i];

		widen(&to->snds.first_utc, &to->snds.last_utc, row->day_utc,
		    row->day_utc);
		if (row->range.len != 0) {
			to->snds.blocked_days += row->is_blocked &&
			    row->day_utc != last_blocked;
			if (row->is_blocked)
				last_blocked = row->day_utc;
			continue;
		}
		to->snds.days++;
		to->snds.green += slice_eq(row->filter_result,
		    SLICE("green"));
		to->snds.yellow += slice_eq(row->filter_result,
		    SLICE("yellow"));
		to->snds.red += slice_eq(row->filter_result, SLICE("red"));
		to->snds.trap_hits += known(row->trap_hits);
		to->snds.rcpt_commands += known(row->rcpt_commands);
		to->snds.recipients += known(row->recipients);
	}
}

static void
add_tls(const struct others *others, struct others_evidence *to)
{
	size_t count;
	const struct others_tls *rows = others_tls(others, &count);

	for (size_t i = 0; i < count; i++) {
		if (rows[i].result_type.len != 0)
			continue;
		widen(&to->tls.begin_utc, &to->tls.end_utc, rows[i].begin_utc,
		    rows[i].end_utc);
		if (rows[i].reports > to->tls.reports)
			to->tls.reports = rows[i].reports;
		if (rows[i].successful + rows[i].failed <
		    to->tls.successful + to->tls.failed)
			continue;
		to->tls.successful = rows[i].successful;
		to->tls.failed = rows[i].failed;
	}
}

static void
add_bounces(const struct others *others, struct others_evidence *to)
{
	size_t count;
	const struct others_bounce *rows = others_bounces(others, &count);

	for (size_t i = 0; i < count; i++) {
		to->bounces.failed += rows[i].failed;
		to->bounces.delayed += rows[i].delayed;
		to->bounces.in_log += rows[i].in_log;
		widen(&to->bounces.first_utc, &to->bounces.last_utc,
		    rows[i].first_utc, rows[i].last_utc);
	}
}

static void
no_times(struct others_evidence *to)
{
	to->dmarc.begin_utc = to->dmarc.end_utc = INT64_MIN;
	to->complaints.first_utc = to->complaints.last_utc = INT64_MIN;
	to->snds.first_utc = to->snds.last_utc = INT64_MIN;
	to->tls.begin_utc = to->tls.end_utc = INT64_MIN;
	to->bounces.first_utc = to->bounces.last_utc = INT64_MIN;
}

enum mx_code
others_evidence(const struct others_scope *scope,
    struct others_evidence *to, struct mx_err *err)
{
	struct others *others;
	enum mx_code code = store_begin(scope->store, err);

	memset(to, 0, sizeof(*to));
	no_times(to);
	if (code != MX_OK)
		return code;
	code = others_load(scope, &others, err);
	store_rollback(scope->store);
	if (code != MX_OK)
		return code;
	add_dmarc(others, to);
	add_complaints(others, to);
	add_snds(others, to);
	add_tls(others, to);
	add_bounces(others, to);
	others_free(others);
	return MX_OK;
}
