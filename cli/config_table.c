/* SPDX-License-Identifier: BSD-2-Clause */
/* THE TABLE of configuration keys. A new key is one row here, a field in
 * settings.h and a paragraph in man/mxtrend.conf.5 (a test compares them).
 * Sections with names of the user's own ([source-ip], [hops], [outputs]) and
 * the files of [inputs] are read in config.c. */
#include "cli/config.h"

#include <assert.h>
#include <stddef.h>

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

/* clang-format off */
const struct config_key config_keys[] = {
	{ "run", "threads", NUMBER(threads, 0, 64), "0",
	  "1 = one thread does all; 0 = as many as there are processors" },
	{ "run", "color", CHOICE(color, value_color_names), "auto",
	  "auto, always or never" },
	{ "run", "sandbox", CHOICE(sandbox, value_yes_no_names), "yes",
	  "give up the rights that reading does not need: yes or no" },
	{ "inputs", "timezone", TEXT(log_tz), "",
	  "zone of time stamps that carry none; empty = the system's" },
	{ "inputs", "format", TEXT(input_format), NULL,
	  "format of the files; empty = recognise each" },
	{ "mailbox", "authserv_id", TEXT(authserv_id), NULL,
	  "own mail servers whose Authentication-Results are trusted" },
	{ "mailbox", "snds_timezone", TEXT(snds_tz), "UTC",
	  "zone of the times in SNDS exports" },
	{ "report", "timezone", TEXT(tz), "",
	  "zone of the report and its days; empty = the system's" },
	{ "report", "period", TEXT(period), NULL,
	  "window of a report that names none: yesterday, 7d, last-month" },
	{ "report", "compare", TEXT(compare), NULL,
	  "window to compare with: prev, year or A..B" },
	{ "report", "top", NUMBER(top, 0, 1000000), "0",
	  "rows of long tables; 0 = each format's own" },
	{ "report", "fail_on", CHOICE(fail_on, value_fail_on_names), "nothing",
	  "exit status 1 for new, open or any episode" },
	{ "store", "state", TEXT(state_dir), "",
	  "directory of the store; empty = /var/lib/mxtrend or the user's" },
	{ "store", "url", TEXT(store_url), NULL,
	  "of a fleet to report from: clickhouse://[USER@]HOST[:PORT]/DATABASE" },
	{ "store", "queue_lifetime", AGE(queue_lifetime_s), "6d",
	  "a delivery open for longer is forgotten; the MTA's own and a day" },
	{ "store", "keep_detail", AGE(keep_detail_s), "90d",
	  "how long failed attempts keep their words and addresses" },
	{ "store", "keep_totals", AGE(keep_totals_s), "never",
	  "how long totals are kept; never = not dropped" },
	{ "privacy", "recipients", CHOICE(recipients_kept, value_addresses_names),
	  "whole", "what the store keeps of recipients: whole, hashed or none" },
	{ "privacy", "senders", CHOICE(senders_kept, value_addresses_names),
	  "whole", "the same of senders; domains are always kept" },
	{ "push", "to", TEXT(push_to), NULL,
	  "where to: clickhouse://[USER@]HOST[:PORT]/DATABASE" },
	{ "push", "nightly", CHOICE(push_nightly, value_yes_no_names), "no",
	  "push after nightly has read: yes or no" },
	{ "clickhouse", "password_file", TEXT(clickhouse_password_file), NULL,
	  "file with the password in its first line" },
	{ "clickhouse", "ca_file", TEXT(clickhouse_ca_file), NULL,
	  "certificates that TLS trusts; empty = the system's" },
	{ "clickhouse", "silence", AGE(clickhouse_silence_s), "10min",
	  "how long a server may say nothing; never = for ever" },
	{ "rules", "directory", TEXT(rules_dir), NULL,
	  "own rules and providers, read last; they override by id" },
	{ "formats", "directory", TEXT(formats_dir), NULL,
	  "own log formats, read last; they override by name" },
	{ "episodes", "refusal_weight",
	  NUMBER(episodes.refusal_weight, 1, 1000), "6",
	  "what a refusal adds to the score" },
	{ "episodes", "noisy_refusal_weight",
	  NUMBER(episodes.noisy_refusal_weight, 1, 1000), "3",
	  "the same where more than 2 % are refused at all times" },
	{ "episodes", "acceptance_weight",
	  NUMBER(episodes.acceptance_weight, 1, 1000), "1",
	  "what an acceptance takes off the score" },
	{ "episodes", "threshold", NUMBER(episodes.threshold, 1, 10000), "12",
	  "score that opens an episode at 5 messages a day" },
	{ "episodes", "threshold_growth",
	  NUMBER(episodes.threshold_growth, 0, 1000), "4",
	  "added to it for each tenfold of messages" },
	{ "episodes", "cap_factor", NUMBER(episodes.cap_factor, 1, 100), "2",
	  "the score stops at this many thresholds" },
	{ "episodes", "base_days", NUMBER(episodes.base_days, 1, 366), "28",
	  "days that make the usual volume and refusal rate" },
	{ "episodes", "close_acceptances",
	  NUMBER(episodes.close_acceptances, 1, 1000), "3",
	  "so many acceptances in a row end an episode, if for" },
	{ "episodes", "close_quiet", AGE(episodes.close_quiet_s), "1d",
	  "this long nothing was refused" },
	{ "episodes", "merge", AGE(episodes.merge_s), "2d",
	  "opened again within this time, it is the same episode" },
	{ "episodes", "silent", AGE(episodes.silent_s), "7d",
	  "without a vote for this long an open episode is silent" },
};
/* clang-format on */

const size_t config_key_count = sizeof(config_keys) / sizeof(config_keys[0]);
static_assert(sizeof(config_keys) / sizeof(config_keys[0]) <= CONFIG_KEYS_MAX,
    "struct config has no room for all keys");
