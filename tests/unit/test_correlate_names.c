/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom an attempt was made at and from which address: provider, source, and
 * what is kept of a refusal. */
#include "tests/support/correlate_run.h"

/* ------------------------------------------------------------------ */
/* Provider and source */

static void
a_domain_keeps_the_provider_of_its_last_mx(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_DEFERRED, TEN, "4A", "b@hosted.example");

	(void)state;
	fact.relay_host = fact.relay_ip = SLICE_NONE;
	run_attempt(&fact);
	fact.relay_host = SLICE(OUTLOOK_MX);
	fact.relay_ip = SLICE("192.0.2.25");
	run_attempt(&fact);
	fact.relay_host = fact.relay_ip = SLICE_NONE;
	run_attempt(&fact);
	fact.named_mx = SLICE("mx.example.net");
	run_attempt(&fact);
	fact.named_mx = SLICE_NONE;
	run_attempt(&fact);
	assert_string_equal(run.told[0].provider, "domain:hosted.example");
	assert_string_equal(run.told[1].provider, "microsoft-consumer");
	assert_string_equal(run.told[2].provider, "microsoft-consumer");
	assert_string_equal(run.told[3].provider, "mx:example.net");
	assert_string_equal(run.told[4].provider, "mx:example.net");
}

static void
a_providers_own_domain_needs_no_mx(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_DEFERRED, TEN, "4A", "b@outlook.com");

	(void)state;
	fact.relay_host = fact.relay_ip = SLICE_NONE;
	run_attempt(&fact);
	assert_string_equal(run.told[0].provider, "microsoft-consumer");
}

static void
an_address_that_a_reply_quotes_is_a_label(void **state)
{
	const struct delivery fact = run_refused(TEN, "4A", "b@outlook.com");
	const struct sending *info;
	uint32_t source;

	(void)state;
	run_attempt(&fact);
	run_try(OUTCOME_ACCEPTED, TEN + 1, "4B", "c@example.net");
	assert_string_equal(run.told[0].source_ip, "192.0.2.9");
	assert_int_equal(run.told[0].source_from, SOURCE_REPLY);
	assert_string_equal(run.told[1].source_ip, "");
	source = intern_find(&run.names.source, SLICE("mail/postfix"));
	assert_true(source != INTERN_NONE);
	assert_int_equal(run_rows_of_source("192.0.2.9"), 0);
	info = correlate_source(run.correlate, source);
	assert_true(info->has_label && !info->is_disputed);
	assert_true(slice_eq(info->label, SLICE("192.0.2.9")));
}

static void
replies_that_do_not_agree_give_no_label(void **state)
{
	struct delivery fact = run_refused(TEN, "4A", "b@outlook.com");
	uint32_t source;

	(void)state;
	run_attempt(&fact);
	fact.reply = SLICE("5.7.1 Unfortunately, messages from [192.0.2.10] "
	    "weren't sent. Please contact your Internet service provider "
	    "since part of their network is on our block list (S3140).");
	run_attempt(&fact);
	source = intern_find(&run.names.source, SLICE("mail/postfix"));
	assert_true(correlate_source(run.correlate, source)->is_disputed);
}

static void
an_address_of_the_log_is_the_source(void **state)
{
	struct delivery fact =
	    run_attempt_of(OUTCOME_ACCEPTED, TEN, "4A", "b@example.net");

	(void)state;
	fact.source_ip = SLICE("192.0.2.9");
	fact.source_from = SOURCE_LOG;
	run_attempt(&fact);
	assert_int_equal(run.told[0].source_from, SOURCE_LOG);
	assert_int_equal(run_rows_of_source("192.0.2.9"), 1);
	assert_int_equal(run_rows_of_source("mail/postfix"), 0);
}

static void
a_refusal_is_kept_with_its_words_and_its_place(void **state)
{
	struct delivery fact = run_refused(TEN, "4A", "b@outlook.com");
	const struct attempt *kept;

	(void)state;
	fact.where = (struct mx_where){ "mail.log", 4711 };
	fact.sender = SLICE("a@example.org");
	run_attempt(&fact);
	run_try(OUTCOME_DEFERRED, TEN, "4A", "c@example.net");
	assert_int_equal(run.totals.attempt_count, 1);
	kept = &run.totals.attempts[0];
	assert_true(kept->votes);
	assert_int_equal(kept->line, 4711);
	assert_int_equal(kept->arrival_utc, TEN - 1);
	assert_true(slice_eq(kept->words, SLICE(S3140)));
	assert_true(slice_eq(kept->relay, SLICE(OUTLOOK_MX)));
	assert_true(slice_eq(kept->sender, SLICE("a@example.org")));
	run.totals.keeps_attempts = true;
	run_try(OUTCOME_DEFERRED, TEN, "4A", "c@example.net");
	assert_int_equal(run.totals.attempt_count, 2);
	assert_false(run.totals.attempts[1].votes);
}

/* ------------------------------------------------------------------ */

static const struct CMUnitTest tests[] = {
	RUN_TEST(a_domain_keeps_the_provider_of_its_last_mx),
	RUN_TEST(a_providers_own_domain_needs_no_mx),
	RUN_TEST(an_address_that_a_reply_quotes_is_a_label),
	RUN_TEST(replies_that_do_not_agree_give_no_label),
	RUN_TEST(an_address_of_the_log_is_the_source),
	RUN_TEST(a_refusal_is_kept_with_its_words_and_its_place),
};

int
main(void)
{
	return cmocka_run_group_tests_name("correlate_names", tests, run_open,
	    run_close);
}
