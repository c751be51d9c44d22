/* SPDX-License-Identifier: BSD-2-Clause */
/* One run over a log whose lines a test tells: what becomes of them in the
 * totals, in the store and as facts. One at a time. */
#ifndef MX_TESTS_SUPPORT_CORRELATE_RUN_H
#define MX_TESTS_SUPPORT_CORRELATE_RUN_H

#include "analyzer/correlate.h"
#include "analyzer/store.h"
#include "tests/support/cases.h"

#define OUTLOOK_MX "outlook-com.olc.protection.outlook.com"
#define S3140 "5.7.1 Unfortunately, messages from [192.0.2.9] weren't sent. " \
	"Please contact your Internet service provider since part of their " \
	"network is on our block list (S3140)."
/* 2026-11-20T10:00:00Z */
#define TEN ((int64_t)1795168800)

enum { TOLD_MAX = 64 };

/* What came out as a fact. */
struct told {
	enum outcome outcome;
	enum source_from source_from;
	char recipient[64], orig_recipient[64], sender[64], provider[64],
	    source_ip[64];
	int64_t size_bytes;
	bool has_recipient;
};

struct correlate_run {
	struct names names;
	struct queue queue;
	struct totals totals;
	struct providers *providers;
	struct classifier *classifier;
	struct own *own;
	struct correlate *correlate;
	struct store *store; /* NULL without RUN_TEST_STORE */
	struct told told[TOLD_MAX];
	size_t told_count;
	struct mx_err err;
};

extern struct correlate_run run;

/* For cmocka: rules and providers once, the rest for each test. */
int run_open(void **state);
int run_close(void **state);
int run_set_up(void **state);
int run_set_up_store(void **state);
int run_set_up_facts_only(void **state); /* nothing is counted */
int run_tear_down(void **state);

#define RUN_TEST(name) \
	cmocka_unit_test_setup_teardown(name, run_set_up, run_tear_down)
#define RUN_TEST_STORE(name) \
	cmocka_unit_test_setup_teardown(name, run_set_up_store, run_tear_down)
#define RUN_TEST_FACTS(name) \
	cmocka_unit_test_setup_teardown(name, run_set_up_facts_only, \
	    run_tear_down)

struct message_event run_event_of(enum message_event_kind kind, int64_t utc,
    const char *instance, const char *id);
void run_tell(enum message_event_kind kind, int64_t utc, const char *instance,
    const char *id);

/* An attempt as it comes from the parser: at 192.0.2.25 unless changed. */
struct delivery run_attempt_of(enum outcome outcome, int64_t utc,
    const char *id, const char *recipient);
/* One that Outlook.com bounced with S3140. */
struct delivery run_refused(int64_t utc, const char *id,
    const char *recipient);
void run_attempt(const struct delivery *fact);
void run_try(enum outcome outcome, int64_t utc, const char *id,
    const char *recipient);
void run_settle(void);

/* Sums over all rows. */
struct total_row run_sum(void);
uint32_t run_rows_of_source(const char *name);
uint32_t run_rows_of_provider(const char *name);
/* Messages in all, from the rows and the corrections of GROUP_ALL. */
int64_t run_messages(void);

#endif
