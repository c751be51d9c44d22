/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands by name, each from its own cmd_NAME.c; main.c's table lists
 * them. */
#ifndef MX_CLI_COMMANDS_H
#define MX_CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_annotate;
extern const struct command command_classify;
extern const struct command command_config;
extern const struct command command_diff;
extern const struct command command_episodes;
extern const struct command command_evidence;
extern const struct command command_formats;
extern const struct command command_ingest;
extern const struct command command_merge;
extern const struct command command_nightly;
extern const struct command command_parse;
extern const struct command command_prune;
extern const struct command command_push;
extern const struct command command_report;
extern const struct command command_rules;
extern const struct command command_status;
extern const struct command command_trace;

#endif
