/* SPDX-License-Identifier: BSD-2-Clause */
/* --anonymize: pseudonyms in place of the local parts of mail addresses, and
 * of host names and IP addresses where they are asked for, in every text that
 * leaves the program. What belongs to a known provider stays readable.
 * Knows no format. */
#ifndef MX_CLI_ANONYMIZE_H
#define MX_CLI_ANONYMIZE_H

#include "analyzer/providers.h"
#include "cli/settings.h"

struct anonymizer;

/* NULL where nothing is to be hidden. PROVIDERS must outlive it; NULL when
 * freed is allowed. */
struct anonymizer *anonymizer_new(const struct settings *settings,
    const struct providers *providers);
void anonymizer_free(struct anonymizer *self);

/* TEXT as it may be told: itself, or what is valid until the next call. KEY
 * says what it is ("recipient", "sample"), as the columns of the report and
 * the members of facts are called. */
struct slice anonymizer_text(struct anonymizer *self, const char *key,
    struct slice text);

/* Another id for an episode, whose own would betray the address to whoever
 * tries all of them; ID itself where addresses are told. */
struct slice anonymizer_episode(struct anonymizer *self, struct slice id);

/* WORDS are about ADDRESS: its local part is hidden in them even where it
 * stands alone ("tina: unknown user"). */
void anonymizer_learn(struct anonymizer *self, struct slice words,
    struct slice address);
/* WORDS may speak of the sending source SOURCE ("mail/postfix"). */
void anonymizer_learn_source(struct anonymizer *self, struct slice words,
    struct slice source);
/* Loses what was learnt so far. */
void anonymizer_forget(struct anonymizer *self);
/* A block list's zone, which is no secret. */
void anonymizer_keep(struct anonymizer *self, struct slice token);

/* The JSON object that was appended to TEXT behind FROM. */
void anonymizer_json(struct anonymizer *self, struct strbuf *text,
    size_t from);

#endif
