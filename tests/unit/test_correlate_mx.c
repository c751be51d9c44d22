/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose is a domain when the line names no relay: what this run saw, then what
 * the store knows of an earlier one, then what the domain's name says. */
#include "analyzer/correlate.h"

#include <stdio.h>

#include "tests/support/cases.h"

/* 2026-11-20T10:00:00Z */
#define TEN ((int64_t)1795168800)

static struct names names;
static struct queue queue;
static struct totals totals;
static struct providers *providers;
static struct classifier *classifier;
static struct own *own;
static struct correlate *correlate;
static struct mx_err err;

/* What the store was asked, and what it says; "" = not known. */
static unsigned asked;
static const char *stored;
static char told[64];

static enum mx_code
note_delivery(void *ctx, const struct delivery *fact, struct mx_err *unused)
{
	(void)ctx;
	(void)unused;
	(void)snprintf(told, sizeof(told), "%.*s", SLICE_ARG(fact->provider));
	return MX_OK;
}

static const struct fact_sink recorder = { .delivery = note_delivery };

static bool
recall_mx(void *ctx, uint32_t host, uint32_t domain, uint32_t *provider_r)
{
	(void)ctx;
	(void)host;
	(void)domain;
	asked++;
	if (stored[0] == '\0')
		return false;
	*provider_r = names_id(&names.provider, slice_str(stored));
	return true;
}

static int
set_up(void **state)
{
	struct correlate_options options = { .names = &names, .queue = &queue,
		.totals = &totals, .providers = providers,
		.classifier = classifier, .own = own, .facts = &recorder,
		.hooks = { .recall_mx = recall_mx } };

	(void)state;
	asked = 0;
	stored = "";
	told[0] = '\0';
	names_init(&names);
	queue_init(&queue, names.seed);
	totals_init(&totals, &names, 3600);
	correlate = correlate_new(&options);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	correlate_free(correlate);
	totals_release(&totals);
	queue_release(&queue);
	names_release(&names);
	return 0;
}

/* A deferral for the domain on this host, by way of RELAY or none; whose it
 * was. */
static const char *
deliver(const char *host, const char *domain, const char *relay)
{
	static unsigned number;
	char id[16], recipient[64];
	struct delivery fact = { .at = { .utc = TEN }, .mta = "postfix",
		.host = slice_str(host), .instance = SLICE("postfix"),
		.agent = SLICE("smtp"), .outcome = OUTCOME_DEFERRED,
		.stage = STAGE_CONNECT, .delay_ms = -1, .size_bytes = -1,
		.reply = SLICE("connect to it: Connection timed out"),
		.where = { "mail.log", 1 } };

	(void)snprintf(id, sizeof(id), "%X", 0xA00000u + number++);
	(void)snprintf(recipient, sizeof(recipient), "u@%s", domain);
	fact.id = slice_str(id);
	fact.recipient = slice_str(recipient);
	fact.domain = slice_str(domain);
	if (relay[0] != '\0')
		fact.relay_host = slice_str(relay);
	assert_int_equal(correlate_sink(correlate)->delivery(
	    correlate_sink(correlate)->ctx, &fact, &err), MX_OK);
	return told;
}

static void
the_store_is_asked_once_for_a_domain_that_it_does_not_know(void **state)
{
	(void)state;
	stored = "";
	for (int i = 0; i < 5; i++)
		assert_string_equal(deliver("a", "lost.example.net", ""),
		    "domain:example.net");
	assert_int_equal(asked, 1);
	assert_string_equal(deliver("a", "other.example.org", ""),
	    "domain:example.org");
	assert_int_equal(asked, 2);
}

static void
the_store_is_asked_for_each_host(void **state)
{
	(void)state;
	stored = "gmail";
	assert_string_equal(deliver("a", "one.example.net", ""), "gmail");
	assert_string_equal(deliver("b", "one.example.net", ""), "gmail");
	assert_string_equal(deliver("a", "one.example.net", ""), "gmail");
	assert_int_equal(asked, 2);
}

static void
what_this_run_sees_counts_more_than_what_was_stored(void **state)
{
	(void)state;
	stored = "gmail";
	assert_string_equal(deliver("a", "one.example.net", ""), "gmail");
	assert_string_equal(deliver("a", "one.example.net",
	    "mx00.gmx.net"), "gmx-webde");
	assert_string_equal(deliver("a", "one.example.net", ""), "gmx-webde");
	assert_int_equal(asked, 1);
}

static void
an_mx_seen_first_needs_no_store(void **state)
{
	(void)state;
	stored = "gmail";
	assert_string_equal(deliver("a", "one.example.net",
	    "mx00.gmx.net"), "gmx-webde");
	assert_string_equal(deliver("a", "one.example.net", ""), "gmx-webde");
	assert_int_equal(asked, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
static const struct CMUnitTest tests[] = {
	TEST(the_store_is_asked_once_for_a_domain_that_it_does_not_know),
	TEST(the_store_is_asked_for_each_host),
	TEST(what_this_run_sees_counts_more_than_what_was_stored),
	TEST(an_mx_seen_first_needs_no_store),
};

int
main(void)
{
	static const char *const dirs[] = { "analyzer/rules" };
	int failed;

	if (providers_open(dirs, 1, &providers, &err) != MX_OK ||
	    classifier_open(dirs, 1, &classifier, &err) != MX_OK) {
		(void)printf("1..1\nnot ok 1 - %s\n", err.text);
		return 1;
	}
	own = own_new();
	failed = cmocka_run_group_tests_name("correlate_mx", tests, NULL, NULL);
	own_free(own);
	classifier_close(classifier);
	providers_close(providers);
	return failed;
}
