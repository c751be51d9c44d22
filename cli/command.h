/* SPDX-License-Identifier: BSD-2-Clause */
/* What a command is: one file cmd_NAME.c that exports one of these, and one
 * row in main.c's table. Help, options and exit status follow from it. */
#ifndef MX_CLI_COMMAND_H
#define MX_CLI_COMMAND_H

#include "base/err.h"
#include "cli/settings.h"

/* Groups of options that a command takes besides the global ones. The rows
 * are in options.c. */
enum {
	OPTIONS_WINDOW = 1 << 0,    /* --since --until --period */
	OPTIONS_COMPARE = 1 << 1,   /* --compare */
	OPTIONS_FILTER = 1 << 2,    /* --provider --ip */
	OPTIONS_FORMAT = 1 << 3,    /* -f */
	OPTIONS_OUTPUT = 1 << 4,    /* -o */
	OPTIONS_TABLE = 1 << 5,     /* --table */
	OPTIONS_TOP = 1 << 6,       /* --top */
	OPTIONS_FINDING = 1 << 7,   /* --fail-on */
	OPTIONS_PARSE = 1 << 8,     /* --skipped */
	OPTIONS_CLASSIFY = 1 << 9, /* --mx --provider --stage */
	OPTIONS_EPISODES = 1 << 10, /* --explain --all */
	OPTIONS_PRUNE = 1 << 11,    /* --keep --dry-run */
	OPTIONS_CONFIG = 1 << 12,   /* --show --init */
	OPTIONS_WRITE = 1 << 13,    /* --wait: for the store's lock */
	OPTIONS_EVIDENCE = 1 << 14, /* --with-addresses */
	OPTIONS_STATUS = 1 << 15,   /* --limits */
	OPTIONS_PUSH = 1 << 16,     /* --to --schema --again */
	OPTIONS_STORE = 1 << 17,    /* --store */
	OPTIONS_FORMATS = 1 << 20,  /* --check */
	OPTIONS_ANONYMIZE = 1 << 22, /* --anonymize --anonymize-also */
	OPTIONS_ANNOTATE = 1 << 24, /* --kind --import --list --delete */
	OPTIONS_TRACE = 1 << 25     /* --recipient --episode --reply */
};

/* What the sandbox must leave a command besides its files. */
enum {
	NEEDS_STORES = 1 << 0, /* its operands are stores, not logs */
	NEEDS_NETWORK = 1 << 1
};

/* What a command found, for --fail-on; a bit set. */
enum {
	FINDING_NEW = 1 << 0,  /* a confirmed episode, of one address or of
	                        * several together, began in the window */
	FINDING_OPEN = 1 << 1, /* one is open at its end */
	FINDING_ANY = 1 << 2   /* any touches the window, suspected ones too */
};

struct command_result {
	unsigned findings;
	int child_status; /* of a process that did part of it; 0 = well */
};

struct command {
	const char *name;
	const char *summary;     /* one line of `mxtrend --help` */
	const char *usage;       /* "[FILE...]": what follows the name */
	const char *description; /* of `mxtrend NAME --help`; is wrapped */
	unsigned options;        /* OPTIONS_* that it takes */
	unsigned needs;          /* NEEDS_* */
	const char *formats;     /* of -f, first is default: "text json";
	                          * NULL without OPTIONS_FORMAT */
	/* MX_OK, or what decides the exit status; err says why, unless the
	 * command has said it already (say_err), then err->text is "". What
	 * it found goes into *result; main compares it with --fail-on. */
	enum mx_code (*run)(const struct settings *settings,
	    struct command_result *result, struct mx_err *err);
};

#endif
