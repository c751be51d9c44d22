/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the files of the Stalwart format. */
#ifndef MX_PARSERS_LOG_STALWART_H
#define MX_PARSERS_LOG_STALWART_H

#include "base/arena.h"
#include "parsers/fact_fill.h"
#include "parsers/ingest_formats.h"

enum {
	STALWART_OPEN = 1024,    /* messages under way; a power of two */
	STALWART_SETTLED = 100,  /* recipients settled in one attempt */
	STALWART_WORDS = 1024,   /* of an error that waits for its recipients */
	STALWART_PATH = 4096     /* of the file that such an error stands in */
};

/* What a line says. Values are as written, without their quotes. */
struct stalwart_line {
	struct slice event;      /* "delivery.delivered" */
	struct slice id, from, to, size, host, local_ip, remote_ip, port,
	    domain, version, code, words;
	bool is_list;            /* to is a list: "\"a\", \"b\"" */
};

/* TEXT starts at the level. False: not of Stalwart's layout. Source: Stalwart
 * 0.10 to 0.15 crates/trc/src/serializers/text.rs. */
bool stalwart_line_read(struct slice text, struct stalwart_line *line_r);
/* The next address of a list; absent at its end. */
struct slice stalwart_next_address(struct slice *list);

/* An attempt to deliver one message. */
struct stalwart_attempt {
	uint64_t key;            /* hash of the queue id; 0: free */
	int64_t seen_utc;
	int64_t arrived_utc;     /* INT64_MIN: not known */
	char host[LIMIT_DOMAIN_BYTES], domain[LIMIT_DOMAIN_BYTES];
	char local_ip[IPADDR_TEXT], remote_ip[IPADDR_TEXT], tls[16];
	uint16_t port;
	/* The error that ends it for those who were not settled before. */
	bool has_error, is_refusal;
	enum stage stage;
	struct stamp error_at;
	struct mx_where error_where;
	char error_host[LIMIT_DOMAIN_BYTES], error_ip[IPADDR_TEXT];
	char words[STALWART_WORDS];
	/* Hashes of the recipients that were settled. */
	uint64_t settled[STALWART_SETTLED];
	size_t settled_count;
	bool has_deferred;
};

struct stalwart_state {
	struct fact_memory memory;
	struct stamp_clock *clock;
	struct strbuf plain;     /* a line without colours */
	struct strbuf reply;
	struct arena paths;      /* of errors that earlier files hold */
	struct stalwart_attempt open[STALWART_OPEN];
};

/* What is under way; see struct log_format. */
void stalwart_save(const void *memory, struct strbuf *out);
void stalwart_load(void *memory, struct slice text);

/* The attempt of KEY: found, or in place of a free one or the one quiet
 * longest. */
struct stalwart_attempt *stalwart_attempt(struct stalwart_state *state,
    uint64_t key, int64_t utc);
/* Of one line; the sink was told of it. *is_cut_r: the line is not whole, and
 * nothing was told. */
enum mx_code stalwart_event(struct stalwart_state *state,
    const struct stalwart_line *line, const struct stamp *at,
    const struct mx_where *where, const struct fact_sink *sink,
    bool *is_cut_r, struct mx_err *err);

#endif
