/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/ingest_formats.h"

#include "tests/support/cases.h"
#include "tests/support/fact_text.h"

enum { NOW = 1795435200 }; /* 2026-11-23T12:00:00Z */

/* One run over TEXT; everything has its usual value unless said. */
struct run {
	const char *text;
	size_t len;             /* 0: strlen(text) */
	size_t chunk;           /* 0: all at once */
	uint64_t segment;       /* 0: in one go */
	const char *path, *format, *zone;
	int64_t mtime_utc;      /* 0: not known */
	bool leaves_tail;
	struct byte_source *source; /* in place of text */
	const struct reader_state *resume;
	uint64_t stop_after;
	/* What came of it. */
	struct fact_text facts;
	struct reader_state state;
	enum mx_code open_code, code;
	struct mx_err err;
	char got_format[32];
	int64_t first_utc;
};

static void
run_reader(struct run *run, struct log_reader *reader)
{
	struct fact_sink sink = fact_text_sink(&run->facts);
	bool end = false;

	run->facts.stop_after = run->stop_after;
	(void)snprintf(run->got_format, sizeof(run->got_format), "%s",
	    log_reader_format(reader));
	run->first_utc = log_reader_first_utc(reader);
	do {
		run->code = log_reader_run(reader, run->segment != 0 ?
		    run->segment : UINT64_MAX, &sink, &end, &run->err);
		log_reader_state(reader, &run->state);
	} while (run->code == MX_OK && !end);
	log_reader_close(reader);
}

static void
go(struct run *run)
{
	size_t len = run->len != 0 ? run->len : strlen(run->text);
	struct byte_source *source = run->source != NULL ? run->source :
	    source_of_memory(run->text, len, run->chunk != 0 ? run->chunk :
	    len);
	struct log_input input = {
		.path = run->path != NULL ? run->path : "mail.log",
		.reader = line_reader_new(source), .now_utc = NOW,
		.mtime_utc = run->mtime_utc != 0 ? run->mtime_utc : INT64_MIN,
		.format = slice_str(run->format),
		.takes_tail = !run->leaves_tail };
	struct zone *zone = NULL;
	struct log_reader *reader;

	assert_int_equal(zone_open(run->zone != NULL ? slice_str(run->zone) :
	    SLICE("UTC"), &zone, &run->err), MX_OK);
	input.zone = zone;
	fact_text_init(&run->facts);
	run->open_code = log_reader_open(&input, run->resume, &reader,
	    &run->err);
	if (run->open_code == MX_OK)
		run_reader(run, reader);
	line_reader_free(input.reader);
	zone_close(zone);
}

static void
done(struct run *run)
{
	fact_text_release(&run->facts);
}

#define SENT(time, host, id) time " " host " postfix/smtp[9]: " id \
	": to=<a@example.net>, relay=mx.example.net[198.51.100.7]:25, " \
	"delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)\n"

static const char two_hosts[] =
    "Nov 20 08:00:00 mx1 postfix/qmgr[1]: AAAA000001: from=<s@example.org>,"
    " size=1, nrcpt=1 (queue active)\n"
    "2026-11-20T08:00:00.5+00:00 mx2 postfix-b/qmgr[1]: AAAA000001: "
    "from=<t@example.org>, size=2, nrcpt=1 (queue active)\n"
    SENT("Nov 20 08:00:01", "mx1", "AAAA000001")
    "Nov 20 08:00:01 mx1 sshd[77]: Failed password for to=<x>, "
    "status=sent (250 no)\n"
    SENT("2026-11-20T08:00:01.75+00:00", "mx2", "AAAA000001")
    "Nov 20 08:00:02 mx1 postfix/smtp[9]: AAAA000002: to=<b@example.net>, "
    "relay=mx.exa\n"
    "Nov 31 08:00:02 mx1 postfix/qmgr[1]: AAAA000001: removed\n"
    "what is this\n"
    "Nov 20 08:00:03 mx1 and this here\n"
    "\n"
    "-- Boot 0123 --\n"
    "Nov 20 08:00:04 mx1 postfix/qmgr[1]: AAAA000001: removed\n";

static const char two_hosts_facts[] =
    "1 active\ttime=2026-11-20T08:00:00Z\tmta=postfix\thost=mx1\t"
    "instance=postfix\tagent=qmgr\tid=AAAA000001\tsender=s@example.org\t"
    "size=1\trecipients=1\n"
    "2 active\ttime=2026-11-20T08:00:00Z\tus=500000\tmta=postfix\thost=mx2\t"
    "instance=postfix-b\tagent=qmgr\tid=AAAA000001\tsender=t@example.org\t"
    "size=2\trecipients=1\n"
    "3 delivery\ttime=2026-11-20T08:00:01Z\tmta=postfix\toutcome=accepted\t"
    "hop=remote\thost=mx1\tinstance=postfix\tagent=smtp\tid=AAAA000001\t"
    "recipient=a@example.net\tdomain=example.net\t"
    "relay_host=mx.example.net\trelay_ip=198.51.100.7\trelay_port=25\t"
    "delay_ms=1000\tdsn=2.0.0\treply_code=250\tfinal=1\treply=250 ok\n"
    "5 delivery\ttime=2026-11-20T08:00:01Z\tus=750000\tmta=postfix\t"
    "outcome=accepted\thop=remote\thost=mx2\tinstance=postfix\tagent=smtp\t"
    "id=AAAA000001\trecipient=a@example.net\tdomain=example.net\t"
    "relay_host=mx.example.net\trelay_ip=198.51.100.7\trelay_port=25\t"
    "delay_ms=1000\tdsn=2.0.0\treply_code=250\tfinal=1\treply=250 ok\n"
    "6 skipped\treason=cut\n"
    "7 skipped\treason=bad-stamp\n"
    "8 skipped\treason=no-stamp\n"
    "9 skipped\treason=no-frame\n"
    "12 removed\ttime=2026-11-20T08:00:04Z\tmta=postfix\thost=mx1\t"
    "instance=postfix\tagent=qmgr\tid=AAAA000001\n";

static void
a_file_of_two_hosts_and_many_troubles(void **state)
{
	struct run run = { .text = two_hosts };

	(void)state;
	go(&run);
	assert_int_equal(run.open_code, MX_OK);
	assert_int_equal(run.code, MX_OK);
	assert_string_equal(run.facts.text.ptr, two_hosts_facts);
	assert_int_equal(run.facts.lines_seen, 12);
	assert_string_equal(run.got_format, "syslog");
	assert_int_equal(run.state.offset, sizeof(two_hosts) - 1);
	assert_int_equal(run.state.line, 13);
	assert_int_equal(run.first_utc, 1795161600); /* 08:00:00 */
	assert_int_equal(run.state.last_utc, 1795161604);
	done(&run);
}

static void
pieces_and_segments_change_nothing(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 100, 4096 };

	(void)state;
	for (size_t i = 0; i < 6; i++)
		for (size_t j = 0; j < 6; j++) {
			struct run run = { .text = two_hosts,
				.chunk = sizes[i], .segment = sizes[j] };

			go(&run);
			assert_string_equal(run.facts.text.ptr,
			    two_hosts_facts);
			assert_int_equal(run.state.line, 13);
			done(&run);
		}
}

/* A first run that meets the file when only part of it is written, then one
 * that goes on: at every byte the facts of both are those of one run. */
static void
a_growing_file_is_read_once(void **state)
{
	(void)state;
	for (size_t len = 1; len < sizeof(two_hosts) - 1; len++) {
		struct run first = { .text = two_hosts, .len = len,
			.leaves_tail = true };
		struct run second = { .text = two_hosts };
		struct strbuf both;

		go(&first);
		assert_int_equal(first.open_code, MX_OK);
		second.resume = &first.state;
		go(&second);
		assert_int_equal(second.code, MX_OK);
		strbuf_init(&both, 1000000);
		strbuf_add_slice(&both, strbuf_slice(&first.facts.text));
		strbuf_add_slice(&both, strbuf_slice(&second.facts.text));
		assert_string_equal(both.ptr, two_hosts_facts);
		assert_int_equal(first.facts.lines_seen +
		    second.facts.lines_seen, 12);
		strbuf_release(&both);
		done(&first);
		done(&second);
	}
}

static void
an_unfinished_line_is_left_or_taken_as_asked(void **state)
{
	static const char text[] =
	    SENT("Nov 20 08:00:01", "mx1", "AAAA000001")
	    "Nov 20 08:00:02 mx1 postfix/smtp[9]: AAAA000002: "
	    "to=<b@example.net>, relay=none, delay=1, delays=0/0/0/1, "
	    "dsn=4.4.1, status=deferred (x)";
	struct run leaves = { .text = text, .leaves_tail = true };
	struct run takes = { .text = text };

	(void)state;
	go(&leaves);
	assert_int_equal(leaves.facts.deliveries, 1);
	assert_int_equal(leaves.state.line, 2);
	done(&leaves);
	go(&takes);
	assert_int_equal(takes.facts.deliveries, 2);
	assert_int_equal(takes.state.line, 3);
	assert_int_equal(takes.state.offset, sizeof(text) - 1);
	done(&takes);
}

static void
a_sink_may_stop_the_run(void **state)
{
	struct run run = { .text = two_hosts, .stop_after = 1 };

	(void)state;
	go(&run);
	assert_int_equal(run.code, MX_E_STOPPED);
	assert_int_equal(run.facts.deliveries, 1);
	assert_int_equal(run.state.line, 3); /* that line is not done */
	done(&run);
}

static const struct open_case {
	const char *name, *text;
	size_t len;
	const char *format;
	enum mx_code want;
	const char *want_format, *want_text;
} open_cases[] = {
	{ "an_empty_file_is_no_trouble", "", 0, NULL, MX_OK, "", NULL },
	{ "blank_lines_are_no_trouble", "\n\n", 0, NULL, MX_OK, "", NULL },
	{ "zeros_are_no_trouble", "\0\0\0", 3, NULL, MX_OK, "", NULL },
	{ "noise_is_a_log", "Nov 20 08:00:00 mx cron[1]: (root) CMD (x)\n", 0,
	  NULL, MX_OK, "syslog", NULL },
	{ "iso_noise_is_a_log",
	  "2026-11-20T08:00:00Z mx kernel: [1.0] x\n", 0, NULL, MX_OK,
	  "syslog", NULL },
	{ "prose_is_no_log", "Dear friend,\nhow are you?\n", 0, NULL,
	  MX_E_DATA, NULL, "not a log format that mxtrend knows" },
	{ "bytes_are_no_log", "\x7f" "ELF\x02\x01\x01\0\0\0\0\0\0\xff\xfe",
	  15, NULL, MX_E_DATA, NULL, "not a log format that mxtrend knows" },
	{ "a_stamp_alone_is_no_log", "2026-11-20 08:00:00 install x y\n", 0,
	  NULL, MX_E_DATA, NULL, "not a log format that mxtrend knows" },
	{ "asked_for_by_name_it_is_read", "Dear friend,\nhow are you?\n", 0,
	  "syslog", MX_OK, "syslog", NULL },
	{ "the_format_s_own_name_will_do", "Dear friend,\n", 0, "postfix",
	  MX_OK, "syslog", NULL },
	{ "an_unknown_name_is_a_mistake", "x\n", 0, "postfixx", MX_E_USAGE,
	  NULL, "no such log format: \"postfixx\"" },
};

static void
open_case(void **state)
{
	const struct open_case *row = *state;
	struct run run = { .text = row->text, .len = row->len,
		.format = row->format };

	if (row->text[0] == '\0' && row->len == 0)
		run.source = source_of_memory("", 0, 1);
	go(&run);
	assert_int_equal(run.open_code, row->want);
	if (row->want_format != NULL) {
		assert_string_equal(run.got_format, row->want_format);
		assert_int_equal(run.code, MX_OK);
	}
	if (row->want_text != NULL)
		assert_non_null(strstr(run.err.text, row->want_text));
	done(&run);
}

static const struct text_case {
	const char *name, *zone, *path, *text;
	int64_t mtime_utc;
	/* Line K of what is recorded has these; up to the first NULL. */
	const char *want[6];
} text_cases[] = {
	{ "a_repetition_in_brackets_counts", NULL, NULL,
	  "Nov 20 08:00:01 mx postfix/smtp[9]: message repeated 2 times: [ "
	  "AAAA000001: to=<a@example.net>, relay=mx.example.net"
	  "[198.51.100.7]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent "
	  "(250 ok)]\n", 0,
	  { "reply=250 ok|outcome=accepted", "reply=250 ok",
	    "kind=repeat", NULL } },
	{ "repeated_noise_is_no_news", NULL, NULL,
	  "Nov 20 08:00:01 mx sshd[9]: message repeated 2 times: [ x]\n", 0,
	  { NULL } },
	{ "the_line_before_counts_again", NULL, NULL,
	  SENT("Nov 20 08:00:01", "mx1", "AAAA000001")
	  "Nov 20 08:00:01 mx2 sshd[1]: x\n"
	  "Nov 20 08:00:31 mx1 last message repeated 2 times\n", 0,
	  { "time=2026-11-20T08:00:01Z", "time=2026-11-20T08:00:31Z|host=mx1",
	    "time=2026-11-20T08:00:31Z|id=AAAA000001", "kind=repeat", NULL } },
	{ "even_once", NULL, NULL,
	  SENT("Nov 20 08:00:01", "mx1", "AAAA000001")
	  "Nov 20 08:00:31 mx1 last message repeated 1 time\n", 0,
	  { "time=2026-11-20T08:00:01Z", "time=2026-11-20T08:00:31Z",
	    "kind=repeat", NULL } },
	{ "but_not_that_of_another_host", NULL, NULL,
	  SENT("Nov 20 08:00:01", "mx1", "AAAA000001")
	  "Nov 20 08:00:31 mx2 last message repeated 2 times\n", 0,
	  { "time=2026-11-20T08:00:01Z", NULL } },
	{ "nor_one_with_a_line_between", NULL, NULL,
	  SENT("Nov 20 08:00:01", "mx1", "AAAA000001")
	  "Nov 20 08:00:02 mx1 sshd[1]: x\n"
	  "Nov 20 08:00:31 mx1 last message repeated 2 times\n", 0,
	  { "time=2026-11-20T08:00:01Z", NULL } },
	{ "nor_twice", NULL, NULL,
	  SENT("Nov 20 08:00:01", "mx1", "AAAA000001")
	  "Nov 20 08:00:31 mx1 last message repeated 1 times\n"
	  "Nov 20 08:01:31 mx1 last message repeated 9 times\n", 0,
	  { "time=2026-11-20T08:00:01Z", "time=2026-11-20T08:00:31Z",
	    "kind=repeat", NULL } },
	{ "rsyslog_tells_what_it_lost", NULL, NULL,
	  "Nov 20 08:00:01 mx rsyslogd: imuxsock lost 42 messages from pid 9 "
	  "due to rate-limiting\n", 0,
	  { "kind=loss|text=imuxsock lost 42 messages from pid 9 due to "
	    "rate-limiting", NULL } },
	{ "rsyslog_tells_that_it_will_lose", NULL, NULL,
	  "Nov 20 08:00:01 mx rsyslogd-2177: imuxsock begins to drop, "
	  "imuxsock will begin to drop messages from pid 9\n", 0,
	  { "kind=loss", NULL } },
	{ "the_journal_tells_what_it_lost", NULL, NULL,
	  "Nov 20 08:00:01 mx systemd-journald[1]: Suppressed 7 messages from "
	  "postfix.service\n", 0, { "kind=loss", NULL } },
	{ "nobody_else_does", NULL, NULL,
	  "Nov 20 08:00:01 mx sshd[1]: Suppressed 7 messages from x\n"
	  "Nov 20 08:00:01 mx rsyslogd: rsyslogd was HUPed\n", 0, { NULL } },
	{ "a_long_id_fixes_the_year", NULL, NULL,
	  /* 2024-03-10 09:00:00 UTC */
	  SENT("Mar 10 09:00:03", "mx", "4Tsv4J0001z1bcd"), 0,
	  { "time=2024-03-10T09:00:03Z", NULL } },
	{ "a_long_id_further_down_fixes_it_too", NULL, NULL,
	  SENT("Mar 10 08:59:00", "mx", "AAAA000001")
	  "Mar 10 08:59:59 mx sshd[1]: x\n"
	  SENT("Mar 10 09:00:03", "mx", "4Tsv4J0001z1bcd"), 0,
	  { "time=2024-03-10T08:59:00Z", "time=2024-03-10T09:00:03Z",
	    NULL } },
	{ "a_message_id_of_postfix_fixes_the_year", NULL, NULL,
	  "Mar 10 09:00:00 mx postfix/cleanup[1]: AAAA000001: "
	  "message-id=<20240310090000.AAAA000001@mx.example.org>\n", 0,
	  { "time=2024-03-10T09:00:00Z", NULL } },
	{ "a_message_id_of_another_does_not", NULL, NULL,
	  "Mar 10 09:00:00 mx postfix/cleanup[1]: AAAA000001: "
	  "message-id=<20240310090000.BBBB000001@mx.example.org>\n", 0,
	  { "time=2026-03-10T09:00:00Z", NULL } },
	{ "an_iso_line_behind_fixes_the_year", NULL, NULL,
	  SENT("Mar 10 08:59:00", "mx", "AAAA000001")
	  SENT("2024-03-10T09:00:03Z", "mx", "AAAA000002"), 0,
	  { "time=2024-03-10T08:59:00Z", "time=2024-03-10T09:00:03Z",
	    NULL } },
	{ "an_id_knows_better_than_mtime_and_name", NULL,
	  "mail.log-20251231",
	  SENT("Mar 10 09:00:03", "mx", "4Tsv4J0001z1bcd"), 1767225600,
	  { "time=2024-03-10T09:00:03Z", NULL } },
	{ "a_file_may_span_new_year", NULL, NULL,
	  SENT("Dec 31 23:59:59", "mx", "AAAA000001")
	  SENT("Jan  1 00:00:01", "mx", "AAAA000002"),
	  1767268800 /* 2026-01-01T12:00:00Z */,
	  { "time=2025-12-31T23:59:59Z", "time=2026-01-01T00:00:01Z",
	    NULL } },
	{ "a_wrong_zone_is_told", "Europe/Berlin", NULL,
	  /* The id says 09:00:00 UTC, Berlin's 09:00:00 is 08:00:00. */
	  "Mar 10 09:00:00 mx postfix/smtpd[1]: 4Tsv4J0001z1bcd: "
	  "client=x[192.0.2.1]\n", 0,
	  { "kind=time|text=time stamps are 1 h 00 min behind of the times in "
	    "the queue ids: is the time zone right?",
	    "id=4Tsv4J0001z1bcd|time=2024-03-10T08:00:00Z", NULL } },
	{ "the_right_zone_is_not", "Europe/Berlin", NULL,
	  "Mar 10 10:00:00 mx postfix/smtpd[1]: 4Tsv4J0001z1bcd: "
	  "client=x[192.0.2.1]\n", 0,
	  { "time=2024-03-10T09:00:00Z", NULL } },
	{ "a_message_that_waited_is_no_wrong_zone", "UTC", NULL,
	  SENT("Mar 10 10:00:00", "mx", "4Tsv4J0001z1bcd"), 0,
	  { "time=2024-03-10T10:00:00Z", NULL } },
	{ "stamps_in_the_future_are_told_once", NULL, NULL,
	  SENT("Nov 20 08:00:00", "mx", "AAAA000001")
	  SENT("2033-11-20T08:00:00Z", "mx", "AAAA000002")
	  SENT("2033-11-20T08:00:00Z", "mx", "AAAA000003"), 0,
	  { "id=AAAA000001", "id=AAAA000002", "kind=time|text=time stamps lie "
	    "in the future", "id=AAAA000003", NULL } },
	{ "stamps_that_go_back_are_told_once", NULL, NULL,
	  SENT("Nov 20 08:00:00", "mx", "AAAA000001")
	  SENT("Nov 10 08:00:00", "mx", "AAAA000002")
	  SENT("Nov  1 08:00:00", "mx", "AAAA000003"), 0,
	  { "id=AAAA000001", "id=AAAA000002|time=2026-11-10T08:00:00Z",
	    "kind=time|text=time stamps go back by more than a day",
	    "id=AAAA000003", NULL } },
};

static void
text_case(void **state)
{
	const struct text_case *row = *state;
	struct run run = { .text = row->text, .path = row->path,
		.zone = row->zone, .mtime_utc = row->mtime_utc };
	struct slice rest;
	size_t n = 0;

	go(&run);
	assert_int_equal(run.open_code, MX_OK);
	assert_int_equal(run.code, MX_OK);
	rest = strbuf_slice(&run.facts.text);
	for (; rest.len != 0; n++) {
		const char *end = slice_chr(rest, '\n');

		if (n == 6 || row->want[n] == NULL)
			fail_msg("not wanted: %.*s", SLICE_ARG(rest));
		fact_text_expect(slice_between(rest.ptr, end), row->want[n]);
		rest = slice_skip(rest, (size_t)(end + 1 - rest.ptr));
	}
	if (n < 6)
		assert_null(row->want[n]);
	done(&run);
}

static void
zeros_inside_a_delivery_make_it_binary(void **state)
{
	static const char text[] = "Nov 20 08:00:00 mx sshd[1]: x\n"
	    "Nov 20 08:00:01 mx postfix/smtp[9]: AAAA000001: to=<a@exam\0"
	    "le.net>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, "
	    "status=deferred (x)\n\0\0\0\n";
	struct run run = { .text = text, .len = sizeof(text) - 1 };

	(void)state;
	go(&run);
	assert_string_equal(run.facts.text.ptr, "2 skipped\treason=binary\n");
	assert_int_equal(run.facts.lines_seen, 3);
	done(&run);
}

static void
every_line_is_seen_with_its_time_and_host(void **state)
{
	struct run run = { .text = "Nov 20 08:00:01 mx1 and this here\n" };
	struct run odd = { .text = "Nov 20 08:00:01 mx sshd[1]: x\nodd\n" };

	(void)state;
	run.format = "syslog";
	go(&run);
	assert_int_equal(run.facts.seen_at.utc, 1795161601);
	assert_string_equal(run.facts.seen_host, "mx1");
	done(&run);
	go(&odd);
	assert_true(odd.facts.seen_at.utc == INT64_MIN);
	assert_string_equal(odd.facts.seen_host, "");
	done(&odd);
}

/* The last line is torn: its bytes may still come, so it is not done. */
static void
a_torn_line_is_not_taken(void **state)
{
	/* printf 'Nov 20 08:00:01 mx sshd[1]: x\nNov 20 08:00:02 mx s' | gzip
	 * -n, less its last 8 bytes */
	static const char torn[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
	    "\xf3\xcb\x2f\x53\x30\x32\x50\x30\xb0\xb0\x32\x30\xb0\x32\x30\x54"
	    "\xc8\xad\x50\x28\x2e\xce\x48\x89\x36\x8c\xb5\x52\xa8\xe0\xf2\x43"
	    "\x91\x35\x02\xcb\x02\x00";
	struct run run = { .text = "", .source = source_gunzip(
	    source_of_memory(torn, sizeof(torn) - 1, 100), NULL, 0) };

	(void)state;
	go(&run);
	assert_int_equal(run.open_code, MX_OK);
	assert_int_equal(run.code, MX_E_DATA);
	assert_string_equal(run.err.text, "compressed data ends early");
	assert_int_equal(run.facts.lines_seen, 1);
	assert_int_equal(run.state.line, 2);
	assert_int_equal(run.state.offset, 30);
	done(&run);
}

int
main(void)
{
	static struct cases cases;

	cases_add(&cases, "a_file_of_two_hosts_and_many_troubles",
	    a_file_of_two_hosts_and_many_troubles, NULL);
	cases_add(&cases, "pieces_and_segments_change_nothing",
	    pieces_and_segments_change_nothing, NULL);
	cases_add(&cases, "a_growing_file_is_read_once",
	    a_growing_file_is_read_once, NULL);
	cases_add(&cases, "an_unfinished_line_is_left_or_taken_as_asked",
	    an_unfinished_line_is_left_or_taken_as_asked, NULL);
	cases_add(&cases, "a_sink_may_stop_the_run", a_sink_may_stop_the_run,
	    NULL);
	CASES_ADD_TABLE(&cases, open_cases, open_case);
	CASES_ADD_TABLE(&cases, text_cases, text_case);
	cases_add(&cases, "zeros_inside_a_delivery_make_it_binary",
	    zeros_inside_a_delivery_make_it_binary, NULL);
	cases_add(&cases, "every_line_is_seen_with_its_time_and_host",
	    every_line_is_seen_with_its_time_and_host, NULL);
	cases_add(&cases, "a_torn_line_is_not_taken",
	    a_torn_line_is_not_taken, NULL);
	return cases_run(&cases);
}
