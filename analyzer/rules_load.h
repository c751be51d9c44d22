/* SPDX-License-Identifier: BSD-2-Clause */
/* Between rules_load.c, which knows lines, rules and directories, and
 * rules_field.c, which knows what stands behind each key. For no one else. */
#ifndef MX_ANALYZER_RULES_LOAD_H
#define MX_ANALYZER_RULES_LOAD_H

#include "analyzer/rules.h"
#include "base/intern.h"

struct loader {
	struct ruleset *rules;
	struct strbuf *problems;
	struct mx_err *err;
	enum mx_code code;        /* of the first fault */
	const char *path;
	unsigned dir;
	struct rule *rule;        /* open one, NULL before the first */
	struct intern ids;        /* number = place in rules->rules */
	/* "default KEY VALUE" of this file */
	struct slice provider, url, source, stage, said_by, token;
};

/* Note a fault; loading goes on so that `rules check` sees all of them. */
void rules_fault(struct loader *l, uint32_t line, const char *text,
    struct slice what);

/* The next word of *rest, which shrinks; false at its end. */
bool rules_next_word(struct slice *rest, struct slice *word_r);

/* Set KEY of the open rule. False when there is no such key. */
bool rules_set_field(struct loader *l, uint32_t line, struct slice key,
    struct slice value);

#endif
