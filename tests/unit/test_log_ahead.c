/* SPDX-License-Identifier: BSD-2-Clause */
/* What a sink sees of a log must not depend on threads. */
#include <stdlib.h>

#include "base/zone.h"
#include "parsers/ingest_formats.h"

#include "tests/support/cases.h"
#include "tests/support/fact_text.h"

enum { NOW = 1795435200, MESSAGES = 30000 }; /* 2026-11-23T12:00:00Z */

/* Bytes, and in place of the end a failure. */
struct failing_source {
	struct byte_source base;
	struct slice rest;
};

static enum mx_code
failing_read(struct byte_source *base, char *buf, size_t room, size_t *got_r,
    struct mx_err *err)
{
	struct failing_source *self = (struct failing_source *)base;

	*got_r = self->rest.len < room ? self->rest.len : room;
	if (*got_r == 0)
		return mx_fail(err, MX_E_IO, "the disk is gone");
	memcpy(buf, self->rest.ptr, *got_r);
	self->rest = slice_skip(self->rest, *got_r);
	return MX_OK;
}

static void
failing_close(struct byte_source *base)
{
	free(base);
}

static uint64_t
failing_progress(struct byte_source *base)
{
	return ((struct failing_source *)base)->rest.len;
}

static struct byte_source *
failing(struct slice text)
{
	struct failing_source *self = mx_calloc(1, sizeof(*self));

	self->base.read = failing_read;
	self->base.close = failing_close;
	self->base.progress = failing_progress;
	self->rest = text;
	return &self->base;
}

/* More than the ring of tapes holds, with something of every kind. */
static void
make_log(struct strbuf *text)
{
	strbuf_init(text, (size_t)64 * 1024 * 1024);
	for (int i = 0; i < MESSAGES; i++) {
		int second = i / 1000 % 60;

		strbuf_addf(text, "Nov 20 08:00:%02d mx%d postfix/qmgr[1]: "
		    "%010X: from=<s%d@example.org>, size=%d, nrcpt=1 "
		    "(queue active)\n", second, i / 9 % 2, i, i, i);
		strbuf_addf(text, "Nov 20 08:00:%02d mx%d postfix/smtp[9]: "
		    "%010X: to=<r%d@example.net>, "
		    "relay=mx.example.net[198.51.100.7]:25, delay=1, "
		    "delays=0/0/0/1, dsn=5.1.1, status=bounced "
		    "(host mx.example.net[198.51.100.7] said: 550 5.1.1 "
		    "<r%d@example.net>: no such user (in reply to RCPT TO "
		    "command))\n", second, i / 9 % 2, i, i, i);
		if (i % 97 == 0)
			strbuf_addf(text, "this is no line of a log %d\n", i);
		if (i % 1009 == 0)
			strbuf_addf(text, "Nov 20 08:00:%02d mx0 rsyslogd: "
			    "imuxsock lost %d messages from pid 7 due to "
			    "rate-limiting\n", second, i + 1);
	}
}

struct run {
	struct fact_text facts;
	struct strbuf steps;
	enum mx_code code;
	struct mx_err err;
};

static void
take_steps(struct run *run, struct log_ahead *ahead)
{
	struct fact_sink sink = fact_text_sink(&run->facts);
	struct log_step step = { .code = MX_OK };

	while (run->code == MX_OK && !step.at_end) {
		run->code = log_ahead_step(ahead, &sink, &step, &run->err);
		if (run->code == MX_E_STOPPED)
			return;
		strbuf_addf(&run->steps, "%llu %llu %lld %llu %llu\n",
		    (unsigned long long)step.state.offset,
		    (unsigned long long)step.state.line,
		    (long long)step.state.last_utc,
		    (unsigned long long)run->facts.lines_seen,
		    (unsigned long long)step.progress);
	}
}

static void
go(struct run *run, struct byte_source *source, unsigned threads,
    uint64_t stop_after)
{
	struct log_input input = { .path = "mail.log",
		.reader = line_reader_new(source), .now_utc = NOW,
		.mtime_utc = INT64_MIN, .takes_tail = true };
	struct zone *zone = NULL;
	struct log_reader *reader;
	struct log_ahead *ahead;

	fact_text_init(&run->facts);
	run->facts.stop_after = stop_after;
	strbuf_init(&run->steps, (size_t)1024 * 1024);
	run->code = MX_OK;
	assert_int_equal(zone_open(SLICE("UTC"), &zone, &run->err), MX_OK);
	input.zone = zone;
	assert_int_equal(log_reader_open(&input, NULL, &reader, &run->err),
	    MX_OK);
	ahead = log_ahead_open(reader, input.reader, 100000, false, threads);
	take_steps(run, ahead);
	log_ahead_close(ahead);
	log_reader_close(reader);
	line_reader_free(input.reader);
	zone_close(zone);
}

static void
done(struct run *run)
{
	fact_text_release(&run->facts);
	strbuf_release(&run->steps);
}

static void
assert_same_text(const struct strbuf *a, const struct strbuf *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->ptr, b->ptr, a->len);
}

static void
assert_same(const struct run *a, const struct run *b)
{
	assert_int_equal(a->code, b->code);
	assert_same_text(&a->facts.text, &b->facts.text);
	assert_same_text(&a->steps, &b->steps);
	assert_int_equal(a->facts.lines_seen, b->facts.lines_seen);
}

static void
facts_and_steps_are_those_of_one_thread(void **state)
{
	struct run one, two;
	struct strbuf text;

	(void)state;
	make_log(&text);
	go(&one, source_of_memory(text.ptr, text.len, 65536), 1, 0);
	go(&two, source_of_memory(text.ptr, text.len, 65536), 2, 0);
	assert_int_equal(one.code, MX_OK);
	assert_int_equal(one.facts.deliveries, MESSAGES);
	assert_int_equal(one.facts.events, MESSAGES);
	assert_int_equal(one.facts.skipped, (MESSAGES + 96) / 97);
	assert_int_equal(one.facts.notices, (MESSAGES + 1008) / 1009);
	assert_same(&one, &two);
	done(&one);
	done(&two);
	strbuf_release(&text);
}

static void
a_failure_comes_behind_the_facts_before_it(void **state)
{
	struct run one, two;
	struct strbuf text;

	(void)state;
	make_log(&text);
	go(&one, failing(strbuf_slice(&text)), 1, 0);
	go(&two, failing(strbuf_slice(&text)), 2, 0);
	assert_int_equal(two.code, MX_E_IO);
	assert_string_equal(two.err.text, "the disk is gone");
	assert_int_equal(two.facts.deliveries, MESSAGES);
	assert_same(&one, &two);
	done(&one);
	done(&two);
	strbuf_release(&text);
}

/* The thread must then end though its ring is full. */
static void
a_sink_that_has_enough_ends_the_run(void **state)
{
	struct run run;
	struct strbuf text;

	(void)state;
	make_log(&text);
	go(&run, source_of_memory(text.ptr, text.len, 65536), 2, 3);
	assert_int_equal(run.code, MX_E_STOPPED);
	assert_int_equal(run.facts.deliveries, 3);
	done(&run);
	strbuf_release(&text);
}

int
main(void)
{
	static struct cases cases;

	cases_add(&cases, "facts_and_steps_are_those_of_one_thread",
	    facts_and_steps_are_those_of_one_thread, NULL);
	cases_add(&cases, "a_failure_comes_behind_the_facts_before_it",
	    a_failure_comes_behind_the_facts_before_it, NULL);
	cases_add(&cases, "a_sink_that_has_enough_ends_the_run",
	    a_sink_that_has_enough_ends_the_run, NULL);
	return cases_run(&cases);
}
