/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/config_init.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/first_run.h"
#include "tests/support/cases.h"

/* A host in a directory: files made in order, removed in reverse. */
static const char *const made[] = { "var", "var/log", "var/log/exim4", "etc",
	"etc/postfix", "etc/postfix-out1", "etc/exim4" };

static int
enter(void **state)
{
	char dir[] = "/tmp/mxtrend-init.XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (mkdir(made[i], 0700) != 0)
			return -1;
	*state = mx_strdup(dir);
	return 0;
}

static int
leave(void **state)
{
	static const char *const files[] = { "var/log/mail.log",
		"var/log/mail.log.1", "var/log/exim4/mainlog",
		"etc/localtime", "etc/exim4/exim4.conf",
		"etc/postfix/main.cf", "etc/postfix-out1/main.cf" };
	int result;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)unlink(files[i]);
	for (size_t i = sizeof(made) / sizeof(made[0]); i-- > 0;)
		(void)rmdir(made[i]);
	result = chdir("/") == 0 ? rmdir(*state) : -1;
	free(*state);
	return result;
}

static void
put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
assert_has(const struct strbuf *text, const char *want)
{
	if (strstr(text->ptr, want) == NULL)
		fail_msg("no '%s' in:\n%s", want, text->ptr);
}

static void
a_host_of_two_instances(void **state)
{
	struct strbuf text;

	put("var/log/mail.log", "");
	put("var/log/exim4/mainlog", "");
	assert_int_equal(symlink("/usr/share/zoneinfo/Europe/Berlin",
	    "etc/localtime"), 0);
	put("etc/postfix/main.cf", "# smtp_bind_address = 203.0.113.1\n"
	    "smtp_bind_address = 192.0.2.1\nmaximal_queue_lifetime=2d\n");
	put("etc/postfix-out1/main.cf", "multi_instance_name = postfix-out1\n"
	    "smtp_bind_address = 0.0.0.0\nsmtp_bind_address6 = 2001:db8::9\n"
	    "  smtp_bind_address6 = 2001:db8::bad\n"
	    "maximal_queue_lifetime = 5d\n");
	strbuf_init(&text, 100000);
	config_init(*state, &text);
	assert_has(&text, "files = \"/var/log/mail.log*\"\n");
	assert_has(&text, "files = \"/var/log/exim4/mainlog*\"\n");
	assert_has(&text, "timezone = Europe/Berlin\n");
	assert_has(&text, "postfix = 192.0.2.1 ; /etc/postfix/main.cf\n");
	assert_has(&text, "postfix-out1 = 2001:db8::9 ; "
	    "/etc/postfix-out1/main.cf\n");
	assert_has(&text, "queue_lifetime = 518400s\n");
	strbuf_release(&text);
}

static void
an_empty_host_gives_an_empty_configuration(void **state)
{
	struct strbuf text;

	strbuf_init(&text, 100000);
	config_init(*state, &text);
	assert_has(&text, "# no log in the usual places\n");
	assert_null(strstr(text.ptr, "timezone"));
	assert_null(strstr(text.ptr, "[source-ip]"));
	assert_null(strstr(text.ptr, "[store]"));
	strbuf_release(&text);
}

static void
what_refers_to_another_parameter_is_not_guessed(void **state)
{
	struct strbuf text;

	put("etc/postfix/main.cf", "smtp_bind_address = $inet_interfaces\n");
	strbuf_init(&text, 100000);
	config_init(*state, &text);
	assert_null(strstr(text.ptr, "[source-ip]"));
	strbuf_release(&text);
}

static void
an_exim_that_sends_from_one_address(void **state)
{
	struct strbuf text;

	put("etc/exim4/exim4.conf", "remote_smtp:\n  driver = smtp\n"
	    "  interface = 192.0.2.7\nother_smtp:\n"
	    "  interface = 192.0.2.7\n");
	strbuf_init(&text, 100000);
	config_init(*state, &text);
	assert_has(&text, "[source-ip]\ndefault = 192.0.2.7 ;");
	strbuf_release(&text);
	put("etc/exim4/exim4.conf", "remote_smtp:\n  interface = 192.0.2.7\n"
	    "other_smtp:\n  interface = ${if eq{a}{b}{192.0.2.8}}\n"
	    "third_smtp:\n  interface = 192.0.2.9\n");
	strbuf_init(&text, 100000);
	config_init(*state, &text);
	assert_null(strstr(text.ptr, "[source-ip]"));
	strbuf_release(&text);
}

static void
put_dated(const char *path, const char *text, long mtime)
{
	struct timespec times[2] = { { .tv_sec = mtime }, { .tv_sec = mtime } };

	put(path, text);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
a_first_run_reads_the_newest_logs(void **state)
{
	struct settings settings;
	struct strbuf said;

	settings_init(&settings);
	strbuf_init(&said, 1000);
	assert_false(first_run_inputs(*state, &settings, &said));
	assert_int_equal(said.len, 0);
	put_dated("var/log/mail.log", "x", 2000000);
	put_dated("var/log/mail.log.1", "xx", 1000000);
	put_dated("var/log/exim4/mainlog", "", 3000000);
	assert_true(first_run_inputs(*state, &settings, &said));
	assert_int_equal(settings.operand_count, 2);
	assert_has(&said, "/var/log/mail.log and 1 more log (0.0 MB);");
	assert_string_equal(strrchr(settings.operands[1], '/'), "/mail.log.1");
	/* a log that alone is over the limit: it, and not the older ones */
	assert_int_equal(truncate("var/log/mail.log",
	    (off_t)LIMIT_FIRST_RUN_BYTES + 1), 0);
	put_dated("var/log/mail.log.1", "xx", 1000000);
	strbuf_reset(&said);
	assert_true(first_run_inputs(*state, &settings, &said));
	assert_int_equal(settings.operand_count, 1);
	assert_has(&said, "; 1 older one is left out;");
	strbuf_release(&said);
	settings_release(&settings);
}

#define TEST(run) cmocka_unit_test_setup_teardown(run, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_host_of_two_instances),
		TEST(an_empty_host_gives_an_empty_configuration),
		TEST(an_exim_that_sends_from_one_address),
		TEST(a_first_run_reads_the_newest_logs),
		TEST(what_refers_to_another_parameter_is_not_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
