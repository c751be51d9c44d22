/* SPDX-License-Identifier: BSD-2-Clause */
/* What classification costs: opening 300 rules, 1,000 rules and all of them, a
 * reply that the cache knows, a reply that it does not. CPU time, the least of
 * several runs, since others only ever add to it. Rows of a table on standard
 * output; status 1 when a goal is missed and the second argument is "check".
 * Usage: bench_classify [RULE_DIR [check]] */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/classify.h"
#include "analyzer/data_dir.h"
#include "analyzer/rules.h"
#include "base/arena.h"

/* Few enough replies to stay near the processor, as one that was just read. */
enum { RUNS = 31, REPLIES = 2000, REPLY_ROOM = 640 };

static const char *const templates[] = {
	"550 5.7.1 Unfortunately, messages from [%s] weren't sent. Please "
	"contact your Internet service provider since part of their network "
	"is on our block list (S3140). You can also refer your provider to "
	"http://mail.live.com/mail/troubleshooting.aspx#errors. "
	"[%s.eop-EUR03.prod.protection.outlook.com 2026-01-05T11:22:33.444Z "
	"08DE49A1B2C3D4E5]",
	"421-4.7.28 [%s      15] Our system has detected an unusual rate of "
	"421-4.7.28 unsolicited mail originating from your IP address. To "
	"protect our 421-4.7.28 users from spam, mail sent from your IP "
	"address has been temporarily 421-4.7.28 rate limited. Please visit "
	"https://support.google.com/mail/?p=UnsolicitedRateLimitError to 421 "
	"4.7.28 review our Bulk Email Senders Guidelines. %s - gsmtp",
	"421 4.7.0 [TSS04] Messages from %s temporarily deferred due to "
	"unexpected volume or user complaints - 4.16.55.1; see "
	"https://postmaster.yahooinc.com/error-codes (%s)",
	"554 5.7.1 Service unavailable; Client host [%s] blocked using "
	"zen.spamhaus.org; https://www.spamhaus.org/query/ip/%s",
	"450 4.7.1 Client host rejected: cannot find your reverse hostname, "
	"[%s] (%s)",
	"550 5.1.1 <user.%s@example.com>: Recipient address rejected: User "
	"unknown in virtual mailbox table, id=%s",
	"552-5.2.2 The email account that you tried to reach is over quota. "
	"552-5.2.2 Please direct the recipient from %s to 552 5.2.2 "
	"https://support.google.com/mail/?p=OverQuotaPerm %s - gsmtp",
	"451 4.3.0 <list-%s@example.net>: Temporary lookup failure in "
	"transaction %s, try again later",
};
enum { TEMPLATES = sizeof(templates) / sizeof(templates[0]) };

static double
now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
least(const double *values)
{
	double best = values[0];

	for (int i = 1; i < RUNS; i++)
		if (values[i] < best)
			best = values[i];
	return best;
}

/* One row; whether the goal is met. */
static bool
row(const char *what, double measured, const char *unit, double goal)
{
	(void)printf("| %s | %.*f %s | %.*f |\n", what, measured < 10, measured,
	    unit, 0, goal);
	return measured < goal;
}

/* "%s" twice: an address and an id that no other reply has. */
static size_t
make_reply(char *out, const char *template, unsigned number)
{
	char ip[32], id[32];
	const char *values[] = { ip, id };
	size_t used = 0, value = 0;

	(void)snprintf(ip, sizeof(ip), "192.0.2.%u", number % 250 + 1);
	(void)snprintf(id, sizeof(id), "x%usi%07uedv", number % 9, number);
	for (const char *p = template; *p != '\0' && used + 40 < REPLY_ROOM;
	    p++) {
		if (p[0] == '%' && p[1] == 's' && value < 2) {
			memcpy(out + used, values[value],
			    strlen(values[value]));
			used += strlen(values[value++]);
			p++;
		} else {
			out[used++] = *p;
		}
	}
	return used;
}

static double
open_ms(const char *dir, size_t *count_r)
{
	double times[RUNS];
	const char *dirs[] = { dir };

	for (int i = 0; i < RUNS; i++) {
		struct mx_err err;
		struct ruleset *rules;
		double begin = now_s();

		if (rules_open(dirs, 1, &rules, NULL, &err) != MX_OK) {
			(void)fprintf(stderr, "%s\n", err.text);
			exit(1);
		}
		times[i] = (now_s() - begin) * 1e3;
		*count_r = rules->count;
		rules_close(rules);
	}
	return least(times);
}

/* COUNT rules: as many of the directory's as it takes, then copies of them
 * with ids and patterns of their own. */
static void
copy_rules(const char *from, const char *to, size_t count)
{
	struct arena arena;
	const char **paths;
	size_t files, written = 0;
	struct mx_err err;

	arena_init(&arena);
	if (data_dir_list(from, ".rules", &arena, &paths, &files, &err) !=
	    MX_OK)
		exit(1);
	for (size_t i = 0; written <= count; i++) {
		struct data_file file;
		struct slice rest, line;
		char path[4096];
		FILE *out;

		if (data_file_read(paths[i % files], &arena, &file, &err) !=
		    MX_OK)
			exit(1);
		(void)snprintf(path, sizeof(path), "%s/%zu.rules", to, i);
		out = fopen(path, "w");
		if (out == NULL)
			exit(1);
		for (rest = file.text; data_next_line(&rest, &line);) {
			bool is_own = slice_starts(line, SLICE("rule ")) ||
			    slice_starts(line, SLICE("pcre ")) ||
			    slice_starts(line, SLICE("link ")) ||
			    slice_starts(line, SLICE("contains "));

			written += slice_starts(line, SLICE("rule "));
			if (written > count)
				break;
			(void)fprintf(out, "%.*s%s", SLICE_ARG(line),
			    is_own && i >= files ? "-copy" : "");
			if (is_own && i >= files)
				(void)fprintf(out, "%zu", i / files);
			(void)fputc('\n', out);
		}
		(void)fclose(out);
	}
	arena_release(&arena);
}

static void
remove_dir(const char *dir)
{
	DIR *stream = opendir(dir);
	const struct dirent *entry;
	char path[4096];

	while (stream != NULL && (entry = readdir(stream)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir,
		    entry->d_name);
		(void)unlink(path);
	}
	if (stream != NULL)
		(void)closedir(stream);
	(void)rmdir(dir);
}

static bool
bench_open(const char *dir, size_t wanted)
{
	char copy_dir[] = "/tmp/bench_classify.XXXXXX", what[64];
	size_t count;
	double ms;

	if (mkdtemp(copy_dir) == NULL)
		exit(1);
	copy_rules(dir, copy_dir, wanted);
	ms = open_ms(copy_dir, &count);
	remove_dir(copy_dir);
	(void)snprintf(what, sizeof(what), "open %zu rules", count);
	return count == wanted && row(what, ms, "ms", 20);
}

static bool
bench_open_all(const char *dir)
{
	char what[64];
	size_t count;
	double ms = open_ms(dir, &count);

	(void)snprintf(what, sizeof(what), "open the %zu rules there are",
	    count);
	return row(what, ms, "ms", 20);
}

struct reply {
	char text[REPLY_ROOM];
	size_t len;
};

/* Seconds for one pass over the replies; STAGE and PROVIDER make them new or
 * known to the cache. */
static double
pass(struct classifier *classifier, const struct reply *replies,
    size_t count, const char *provider)
{
	struct slice own_ip;
	double begin = now_s();

	for (size_t i = 0; i < count; i++) {
		struct classify_query query = {
			.reply = slice_of(replies[i].text, replies[i].len),
			.provider = slice_str(provider),
			.stage = STAGE_RCPT, .outcome = OUTCOME_BOUNCED };

		(void)classify(classifier, &query, &own_ip);
	}
	return now_s() - begin;
}

static bool
bench_known(struct classifier *classifier, const struct reply *replies)
{
	double times[RUNS];

	(void)pass(classifier, replies, REPLIES, "gmail");
	for (int i = 0; i < RUNS; i++) {
		times[i] = 1e9;
		for (int j = 0; j < RUNS; j++) {
			double one = pass(classifier, replies, REPLIES,
			    "gmail") / REPLIES * 1e9;

			if (one < times[i])
				times[i] = one;
		}
	}
	return row("a reply that the cache knows", least(times), "ns", 300);
}

/* Each pass with a provider of its own: all misses. */
static bool
bench_new(struct classifier *classifier, const struct reply *replies)
{
	enum { PASSES = 50 };
	double times[RUNS];

	for (int i = 0; i < RUNS; i++) {
		char provider[32];
		double sum = 0;

		for (unsigned j = 0; j < PASSES; j++) {
			(void)snprintf(provider, sizeof(provider),
			    "mx:bench%d-%u.example", i, j);
			sum += pass(classifier, replies, TEMPLATES, provider);
		}
		times[i] = sum / PASSES / TEMPLATES * 1e9;
	}
	return row("a reply that is new to it", least(times), "ns", 5000);
}

static bool
bench_replies(const char *dir)
{
	static struct reply replies[REPLIES];
	const char *dirs[] = { dir };
	struct classifier *classifier;
	struct mx_err err;
	bool is_good;

	if (classifier_open(dirs, 1, &classifier, &err) != MX_OK)
		exit(1);
	for (unsigned i = 0; i < REPLIES; i++)
		replies[i].len = make_reply(replies[i].text,
		    templates[i % TEMPLATES], i);
	is_good = bench_known(classifier, replies);
	is_good &= bench_new(classifier, replies);
	classifier_close(classifier);
	return is_good;
}

int
main(int argc, char **argv)
{
	const char *dir = argc > 1 ? argv[1] : "analyzer/rules";
	bool is_check = argc > 2 && strcmp(argv[2], "check") == 0;
	bool is_good = bench_open(dir, 300);

	is_good &= bench_open(dir, 1000);
	is_good &= bench_open_all(dir);
	is_good &= bench_replies(dir);
	return is_check && !is_good;
}
