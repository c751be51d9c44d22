/* SPDX-License-Identifier: BSD-2-Clause */
/* genlog: a deterministic log of a Postfix site, with its true counts beside
 * it. See README.md here. Options are read here and nowhere else. */
#include "tests/gen/gen.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char USAGE[] =
"usage: genlog [OPTION]... > LOG\n"
"  --seed N            chance (1)          --zone NAME       Europe/Berlin\n"
"  --start YYYY-MM-DD  2026-11-01          --style rfc3164|iso\n"
"  --days N            7                   --iso-from TIME   upgrade, UTC\n"
"  --per-day N         messages (2000)     --size MB         sets --per-day\n"
"  --hosts N           1                   --host-name NAME  of the first\n"
"  --instances N       4                   --domains N       small ones (400)\n"
"  --noise PERCENT     100                 --dirty PPM       0\n"
"  --filter PERCENT    8                   --local PERCENT   20\n"
"  --dnsbl-sites N     2                   --tls-field HOST  1 = second host\n"
"  --repeats           folded repetitions  --no-suspended    no echoes\n"
"  --no-hostile        no forged replies\n"
"  --episode provider=KEY[,instance=NAME][,host=NAME],start=TIME[,end=TIME]\n"
"            ,kind=block|throttle|defer[,percent=N]     may be repeated\n"
"  --random-episodes N\n"
"  -o, --out FILE      standard output     --truth FILE      counts, JSON\n"
"  --cut LINE --out2 FILE                  the log in two files\n"
"  --rotate daily|weekly --dir DIR [--keep-plain N]\n"
"  TIME is YYYY-MM-DDThh:mm:ssZ; KEY as in providers.tsv\n";

_Noreturn void
die(const char *what, const char *which)
{
	fprintf(stderr, "genlog: %s%s%s\n", what, which[0] == '\0' ? "" : ": ",
	    which);
	exit(1);
}

void *
xcalloc(size_t count, size_t size)
{
	void *p = calloc(count == 0 ? 1 : count, size);

	if (p == NULL)
		die("out of memory", "");
	return p;
}

void *
xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size);

	if (p == NULL)
		die("out of memory", "");
	return p;
}

static uint64_t
number(const char *name, const char *text, uint64_t max)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || end == text || value > max ||
	    text[0] == '-')
		die("not a number in range", name);
	return value;
}

static int64_t
moment(const char *text)
{
	int64_t at;

	if (!time_from_rfc3339(text, &at))
		die("not a time", text);
	return at;
}

static void
episode_field(struct episode_option *episode, char *key)
{
	static const char *const KIND[] = { "block", "throttle", "defer" };
	char *value = strchr(key, '=');
	unsigned i;

	if (value == NULL)
		die("episode field without =", key);
	*value++ = '\0';
	if (strcmp(key, "provider") == 0)
		episode->provider = value;
	else if (strcmp(key, "instance") == 0)
		episode->instance = value;
	else if (strcmp(key, "host") == 0)
		episode->host = value;
	else if (strcmp(key, "start") == 0)
		episode->start = moment(value);
	else if (strcmp(key, "end") == 0)
		episode->end = moment(value);
	else if (strcmp(key, "percent") == 0)
		episode->percent = (uint32_t)number(key, value, 100);
	else if (strcmp(key, "kind") != 0)
		die("no such episode field", key);
	for (i = 0; i < 3 && strcmp(key, "kind") == 0; i++)
		if (strcmp(value, KIND[i]) == 0)
			episode->kind = (enum episode_kind)i;
}

/* TEXT is argv's own and is taken apart in place. */
static void
episode_option(struct gen_options *options, char *text)
{
	struct episode_option *episode;
	char *comma;

	if (options->episode_count == GEN_EPISODES_MAX)
		die("too many episodes", text);
	episode = &options->episodes[options->episode_count++];
	memset(episode, 0, sizeof(*episode));
	episode->end = INT64_MAX;
	episode->percent = 100;
	for (; text != NULL; text = comma) {
		comma = strchr(text, ',');
		if (comma != NULL)
			*comma++ = '\0';
		episode_field(episode, text);
	}
	if (episode->provider == NULL || episode->start == 0)
		die("an episode needs provider= and start=", "");
}

/* ---- the table of options -----------------------------------------------*/
struct option_row {
	const char *name;
	enum { TAKES_UINT, TAKES_TEXT, TAKES_FLAG, TAKES_OTHER } takes;
	size_t offset;
	uint32_t max;
};

#define AT(field) offsetof(struct gen_options, field)
static const struct option_row ROWS[] = {
	{ "--days", TAKES_UINT, AT(days), 4000 },
	{ "--per-day", TAKES_UINT, AT(per_day), 100000000 },
	{ "--hosts", TAKES_UINT, AT(hosts), 16 },
	{ "--instances", TAKES_UINT, AT(instances), 16 },
	{ "--domains", TAKES_UINT, AT(domains), 100000 },
	{ "--noise", TAKES_UINT, AT(noise_percent), 10000 },
	{ "--dirty", TAKES_UINT, AT(dirty_ppm), 1000000 },
	{ "--filter", TAKES_UINT, AT(filter_percent), 100 },
	{ "--local", TAKES_UINT, AT(local_percent), 99 },
	{ "--dnsbl-sites", TAKES_UINT, AT(dnsbl_sites), 1000 },
	{ "--tls-field", TAKES_UINT, AT(tls_field), 1000 },
	{ "--random-episodes", TAKES_UINT, AT(random_episodes), 32 },
	{ "--keep-plain", TAKES_UINT, AT(keep_plain), 1000 },
	{ "--zone", TAKES_TEXT, AT(zone), 0 },
	{ "--host-name", TAKES_TEXT, AT(host_name), 0 },
	{ "--out", TAKES_TEXT, AT(out), 0 },
	{ "-o", TAKES_TEXT, AT(out), 0 },
	{ "--out2", TAKES_TEXT, AT(out2), 0 },
	{ "--dir", TAKES_TEXT, AT(dir), 0 },
	{ "--truth", TAKES_TEXT, AT(truth), 0 },
	{ "--repeats", TAKES_FLAG, AT(repeats), 0 },
	{ "--no-suspended", TAKES_FLAG, AT(no_suspended), 0 },
	{ "--no-hostile", TAKES_FLAG, AT(no_hostile), 0 },
	{ "--seed", TAKES_OTHER, 0, 0 }, { "--start", TAKES_OTHER, 0, 0 },
	{ "--style", TAKES_OTHER, 0, 0 }, { "--iso-from", TAKES_OTHER, 0, 0 },
	{ "--size", TAKES_OTHER, 0, 0 }, { "--cut", TAKES_OTHER, 0, 0 },
	{ "--rotate", TAKES_OTHER, 0, 0 }, { "--episode", TAKES_OTHER, 0, 0 },
};

static void
take_other(struct gen_options *options, const char *name, char *value)
{
	if (strcmp(name, "--seed") == 0)
		options->seed = number(name, value, UINT64_MAX);
	else if (strcmp(name, "--size") == 0)
		options->size_mb = number(name, value, 1u << 20);
	else if (strcmp(name, "--cut") == 0)
		options->cut_line = number(name, value, UINT64_MAX);
	else if (strcmp(name, "--iso-from") == 0)
		options->iso_from = moment(value);
	else if (strcmp(name, "--episode") == 0)
		episode_option(options, value);
	else if (strcmp(name, "--style") == 0)
		options->style = strcmp(value, "iso") == 0 ? STYLE_ISO :
		    STYLE_RFC3164;
	else if (strcmp(name, "--rotate") == 0)
		options->rotate = strcmp(value, "weekly") == 0 ?
		    ROTATE_WEEKLY : ROTATE_DAILY;
	else if (sscanf(value, "%4d-%2d-%2d", &options->start_year,
	    &options->start_month, &options->start_day) != 3)
		die("not a date", value);
}

static void
take(struct gen_options *options, const struct option_row *row, char *value)
{
	char *field = (char *)options + row->offset;
	const char *text = value;
	bool yes = true;
	uint32_t n;

	switch (row->takes) {
	case TAKES_UINT:
		n = (uint32_t)number(row->name, value, row->max);
		memcpy(field, &n, sizeof(n));
		break;
	case TAKES_TEXT:
		memcpy(field, &text, sizeof(text));
		break;
	case TAKES_FLAG:
		memcpy(field, &yes, sizeof(yes));
		break;
	case TAKES_OTHER:
		take_other(options, row->name, value);
		break;
	}
}

static void
read_options(struct gen_options *options, int argc, char **argv)
{
	size_t row, rows = sizeof(ROWS) / sizeof(ROWS[0]);
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(USAGE, stdout);
			exit(0);
		}
		for (row = 0; row < rows; row++)
			if (strcmp(argv[i], ROWS[row].name) == 0)
				break;
		if (row == rows) {
			fputs(USAGE, stderr);
			die("unknown option", argv[i]);
		}
		if (ROWS[row].takes != TAKES_FLAG && i + 1 == argc)
			die("option needs a value", argv[i]);
		take(options, &ROWS[row], ROWS[row].takes == TAKES_FLAG ?
		    NULL : argv[++i]);
	}
	if (options->hosts == 0 || options->instances == 0 ||
	    options->days == 0 ||
	    options->hosts * options->instances > GEN_SOURCES_MAX)
		die("days, hosts and instances must be 1 or more, 64 sources "
		    "at most", "");
	if (options->cut_line != 0 && options->out2 == NULL)
		die("--cut needs --out2", "");
	if (options->rotate != ROTATE_NONE && options->dir == NULL)
		die("--rotate needs --dir", "");
}

/* --size: a small trial tells how many bytes a message makes. */
static void
fit_size(struct gen_options *options)
{
	struct gen *gen = xcalloc(1, sizeof(*gen));
	uint64_t want = options->size_mb * 1000000;

	options->per_day = 3000;
	gen_init(gen, options, true);
	gen_run(gen);
	out_close(&gen->out);
	options->per_day = (uint32_t)(want * options->per_day /
	    (gen->out.bytes + 1) + 1);
	gen_release(gen);
	free(gen);
}

int
main(int argc, char **argv)
{
	struct gen_options options = { .seed = 1, .start_year = 2026,
		.start_month = 11, .start_day = 1, .days = 7, .hosts = 1,
		.instances = 4, .domains = 400, .per_day = 2000,
		.zone = "Europe/Berlin", .iso_from = INT64_MAX,
		.noise_percent = 100, .filter_percent = 8, .local_percent = 20,
		.dnsbl_sites = 2, .tls_field = 1, .keep_plain = 1,
		.out = "-" };
	struct gen *gen = xcalloc(1, sizeof(*gen));

	read_options(&options, argc, argv);
	zone_set(options.zone);
	if (options.size_mb != 0)
		fit_size(&options);
	gen_init(gen, &options, false);
	gen_run(gen);
	out_close(&gen->out);
	if (options.truth != NULL)
		truth_write(gen, options.truth);
	gen_release(gen);
	free(gen);
	return 0;
}
