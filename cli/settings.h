/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything a command may want to know of the user's wishes, in one value:
 * built-in defaults, then configuration files, then MXTREND_* variables, then
 * options. main.c fills it before a command runs; commands only read it. All
 * texts live as long as the settings. Knows no store, no parser, no
 * report. */
#ifndef MX_CLI_SETTINGS_H
#define MX_CLI_SETTINGS_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "cli/pseudonym.h"
#include "cli/when.h"

/* `NAME = VALUE` lines of a section whose names the user chooses. */
struct setting_pair {
	const char *name, *value;
	const char *origin; /* "/etc/mxtrend.conf:12" */
};
struct setting_list {
	struct setting_pair *rows;
	size_t count;
};

/* One [inputs] or [inputs NAME] section. */
struct setting_input {
	const char *name;             /* "" for [inputs] */
	const char **patterns;        /* globs, not yet expanded */
	size_t pattern_count;
	const char *timezone;         /* of stamps without one; NULL = --log-tz */
	const char *format;           /* no probing; NULL = probe */
};

/* The score of the block episode; metrics page, "Recommendation". */
struct setting_episodes {
	int64_t refusal_weight;       /* 6 */
	int64_t noisy_refusal_weight; /* 3: where the base rate is over 2 % */
	int64_t acceptance_weight;    /* 1 */
	int64_t threshold;            /* 12, plus what volume adds */
	int64_t threshold_growth;     /* 4 a decade of daily messages */
	int64_t cap_factor;           /* 2: the score's cap, times threshold */
	int64_t base_days;            /* 28: days that make the base rate */
	int64_t close_acceptances;    /* 3 in a row, and */
	int64_t close_quiet_s;        /* 24 h without refusal */
	int64_t merge_s;              /* 48 h: opened again is the same one */
	int64_t silent_s;             /* 7 d without a vote */
};

enum fail_on { FAIL_ON_NOTHING, FAIL_ON_NEW, FAIL_ON_OPEN, FAIL_ON_ANY,
	FAIL_ONS };
enum yes_no { SAID_NO, SAID_YES };
/* [privacy]: what the store keeps of mail addresses. */
enum addresses_kept { ADDRESSES_WHOLE, ADDRESSES_HASHED, ADDRESSES_NONE };
enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER, COLOR_WHENS };

struct settings {
	struct arena arena;           /* of all texts below */

	/* Time. */
	struct clock clock;           /* fixed by --now */
	const char *now;              /* as given */
	const char *tz, *log_tz;      /* names; "" = the system's */
	bool is_utc;                  /* --utc, short for --tz UTC */
	struct zone *zone;            /* of the report and its days; opened */
	struct zone *log_zone;        /* of stamps that carry none; opened */
	const char *snds_tz;          /* name; never NULL */
	struct zone *snds_zone;       /* of the times in SNDS exports; opened */

	/* How to talk. */
	bool is_quiet;
	enum yes_no sandbox;          /* give up rights before reading */
	unsigned verbose;             /* times -v */
	enum color_when color;        /* as asked; see has_color */
	bool has_color;               /* decided for standard output */
	bool is_utf8;                 /* the locale's character set is UTF-8 */
	unsigned width;               /* columns: COLUMNS, terminal, else 80 */
	bool is_terminal;             /* standard output is one */
	bool is_input_terminal;       /* standard input is one */
	int64_t source_date_epoch;    /* SOURCE_DATE_EPOCH; INT64_MIN = unset */

	/* Where things are. */
	const char *config_path;      /* -c; NULL = the usual places */
	const char *state_dir;        /* --state; never NULL */
	const char *rules_dir;        /* [rules] directory; NULL = usual */
	const char **rule_dirs;       /* vendor first, later ones override */
	size_t rule_dir_count;
	const char *formats_dir;      /* [formats] directory; NULL = usual */
	const char **format_dirs;     /* later ones override */
	size_t format_dir_count;

	/* What to read. */
	int64_t threads;              /* 1 = no read-ahead; 0 = choose */
	const char *input_format;     /* NULL = probe */
	const char *authserv_id;      /* names between blanks; NULL: none */
	bool is_recursive;
	struct setting_input *inputs; /* configured ones */
	size_t input_count;
	struct setting_list source_ips; /* INSTANCE = IP, default = IP */
	struct setting_list hops;     /* NAME_OR_CIDR = local|internal|remote */
	int64_t queue_lifetime_s;
	int64_t keep_detail_s, keep_totals_s; /* 0 = for ever */
	enum addresses_kept senders_kept, recipients_kept;

	int64_t wait_s;               /* for another writer to finish */

	/* What to show. */
	const char *since, *until, *period, *compare; /* as given, or NULL */
	/* By an option, not configured. */
	bool is_period_given, is_tz_given, is_log_tz_given;
	struct when_window window;    /* of the first three */
	struct when_compare comparison;
	const char *provider, *ip;    /* filters, or NULL */
	const char *format;           /* -f; NULL = the command's default, or
	                               * what the name of -o says */
	const char *output;           /* -o; NULL or "-" = standard output */
	const char *table;            /* --table; NULL = default */
	int64_t top;                  /* 0 = default */
	enum fail_on fail_on;
	struct setting_list outputs;  /* FORMAT = PATH, for nightly */

	/* For one command each. */
	bool with_skipped;            /* parse --skipped */
	bool with_all;                /* episodes --all: dismissed ones too */
	bool with_limits;             /* status --limits */
	/* --anonymize: NULL = not, "" = a key for this run, or a key file. */
	const char *anonymize, *anonymize_also;
	struct pseudonym_key anonymize_key;
	bool hides_domains, hides_ips; /* what anonymize_also says */
	bool with_addresses;          /* evidence: whole mail addresses */
	const char *mx, *stage;       /* classify */
	bool classify_explain;        /* classify --explain */
	const char *explain;          /* episodes --explain N */
	int64_t keep_s;               /* prune --keep AGE; -1 = not given */
	bool is_dry_run;
	bool config_show, config_init;
	const char *checked_format;   /* formats --check FILE */
	const char *kind;             /* annotate */
	bool annotate_import, annotate_list;
	int64_t annotate_delete;      /* number of a remark; 0 = none */
	const char *recipient, *episode, *reply; /* trace */
	const char *push_to;          /* URL; NULL = not configured */
	const char *push_schema;      /* push --schema: what form; or NULL */
	bool push_again;              /* push --again */
	enum yes_no push_nightly;     /* after nightly has read */

	const char *store_url;        /* a fleet to report from; NULL = none */

	/* The way to a ClickHouse, for push and for reading. */
	const char *clickhouse_password_file, *clickhouse_ca_file;
	int64_t clickhouse_silence_s; /* 0 = for ever */

	struct setting_episodes episodes;

	/* Where each configured value came from, for config --show. */
	const struct config *config;

	/* The words after the options: files, as a rule. */
	const char *const *operands;
	size_t operand_count;
	/* argv joined by spaces, for the report's Definitions. */
	const char *command_line;
};

/* Nothing set; config_defaults() (cli/config.h) puts in the built-in values.
 * Then everything is valid to release. */
void settings_init(struct settings *settings);
void settings_release(struct settings *settings);

/* After options and configuration: opens the zones, reads the dates, decides
 * colour and width, finds the state and rule directories. MX_E_USAGE for a
 * date or zone of the command line that is none, MX_E_CONFIG for one of the
 * configuration. */
enum mx_code settings_resolve(struct settings *settings, struct mx_err *err)
    MX_MUST_USE;

/* True when the state directory holds a store that can be read. */
bool settings_has_store(const struct settings *settings);
/* As asked for, else the processors there are; at least 1. */
unsigned settings_threads(const struct settings *settings);

#endif
