/* SPDX-License-Identifier: BSD-2-Clause */
/* The HTTP interface of a ClickHouse server: a statement goes there, bytes go
 * or come in a stream, and what fails is one line. Knows no table. */
#ifndef MX_ANALYZER_CLICKHOUSE_H
#define MX_ANALYZER_CLICKHOUSE_H

#include "base/err.h"
#include "base/slice.h"

/* clickhouse://[USER@]HOST[:PORT]/DATABASE[?tls=1]; clickhouses:// has TLS.
 * Texts are percent-decoded and owned. */
struct clickhouse_url {
	char *user; /* NULL: the server's default */
	char *host; /* IPv6 addresses without brackets */
	uint16_t port; /* 8123, with TLS 8443 */
	char *database;
	bool has_tls;
};

bool clickhouse_is_url(const char *text);
/* MX_E_USAGE: not such a URL, or with a password in it; then nothing is to be
 * released. */
enum mx_code clickhouse_url_parse(const char *text,
    struct clickhouse_url *url_r, struct mx_err *err) MX_MUST_USE;
void clickhouse_url_release(struct clickhouse_url *url);

struct clickhouse;

struct clickhouse_options {
	const char *url;
	const char *password; /* NULL: none */
	const char *ca_file;  /* whom TLS trusts; NULL: the system's list */
	int64_t connect_s;    /* 0: LIMIT_CLICKHOUSE_CONNECT_S */
	int64_t silence_s;    /* in which less than a byte a second comes or
	                       * goes; 0: however long */
};

/* Sends nothing yet. MX_E_USAGE: the URL; MX_E_UNAVAILABLE: built without
 * libcurl. */
enum mx_code clickhouse_open(const struct clickhouse_options *options,
    struct clickhouse **clickhouse_r, struct mx_err *err) MX_MUST_USE;
void clickhouse_close(struct clickhouse *ch);
/* "host:port/database", for messages. */
const char *clickhouse_name(const struct clickhouse *ch);

/* Errors of both calls: MX_E_UNAVAILABLE: no server, no answer in time, cut,
 * or the server failed (memory, disk, ...); MX_E_BUSY: throwIf() threw;
 * MX_E_PERM: user or password, or not allowed; MX_E_CONFIG: no such table or
 * database, no certificate in ca_file; MX_E_DATA: the server refuses what was
 * sent; or what a callback returned. */

/* Takes the answer piece by piece; whole only once clickhouse_query returned
 * MX_OK. */
typedef enum mx_code clickhouse_take(void *ctx, struct slice bytes,
    struct mx_err *err);
/* Puts up to ROOM bytes at TO; *LEN_R 0 is the end. */
typedef enum mx_code clickhouse_give(void *ctx, char *to, size_t room,
    size_t *len_r, struct mx_err *err);

/* SQL with its FORMAT; the server answers when it has all of it, so what it
 * sends is no half of an answer. */
enum mx_code clickhouse_query(struct clickhouse *ch, struct slice sql,
    clickhouse_take *take, void *ctx, struct mx_err *err) MX_MUST_USE;
/* "INSERT INTO ... FORMAT ..." and its rows. Never sent twice: each has a
 * connection of its own. On a Distributed table it ends when the shards have
 * the rows. */
enum mx_code clickhouse_insert(struct clickhouse *ch,
    struct slice sql, clickhouse_give *give, void *ctx, struct mx_err *err)
    MX_MUST_USE;

#endif
