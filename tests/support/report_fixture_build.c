/* SPDX-License-Identifier: BSD-2-Clause */
/* Adds up hand-written numbers to a document that has the identities of a
 * real one. */
#include "tests/support/report_fixture_build.h"

#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "reports/definitions.h"

struct slice
fixture_text(struct report *report, const char *str)
{
	return arena_slice(&report->arena, slice_str(str));
}

void *
fixture_rows(struct report *report, size_t count, size_t size)
{
	void *memory = arena_alloc(&report->arena, count * size + 1);

	memset(memory, 0, count * size);
	return memory;
}

int64_t
fixture_utc_of(const char *stamp)
{
	struct civil civil = { 0 };
	unsigned y, mo, d, h, mi;

	if (sscanf(stamp, "%u-%u-%uT%u:%uZ", &y, &mo, &d, &h, &mi) != 5)
		mx_bug("a bad time in a fixture");
	civil.year = (int32_t)y;
	civil.month = (uint8_t)mo;
	civil.day = (uint8_t)d;
	civil.hour = (uint8_t)h;
	civil.minute = (uint8_t)mi;
	return civil_seconds(&civil);
}

static void
day_name(int64_t local, char name[11])
{
	char stamp[21];

	rfc3339_utc(local, stamp);
	memcpy(name, stamp, 10);
	name[10] = '\0';
}

void
fixture_begin(struct report_fixture *fixture, const char *zone,
    const char *since, size_t days, bool is_covered)
{
	struct report *report = &fixture->report;
	struct report_window *window = &report->window;

	report_init(report);
	if (zone_open(slice_str(zone), &fixture->zone, NULL) != MX_OK)
		mx_bug("the fixture's zone");
	report->zone = fixture->zone;
	report->tool_version = SLICE("0.1.0");
	report->rules_version = SLICE("2026.11 (412 rules)");
	report->host = SLICE("mail.example.org");
	window->since_utc = fixture_utc_of(since);
	window->until_utc = window->since_utc + (int64_t)days * FIXTURE_DAY_S;
	window->timezone = fixture_text(report, zone);
	window->day_count = days;
	window->days = fixture_rows(report, days, sizeof(*window->days));
	for (size_t i = 0; i < days; i++) {
		struct report_day *day = &window->days[i];

		day->day_utc = window->since_utc + (int64_t)i * FIXTURE_DAY_S;
		day_name(day->day_utc + zone_offset(report->zone,
		    day->day_utc, NULL), day->day);
		day->is_covered = is_covered;
		day->is_provisional = i + 5 >= days;
	}
	report->generated_utc = window->until_utc + 17 * 60;
	report_define(report);
}

static enum report_state
state_of(const struct fixture_day *n, bool is_covered)
{
	if (!is_covered)
		return STATE_NO_LOG;
	if (n->accepted + n->deferred + n->bounced == 0)
		return STATE_NO_MAIL;
	if (n->blocked > 0)
		return STATE_BLOCKED;
	return n->deferred * 5 > n->accepted ? STATE_DEFERRING : STATE_FINE;
}

void
fixture_add_pair(struct report *report, const char *provider, const char *name,
    const char *source, const char *instance, const struct fixture_day *days,
    double p50_s, double p95_s)
{
	struct report_row *pair = &report->pairs[report->pair_count++];
	size_t count = report->window.day_count;

	memset(pair, 0, sizeof(*pair));
	pair->provider = fixture_text(report, provider);
	pair->name = fixture_text(report, name);
	pair->source = pair->source_ip = fixture_text(report, source);
	pair->host = report->host;
	pair->instance = fixture_text(report, instance);
	pair->days = fixture_rows(report, count, sizeof(*pair->days));
	pair->n.p50_s = p50_s;
	pair->n.p95_s = p95_s;
	pair->state = STATE_NO_MAIL;
	for (size_t i = 0; i < count; i++) {
		const struct fixture_day *n = &days[i];
		struct report_day *day = &report->window.days[i];
		struct report_series_row *row;

		pair->days[i] = state_of(n, day->is_covered);
		if (pair->days[i] > pair->state)
			pair->state = pair->days[i];
		if (n->accepted + n->deferred + n->bounced == 0)
			continue;
		row = &report->series[report->series_count++];
		memset(row, 0, sizeof(*row));
		row->day_utc = day->day_utc;
		memcpy(row->day, day->day, sizeof(row->day));
		row->provider = pair->provider;
		row->name = pair->name;
		row->source = row->source_ip = pair->source;
		row->host = pair->host;
		row->instance = pair->instance;
		row->messages = n->accepted + n->bounced;
		row->attempts.accepted = n->accepted;
		row->attempts.deferred = n->deferred;
		row->attempts.bounced = n->bounced;
		row->blocked = n->blocked;
		row->state = pair->days[i];
		day->messages += row->messages;
		day->attempts.accepted += n->accepted;
		day->attempts.deferred += n->deferred;
		day->attempts.bounced += n->bounced;
		day->blocked += n->blocked;
		pair->n.accepted += n->accepted;
		pair->n.bounced += n->bounced;
		pair->n.deferred += n->deferred;
		pair->n.blocked += n->blocked;
		pair->n.attempts.accepted += n->accepted;
		pair->n.attempts.deferred += n->deferred;
		pair->n.attempts.bounced += n->bounced;
	}
	pair->n.deliveries = pair->n.accepted + pair->n.bounced;
	pair->n.messages = pair->n.deliveries;
}

static void
add_counts(struct report_counts *sum, const struct report_counts *n)
{
	sum->deliveries += n->deliveries;
	sum->messages += n->messages;
	sum->accepted += n->accepted;
	sum->deferred += n->deferred;
	sum->bounced += n->bounced;
	sum->expired += n->expired;
	sum->blocked += n->blocked;
	sum->open += n->open;
	sum->attempts.accepted += n->attempts.accepted;
	sum->attempts.deferred += n->attempts.deferred;
	sum->attempts.bounced += n->attempts.bounced;
	if (n->p50_s > sum->p50_s)
		sum->p50_s = n->p50_s;
	if (n->p95_s > sum->p95_s)
		sum->p95_s = n->p95_s;
}

/* The row of ROWS_R whose key equals PAIR's; a new one when there is none. */
static struct report_row *
row_for(struct report *report, struct report_row *list, size_t *count,
    const struct report_row *pair, bool by_provider)
{
	struct report_row *row;

	for (size_t i = 0; i < *count; i++)
		if (by_provider ? slice_eq(list[i].provider, pair->provider) :
		    slice_eq(list[i].source, pair->source))
			return &list[i];
	row = &list[(*count)++];
	memset(row, 0, sizeof(*row));
	row->n.p50_s = row->n.p95_s = DELAY_NONE;
	if (by_provider) {
		row->provider = pair->provider;
		row->name = pair->name;
		row->days = fixture_rows(report, report->window.day_count,
		    sizeof(*row->days));
		for (size_t i = 0; i < report->window.day_count; i++)
			row->days[i] = report->window.days[i].is_covered ?
			    STATE_NO_MAIL : STATE_NO_LOG;
	} else {
		row->source = pair->source;
		row->source_ip = pair->source_ip;
		row->host = pair->host;
		row->instance = pair->instance;
	}
	return row;
}

void
fixture_sum_up(struct report *report)
{
	size_t count = report->pair_count;

	report->providers =
	    fixture_rows(report, count, sizeof(*report->providers));
	report->sources = fixture_rows(report, count, sizeof(*report->sources));
	for (size_t i = 0; i < count; i++) {
		const struct report_row *pair = &report->pairs[i];
		struct report_row *provider = row_for(report,
		    report->providers, &report->provider_count, pair, true);
		struct report_row *source = row_for(report, report->sources,
		    &report->source_count, pair, false);

		add_counts(&provider->n, &pair->n);
		add_counts(&source->n, &pair->n);
		add_counts(&report->totals, &pair->n);
		if (pair->state > provider->state)
			provider->state = pair->state;
		if (pair->state > source->state)
			source->state = pair->state;
		for (size_t d = 0; d < report->window.day_count; d++)
			if (pair->days[d] > provider->days[d])
				provider->days[d] = pair->days[d];
	}
	report->failed_attempts = report->totals.attempts.deferred +
	    report->totals.attempts.bounced;
}

void
fixture_cover(
    struct report *report, const char *state, int64_t lines, int64_t skipped)
{
	report->coverage_count = report->window.day_count;
	report->coverage = fixture_rows(report, report->coverage_count,
	    sizeof(*report->coverage));
	for (size_t i = 0; i < report->coverage_count; i++) {
		struct report_coverage *row = &report->coverage[i];
		const struct report_day *day = &report->window.days[i];

		memcpy(row->day, day->day, sizeof(row->day));
		row->host = report->host;
		row->first_utc = lines > 0 ? day->day_utc + 61 : TIME_NONE;
		row->last_utc =
		    lines > 0 ? day->day_utc + FIXTURE_DAY_S - 13 : TIME_NONE;
		row->lines = lines;
		row->skipped = i == 0 ? skipped : 0;
		row->understood = row->lines - row->skipped;
		row->state = fixture_text(report, state);
	}
}

void
fixture_room(struct report *report, size_t pairs)
{
	report->pairs = fixture_rows(report, pairs, sizeof(*report->pairs));
	report->series = fixture_rows(report, pairs * report->window.day_count,
	    sizeof(*report->series));
}

void
fixture_add_reply(struct report *report, uint64_t fingerprint,
    const char *provider, const char *name, const char *reason,
    const char *token, int64_t attempts, const char *first, const char *last,
    bool is_new, struct slice sample)
{
	struct report_reply *reply = &report->replies[report->reply_count++];
	struct report_reason *row = &report->reasons[report->reason_count++];

	memset(reply, 0, sizeof(*reply));
	reply->fingerprint = fingerprint;
	reply->provider = fixture_text(report, provider);
	reply->name = fixture_text(report, name);
	reply->reason = fixture_text(report, reason);
	reply->token = token != NULL ? fixture_text(report, token) : SLICE_NONE;
	reply->attempts = attempts;
	reply->first_utc = fixture_utc_of(first);
	reply->last_utc = fixture_utc_of(last);
	reply->is_new = is_new;
	reply->sample = sample;
	memset(row, 0, sizeof(*row));
	row->provider = reply->provider;
	row->name = reply->name;
	row->reason = reply->reason;
	row->token = reply->token;
	row->attempts = row->deliveries = attempts;
	row->first_utc = reply->first_utc;
	row->last_utc = reply->last_utc;
}
