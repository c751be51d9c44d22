/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the Exim parser share. Nobody else includes this: the
 * format is known by its row in ingest_formats.c. */
#ifndef MX_PARSERS_LOG_EXIM_H
#define MX_PARSERS_LOG_EXIM_H

#include "parsers/fact_fill.h"
#include "parsers/ingest_formats.h"

/* The two characters behind the id. */
enum exim_flag {
	EXIM_OTHER,
	EXIM_ARRIVAL,    /* <= and (= */
	EXIM_DELIVERED,  /* => -> >> */
	EXIM_NOT_REALLY, /* *> */
	EXIM_DEFERRED,   /* == */
	EXIM_FAILED,     /* ** */
	EXIM_COMPLETED   /* the word */
};

/* What stands between the flag and the words of a failure. */
struct exim_fields {
	struct slice address, top;  /* final address; original, if it differs */
	struct slice sender;        /* F= or P= */
	struct slice router, transport, cipher, confirmation;
	struct slice host, ip, source_ip;
	struct slice queue_time, size;
	struct slice error;         /* strerror() of an errno, or absent */
	struct slice text;          /* the words, or absent */
	uint16_t port;
	int errno_value;            /* == only; 0 where not logged */
	bool is_routing;            /* == without a transport */
};

/* TEXT: behind "== " and its like. False: *why_r says why the line is no
 * outcome. */
bool exim_fields_read(enum exim_flag flag, struct slice text,
    struct exim_fields *fields_r, enum skip_reason *why_r);

/* The words of a failure, taken apart. */
struct exim_words {
	struct slice reply;     /* of the remote, or the text as it is */
	struct slice host, ip;  /* that the text names, or absent */
	enum stage stage;
	bool is_session;        /* somebody was talked to */
	bool is_unconnected;    /* nobody could be talked to */
	bool is_retry_wait;     /* no attempt: its time has not come */
	bool is_given_up;       /* no attempt: its time is over */
};
void exim_words_read(struct slice text, struct exim_words *words_r);

/* TEXT: behind the flag. FACT holds time, id and place. */
bool exim_delivery_read(struct fact_memory *memory, enum exim_flag flag,
    struct slice text, struct delivery *fact, enum skip_reason *why_r);

#endif
