/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/report_text.h"

#include "parsers/mail_parts.h"
#include "parsers/report_payload.h"
#include "parsers/xml_repair.h"
#include "tests/support/cases.h"

/* Seconds are those of date -u -d. */
static const struct date_row {
	const char *name, *in;
	int64_t want;
} mail_dates[] = {
	{ "a date of mail", "Mon, 23 Nov 2026 10:15:00 +0100", 1795425300 },
	{ "a date without weekday", "23 Nov 2026 09:10:11 -0000", 1795425011 },
	{ "a two-digit year and a zone by name",
	    "Sun, 22 Nov 26 08:00:00 EST", 1795352400 },
	{ "a comment behind the zone",
	    "Mon, 23 Nov 2026 09:10:00 -0500 (EST)", 1795443000 },
	{ "no seconds", "23 Nov 2026 09:10 UT", 1795425000 },
	{ "an unknown zone is UTC", "23 Nov 2026 09:10:00 XYZ", 1795425000 },
	{ "no such day", "31 Feb 2026 09:10:00 +0000", INT64_MIN },
	{ "a year after 2100", "1 Jan 2101 00:00:00 +0000", INT64_MIN },
	{ "words", "yesterday", INT64_MIN },
	{ "nothing", "", INT64_MIN }
};

static const struct date_row rfc3339_dates[] = {
	{ "UTC", "2026-05-12T00:00:00Z", 1778544000 },
	{ "an offset", "2026-05-12T02:00:00+02:00", 1778544000 },
	{ "a fraction", "2026-05-12T00:00:00.5Z", 1778544000 },
	{ "lower case", "2026-05-12t00:00:00z", 1778544000 },
	{ "a day alone", "2026-05-12", 1778544000 },
	{ "a month that is none", "2026-13-01T00:00:00Z", INT64_MIN },
	{ "a slash is no date", "2026/05/12", INT64_MIN }
};

static void
reads_mail_date(void **state)
{
	const struct date_row *row = *state;

	assert_true(report_mail_date(slice_str(row->in)) == row->want);
}

static void
reads_rfc3339(void **state)
{
	const struct date_row *row = *state;

	assert_true(report_rfc3339(slice_str(row->in)) == row->want);
}

static const struct ip_row {
	const char *name, *in, *want;
} addresses[] = {
	{ "an address stays", "192.0.2.1", "192.0.2.1" },
	{ "blanks and brackets go", " [192.0.2.1] ", "192.0.2.1" },
	{ "leading zeros are decimal", "192.000.002.010", "192.0.2.10" },
	{ "a port goes", "192.0.2.1:25", "192.0.2.1" },
	{ "a netmask goes", "2001:DB8::1/128", "2001:db8::1" },
	{ "mapped IPv4 is IPv4", "::ffff:192.0.2.1", "192.0.2.1" },
	{ "long IPv6 is shortened", "2001:0DB8:0:0:0:0:0:1", "2001:db8::1" },
	{ "a zone goes", "fe80::1%eth0", "fe80::1" },
	{ "two addresses are none", "192.0.2.1, 192.0.2.2", NULL },
	{ "a name is none", "mail.example.com", NULL },
	{ "a part above 255 is none", "192.0.2.256", NULL },
	{ "nothing is none", "", NULL }
};

static void
reads_address(void **state)
{
	const struct ip_row *row = *state;
	struct arena arena;
	struct slice got;

	arena_init(&arena);
	got = report_ip(&arena, slice_str(row->in));
	assert_int_equal(slice_is_none(got), row->want == NULL);
	assert_true(row->want == NULL || slice_eq(got, slice_str(row->want)));
	arena_release(&arena);
}

static const struct count_row {
	const char *name, *in;
	int64_t want; /* -1: none */
} counts[] = {
	{ "digits", "12", 12 },
	{ "a fraction of nothing", "1.0", 1 },
	{ "a fraction of something is none", "1.5", -1 },
	{ "thousands", "1,204,000", 1204000 },
	{ "blanks", " 7 ", 7 },
	{ "negative is none", "-4", -1 },
	{ "sixteen digits are none", "1234567890123456", -1 },
	{ "words are none", "many", -1 },
	{ "nothing is none", "", -1 }
};

static void
reads_count(void **state)
{
	const struct count_row *row = *state;
	int64_t got = -1;

	assert_int_equal(report_count(slice_str(row->in), &got),
	    row->want >= 0);
	assert_true(got == row->want);
}

static void
fields_are_unfolded(void **state)
{
	struct slice text = SLICE("A: one\r\n two\r\nnoise\r\nB:\r\n\tthree"
	    "\r\n\r\nC: four");
	struct slice name, value;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_true(report_field(&text, &arena, &name, &value));
	assert_true(slice_eq(name, SLICE("A")));
	assert_true(slice_eq(value, SLICE("one two")));
	assert_true(report_field(&text, &arena, &name, &value));
	assert_true(slice_eq(name, SLICE("B")));
	assert_true(slice_eq(value, SLICE("three")));
	assert_false(report_field(&text, &arena, &name, &value));
	assert_true(report_field(&text, &arena, &name, &value));
	assert_true(slice_eq(value, SLICE("four")));
	assert_false(report_field(&text, &arena, &name, &value));
	arena_release(&arena);
}

static const struct repair_row {
	const char *name, *in, *want;
} repairs[] = {
	{ "the declaration goes", "<?xml version='1.0'?><a/>", "<a/>" },
	{ "entities stay", "<a>&amp;&lt;&#38;&#x26;</a>",
	    "<a>&amp;&lt;&#38;&#x26;</a>" },
	{ "a bare ampersand is escaped", "<a>x & y&nbsp;</a>",
	    "<a>x &amp; y&amp;nbsp;</a>" },
	{ "a bracket around an address is escaped", "<a><u@example.com></a>",
	    "<a>&lt;u@example.com></a>" },
	{ "a lone bracket is escaped", "<a>1 < 2</a>", "<a>1 &lt; 2</a>" },
	{ "Latin-1 is replaced", "<a>\xfc</a>", "<a>\xef\xbf\xbd</a>" },
	{ "UTF-8 stays", "<a>\xc3\xbc</a>", "<a>\xc3\xbc</a>" },
	{ "an overlong form is replaced", "\xc0\xaf",
	    "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "control characters become blanks", "<a>\x01</a>", "<a> </a>" },
	{ "CDATA stays", "<![CDATA[a & b < c]]>", "<![CDATA[a & b < c]]>" },
	{ "a name in brackets is text", "<a>Shop <Hosting></a>",
	    "<a>Shop &lt;Hosting></a>" },
	{ "less-than before a word is text", "<a>x<b && c</a>",
	    "<a>x&lt;b &amp;&amp; c</a>" },
	{ "an extension's element stays", "<a><x:y z='1'>1</x:y><n/></a>",
	    "<a><x:y z='1'>1</x:y><n/></a>" },
	{ "what wraps the report stays", "<xs:schema a='b'><d:record>",
	    "<xs:schema a='b'><d:record>" }
};

static bool
is_known(struct slice name)
{
	return slice_eq(name, SLICE("a")) || slice_eq(name, SLICE("record"));
}

static void
repairs_xml(void **state)
{
	const struct repair_row *row = *state;
	struct strbuf out;

	strbuf_init(&out, 1024);
	xml_repair(slice_str(row->in), is_known, &out);
	assert_string_equal(out.ptr, row->want);
	strbuf_release(&out);
}

static const struct content_row {
	const char *name, *in;
	enum report_content want;
} contents[] = {
	{ "XML behind blank lines", "\n\n<feedback>", REPORT_CONTENT_XML },
	{ "XML behind a BOM", "\xef\xbb\xbf<?xml", REPORT_CONTENT_XML },
	{ "a syslog priority is no XML", "<22>Nov 23 09:10:11 host postfix",
	    REPORT_CONTENT_NONE },
	{ "JSON of a TLS report", "{\"report-id\":\"x\"}",
	    REPORT_CONTENT_JSON },
	{ "JSON of a log is none", "{\"MESSAGE\":\"x\"}",
	    REPORT_CONTENT_NONE },
	{ "gzip", "\x1f\x8b\x08", REPORT_CONTENT_GZIP },
	{ "zip", "PK\x03\x04", REPORT_CONTENT_ZIP },
	{ "base64 of gzip", "H4sIAAAAAAAA", REPORT_CONTENT_BASE64 },
	{ "a mail", "Return-Path: <>\nFrom: a@example.com\n\nx",
	    REPORT_CONTENT_MAIL },
	{ "an mbox", "From a@example.com Mon Nov 23 09:10:11 2026\nTo: b\n\n",
	    REPORT_CONTENT_MAIL },
	{ "a log line with a stamp is no mail",
	    "Nov 23 09:10:11 mail postfix/smtp[1]: 4d: to=<a@example.com>",
	    REPORT_CONTENT_NONE },
	{ "an ISO stamp is no mail",
	    "2026-11-23T09:10:11+00:00 mail postfix/smtp[1]: x",
	    REPORT_CONTENT_NONE },
	{ "SNDS data", "192.0.2.9,11/22/2026 8:00 AM,11/22/2026 9:00 AM,"
	    "1,1,1,GREEN", REPORT_CONTENT_SNDS },
	{ "SNDS ipStatus", "192.0.2.0,192.0.2.255,Yes,why",
	    REPORT_CONTENT_SNDS },
	{ "SNDS with a header", "IP Address,Activity start,Activity end,"
	    "RCPT commands,DATA commands", REPORT_CONTENT_SNDS },
	{ "words", "unused", REPORT_CONTENT_NONE },
	{ "nothing", "", REPORT_CONTENT_NONE }
};

static void
knows_content(void **state)
{
	const struct content_row *row = *state;

	assert_int_equal(report_content_of(slice_str(row->in)), row->want);
}

static const struct separator_row {
	const char *name, *in;
	int want;
} separators[] = {
	{ "a separator", "From a@example.com Mon Nov 23 09:10:11 2026", 1 },
	{ "one with a zone", "From - Mon Nov 23 09:10:11 +0000 2026", 1 },
	{ "prose is none", "From here on, nothing", 0 },
	{ "a field is none", "From: a@example.com", 0 }
};

static void
knows_separator(void **state)
{
	const struct separator_row *row = *state;

	assert_int_equal(mail_is_separator(slice_str(row->in)), row->want);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, mail_dates, reads_mail_date);
	CASES_ADD_TABLE(&cases, rfc3339_dates, reads_rfc3339);
	CASES_ADD_TABLE(&cases, addresses, reads_address);
	CASES_ADD_TABLE(&cases, counts, reads_count);
	cases_add(&cases, "fields are unfolded", fields_are_unfolded, NULL);
	CASES_ADD_TABLE(&cases, repairs, repairs_xml);
	CASES_ADD_TABLE(&cases, contents, knows_content);
	CASES_ADD_TABLE(&cases, separators, knows_separator);
	return cases_run(&cases);
}
