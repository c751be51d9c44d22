/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the two formats of Exchange; and the dialogues of its send
 * protocol log. */
#ifndef MX_PARSERS_LOG_EXCHANGE_H
#define MX_PARSERS_LOG_EXCHANGE_H

#include "parsers/fact_fill.h"
#include "parsers/log_saved.h"

/* Between the servers of one organisation, whatever their addresses. */
bool exchange_is_own_connector(struct slice connector);
/* TEXT without a byte order mark. */
struct slice exchange_without_mark(struct slice text);

enum {
	DIALOGUES = 256,         /* at the same time; a power of two */
	DIALOGUE_RECIPIENTS = 200,
	DIALOGUE_COMMANDS = 256, /* sent and not answered yet */
	DIALOGUE_BYTES = 32 * 1024
};

enum command { COMMAND_OTHER, COMMAND_EHLO, COMMAND_STARTTLS, COMMAND_AUTH,
	COMMAND_MAIL, COMMAND_RCPT, COMMAND_DATA, COMMAND_EOD, COMMANDS };

struct dialogue_recipient {
	uint32_t at, len;        /* in addresses */
	bool is_accepted, is_told;
};

/* One SMTP session, from "+" to "-". */
struct dialogue {
	uint64_t key;            /* hash of the session's id; 0: free */
	uint64_t seen;           /* row number: who was quiet longest goes */
	struct strbuf session, id, addresses, sender, reply;
	bool has_greeting, has_record, has_mail_error;
	uint32_t messages;       /* begun so far */
	int64_t size_bytes;
	struct dialogue_recipient recipients[DIALOGUE_RECIPIENTS];
	size_t recipient_count;
	/* A ring of commands, each with its recipient's number. */
	struct {
		enum command command;
		uint32_t recipient;
	} waiting[DIALOGUE_COMMANDS];
	size_t first_waiting, waiting_count;
	struct strbuf mail_error;
	char tls[32];
};

/* A row of the log. */
struct exchange_row {
	struct stamp at;
	struct mx_where where;
	struct slice connector, session, local, remote, data, context;
	char event;
};

/* One row of a dialogue, facts out. */
enum mx_code exchange_dialogue_row(struct fact_memory *memory,
    struct dialogue *dialogue, const struct exchange_row *row,
    const struct fact_sink *sink, struct mx_err *err);
void exchange_dialogue_begin(struct dialogue *dialogue, uint64_t key,
    struct slice session);
void exchange_dialogue_release(struct dialogue *dialogue);

/* As text, for the next file of the log. */
void exchange_dialogue_save(const struct dialogue *dialogue,
    struct strbuf *out);
/* Into one that is free. False: not what was saved; it is free still. */
bool exchange_dialogue_load(struct dialogue *dialogue,
    struct saved_fields *from);

#endif
