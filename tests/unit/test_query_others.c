/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports go into a store as their readers would tell them, and come out as
 * sums. What must hold: a report counts once, whatever its order and copies;
 * two that differ are both there; of an SNDS day the last fetch stands. */
#include "analyzer/query_others.h"

#include <string.h>

#include "analyzer/reporters.h"
#include "analyzer/store_reports.h"
#include "tests/support/cases.h"

static struct providers *providers;
static struct classifier *classifier;

enum { DAY_S = 86400 };
/* 2026-11-20 00:00 UTC. */
#define T0 INT64_C(1795132800)

struct kept {
	struct store *store;
	struct report_keeper *keeper;
	const struct report_sink *sink;
	unsigned notes;
};

static enum mx_code
on_note(void *ctx, const char *path, const char *text, struct mx_err *err)
{
	struct kept *kept = ctx;

	(void)path;
	(void)text;
	(void)err;
	kept->notes++;
	return MX_OK;
}

static enum mx_code
on_refused(void *ctx, const char *path, enum skip_reason reason,
    const struct mx_err *why, struct mx_err *err)
{
	(void)ctx;
	(void)path;
	(void)reason;
	(void)why;
	(void)err;
	return MX_OK;
}

static void
open_store(struct kept *kept)
{
	struct report_keeper_options options = { .providers = providers,
		.classifier = classifier, .ctx = kept, .note = on_note,
		.refused = on_refused };

	memset(kept, 0, sizeof(*kept));
	assert_int_equal(store_open(STORE_PRIVATE, NULL, 3600, 0,
	    &kept->store, NULL), MX_OK);
	options.store = kept->store;
	kept->keeper = report_keeper_new(&options);
	kept->sink = report_keeper_sink(kept->keeper);
}

static void
close_store(struct kept *kept)
{
	report_keeper_free(kept->keeper);
	store_close(kept->store);
}

/* A row of a DMARC report: address, messages, which check is aligned. */
struct row {
	const char *ip;
	int64_t count;
	const char *dkim, *spf, *disposition;
};

/* What the mailbox's server found; NULL: nothing. */
static const char *mail_dkim;

static void
tell_dmarc(struct kept *kept, const char *id, int64_t begin, int64_t end,
    const struct row *rows, size_t count)
{
	struct report_head head = { .path = "test",
		.reporter = SLICE("google.com"),
		.reporter_domain = SLICE("google.com"),
		.email = SLICE("noreply@google.com"),
		.report_id = slice_str(id), .begin_utc = begin,
		.end_utc = end, .mail_dkim = slice_str(mail_dkim),
		.mail_dkim_domain = SLICE("google.com") };

	for (size_t i = 0; i < count; i++) {
		struct dmarc_row row = { .head = &head,
			.policy_domain = SLICE("example.com"),
			.p = SLICE("none"), .pct = -1,
			.source_ip = slice_str(rows[i].ip),
			.count = rows[i].count,
			.disposition = slice_str(rows[i].disposition),
			.dkim = slice_str(rows[i].dkim),
			.spf = slice_str(rows[i].spf),
			.header_from = SLICE("example.com") };

		assert_int_equal(kept->sink->dmarc(kept->sink->ctx, &row,
		    NULL), MX_OK);
	}
	assert_int_equal(kept->sink->report_end(kept->sink->ctx, &head, NULL),
	    MX_OK);
}

static const struct row two_rows[] = {
	{ "192.0.2.1", 40, "pass", "fail", "none" },
	{ "192.0.2.1", 2, "fail", "fail", "reject" },
};
static const struct row turned_rows[] = {
	{ "192.0.2.1", 2, "fail", "fail", "reject" },
	{ "192.0.2.1", 40, "pass", "fail", "none" },
};
static const struct row other_rows[] = {
	{ "192.0.2.1", 5, "pass", "pass", "none" },
};

static struct others_evidence
ask(struct kept *kept, const char *provider, const char *ip)
{
	const struct others_scope scope = { .store = kept->store,
		.since_utc = T0 - 10 * DAY_S, .until_utc = T0 + 10 * DAY_S,
		.provider = slice_str(provider), .source_ip = slice_str(ip) };
	struct others_evidence evidence;

	assert_int_equal(others_evidence(&scope, &evidence, NULL), MX_OK);
	return evidence;
}

/* What is told, and what must come out. */
struct told {
	const char *id;
	int64_t begin, end; /* from T0 */
	const struct row *rows;
	size_t count;
};
struct dmarc_case {
	const char *name;
	struct told told[3];
	int64_t reports, messages, pass, reject;
	unsigned notes;
};

static const struct dmarc_case dmarc_cases[] = {
	{ "one_report_is_its_rows", {
	    { "a", 0, DAY_S - 1, two_rows, 2 } }, 1, 42, 40, 2, 0 },
	{ "twice_is_as_once", {
	    { "a", 0, DAY_S - 1, two_rows, 2 },
	    { "a", 0, DAY_S - 1, two_rows, 2 } }, 1, 42, 40, 2, 0 },
	{ "order_of_rows_is_nothing", {
	    { "a", 0, DAY_S - 1, two_rows, 2 },
	    { "a", 0, DAY_S - 1, turned_rows, 2 } }, 1, 42, 40, 2, 0 },
	{ "brackets_around_an_id_are_nothing", {
	    { "a", 0, DAY_S - 1, two_rows, 2 },
	    { " <a> ", 0, DAY_S - 1, two_rows, 2 } }, 1, 42, 40, 2, 0 },
	{ "one_id_with_two_contents_is_two_and_told", {
	    { "a", 0, DAY_S - 1, two_rows, 2 },
	    { "a", 0, DAY_S - 1, other_rows, 1 } }, 2, 47, 45, 2, 1 },
	{ "the_same_rows_under_another_id_are_one", {
	    { "a", 0, DAY_S - 1, two_rows, 2 },
	    { "b", 0, DAY_S, two_rows, 2 } }, 1, 42, 40, 2, 0 },
	{ "the_same_rows_of_the_next_day_are_two", {
	    { "a", 0, DAY_S, two_rows, 2 },
	    { "b", DAY_S, 2 * DAY_S, two_rows, 2 } }, 2, 84, 80, 4, 0 },
	{ "a_minute_of_overlap_is_none", {
	    { "a", 5, DAY_S + 60, two_rows, 2 },
	    { "b", DAY_S + 5, 2 * DAY_S + 60, two_rows, 2 } },
	    2, 84, 80, 4, 0 },
	{ "instants_are_kept_apart", {
	    { "a", 0, 0, two_rows, 2 },
	    { "b", 0, 0, two_rows, 2 } }, 2, 84, 80, 4, 0 },
	{ "overlap_of_different_rows_counts_both", {
	    { "a", 0, DAY_S, two_rows, 2 },
	    { "b", DAY_S / 2, 3 * DAY_S / 2, other_rows, 1 } },
	    2, 47, 45, 2, 0 },
	{ "a_copy_of_a_copy_is_one", {
	    { "a", 0, DAY_S, two_rows, 2 },
	    { "b", 3600, DAY_S + 3600, two_rows, 2 },
	    { "c", 7200, DAY_S + 7200, two_rows, 2 } }, 1, 42, 40, 2, 0 },
};

static void
check_dmarc(const struct dmarc_case *c, bool is_reversed)
{
	struct others_evidence got;
	struct kept kept;
	size_t last = 0;

	open_store(&kept);
	while (last + 1 < 3 && c->told[last + 1].id != NULL)
		last++;
	for (size_t i = 0; i <= last; i++) {
		const struct told *told =
		    &c->told[is_reversed ? last - i : i];

		tell_dmarc(&kept, told->id, T0 + told->begin, T0 + told->end,
		    told->rows, told->count);
	}
	got = ask(&kept, "gmail", "192.0.2.1");
	assert_int_equal(got.dmarc.reports, c->reports);
	assert_int_equal(got.dmarc.messages, c->messages);
	assert_int_equal(got.dmarc.pass, c->pass);
	assert_int_equal(got.dmarc.dkim, c->pass);
	assert_int_equal(got.dmarc.reject, c->reject);
	assert_int_equal(kept.notes, c->notes);
	assert_int_equal(ask(&kept, "gmail", "192.0.2.2").dmarc.messages, 0);
	assert_int_equal(ask(&kept, "yahoo", NULL).dmarc.reports, 0);
	close_store(&kept);
}

static void
run_dmarc(void **state)
{
	check_dmarc(*state, false);
	check_dmarc(*state, true);
}

/* ------------------------------------------------------------------ */

static void
tell_snds(struct kept *kept, int64_t fetched, int64_t rcpt, const char *color,
    int64_t traps)
{
	struct report_head head = { .path = "test", .begin_utc = T0 + 3600,
		.end_utc = T0 + 7200 };
	struct snds_row row = { .head = &head,
		.source_ip = SLICE("192.0.2.1"), .rcpt_commands = rcpt,
		.data_commands = -1, .recipients = rcpt, .trap_hits = traps,
		.filter_result = slice_str(color), .fetched_utc = fetched };

	assert_int_equal(kept->sink->snds(kept->sink->ctx, &row, NULL), MX_OK);
}

static void
the_last_fetch_of_a_day_stands(void **state)
{
	struct others_evidence got;
	struct kept kept;

	(void)state;
	for (int turn = 0; turn < 2; turn++) {
		open_store(&kept);
		if (turn == 0)
			tell_snds(&kept, T0 + 40000, 100, "green", 0);
		tell_snds(&kept, T0 + 90000, 300, "red", 4);
		if (turn == 1)
			tell_snds(&kept, T0 + 40000, 100, "green", 0);
		got = ask(&kept, "microsoft-consumer", "192.0.2.1");
		assert_int_equal(got.snds.days, 1);
		assert_int_equal(got.snds.red, 1);
		assert_int_equal(got.snds.green, 0);
		assert_int_equal(got.snds.trap_hits, 4);
		assert_int_equal(got.snds.rcpt_commands, 300);
		assert_int_equal(ask(&kept, "gmail", NULL).snds.days, 0);
		close_store(&kept);
	}
}

static void
a_range_is_asked_and_not_written_out(void **state)
{
	struct report_head head = { .path = "test", .begin_utc = T0,
		.end_utc = INT64_MIN };
	struct snds_row row = { .head = &head,
		.range = SLICE("1.1.255.255-192.0.2.9"), .is_blocked = true,
		.status = SLICE("Blocked due to user complaints"),
		.fetched_utc = T0 };
	struct kept kept;

	(void)state;
	open_store(&kept);
	for (int i = 0; i < 2; i++)
		assert_int_equal(kept.sink->snds(kept.sink->ctx, &row, NULL),
		    MX_OK);
	assert_int_equal(ask(&kept, "microsoft-consumer",
	    "192.0.2.9").snds.blocked_days, 1);
	assert_int_equal(ask(&kept, "microsoft-consumer",
	    "192.0.2.10").snds.blocked_days, 0);
	close_store(&kept);
}

/* ------------------------------------------------------------------ */

static void
tell_complaint(struct kept *kept, const char *message, int64_t incidents,
    const char *type)
{
	struct report_head head = { .path = "test",
		.reporter = SLICE("arf.mail.yahoo.com"),
		.reporter_domain = SLICE("arf.mail.yahoo.com"),
		.begin_utc = INT64_MIN, .end_utc = INT64_MIN };
	struct complaint complaint = { .head = &head, .at_utc = T0,
		.arrival_utc = T0 - 3600, .feedback_type = slice_str(type),
		.source_ip = SLICE("192.0.2.1"),
		.original_id = slice_str(message), .incidents = incidents };

	assert_int_equal(kept->sink->complaint(kept->sink->ctx, &complaint,
	    NULL), MX_OK);
}

static void
complaints_count_by_message_with_their_incidents(void **state)
{
	struct others_evidence got;
	struct kept kept;

	(void)state;
	open_store(&kept);
	tell_complaint(&kept, "1@example.com", -1, "abuse");
	tell_complaint(&kept, "1@example.com", -1, "abuse");
	tell_complaint(&kept, "2@example.com", 7, "abuse");
	/* no complaint: a failed authentication */
	tell_complaint(&kept, "3@example.com", -1, "auth-failure");
	got = ask(&kept, "yahoo", "192.0.2.1");
	assert_int_equal(got.complaints.reports, 2);
	assert_int_equal(got.complaints.complaints, 8);
	assert_int_equal(got.complaints.first_utc, T0);
	assert_int_equal(ask(&kept, "yahoo", "192.0.2.7").complaints.reports,
	    0);
	close_store(&kept);
}

/* Microsoft sends equal totals for two policies of one domain: the same
 * sessions. */
static void
policies_of_one_report_are_not_added_up(void **state)
{
	struct report_head head = { .path = "test",
		.reporter = SLICE("Microsoft Corporation"),
		.reporter_domain = SLICE("google.com"),
		.report_id = SLICE("1+example.com"), .begin_utc = T0,
		.end_utc = T0 + DAY_S - 1 };
	static const char *const types[] = { "sts", "tlsa" };
	struct others_evidence got;
	struct kept kept;

	(void)state;
	open_store(&kept);
	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < 2; i++) {
			struct tls_policy policy = { .head = &head,
				.policy_type = slice_str(types[i]),
				.policy_domain = SLICE("example.com"),
				.successes = 100, .failures = 3 };

			assert_int_equal(kept.sink->tls_policy(kept.sink->ctx,
			    &policy, NULL), MX_OK);
		}
		assert_int_equal(kept.sink->report_end(kept.sink->ctx, &head,
		    NULL), MX_OK);
	}
	got = ask(&kept, "gmail", NULL);
	assert_int_equal(got.tls.reports, 1);
	assert_int_equal(got.tls.successful, 100);
	assert_int_equal(got.tls.failed, 3);
	close_store(&kept);
}

/* Who signed, as the mailbox's server found; who is said to report. */
struct signature_case {
	const char *name;
	const char *provider, *reporter_domain;
	const char *dkim, *signer, *dmarc, *from;
	enum reporter_signature want;
};

static const struct signature_case signature_cases[] = {
	{ "nobody_looked", "gmail", "google.com", NULL, NULL, NULL,
	    "noreply@google.com", SIGNATURE_UNKNOWN },
	{ "of_a_listed_domain", "gmail", "google.com", "pass", "google.com",
	    NULL, NULL, SIGNATURE_GOOD },
	{ "below_it", "gmail", "google.com", "pass", "x.google.com", NULL,
	    NULL, SIGNATURE_GOOD },
	{ "only_ends_alike", "gmail", "google.com", "pass", "xgoogle.com",
	    NULL, NULL, SIGNATURE_NONE },
	{ "that_fails", "gmail", "google.com", "fail", "google.com", "fail",
	    "noreply@google.com", SIGNATURE_NONE },
	{ "of_a_customer", "gmail", "google.com", "pass", "gmail.com", NULL,
	    NULL, SIGNATURE_NONE },
	{ "of_the_address_and_not_of_the_name", "gmail", "forger.example",
	    "pass", "forger.example", "pass", "a@forger.example",
	    SIGNATURE_NONE },
	{ "of_an_unknown_reporter", "domain:example.net", "rua.example.net",
	    "pass", "mail.example.net", NULL, NULL, SIGNATURE_GOOD },
	{ "of_another_than_an_unknown_one", "domain:example.net",
	    "example.net", "pass", "example.org", NULL, NULL,
	    SIGNATURE_NONE },
	{ "none_and_dmarc_by_spf", "domain:example.net", "example.net", "none",
	    NULL, "pass", "dmarc@Example.NET", SIGNATURE_GOOD },
	{ "none_and_dmarc_of_another", "domain:example.net", "example.net",
	    "none", NULL, "pass", "dmarc@example.org", SIGNATURE_NONE },
	{ "of_yahoo", "yahoo", "yahooinc.com", "pass", "dmarc.yahoo.com",
	    NULL, NULL, SIGNATURE_GOOD },
	{ "of_a_customer_of_yahoo", "yahoo", "yahooinc.com", "pass",
	    "yahoo.com", NULL, NULL, SIGNATURE_NONE },
	{ "of_microsoft_for_outlook", "microsoft-consumer", "microsoft.com",
	    "pass", "microsoft.com", NULL, NULL, SIGNATURE_GOOD },
	{ "of_a_brand_of_the_family", "webde", "web.de", "pass",
	    "sicher.web.de", NULL, NULL, SIGNATURE_GOOD },
};

static void
run_signature(void **state)
{
	const struct signature_case *c = *state;
	struct report_head head = {
		.reporter_domain = slice_str(c->reporter_domain),
		.mail_from = slice_str(c->from),
		.mail_dkim = slice_str(c->dkim),
		.mail_dkim_domain = slice_str(c->signer),
		.mail_dmarc = slice_str(c->dmarc) };

	assert_int_equal(reporter_signature(providers, &head,
	    slice_str(c->provider)), c->want);
}

/* One report in three mails: what is known of it is the best of them, in
 * whatever order they come; another one stays what it is. */
static void
the_best_signature_of_copies_counts(void **state)
{
	static const char *const found[3] = { NULL, "fail", "pass" };
	static const size_t orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 },
		{ 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	/* of the first one, two, three of an order */
	static const int64_t want[6][3] = { { -1, 1, 0 }, { -1, 0, 0 },
		{ 1, 1, 0 }, { 1, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 } };

	(void)state;
	for (size_t o = 0; o < 6; o++) {
		struct kept kept;

		open_store(&kept);
		for (size_t i = 0; i < 3; i++) {
			struct others_scope scope = { .store = kept.store,
				.since_utc = T0 - DAY_S,
				.until_utc = T0 + 2 * DAY_S };
			struct others *others;
			size_t count;

			mail_dkim = found[orders[o][i]];
			tell_dmarc(&kept, "a", T0, T0 + DAY_S - 1, two_rows,
			    2);
			assert_int_equal(others_load(&scope, &others, NULL),
			    MX_OK);
			assert_int_equal(
			    others_dmarc(others, &count)->not_signed,
			    want[o][i]);
			assert_int_equal(count, 1);
			assert_int_equal(others_not_signed(others),
			    want[o][i] == 1);
			assert_int_equal(others_is_reporter(others,
			    SLICE("gmail")), want[o][i] != 1);
			others_free(others);
		}
		mail_dkim = NULL;
		close_store(&kept);
	}
}

int
main(void)
{
	static struct cases cases;
	static const char *const dirs[] = { "analyzer/rules" };
	struct mx_err err;
	int failed;

	if (providers_open(dirs, 1, &providers, &err) != MX_OK ||
	    classifier_open(dirs, 1, &classifier, &err) != MX_OK) {
		(void)printf("1..1\nnot ok 1 - %s\n", err.text);
		return 1;
	}
	CASES_ADD_TABLE(&cases, dmarc_cases, run_dmarc);
	CASES_ADD_TABLE(&cases, signature_cases, run_signature);
	cases_add(&cases, "the_best_signature_of_copies_counts",
	    the_best_signature_of_copies_counts, NULL);
	cases_add(&cases, "the_last_fetch_of_a_day_stands",
	    the_last_fetch_of_a_day_stands, NULL);
	cases_add(&cases, "a_range_is_asked_and_not_written_out",
	    a_range_is_asked_and_not_written_out, NULL);
	cases_add(&cases, "complaints_count_by_message_with_their_incidents",
	    complaints_count_by_message_with_their_incidents, NULL);
	cases_add(&cases, "policies_of_one_report_are_not_added_up",
	    policies_of_one_report_are_not_added_up, NULL);
	failed = cases_run(&cases);
	classifier_close(classifier);
	providers_close(providers);
	return failed;
}
