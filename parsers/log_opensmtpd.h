/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the OpenSMTPD parser share. Nobody else includes this. */
#ifndef MX_PARSERS_LOG_OPENSMTPD_H
#define MX_PARSERS_LOG_OPENSMTPD_H

#include "base/ipaddr.h"
#include "parsers/fact_fill.h"
#include "parsers/ingest_formats.h"

/* ------------------------------------------------------------------ */
/* Refusals before an envelope is named (log_opensmtpd_routes.c). A server
 * that refuses in its greeting is told once, by session; the envelopes that
 * wait for it are then deferred with words that say nothing. */

enum {
	ROUTES_SESSIONS = 64,  /* connecting at the same time */
	ROUTES_FAILURES = 64,
	ROUTES_RELAYS = 512,   /* who served which domain */
	ROUTES_ECHOES = 256,   /* envelopes that heard of a failure */
	ROUTES_NAME = 128,
	ROUTES_WORDS = 1024,
	ROUTES_AGE_S = 900     /* a deferral follows its failure so soon */
};

struct route_session {
	char id[16];
	char address[IPADDR_TEXT], host[ROUTES_NAME];
};

struct route_failure {
	uint64_t serial;       /* 0: free */
	int64_t utc;
	enum stage stage;      /* of a refusal; STAGE_NONE: no words came */
	char address[IPADDR_TEXT], source[IPADDR_TEXT], host[ROUTES_NAME];
	char words[ROUTES_WORDS];
};

struct route_relay {
	uint64_t domain;       /* hash */
	char address[IPADDR_TEXT];
};

struct opensmtpd_routes {
	struct route_session sessions[ROUTES_SESSIONS];
	struct route_failure failures[ROUTES_FAILURES];
	struct route_relay relays[ROUTES_RELAYS];
	uint64_t echoes[ROUTES_ECHOES];
	size_t next_session, next_relay, next_echo;
	uint64_t serial;
};

/* SESSION connects: "address=smtp://192.0.2.1:25 host=name". */
void routes_connecting(struct opensmtpd_routes *routes, struct slice session,
    struct slice text);
/* SESSION failed; REASON is what stands behind "reason=". */
void routes_failed(struct opensmtpd_routes *routes, struct slice session,
    struct slice reason, int64_t utc);
/* "192.0.2.9 <-> 192.0.2.1 (name) for 15s": tells the own address. */
void routes_disabled(struct opensmtpd_routes *routes, struct slice text);
/* An envelope for DOMAIN had a session with ADDRESS: it does not refuse
 * any more. */
void routes_served(struct opensmtpd_routes *routes, struct slice domain,
    struct slice address);
/* The refusal behind a deferral without a session, NULL where none is known
 * or it is not clear which. *is_echo_r: this envelope was told before. */
const struct route_failure *routes_explain(struct opensmtpd_routes *routes,
    struct slice domain, struct slice envelope, int64_t utc, bool *is_echo_r);

/* All of it as text, for the next file of the log; load leaves ROUTES zeroed
 * where TEXT is none. */
void opensmtpd_routes_save(const struct opensmtpd_routes *routes,
    struct strbuf *out);
void opensmtpd_routes_load(struct opensmtpd_routes *routes,
    struct slice text);

/* ------------------------------------------------------------------ */
/* One outcome line (log_opensmtpd_delivery.c) */

struct opensmtpd_fields {
	struct slice envelope; /* 16 hexadecimal digits */
	struct slice sender, recipient, original, source, relay, delay;
	struct slice result;   /* Ok, TempFail, PermFail, Expire, Remove */
	struct slice stat;
	bool is_local;
};

/* TEXT: behind "SESSION mta delivery " and its like, with blanks between the
 * fields (6.0 and later). */
bool opensmtpd_read_blanks(struct slice text,
    struct opensmtpd_fields *fields_r);
/* TEXT: "relay: TempFail for EVPID: session=.., from=<..>, ...", with commas
 * (5.x; expiry and removal in all versions). */
bool opensmtpd_read_commas(struct slice text,
    struct opensmtpd_fields *fields_r);
void opensmtpd_delivery_fill(struct fact_memory *memory,
    struct opensmtpd_routes *routes, const struct opensmtpd_fields *fields,
    struct delivery *fact);

#endif
