/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/providers.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/assert_slice.h"
#include "tests/support/cases.h"

/* PROVIDERS is one and the same for all rows; opened by main. */
/* clang-format off */
static struct domain_case {
	const char *name, *domain, *want;
	const struct providers *providers;
} domain_cases[] = {
	{ "domain_of_gmail", "gmail.com",
	  "gmail", NULL },
	{ "domain_of_microsoft_consumer", "outlook.com",
	  "microsoft-consumer", NULL },
	{ "domain_of_yahoo", "yahoo.com",
	  "yahoo", NULL },
	{ "domain_of_aol", "aol.com",
	  "aol", NULL },
	{ "domain_of_att", "att.net",
	  "att", NULL },
	{ "domain_of_yahoo_japan", "yahoo.co.jp",
	  "yahoo-japan", NULL },
	{ "domain_of_apple", "icloud.com",
	  "apple", NULL },
	{ "domain_of_comcast", "comcast.net",
	  "comcast", NULL },
	{ "domain_of_spectrum", "charter.net",
	  "spectrum", NULL },
	{ "domain_of_cox", "cox.net",
	  "cox", NULL },
	{ "domain_of_centurylink", "centurylink.net",
	  "centurylink", NULL },
	{ "domain_of_optimum", "optonline.net",
	  "optimum", NULL },
	{ "domain_of_earthlink", "earthlink.net",
	  "earthlink", NULL },
	{ "domain_of_united_online", "juno.com",
	  "united-online", NULL },
	{ "domain_of_facebook", "facebook.com",
	  "facebook", NULL },
	{ "domain_of_orange_fr", "orange.fr",
	  "orange-fr", NULL },
	{ "domain_of_laposte", "laposte.net",
	  "laposte", NULL },
	{ "domain_of_free_fr", "free.fr",
	  "free-fr", NULL },
	{ "domain_of_sfr", "sfr.fr",
	  "sfr", NULL },
	{ "domain_of_bouygues", "bbox.fr",
	  "bouygues", NULL },
	{ "domain_of_infomaniak", "ik.me",
	  "infomaniak", NULL },
	{ "domain_of_gmx_webde", "gmx.net",
	  "gmx-webde", NULL },
	{ "domain_of_webde", "web.de",
	  "webde", NULL },
	{ "domain_of_mailcom", "mail.com",
	  "mailcom", NULL },
	{ "domain_of_ionos", "online.de",
	  "ionos", NULL },
	{ "domain_of_t_online", "t-online.de",
	  "t-online", NULL },
	{ "domain_of_freenet", "freenet.de",
	  "freenet", NULL },
	{ "domain_of_vodafone_de", "vodafonemail.de",
	  "vodafone-de", NULL },
	{ "domain_of_mailbox_org", "mailbox.org",
	  "mailbox-org", NULL },
	{ "domain_of_posteo", "posteo.de",
	  "posteo", NULL },
	{ "domain_of_libero", "libero.it",
	  "libero", NULL },
	{ "domain_of_tim_it", "alice.it",
	  "tim-it", NULL },
	{ "domain_of_aruba_it", "aruba.it",
	  "aruba-it", NULL },
	{ "domain_of_kpn", "kpnmail.nl",
	  "kpn", NULL },
	{ "domain_of_liberty_global", "virginmedia.com",
	  "liberty-global", NULL },
	{ "domain_of_bt", "btinternet.com",
	  "bt", NULL },
	{ "domain_of_telstra", "bigpond.com",
	  "telstra", NULL },
	{ "domain_of_telenet_be", "telenet.be",
	  "telenet-be", NULL },
	{ "domain_of_proximus", "skynet.be",
	  "proximus", NULL },
	{ "domain_of_bluewin", "bluewin.ch",
	  "bluewin", NULL },
	{ "domain_of_seznam", "seznam.cz",
	  "seznam", NULL },
	{ "domain_of_wp_pl", "wp.pl",
	  "wp-pl", NULL },
	{ "domain_of_onet_pl", "onet.pl",
	  "onet-pl", NULL },
	{ "domain_of_interia_pl", "interia.pl",
	  "interia-pl", NULL },
	{ "domain_of_mailru", "mail.ru",
	  "mailru", NULL },
	{ "domain_of_yandex", "yandex.ru",
	  "yandex", NULL },
	{ "domain_of_rambler", "rambler.ru",
	  "rambler", NULL },
	{ "domain_of_ukrnet", "ukr.net",
	  "ukrnet", NULL },
	{ "domain_of_iua", "i.ua",
	  "iua", NULL },
	{ "domain_of_qq", "qq.com",
	  "qq", NULL },
	{ "domain_of_netease", "163.com",
	  "netease", NULL },
	{ "domain_of_sina", "sina.com",
	  "sina", NULL },
	{ "domain_of_sohu", "sohu.com",
	  "sohu", NULL },
	{ "domain_of_aliyun", "aliyun.com",
	  "aliyun", NULL },
	{ "domain_of_naver", "naver.com",
	  "naver", NULL },
	{ "domain_of_daum", "hanmail.net",
	  "daum", NULL },
	{ "domain_of_docomo", "docomo.ne.jp",
	  "docomo", NULL },
	{ "domain_of_kddi", "au.com",
	  "kddi", NULL },
	{ "domain_of_softbank", "softbank.ne.jp",
	  "softbank", NULL },
	{ "domain_of_netvigator", "netvigator.com",
	  "netvigator", NULL },
	{ "domain_of_rediff", "rediffmail.com",
	  "rediff", NULL },
	{ "domain_of_zoho", "zoho.com",
	  "zoho", NULL },
	{ "domain_of_proton", "proton.me",
	  "proton", NULL },
	{ "domain_of_fastmail", "fastmail.com",
	  "fastmail", NULL },
	{ "domain_of_tuta", "tuta.com",
	  "tuta", NULL },
	{ "domain_of_hey", "hey.com",
	  "hey", NULL },
	{ "domain_of_runbox", "runbox.com",
	  "runbox", NULL },
	{ "domain_of_pobox", "pobox.com",
	  "pobox", NULL },
	{ "domain_of_amazon_ses", "awsapps.com",
	  "amazon-ses", NULL },
	{ "a_subdomain_is_another_domain", "sub.gmail.com", NULL, NULL },
	{ "an_unknown_domain_has_none", "example.com", NULL, NULL },
};

static struct name_case {
	const char *name, *in, *want;
	const struct providers *providers;
} registrable_cases[] = {
	{ "two_labels_stay", "example.com", "example.com", NULL },
	{ "hosts_lose_their_labels", "mx1.mail.example.com", "example.com",
	  NULL },
	{ "a_suffix_of_two_labels_counts_as_one", "mx.example.co.uk",
	  "example.co.uk", NULL },
	{ "a_bare_suffix_stays", "co.uk", "co.uk", NULL },
	{ "an_ipv4_address_stays", "192.0.2.1", "192.0.2.1", NULL },
	{ "an_ipv6_address_stays", "2001:db8::1", "2001:db8::1", NULL },
	{ "a_literal_stays", "[192.0.2.1]", "[192.0.2.1]", NULL },
	{ "nothing_stays", "", "", NULL },
}, fallback_mx_cases[] = {
	{ "mx_of_nobody", "mx1.mail.example.net", "mx:example.net", NULL },
	{ "mx_without_a_name", "192.0.2.1", "mx:192.0.2.1", NULL },
}, fallback_domain_cases[] = {
	{ "domain_of_nobody", "lists.example.co.uk", "domain:example.co.uk",
	  NULL },
}, display_cases[] = {
	{ "a_key_has_a_name", "t-online", "T-Online (Telekom)", NULL },
	{ "an_mx_is_its_domain", "mx:example.net", "example.net", NULL },
	{ "a_domain_is_itself", "domain:example.org", "example.org", NULL },
	{ "what_is_unknown_is_itself", "nosuch", "nosuch", NULL },
};
/* clang-format on */

static void
run_domain(void **state)
{
	const struct domain_case *c = *state;
	const struct provider_info *got =
	    providers_by_domain(c->providers, slice_str(c->domain));

	assert_slice(got != NULL ? got->key : SLICE_NONE, c->want);
}

static void
run_registrable(void **state)
{
	const struct name_case *c = *state;

	assert_slice(providers_registrable(c->providers, slice_str(c->in)),
	    c->want);
}

static void
run_fallback_mx(void **state)
{
	const struct name_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 256);
	providers_fallback_mx(c->providers, slice_str(c->in), &out);
	assert_string_equal(out.ptr, c->want);
	strbuf_release(&out);
}

static void
run_fallback_domain(void **state)
{
	const struct name_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 256);
	providers_fallback_domain(c->providers, slice_str(c->in), &out);
	assert_string_equal(out.ptr, c->want);
	strbuf_release(&out);
}

static void
run_display(void **state)
{
	const struct name_case *c = *state;

	assert_slice(providers_display_name(c->providers, slice_str(c->in)),
	    c->want);
}

static const struct providers *
shared(const struct providers *set)
{
	static const struct providers *kept;

	if (set != NULL)
		kept = set;
	return kept;
}

static void
every_row_is_well_formed(void **state)
{
	const struct providers *providers = shared(NULL);

	(void)state;
	assert_true(providers_count(providers) >= 127);
	for (size_t i = 0; i < providers_count(providers); i++) {
		const struct provider_info *row = providers_at(providers, i);

		assert_ptr_equal(providers_by_key(providers, row->key), row);
		assert_true(row->name.len != 0);
		if (row->family.len != 0)
			assert_non_null(providers_by_key(providers,
			    row->family));
	}
}

/* --- files that are wrong, and files that override -----------------------*/

static const char row_a[] = "key\tname\tfamily\tmx_suffixes\t"
    "recipient_domains\tpostmaster_url\tsupport_url\tfeedback_loop\tnotes\n"
    "one\tOne\t-\tmx.one.example\tone.example\t-\t-\t-\t-\n";

static const struct file_case {
	const char *name, *first, *second, *want; /* want: of err, or key */
	enum mx_code want_code;
} file_cases[] = {
	{ "a_row_is_read", row_a, NULL, "one", MX_OK },
	{ "a_later_directory_replaces_a_row_by_key", row_a,
	  "one\tEins\t-\tmx.one.example\t-\t-\t-\t-\t-\n", "one", MX_OK },
	{ "too_few_fields_are_named", "one\tOne\t-\n", NULL,
	  ":1: 3 fields", MX_E_CONFIG },
	{ "a_bad_key_is_named", "# x\nOne\tO\t-\t-\t-\t-\t-\t-\t-\n", NULL,
	  ":2: a key has", MX_E_CONFIG },
	{ "a_key_twice_is_named", "a\tA\t-\t-\t-\t-\t-\t-\t-\n"
	  "a\tA\t-\t-\t-\t-\t-\t-\t-\n", NULL, ":2: key a", MX_E_CONFIG },
	{ "the_last_key_twice_is_named_too", "b\tB\t-\t-\t-\t-\t-\t-\t-\n"
	  "a\tA\t-\t-\t-\t-\t-\t-\t-\na\tA\t-\t-\t-\t-\t-\t-\t-\n",
	  NULL, ":3: key a", MX_E_CONFIG },
	{ "a_suffix_twice_is_named",
	  "a\tA\t-\tx.example\t-\t-\t-\t-\t-\n"
	  "b\tB\t-\tx.example\t-\t-\t-\t-\t-\n", NULL,
	  ":2: x.example belongs to a", MX_E_CONFIG },
	{ "an_unknown_family_is_named",
	  "a\tA\tnosuch\t-\t-\t-\t-\t-\t-\n", NULL,
	  ":1: there is no family nosuch", MX_E_CONFIG },
	{ "no_file_at_all_is_no_input", NULL, NULL, "no providers.tsv",
	  MX_E_NOINPUT },
};

static void
write_file(const char *dir, const char *text)
{
	char path[256];
	FILE *file;

	if (text == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s/providers.tsv", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
remove_dir(const char *dir)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/providers.tsv", dir);
	(void)unlink(path);
	(void)rmdir(dir);
}

static void
run_file(void **state)
{
	const struct file_case *c = *state;
	char a[] = "/tmp/test_providers.XXXXXX";
	char b[] = "/tmp/test_providers.XXXXXX";
	const char *dirs[2];
	const struct provider_info *got;
	struct providers *providers = NULL;
	struct mx_err err = { .code = MX_OK };
	enum mx_code code;

	assert_non_null(mkdtemp(a));
	assert_non_null(mkdtemp(b));
	dirs[0] = a;
	dirs[1] = b;
	write_file(a, c->first);
	write_file(b, c->second);
	code = providers_open(dirs, 2, &providers, &err);
	remove_dir(a);
	remove_dir(b);
	assert_int_equal(code, c->want_code);
	if (code != MX_OK) {
		assert_non_null(strstr(err.text, c->want));
		return;
	}
	got = providers_by_mx(providers, SLICE("mx.one.example"));
	assert_non_null(got);
	assert_slice(got->key, c->want);
	assert_slice(providers_display_name(providers, slice_str(c->want)),
	    c->second != NULL ? "Eins" : "One");
	providers_close(providers);
}

#define SHARE(table) \
	for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++) \
		(table)[i].providers = providers

int
main(void)
{
	static struct cases cases;
	const char *dirs[] = { "analyzer/rules" };
	struct providers *providers;
	struct mx_err err;
	int failed;

	if (providers_open(dirs, 1, &providers, &err) != MX_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	(void)shared(providers);
	SHARE(domain_cases);
	SHARE(registrable_cases);
	SHARE(fallback_mx_cases);
	SHARE(fallback_domain_cases);
	SHARE(display_cases);
	CASES_ADD_TABLE(&cases, domain_cases, run_domain);
	CASES_ADD_TABLE(&cases, registrable_cases, run_registrable);
	CASES_ADD_TABLE(&cases, fallback_mx_cases, run_fallback_mx);
	CASES_ADD_TABLE(&cases, fallback_domain_cases, run_fallback_domain);
	CASES_ADD_TABLE(&cases, display_cases, run_display);
	CASES_ADD_TABLE(&cases, file_cases, run_file);
	cases_add(&cases, "every_row_is_well_formed",
	    every_row_is_well_formed, NULL);
	failed = cases_run(&cases);
	providers_close(providers);
	return failed;
}
