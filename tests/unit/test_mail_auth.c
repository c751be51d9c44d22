/* SPDX-License-Identifier: BSD-2-Clause */
/* Authentication-Results as RFC 8601 and servers write it. */
#include "parsers/mail_auth.h"

#include "tests/support/cases.h"

static const struct auth_row {
	const char *name, *head;
	const char *dkim, *domain, *dmarc; /* NULL: absent */
} rows[] = {
	{ "the examples of RFC 8601 appendix B",
	    "Authentication-Results: example.com;\n"
	    " dkim=pass (good signature) header.d=example.com\n",
	    "pass", "example.com", NULL },
	{ "the id may carry a version and a comment",
	    "authentication-results: Example.com (mx1) 1; dkim=fail\n"
	    " reason=\"signature; wrong\" header.d=A.Example\n",
	    "fail", "a.example", NULL },
	{ "none is no method", "Authentication-Results: example.com; none\n",
	    NULL, NULL, NULL },
	{ "a foreign id does not count",
	    "Authentication-Results: mx.example.com; dkim=pass header.d=b\n",
	    NULL, NULL, NULL },
	{ "the topmost trusted field counts",
	    "Authentication-Results: evil.example; dkim=pass header.d=x\n"
	    "Authentication-Results: example.com; dmarc=fail\n"
	    "Authentication-Results: example.com; dmarc=pass\n",
	    NULL, NULL, "fail" },
	{ "a semicolon in a comment ends nothing",
	    "Authentication-Results: example.com; (x; dkim=fail) dmarc=pass;"
	    " dkim=neutral (y; z) header.i=@Sub.Provider.example\n",
	    "neutral", "sub.provider.example", "pass" },
	{ "the signature that fits the sender counts",
	    "Authentication-Results: example.com; dkim=pass header.d=esp.example;"
	    " dkim=fail header.d=provider.example;"
	    " dkim=pass header.d=mail.provider.example\n",
	    "pass", "mail.provider.example", NULL },
	{ "one that passes before one that fails",
	    "Authentication-Results: example.com; dkim=fail header.d=a.example;"
	    " dkim=pass header.d=b.example\n", "pass", "b.example", NULL },
	{ "an unknown word is kept",
	    "Authentication-Results: example.com; dkim=Perhaps\n",
	    "Perhaps", NULL, NULL },
	{ "a cut field is survived", "Authentication-Results: example.com; dkim",
	    NULL, NULL, NULL },
	{ "an open comment is survived",
	    "Authentication-Results: example.com; dkim=pass (x header.d=y\n",
	    "pass", "y", NULL }
};

static void
check(struct slice got, const char *want)
{
	if (want == NULL) {
		assert_true(slice_is_none(got));
		return;
	}
	assert_true(slice_eq(got, slice_str(want)));
}

static void
reads_it(void **state)
{
	const struct auth_row *row = *state;
	struct mail_auth auth;
	struct arena arena;

	arena_init(&arena);
	auth = mail_auth_read(slice_str(row->head),
	    SLICE("other.example  example.com"), SLICE("provider.example"),
	    &arena);
	check(auth.dkim, row->dkim);
	check(auth.dkim_domain, row->domain);
	check(auth.dmarc, row->dmarc);
	auth = mail_auth_read(slice_str(row->head), SLICE_NONE,
	    SLICE("provider.example"), &arena);
	check(auth.dkim, NULL);
	check(auth.dmarc, NULL);
	arena_release(&arena);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, rows, reads_it);
	return cases_run(&cases);
}
