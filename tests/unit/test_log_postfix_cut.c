/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of Postfix that are cut or too long. */
#include <stdlib.h>

#include "base/limits.h"
#include "tests/support/cases.h"
#include "tests/support/log_text.h"

#define FRONT "Nov 20 08:00:01 mx postfix/smtp[77]: 4F1A2B3C4D: " \
	"to=<a@example.net>, relay=mx.example.net[198.51.100.7]:25, " \
	"delay=1.5, delays=0.1/0/0.9/0.5, "

/* A line of Postfix that is cut anywhere is an outcome once its status is
 * whole, and else is told; it never becomes another outcome. */
static void
a_line_cut_anywhere_is_told(void **state)
{
	static const char whole[] = FRONT "dsn=5.7.1, status=bounced (host "
	    "mx.example.net[198.51.100.7] said: 550-5.7.1 one 550 5.7.1 two "
	    "(in reply to MAIL FROM command))";
	const char *status = strstr(whole, "bounced") + strlen("bounced");
	const char *address = strstr(whole, "to=<") + 3;

	(void)state;
	for (const char *end = address; end <= whole + sizeof(whole) - 1;
	    end++) {
		struct fact_text facts;
		char line[sizeof(whole) + 1];

		fact_text_init(&facts);
		memcpy(line, whole, (size_t)(end - whole));
		line[end - whole] = '\n';
		line[end - whole + 1] = '\0';
		log_text_read(slice_str(line), NULL, 4096, UINT64_MAX, &facts);
		if (end < status) {
			assert_string_equal(facts.text.ptr,
			    "1 skipped\treason=cut\n");
		} else {
			assert_int_equal(facts.deliveries, 1);
			fact_text_expect(slice_trim(strbuf_slice(
			    &facts.text)), "outcome=bounced|dsn=5.7.1");
		}
		fact_text_release(&facts);
	}
}

/* The longest reply that a log may hold is cut at the limit. */
static void
a_monstrous_reply_has_a_limit(void **state)
{
	static const char front[] = FRONT "dsn=2.0.0, status=sent (250 ";
	size_t len = 60000;
	char *line = mx_calloc(1, sizeof(front) + len + 3);
	struct fact_text facts;

	(void)state;
	memcpy(line, front, sizeof(front) - 1);
	memset(line + sizeof(front) - 1, 'x', len);
	memcpy(line + sizeof(front) - 1 + len, ")\n", 3);
	fact_text_init(&facts);
	log_text_read(slice_str(line), NULL, 4096, UINT64_MAX, &facts);
	assert_int_equal(facts.deliveries, 1);
	assert_true(facts.text.len > LIMIT_REPLY_BYTES);
	assert_true(facts.text.len < LIMIT_REPLY_BYTES + 1000);
	fact_text_release(&facts);
	free(line);
}

int
main(void)
{
	static struct cases cases;

	cases_add(&cases, "a_line_cut_anywhere_is_told",
	    a_line_cut_anywhere_is_told, NULL);
	cases_add(&cases, "a_monstrous_reply_has_a_limit",
	    a_monstrous_reply_has_a_limit, NULL);
	return cases_run(&cases);
}
