/* SPDX-License-Identifier: BSD-2-Clause */
/* The one sentence: who refuses us, from where, why and since when; or that
 * nobody does; or that it cannot be told. */
#include "reports/report_build.h"

#include "base/zone.h"
#include "tests/support/cases.h"

/* 2026-11-12T23:30Z: already the 13th in Berlin. */
#define LATE ((int64_t)1794526200)
#define DAY ((int64_t)86400)

struct given {
	const char *provider, *source, *source_ip, *token;
	int64_t since_utc, messages;
	enum episode_state state;
	bool began_before_log;
};

#define OUTLOOK "Outlook.com", "mail/out1", "192.0.2.9", "S3140"
#define GOOGLE "Gmail", "mail/out1", "192.0.2.9", NULL

static const struct sentence_case {
	const char *name;
	struct given episodes[6];
	int64_t deliveries, accepted, blocked;
	bool has_no_log;
	const char *want;
} sentence_cases[] = {
	{ "one_that_refuses", { { OUTLOOK, LATE, 9, EPISODE_CONFIRMED, false } },
	  100, 50, 50, false,
	  "1 provider is refusing mail from 192.0.2.9: Outlook.com "
	  "(ip-block S3140) since 2026-11-13" },
	{ "one_that_is_easing_still_refuses",
	  { { OUTLOOK, LATE, 9, EPISODE_EASING, false } }, 100, 50, 50, false,
	  "1 provider is refusing mail from 192.0.2.9: Outlook.com "
	  "(ip-block S3140) since 2026-11-13" },
	{ "one_that_refused_before_the_log_began",
	  { { OUTLOOK, LATE, 9, EPISODE_CONFIRMED, true } }, 100, 50, 50,
	  false,
	  "1 provider is refusing mail from 192.0.2.9: Outlook.com "
	  "(ip-block S3140) since at least 2026-11-13" },
	{ "two_that_refuse_larger_first",
	  { { GOOGLE, LATE, 9, EPISODE_CONFIRMED, false },
	    { OUTLOOK, LATE + DAY, 10, EPISODE_CONFIRMED, false } },
	  100, 50, 50, false,
	  "2 providers are refusing mail from 192.0.2.9: Outlook.com "
	  "(ip-block S3140) since 2026-11-14; Gmail (ip-block) since "
	  "2026-11-13" },
	{ "one_that_refuses_two_addresses",
	  { { OUTLOOK, LATE, 9, EPISODE_CONFIRMED, false },
	    { "Outlook.com", "mail/out2", "192.0.2.10", "S3140", LATE, 9,
	      EPISODE_CONFIRMED, false } },
	  100, 50, 50, false,
	  "1 provider is refusing mail: Outlook.com from 192.0.2.9 and "
	  "192.0.2.10 (ip-block S3140) since 2026-11-13" },
	{ "one_that_refuses_three_is_named_once",
	  { { OUTLOOK, LATE + DAY, 9, EPISODE_CONFIRMED, false },
	    { "Outlook.com", "mail/out2", "192.0.2.10", "S3140", LATE, 9,
	      EPISODE_CONFIRMED, false },
	    { "Gmail", "mail/out2", "192.0.2.10", NULL, LATE, 3,
	      EPISODE_CONFIRMED, false },
	    { "Outlook.com", "mail/out2", "192.0.2.10", "S3140", LATE + DAY, 2,
	      EPISODE_EASING, false },
	    { "Outlook.com", "mail/out3", "192.0.2.11", "S3140", LATE + DAY, 2,
	      EPISODE_EASING, false } },
	  100, 50, 50, false,
	  "2 providers are refusing mail: Outlook.com from 3 of our addresses "
	  "(ip-block S3140) since 2026-11-13; Gmail from 192.0.2.10 (ip-block) "
	  "since 2026-11-13" },
	{ "a_source_without_address_is_named_by_its_key",
	  { { "Outlook.com", "mail/out1", NULL, "S3140", LATE, 9,
	      EPISODE_CONFIRMED, false } },
	  100, 50, 50, false,
	  "1 provider is refusing mail from mail/out1: Outlook.com (ip-block "
	  "S3140) since 2026-11-13" },
	{ "only_three_are_named",
	  { { "A", "s", "192.0.2.9", NULL, LATE, 1, EPISODE_CONFIRMED, false },
	    { "B", "s", "192.0.2.9", NULL, LATE, 2, EPISODE_CONFIRMED, false },
	    { "C", "s", "192.0.2.9", NULL, LATE, 3, EPISODE_CONFIRMED, false },
	    { "D", "s", "192.0.2.9", NULL, LATE, 4, EPISODE_CONFIRMED, false },
	    { "E", "s", "192.0.2.9", NULL, LATE, 5, EPISODE_EASING, false } },
	  100, 50, 50, false,
	  "5 providers are refusing mail from 192.0.2.9: E (ip-block) since "
	  "2026-11-13; D (ip-block) since 2026-11-13; C (ip-block) since "
	  "2026-11-13; and 2 more" },
	{ "who_refuses_goes_before_who_may",
	  { { GOOGLE, LATE, 90, EPISODE_SUSPECTED, false },
	    { OUTLOOK, LATE, 9, EPISODE_CONFIRMED, false } },
	  100, 50, 50, false,
	  "1 provider is refusing mail from 192.0.2.9: Outlook.com "
	  "(ip-block S3140) since 2026-11-13" },
	{ "one_that_may_refuse",
	  { { OUTLOOK, LATE, 1, EPISODE_SUSPECTED, false } }, 100, 99, 1,
	  false,
	  "1 provider may be refusing mail from 192.0.2.9: Outlook.com "
	  "(ip-block S3140) since 2026-11-13" },
	{ "one_that_was_not_tried_since",
	  { { OUTLOOK, LATE, 1, EPISODE_SILENT, false } }, 100, 99, 1, false,
	  "1 provider refused mail from 192.0.2.9 when last tried, a week or "
	  "more ago: Outlook.com (ip-block S3140) since 2026-11-13" },
	{ "nobody_refuses", { { 0 } }, 100, 98, 0, false,
	  "No provider is refusing mail: 98 of 100 deliveries accepted" },
	{ "nobody_refuses_any_more",
	  { { OUTLOOK, LATE, 9, EPISODE_CLOSED, false } }, 100, 98, 2, false,
	  "No provider is refusing mail: 98 of 100 deliveries accepted; 1 "
	  "provider refused earlier and accepts again" },
	{ "two_do_not_any_more",
	  { { OUTLOOK, LATE, 9, EPISODE_CLOSED, false },
	    { GOOGLE, LATE, 9, EPISODE_CLOSED, false } }, 100, 98, 2, false,
	  "No provider is refusing mail: 98 of 100 deliveries accepted; 2 "
	  "providers refused earlier and accept again" },
	{ "what_was_dismissed_is_not_told",
	  { { OUTLOOK, LATE, 1, EPISODE_DISMISSED, false } }, 100, 98, 1,
	  false,
	  "No provider is refusing mail: 98 of 100 deliveries accepted; 1 met "
	  "a passing refusal" },
	{ "no_log_no_verdict", { { 0 } }, 0, 0, 0, true,
	  "No log covers this window: nothing can be said" },
	{ "no_mail_no_verdict", { { 0 } }, 0, 0, 0, false,
	  "No mail was sent to other hosts in this window" },
};

static void
fill(struct report *report, const struct sentence_case *it,
    struct report_episode *episodes, struct report_day *day)
{
	memset(day, 0, sizeof(*day));
	day->is_covered = !it->has_no_log;
	report->window.days = day;
	report->window.day_count = 1;
	report->totals.deliveries = it->deliveries;
	report->totals.accepted = it->accepted;
	report->totals.blocked = it->blocked;
	report->episodes = episodes;
	for (; it->episodes[report->episode_count].provider != NULL;
	    report->episode_count++) {
		const struct given *from =
		    &it->episodes[report->episode_count];

		episodes[report->episode_count] = (struct report_episode){
			.provider = slice_str(from->provider),
			.name = slice_str(from->provider),
			.source = slice_str(from->source),
			.source_ip = slice_str(from->source_ip),
			.reason = SLICE("ip-block"),
			.token = slice_str(from->token),
			.first_refusal_utc = from->since_utc,
			.messages = from->messages, .state = from->state,
			.began_before_log = from->began_before_log };
	}
}

/* Of several addresses or a sender domain together. */
struct sum {
	const char *provider, *over, *key;
	int64_t since_utc, messages;
	enum episode_state state;
	bool is_explained, began_before_log;
};

#define ALL(provider, messages, state) \
	{ provider, "provider", NULL, LATE, messages, state, false, false }
#define NETWORK(provider, messages, state) \
	{ provider, "network", "198.51.100.0/24", LATE, messages, state, \
	  false, false }
#define SENDER(domain, messages, state) \
	{ "Gmail", "sender-domain", domain, LATE, messages, state, false, \
	  false }

static const struct sum_case {
	const char *name;
	struct given episode;
	struct sum sums[6];
	const char *want;
} sum_cases[] = {
	{ "a_network_refused_together_is_more_than_suspicion",
	  { OUTLOOK, LATE, 1, EPISODE_SUSPECTED, false },
	  { ALL("Outlook.com", 12, EPISODE_CONFIRMED),
	    NETWORK("Outlook.com", 12, EPISODE_CONFIRMED) },
	  "Outlook.com refuses 198.51.100.0/24 taken together (ip-block) "
	  "since 2026-11-13" },
	{ "all_addresses_where_that_is_more", { 0 },
	  { NETWORK("Outlook.com", 11, EPISODE_CONFIRMED),
	    { "Outlook.com", "provider", NULL, LATE, 12, EPISODE_CONFIRMED,
	      false, true } },
	  "Outlook.com refuses all our addresses taken together (ip-block) "
	  "since at least 2026-11-13" },
	{ "of_two_sums_alike_the_first", { 0 },
	  { SENDER("example.org", 5, EPISODE_CONFIRMED),
	    SENDER("example.net", 5, EPISODE_EASING) },
	  "Gmail refuses mail of example.org taken together (ip-block) since "
	  "2026-11-13" },
	{ "a_sum_stands_behind_who_refuses_an_address",
	  { OUTLOOK, LATE, 9, EPISODE_CONFIRMED, false },
	  { ALL("Outlook.com", 20, EPISODE_CONFIRMED),
	    ALL("Gmail", 20, EPISODE_CONFIRMED) },
	  "1 provider is refusing mail from 192.0.2.9: Outlook.com (ip-block "
	  "S3140) since 2026-11-13; Gmail refuses all our addresses taken "
	  "together (ip-block) since 2026-11-13" },
	{ "a_sum_that_is_over_is_not_told", { 0 },
	  { ALL("Outlook.com", 20, EPISODE_CLOSED) },
	  "No provider is refusing mail: 90 of 100 deliveries accepted; 9 met "
	  "a passing refusal" },
	{ "a_sum_that_an_episode_explains_is_not_told", { 0 },
	  { { "Gmail", "provider", NULL, LATE, 20, EPISODE_CONFIRMED, true,
	      false } },
	  "No provider is refusing mail: 90 of 100 deliveries accepted; 9 met "
	  "a passing refusal" },
	{ "only_three_sums_are_named", { 0 },
	  { ALL("A", 1, EPISODE_CONFIRMED), ALL("B", 2, EPISODE_CONFIRMED),
	    ALL("C", 3, EPISODE_CONFIRMED), ALL("D", 4, EPISODE_CONFIRMED),
	    ALL("E", 5, EPISODE_EASING) },
	  "A refuses all our addresses taken together (ip-block) since "
	  "2026-11-13; B refuses all our addresses taken together (ip-block) "
	  "since 2026-11-13; C refuses all our addresses taken together "
	  "(ip-block) since 2026-11-13; and 2 more" },
};

static void
fill_sums(struct report *report, const struct sum *from,
    struct report_score *scores)
{
	report->scores = scores;
	for (; from->provider != NULL; from++)
		scores[report->score_count++] = (struct report_score){
			.provider = slice_str(from->provider),
			.name = slice_str(from->provider),
			.over = slice_str(from->over),
			.key = slice_str(from->key),
			.reason = SLICE("ip-block"), .token = SLICE_NONE,
			.first_refusal_utc = from->since_utc,
			.messages = from->messages, .state = from->state,
			.is_explained = from->is_explained,
			.began_before_log = from->began_before_log };
}

static void
judge(const struct sentence_case *it, const struct sum *sums)
{
	struct report_episode episodes[6];
	struct report_score scores[6];
	struct report report;
	struct report_day day;
	struct zone *zone;
	struct mx_err err;

	assert_int_equal(zone_open(SLICE("Europe/Berlin"), &zone, &err),
	    MX_OK);
	report_init(&report);
	report.zone = zone;
	fill(&report, it, episodes, &day);
	fill_sums(&report, sums, scores);
	report_judge(&report);
	if (!slice_eq(report.verdict, slice_str(it->want)))
		fail_msg("got \"%.*s\" want \"%s\"", SLICE_ARG(report.verdict),
		    it->want);
	report_release(&report);
	zone_close(zone);
}

static void
run_sentence(void **state)
{
	static const struct sum none = { 0 };

	judge(*state, &none);
}

static void
run_sum(void **state)
{
	const struct sum_case *row = *state;
	const struct sentence_case it = { .name = row->name,
		.episodes = { row->episode }, .deliveries = 100,
		.accepted = 90, .blocked = 9, .want = row->want };

	judge(&it, row->sums);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, sentence_cases, run_sentence);
	CASES_ADD_TABLE(&cases, sum_cases, run_sum);
	return cases_run(&cases);
}
