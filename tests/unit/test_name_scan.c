/* SPDX-License-Identifier: BSD-2-Clause */
/* What is found in a text, taken one behind the other: addresses as
 * local|domain, IP addresses and host names as they stand. */
#include "cli/name_scan.h"

#include "base/strbuf.h"
#include "tests/support/cases.h"

struct scan_case {
	const char *name, *text, *want;
};

static void
add(struct strbuf *out, struct slice found)
{
	if (out->len > 0)
		strbuf_add_char(out, ' ');
	strbuf_add_slice(out, found);
}

static void
expect(struct strbuf *out, const char *want)
{
	assert_string_equal(out->len > 0 ? out->ptr : "", want);
	strbuf_release(out);
}

static const struct scan_case address_cases[] = {
	{ "no_sign_no_address", "550 no such user", "" },
	{ "brackets_are_not_part_of_it", "550 <tina@example.org>: unknown",
	    "tina|example.org" },
	{ "a_sentence_ends_behind_it", "No tina@example.org.",
	    "tina|example.org" },
	{ "two_of_them", "a@example.org b.c+d@example.net",
	    "a|example.org b.c+d|example.net" },
	{ "a_sign_alone_is_none", "sent @ noon", "" },
	{ "a_domain_may_be_missing", "user tina@", "tina|" },
	{ "quotes_belong_to_it", "to \"tina berg\"@example.org now",
	    "\"tina berg\"|example.org" },
	{ "rewritten_senders_are_one",
	    "SRS0=x1=YZ=example.net=tina@example.org",
	    "SRS0=x1=YZ=example.net=tina|example.org" },
	{ "of_a_link_only_the_value",
	    "see https://example.net/why?a=1&mail=tina@example.org",
	    "tina|example.org" },
	{ "a_link_may_encode_the_sign",
	    "http://example.net/?r=tina%40example.org",
	    "tina|example.org" },
	{ "a_mailto_is_no_path", "mailto:tina@example.org",
	    "tina|example.org" },
	{ "utf_8_counts", "J\xc3\xb6rg@example.org",
	    "J\xc3\xb6rg|example.org" },
	{ "a_quote_alone_is_none", "\"@example.org", "" },
};

static void
run_address(void **state)
{
	const struct scan_case *c = *state;
	struct slice text = slice_str(c->text);
	struct found_address found;
	struct strbuf out;
	size_t at = 0;

	strbuf_init(&out, 1000);
	while (scan_address(text, at, &found)) {
		add(&out, found.local);
		strbuf_add_char(&out, '|');
		strbuf_add_slice(&out, found.domain);
		at = (size_t)(found.domain.ptr + found.domain.len - text.ptr);
	}
	expect(&out, c->want);
}

static const struct scan_case ip_cases[] = {
	{ "version_4", "from [192.0.2.9]:25", "192.0.2.9" },
	{ "a_sentence_ends_behind_it", "block 192.0.2.9.", "192.0.2.9" },
	{ "versions_are_none", "4.7.28 and 1.2.3.4.5 and 300.1.1.1", "" },
	{ "a_block_lists_query", "9.2.0.192.zen.example.org", "9.2.0.192" },
	{ "dashes_of_a_dial_in_host", "dsl-203-0-113-9.example.org",
	    "203-0-113-9" },
	{ "version_6", "client [2001:db8::9] refused", "2001:db8::9" },
	{ "version_6_and_a_full_stop", "IPv6:2001:db8:0:1::a.",
	    "2001:db8:0:1::a" },
	{ "times_are_none", "at 08:20:16 or 12:00", "" },
	{ "hashes_are_none", "id 4jX79b6dBgzNkDr:bad:cafe", "" },
	{ "two_of_them", "192.0.2.9,198.51.100.7",
	    "192.0.2.9 198.51.100.7" },
};

static void
run_ip(void **state)
{
	const struct scan_case *c = *state;
	struct slice text = slice_str(c->text), found;
	struct strbuf out;
	size_t at = 0;

	strbuf_init(&out, 1000);
	while (scan_ip(text, at, &found)) {
		add(&out, found);
		at = (size_t)(found.ptr + found.len - text.ptr);
	}
	expect(&out, c->want);
}

static const struct scan_case domain_cases[] = {
	{ "a_host", "relay mx1.example.org[192.0.2.9]:25", "mx1.example.org" },
	{ "codes_are_none", "550 5.7.1 S3140 e.g. this", "" },
	{ "a_sentence_ends_behind_it", "by example.org. Sorry",
	    "example.org" },
	{ "behind_an_address", "<u-1@example.org>", "example.org" },
	{ "punycode", "xn--mller-kva.xn--p1ai", "xn--mller-kva.xn--p1ai" },
	{ "rotated_logs_are_none", "/var/log/mail.log.2.gz", "" },
	{ "the_name_of_a_report",
	    "google.com!example.org!1700000000!1700086399.zip",
	    "google.com example.org" },
	{ "a_domain_with_an_extension", "example.org.xml.gz", "example.org" },
	{ "a_page_is_none", "/mail/troubleshooting.aspx#errors", "" },
};

static void
run_domain(void **state)
{
	const struct scan_case *c = *state;
	struct slice text = slice_str(c->text), found;
	struct strbuf out;
	size_t at = 0;

	strbuf_init(&out, 1000);
	while (scan_domain(text, at, &found)) {
		add(&out, found);
		at = (size_t)(found.ptr + found.len - text.ptr);
	}
	expect(&out, c->want);
}

static void
a_word_stands_alone(void **state)
{
	struct slice text = SLICE("mistina tina's TINA.x tina_b");

	(void)state;
	assert_ptr_equal(scan_word(text, 0, SLICE("tina")), text.ptr + 8);
	assert_ptr_equal(scan_word(text, 9, SLICE("tina")), text.ptr + 15);
	assert_null(scan_word(text, 0, SLICE("tin")));
	assert_null(scan_word(text, 0, SLICE("")));
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, address_cases, run_address);
	CASES_ADD_TABLE(&cases, ip_cases, run_ip);
	CASES_ADD_TABLE(&cases, domain_cases, run_domain);
	cases_add(&cases, "a_word_stands_alone", a_word_stands_alone, NULL);
	return cases_run(&cases);
}
