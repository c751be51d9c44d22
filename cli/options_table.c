/* SPDX-License-Identifier: BSD-2-Clause */
/* THE TABLE of options. A new option is one row here, a field in settings.h
 * and a paragraph on the command's page in man/ (a test compares them). */
#include "cli/options.h"

#include <stddef.h>

#define FLAG(field) \
	{ .kind = VALUE_FLAG, .offset = offsetof(struct settings, field) }
#define COUNT(field) \
	{ .kind = VALUE_COUNT, .offset = offsetof(struct settings, field) }
#define TEXT(field) \
	{ .kind = VALUE_TEXT, .offset = offsetof(struct settings, field) }
#define NUMBER(field, least, most) \
	{ .kind = VALUE_NUMBER, .offset = offsetof(struct settings, field), \
	  .min = (least), .max = (most) }
#define AGE(field) \
	{ .kind = VALUE_AGE, .offset = offsetof(struct settings, field) }
#define CHOICE(field, names) \
	{ .kind = VALUE_CHOICE, .offset = offsetof(struct settings, field), \
	  .choices = (names) }
#define ACT(what) .action = (what), .slot = { .kind = VALUE_NONE }
#define NONE ARGUMENT_NONE, NULL
#define NEEDS(hint) ARGUMENT_REQUIRED, (hint)
#define MAY(hint) ARGUMENT_OPTIONAL, (hint)

/* clang-format off */
const struct option_row option_rows[] = {
	/* of one command or some */
	{ 'f', "format", NEEDS("FORMAT"), "how to print",
	  OPTIONS_FORMAT, .slot = TEXT(format) },
	{ 'o', "output", NEEDS("FILE"), "write there, replacing it at the end",
	  OPTIONS_OUTPUT, .slot = TEXT(output) },
	{ 'S', "since", NEEDS("TIME"), "from then on: 2026-11-20, -7d, yesterday",
	  OPTIONS_WINDOW, .slot = TEXT(since) },
	{ 'U', "until", NEEDS("TIME"), "before then; a bare date excludes that day",
	  OPTIONS_WINDOW, .slot = TEXT(until) },
	{ 'p', "period", NEEDS("PERIOD"), "yesterday, week, last-month, 7d, ...",
	  OPTIONS_WINDOW, .slot = TEXT(period), .overrides = "report.period" },
	{ 0, "compare", NEEDS("WHAT"), "with prev, year or a window A..B",
	  OPTIONS_COMPARE, .slot = TEXT(compare), .overrides = "report.compare" },
	{ 0, "provider", NEEDS("KEY"), "this provider only",
	  OPTIONS_FILTER | OPTIONS_CLASSIFY, .slot = TEXT(provider) },
	{ 0, "ip", NEEDS("ADDRESS"), "this address of ours only",
	  OPTIONS_FILTER, .slot = TEXT(ip) },
	{ 0, "table", NEEDS("NAME"), "of csv and tsv: series, providers, episodes ...",
	  OPTIONS_TABLE, .slot = TEXT(table) },
	{ 'n', "top", NEEDS("N"), "rows of long tables",
	  OPTIONS_TOP, .slot = NUMBER(top, 1, 1000000), .overrides = "report.top" },
	{ 0, "fail-on", NEEDS("WHAT"), "status 1 for new, open or any episode",
	  OPTIONS_FINDING, .slot = CHOICE(fail_on, value_fail_on_names),
	  .overrides = "report.fail_on" },
	{ 0, "skipped", NONE, "print what was not understood, too",
	  OPTIONS_PARSE, .slot = FLAG(with_skipped) },
	{ 0, "mx", NEEDS("HOST"), "the mail exchanger that replied",
	  OPTIONS_CLASSIFY, .slot = TEXT(mx) },
	{ 0, "stage", NEEDS("STAGE"), "connect ehlo starttls auth mail rcpt data eod",
	  OPTIONS_CLASSIFY, .slot = TEXT(stage) },
	{ 0, "explain", NEEDS("ID"), "the votes and the running score",
	  OPTIONS_EPISODES, .slot = TEXT(explain) },
	{ 0, "explain", NONE, "the rule that decided, and the next best",
	  OPTIONS_CLASSIFY, .slot = FLAG(classify_explain) },
	{ 'a', "all", NONE, "dismissed suspicions, too",
	  OPTIONS_EPISODES, .slot = FLAG(with_all) },
	{ 0, "keep", NEEDS("AGE"), "drop detail older than this: 90d",
	  OPTIONS_PRUNE, .slot = AGE(keep_s) },
	{ 0, "kind", NEEDS("WORD"), "what kind of remark: note, dnsbl, talos, ...",
	  OPTIONS_ANNOTATE, .slot = TEXT(kind) },
	{ 0, "import", NONE, "remarks from files, one a line",
	  OPTIONS_ANNOTATE, .slot = FLAG(annotate_import) },
	{ 'l', "list", NONE, "the remarks with their numbers",
	  OPTIONS_ANNOTATE, .slot = FLAG(annotate_list) },
	{ 0, "delete", NEEDS("N"), "drop the remark of that number",
	  OPTIONS_ANNOTATE, .slot = NUMBER(annotate_delete, 1, INT64_MAX) },
	{ 0, "recipient", NEEDS("ADDRESS"), "mail to this address",
	  OPTIONS_TRACE, .slot = TEXT(recipient) },
	{ 0, "episode", NEEDS("ID"), "what this episode refused",
	  OPTIONS_TRACE, .slot = TEXT(episode) },
	{ 0, "reply", NEEDS("TEXT"), "attempts whose reply has this text",
	  OPTIONS_TRACE, .slot = TEXT(reply) },
	{ 0, "with-addresses", NONE, "mail addresses in full",
	  OPTIONS_EVIDENCE, .slot = FLAG(with_addresses) },
	{ 0, "limits", NONE, "every limit on input, with its reason",
	  OPTIONS_STATUS, .slot = FLAG(with_limits) },
	{ 0, "anonymize", MAY("KEYFILE"), "pseudonyms for local parts of addresses",
	  OPTIONS_ANONYMIZE, .slot = TEXT(anonymize), .implied = "" },
	{ 0, "anonymize-also", NEEDS("WHAT"), "domains, ips or domains,ips",
	  OPTIONS_ANONYMIZE, .slot = TEXT(anonymize_also) },
	{ 0, "store", NEEDS("URL"), "of a fleet: clickhouse://[USER@]HOST[:PORT]/DATABASE",
	  OPTIONS_STORE, .slot = TEXT(store_url), .overrides = "store.url" },
	{ 0, "to", NEEDS("URL"), "clickhouse://[USER@]HOST[:PORT]/DATABASE",
	  OPTIONS_PUSH, .slot = TEXT(push_to), .overrides = "push.to" },
	{ 0, "schema", MAY("FORM"), "print SQL: node, cluster, tidy, tidy-cluster",
	  OPTIONS_PUSH, .slot = TEXT(push_schema), .implied = "node" },
	{ 0, "again", NONE, "send everything, replacing what is there",
	  OPTIONS_PUSH, .slot = FLAG(push_again) },
	{ 0, "wait", NEEDS("AGE"), "so long for another writer to finish: 30s",
	  OPTIONS_WRITE, .slot = AGE(wait_s) },
	{ 0, "dry-run", NONE, "say what would be done, do nothing",
	  OPTIONS_PRUNE, .slot = FLAG(is_dry_run) },
	{ 0, "show", NONE, "effective values and where they come from",
	  OPTIONS_CONFIG, .slot = FLAG(config_show) },
	{ 0, "init", NONE, "a configuration from what is found on this host",
	  OPTIONS_CONFIG, .slot = FLAG(config_init) },

	{ 0, "check", NEEDS("FILE"), "prove a format file by its own samples",
	  OPTIONS_FORMATS, .slot = TEXT(checked_format) },

	/* of every command, before or after its name */
	{ 'c', "config", NEEDS("FILE"), "this configuration and no other",
	  0, .slot = TEXT(config_path) },
	{ 0, "state", NEEDS("DIR"), "where the store is",
	  0, .slot = TEXT(state_dir), .overrides = "store.state" },
	{ 0, "now", NEEDS("TIME"), "what time it is",
	  0, .slot = TEXT(now) },
	{ 0, "tz", NEEDS("ZONE"), "of the report and its days",
	  0, .slot = TEXT(tz), .overrides = "report.timezone" },
	{ 0, "utc", NONE, "the same as --tz UTC",
	  0, .slot = FLAG(is_utc) },
	{ 0, "log-tz", NEEDS("ZONE"), "of time stamps that carry none",
	  0, .slot = TEXT(log_tz), .overrides = "inputs.timezone" },
	{ 0, "input-format", NEEDS("NAME"), "do not probe: see mxtrend formats",
	  0, .slot = TEXT(input_format), .overrides = "inputs.format" },
	{ 'r', "recursive", NONE, "read directories",
	  0, .slot = FLAG(is_recursive) },
	{ 'j', "threads", NEEDS("N"), "1 = one thread reads, counts and stores",
	  0, .slot = NUMBER(threads, 1, 64), .overrides = "run.threads" },
	{ 0, "color", MAY("WHEN"), "auto, always or never",
	  0, .slot = CHOICE(color, value_color_names), .implied = "always",
	  .overrides = "run.color" },
	{ 'q', "quiet", NONE, "print only findings and errors",
	  0, .slot = FLAG(is_quiet) },
	{ 'v', "verbose", NONE, "say more; twice: even more",
	  0, .slot = COUNT(verbose) },
	{ 'h', "help", NONE, "this text",
	  0, ACT(ACTION_HELP) },
	{ 'V', "version", NONE, "version, licence, libraries, rules",
	  0, ACT(ACTION_VERSION) },
	{ 0, "completion", NEEDS("SHELL"), "a completion script: bash, zsh, fish",
	  0, ACT(ACTION_COMPLETION) },
};
/* clang-format on */

const size_t option_row_count = sizeof(option_rows) / sizeof(option_rows[0]);
