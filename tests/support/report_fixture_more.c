/* SPDX-License-Identifier: BSD-2-Clause */
/* Large documents, and one full of texts that mean harm. */
#include "tests/support/report_fixture.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/report_fixture_build.h"

/* ---- busy ---- */

enum { BUSY_SOURCES = 40, BUSY_PROVIDERS = 300, BUSY_DAYS = 28,
	BUSY_BIG = 12, BUSY_EPISODES = 4 };

/* A small deterministic generator (Knuth's MMIX constants). */
static uint32_t
next_number(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

static void
busy_pair(struct report *report, size_t provider, size_t source,
    uint64_t *state)
{
	static const char *const big[BUSY_BIG] = { "google",
		"microsoft-consumer", "microsoft-365", "yahoo", "gmx", "apple",
		"t-online", "orange", "mailru", "proofpoint", "mimecast",
		"comcast" };
	bool is_big = provider < BUSY_BIG;
	bool is_blocked = provider == 1 && source < BUSY_EPISODES;
	unsigned per_day = is_big ? 40000u / (1 + (unsigned)provider) : 60;
	struct fixture_day days[BUSY_DAYS] = { { 0, 0, 0, 0 } };
	char key[80], name[64], ip[32], instance[32];

	(void)snprintf(ip, sizeof(ip), "198.51.100.%zu", source + 10);
	(void)snprintf(instance, sizeof(instance), "postfix-out%zu",
	    source / 10 + 1);
	(void)snprintf(name, sizeof(name), "customer%03zu.example", provider);
	(void)snprintf(key, sizeof(key), "mx:%s", name);
	for (size_t d = 0; d < BUSY_DAYS; d++) {
		struct fixture_day *n = &days[d];

		n->accepted = (int)(per_day / 2 +
		    next_number(state) % (per_day + 1));
		n->deferred = (int)(next_number(state) % (per_day / 20 + 2));
		n->bounced = (int)(next_number(state) % (per_day / 90 + 2));
		if (is_blocked && d >= 20 + source) {
			n->blocked = n->accepted;
			n->bounced += n->accepted;
			n->accepted = 0;
		}
	}
	fixture_add_pair(report, is_big ? big[provider] : key,
	    is_big ? big[provider] : name, ip, instance, days,
	    is_big ? 1.7 : 0.8, 40.0 + (double)provider);
}

static void
busy_episodes(struct report *report)
{
	report->episode_count = BUSY_EPISODES;
	report->episodes = fixture_rows(report, BUSY_EPISODES,
	    sizeof(*report->episodes));
	for (size_t i = 0; i < BUSY_EPISODES; i++) {
		struct report_episode *episode = &report->episodes[i];
		char id[16], ip[32];

		(void)snprintf(id, sizeof(id), "5e0d%04zx", i);
		(void)snprintf(ip, sizeof(ip), "198.51.100.%zu", i + 10);
		episode->id = fixture_text(report, id);
		episode->provider = SLICE("microsoft-consumer");
		episode->name = SLICE("microsoft-consumer");
		episode->source = episode->source_ip = fixture_text(report, ip);
		episode->host = report->host;
		episode->instance = SLICE("postfix-out1");
		episode->reason = SLICE("ip-block");
		episode->token = SLICE("S3150");
		episode->extent = SLICE("range");
		episode->state = i == 3 ? EPISODE_SILENT :
		    i == 2 ? EPISODE_EASING : EPISODE_CONFIRMED;
		episode->last_accept_before_utc = report->window.since_utc +
		    (int64_t)(20 + i) * FIXTURE_DAY_S - 60;
		episode->first_refusal_utc =
		    episode->last_accept_before_utc + 75;
		episode->confirmed_utc = episode->first_refusal_utc + 40;
		episode->last_refusal_utc = report->window.until_utc - 7;
		episode->first_accept_after_utc = i == 2 ?
		    report->window.until_utc - 3 : TIME_NONE;
		episode->began_after_utc = episode->last_accept_before_utc;
		/* one where some mail passed: not where the refusals say */
		episode->began_by_utc = episode->first_refusal_utc +
		    (i == 1 ? 3600 : 0);
		episode->ended_after_utc = episode->last_refusal_utc -
		    (i == 2 ? 7200 : 0);
		episode->ended_by_utc = episode->first_accept_after_utc;
		episode->messages = 160000 - (int64_t)i * 20000;
		episode->recipients = episode->messages;
		episode->attempts = episode->messages;
		episode->repeat = 1;
		episode->sample = SLICE("550 5.7.1 Unfortunately, messages "
		    "from [198.51.100.10] weren't sent. Please contact your "
		    "Internet service provider since part of their network "
		    "is on our block list (S3150).");
	}
}

/* What no address alone has refusals enough to show; and what one has. */
static void
busy_scores(struct report *report)
{
	report->score_count = 2;
	report->scores = fixture_rows(report, 2, sizeof(*report->scores));
	for (size_t i = 0; i < 2; i++) {
		struct report_score *it = &report->scores[i];

		it->id = i == 0 ? SLICE("77aa0001") : SLICE("77aa0002");
		it->provider = SLICE("yahoo");
		it->name = SLICE("Yahoo/AOL");
		it->over = i == 0 ? SLICE("network") : SLICE("sender-domain");
		it->key = i == 0 ? SLICE("203.0.113.0/24") :
		    SLICE("example.org");
		it->reason = SLICE("ip-reputation");
		it->token = SLICE("TSS04");
		it->state = EPISODE_CONFIRMED;
		it->is_explained = i == 1;
		it->last_accept_before_utc = it->began_after_utc =
		    report->window.until_utc - 3 * FIXTURE_DAY_S;
		it->first_refusal_utc = it->began_by_utc =
		    it->last_accept_before_utc + 90;
		it->confirmed_utc = it->first_refusal_utc + 600;
		it->last_refusal_utc = it->ended_after_utc =
		    report->window.until_utc - 60;
		it->first_accept_after_utc = it->ended_by_utc = TIME_NONE;
		it->messages = it->recipients = it->attempts = 61;
		it->repeat = 1;
	}
}

/* Deliveries that are not over, and some that were given up. */
static void
leave_open(struct report_counts *n)
{
	n->deliveries += 47;
	n->messages += 47;
	n->open += 7;
	n->expired += 40;
}

void
fixture_busy(struct report_fixture *fixture)
{
	struct report *report = &fixture->report;
	uint64_t state = 7;

	fixture_begin(fixture, "UTC", "2026-10-26T00:00Z", BUSY_DAYS, true);
	report->host = SLICE("4 hosts");
	/* the big twelve over all addresses, the small ones over one each */
	fixture_room(report, BUSY_BIG * BUSY_SOURCES + BUSY_PROVIDERS);
	for (size_t p = 0; p < BUSY_PROVIDERS; p++) {
		if (p >= BUSY_BIG) {
			busy_pair(report, p, p % BUSY_SOURCES, &state);
			continue;
		}
		for (size_t s = 0; s < BUSY_SOURCES; s++)
			busy_pair(report, p, s, &state);
	}
	fixture_sum_up(report);
	busy_episodes(report);
	busy_scores(report);
	fixture_cover(report, "full", 51200000, 10240);
	leave_open(&report->totals);
	leave_open(&report->providers[0].n);
	leave_open(&report->sources[0].n);
	leave_open(&report->pairs[0].n);
	report->verdict = SLICE("1 provider is refusing mail from 4 of 40 "
	    "addresses: microsoft-consumer, since 2026-11-15");
}

/* ---- hostile texts ---- */

/* NUL bytes inside count. */
#define TEXT(lit) { lit, sizeof(lit) - 1 }

static struct slice
repeat(struct report *report, const char *piece, size_t bytes)
{
	size_t len = strlen(piece);
	char *copy = arena_alloc(&report->arena, bytes);

	for (size_t i = 0; i < bytes; i++)
		copy[i] = piece[i % len];
	return slice_of(copy, bytes);
}

void
fixture_hostile(struct report_fixture *fixture)
{
	/* clang-format off */
	static const struct slice texts[] = {
		TEXT("\x1b[31mred\x1b]0;title\x07 550 5.7.1 (S3140)"),
		TEXT("=HYPERLINK(\"http://evil.example/\",\"click\")"),
		TEXT("@SUM(1+9)*cmd|' /C calc'!A0"),
		TEXT("\xe2\x80\xae" "right to left \xe2\x81\xa6 isolate"),
		TEXT("bad \xff\xfe bytes \xc3 \xed\xa0\x80 \xf5"),
		TEXT("nul \0 inside and tab\tand line\r\nend"),
		TEXT("\xef\xbf\xbe nonchar \xef\xbf\xbf \xef\xbb\xbf"),
		TEXT("</script><svg onload=alert(1)>&amp;\"'"),
		TEXT("a\\b{c=\"d\"}\n# HELP x"),
		TEXT("_x0041_ _x001B_ c1 \xc2\x9b" "31m"),
		TEXT("+1 -1 \xef\xbc\x9d" "1"),
	};
	/* clang-format on */
	const size_t count = sizeof(texts) / sizeof(texts[0]);
	struct report *report = &fixture->report;

	fixture_story(fixture);
	report->host = texts[0];
	for (size_t i = 0; i < report->provider_count; i++) {
		report->providers[i].provider = texts[i % count];
		report->providers[i].name = texts[(i + 1) % count];
		report->pairs[i].provider = texts[i % count];
		report->pairs[i].name = texts[(i + 1) % count];
		report->pairs[i].instance = texts[(i + 2) % count];
		report->pairs[i].source = texts[(i + 3) % count];
		report->domains[i].domain = texts[(i + 4) % count];
		report->domains[i].name = texts[(i + 5) % count];
	}
	report->sources[0].source = texts[1];
	report->sources[0].source_ip = SLICE_NONE;
	for (size_t i = 0; i < report->series_count; i++) {
		report->series[i].provider = texts[i % count];
		report->series[i].name = texts[(i + 1) % count];
		report->series[i].source = texts[(i + 3) % count];
		report->series[i].source_ip = SLICE_NONE;
		report->series[i].instance = texts[(i + 2) % count];
	}
	for (size_t i = 0; i < report->reply_count; i++) {
		report->replies[i].sample = texts[(i + 6) % count];
		report->replies[i].token = texts[i % count];
		report->reasons[i].token = texts[(i + 2) % count];
		report->replies[i].provider = texts[(i + 8) % count];
		report->replies[i].is_new = true;
	}
	report->replies[0].sample =
	    repeat(report, "550 \x1b[2J\xc3\xa4 (S3140) 192.0.2.9 <&> ",
	    64u * 1024u);
	report->replies[1].sample = repeat(report, "\x01", 64u * 1024u);
	report->episodes[0].name = texts[3];
	report->episodes[0].source = texts[7];
	report->episodes[0].token = texts[8];
	report->episodes[0].sample = report->replies[0].sample;
	report->episodes[1].id = texts[9];
	report->inputs[0].path = texts[5];
	report->inputs[1].path = texts[10];
	report->verdict = texts[7];
}

void
fixture_large(struct report_fixture *fixture, size_t series_rows)
{
	struct report *report = &fixture->report;
	uint64_t state = 11;
	char name[32];

	fixture_begin(fixture, "UTC", "2026-11-16T00:00Z", 7, true);
	report->series =
	    fixture_rows(report, series_rows, sizeof(*report->series));
	report->series_count = series_rows;
	for (size_t i = 0; i < series_rows; i++) {
		struct report_series_row *row = &report->series[i];
		const struct report_day *day =
		    &report->window.days[i * 7 / series_rows];

		row->day_utc = day->day_utc;
		memcpy(row->day, day->day, sizeof(row->day));
		(void)snprintf(name, sizeof(name), "mx:d%zu.example",
		    i % 7001);
		row->provider = row->name = fixture_text(report, name);
		row->source = row->source_ip = SLICE("192.0.2.9");
		row->instance = SLICE("postfix");
		row->messages = next_number(&state) % 900;
		row->attempts.accepted = row->messages;
		row->attempts.deferred = next_number(&state) % 40;
		row->attempts.bounced = next_number(&state) % 4;
		row->state = STATE_FINE;
	}
	report->verdict = SLICE("no provider refuses mail from this host");
}
