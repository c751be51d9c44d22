/* SPDX-License-Identifier: BSD-2-Clause */
/* libcurl (7.62 and later) does the talking. No proxy, redirect or .netrc of
 * the environment is followed: the password goes where the URL says. */
#include "analyzer/clickhouse.h"

#ifdef MX_HAVE_CURL

#include <stdlib.h>

#include "analyzer/curl_library.h"
#include "base/limits.h"
#include "base/strbuf.h"

enum { SAID_MAX = 300 };

struct clickhouse {
	struct curl_library lib;
	CURL *curl;
	char *name;
	char *base; /* URL up to the statement */
	struct clickhouse_url url;
	int64_t silence_s;
	struct curl_slist *headers;
	char curl_error[CURL_ERROR_SIZE];
	/* of the request that is under way */
	clickhouse_take *take;
	clickhouse_give *give;
	void *ctx;
	struct strbuf failure; /* answer of a server that refuses */
	enum mx_code code;     /* what a callback returned */
	struct mx_err *err;
};

/* ------------------------------------------------------------------ */
/* What ClickHouse refuses */

/* Numbers of ErrorCodes.cpp, the same in all releases. */
static enum mx_code
code_of_exception(uint64_t number)
{
	switch (number) {
	case 164: /* READONLY */
	case 192: /* UNKNOWN_USER */
	case 193: /* WRONG_PASSWORD */
	case 194: /* REQUIRED_PASSWORD */
	case 195: /* IP_ADDRESS_NOT_ALLOWED */
	case 291: /* DATABASE_ACCESS_DENIED */
	case 497: /* ACCESS_DENIED */
	case 516: /* AUTHENTICATION_FAILED */
		return MX_E_PERM;
	case 60: /* UNKNOWN_TABLE */
	case 81: /* UNKNOWN_DATABASE */
		return MX_E_CONFIG;
	case 8:   /* THERE_IS_NO_COLUMN */
	case 16:  /* NO_SUCH_COLUMN_IN_TABLE */
	case 27:  /* CANNOT_PARSE_INPUT_ASSERTION_FAILED */
	case 33:  /* CANNOT_READ_ALL_DATA */
	case 47:  /* UNKNOWN_IDENTIFIER */
	case 53:  /* TYPE_MISMATCH */
	case 62:  /* SYNTAX_ERROR */
	case 117: /* INCORRECT_DATA */
		return MX_E_DATA;
	case 395: /* FUNCTION_THROW_IF_VALUE_IS_NON_ZERO: fleet_lag.c */
		return MX_E_BUSY;
	default:
		return MX_E_UNAVAILABLE;
	}
}

/* "Code: 60, e.displayText() = DB::Exception: TEXT, e.what() = ..." of old
 * releases, "Code: 60. DB::Exception: TEXT" of new ones: the number, and TEXT
 * in *TEXT; 0 when it is not such a line. */
static uint64_t
split_exception(struct slice *text)
{
	struct slice rest = slice_trim(*text);
	const char *at;
	uint64_t number = 0;

	if (!slice_starts(rest, SLICE("Code: ")) ||
	    slice_number(slice_skip(rest, 6), 100000, &number) == 0)
		return 0;
	at = slice_find(rest, SLICE("DB::Exception: "));
	if (at != NULL)
		rest = slice_between(at + 15, rest.ptr + rest.len);
	at = slice_find(rest, SLICE(", e.what() = "));
	if (at != NULL)
		rest = slice_between(rest.ptr, at);
	*text = rest;
	return number;
}

/* White space becomes single blanks; the rest of a long text goes. */
static void
one_line(struct slice text, char line[SAID_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < text.len && len + 1 < SAID_MAX; i++) {
		bool is_space = (unsigned char)text.ptr[i] <= ' ';

		if (!is_space)
			line[len++] = text.ptr[i];
		else if (len != 0 && line[len - 1] != ' ')
			line[len++] = ' ';
	}
	line[len] = '\0';
}

static enum mx_code
fail_refused(struct clickhouse *ch, long status, struct mx_err *err)
{
	char line[SAID_MAX];
	struct slice text = strbuf_slice(&ch->failure);
	uint64_t number = split_exception(&text);
	enum mx_code code = number != 0 ? code_of_exception(number) :
	    status == 401 || status == 403 ? MX_E_PERM : MX_E_UNAVAILABLE;

	if (number == 0)
		return mx_fail(err, code, "%s: answers with HTTP status %ld, "
		    "and not as ClickHouse does", ch->name, status);
	one_line(text, line);
	return mx_fail(err, code, "%s: ClickHouse says: %s (code %u)%s",
	    ch->name, line, (unsigned)number,
	    code == MX_E_CONFIG ? "; mxtrend push --schema prints the tables" :
	    "");
}

/* ------------------------------------------------------------------ */
/* Callbacks of libcurl */

static size_t
on_answer(char *ptr, size_t size, size_t count, void *arg)
{
	struct clickhouse *ch = arg;
	struct slice bytes = slice_of(ptr, size * count);
	long status = 0;

	(void)ch->lib.easy_getinfo(ch->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200) {
		strbuf_add_slice(&ch->failure, bytes);
		return bytes.len;
	}
	if (ch->take == NULL)
		return bytes.len;
	ch->code = ch->take(ch->ctx, bytes, ch->err);
	return ch->code == MX_OK ? bytes.len : 0;
}

static size_t
on_room(char *ptr, size_t size, size_t count, void *arg)
{
	struct clickhouse *ch = arg;
	size_t len = 0;

	ch->code = ch->give(ch->ctx, ptr, size * count, &len, ch->err);
	return ch->code == MX_OK ? len : CURL_READFUNC_ABORT;
}

/* ------------------------------------------------------------------ */
/* Requests */

/* Else it was not reached in time. */
static bool
is_silent(struct clickhouse *ch)
{
	double sent_s = 0.0;

	(void)ch->lib.easy_getinfo(ch->curl, CURLINFO_PRETRANSFER_TIME,
	    &sent_s);
	return sent_s > 0.0;
}

static enum mx_code
fail_curl(struct clickhouse *ch, CURLcode rc, struct mx_err *err)
{
	const char *why = ch->curl_error[0] != '\0' ? ch->curl_error :
	    ch->lib.easy_strerror(rc);

	if (rc == CURLE_OUT_OF_MEMORY)
		mx_oom();
	if (rc == CURLE_OPERATION_TIMEDOUT && is_silent(ch))
		return mx_fail(err, MX_E_UNAVAILABLE, "%s: no answer for %lld "
		    "seconds ([clickhouse] silence in the configuration)",
		    ch->name, (long long)ch->silence_s);
	return mx_fail(err, rc == CURLE_SSL_CACERT_BADFILE ? MX_E_CONFIG :
	    MX_E_UNAVAILABLE, "%s: %s%s", ch->name,
	    rc == CURLE_SSL_CONNECT_ERROR ? "no TLS with it: " : "", why);
}

static enum mx_code
perform(struct clickhouse *ch, const char *url, struct mx_err *err)
{
	long status = 0;
	CURLcode rc;

	strbuf_reset(&ch->failure);
	ch->code = MX_OK;
	ch->err = err;
	ch->curl_error[0] = '\0';
	(void)ch->lib.easy_setopt(ch->curl, CURLOPT_URL, url);
	rc = ch->lib.easy_perform(ch->curl);
	(void)ch->lib.easy_getinfo(ch->curl, CURLINFO_RESPONSE_CODE, &status);
	if (ch->code != MX_OK)
		return ch->code;
	if (status >= 300)
		return fail_refused(ch, status, err);
	if (rc != CURLE_OK)
		return fail_curl(ch, rc, err);
	if (status != 200)
		return fail_refused(ch, status, err);
	return MX_OK;
}

/* What every request has; the rest of the last one is forgotten. */
static void
prepare(struct clickhouse *ch, bool is_alone)
{
	CURL *curl = ch->curl;

	(void)ch->lib.easy_setopt(curl, CURLOPT_FRESH_CONNECT, (long)is_alone);
	(void)ch->lib.easy_setopt(curl, CURLOPT_FORBID_REUSE, (long)is_alone);
	(void)ch->lib.easy_setopt(curl, CURLOPT_POST, 1L);
	(void)ch->lib.easy_setopt(curl, CURLOPT_POSTFIELDS, NULL);
	(void)ch->lib.easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)-1);
	(void)ch->lib.easy_setopt(curl, CURLOPT_READFUNCTION, on_room);
	(void)ch->lib.easy_setopt(curl, CURLOPT_READDATA, ch);
}

enum mx_code
clickhouse_query(struct clickhouse *ch, struct slice sql,
    clickhouse_take *take, void *ctx, struct mx_err *err)
{
	struct strbuf url;
	enum mx_code code;

	strbuf_init(&url, LIMIT_CLICKHOUSE_URL_BYTES);
	strbuf_addf(&url, "%s&wait_end_of_query=1&max_query_size=%u"
	    "&max_replica_delay_for_distributed_queries=%u"
	    "&max_bytes_before_external_group_by=%u"
	    "&max_bytes_before_external_sort=%u", ch->base,
	    LIMIT_CLICKHOUSE_SQL_BYTES, LIMIT_CLICKHOUSE_LAG_S,
	    LIMIT_CLICKHOUSE_MEMORY_BYTES, LIMIT_CLICKHOUSE_MEMORY_BYTES);
	prepare(ch, false);
	(void)ch->lib.easy_setopt(ch->curl, CURLOPT_POSTFIELDS, sql.ptr);
	(void)ch->lib.easy_setopt(ch->curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)sql.len);
	ch->take = take;
	ch->ctx = ctx;
	code = perform(ch, url.ptr, err);
	strbuf_release(&url);
	return code;
}

enum mx_code
clickhouse_insert(struct clickhouse *ch, struct slice sql,
    clickhouse_give *give, void *ctx, struct mx_err *err)
{
	struct strbuf url;
	char *escaped = ch->lib.easy_escape(ch->curl, sql.ptr, (int)sql.len);
	enum mx_code code;

	if (escaped == NULL)
		mx_oom();
	strbuf_init(&url, LIMIT_CLICKHOUSE_URL_BYTES);
	strbuf_addf(&url, "%s&insert_distributed_sync=1&query=%s", ch->base,
	    escaped);
	ch->lib.free(escaped);
	prepare(ch, true);
	ch->take = NULL;
	ch->give = give;
	ch->ctx = ctx;
	code = perform(ch, url.ptr, err);
	strbuf_release(&url);
	return code;
}

/* ------------------------------------------------------------------ */
/* Opening */

static void
name_it(struct clickhouse *ch)
{
	const struct clickhouse_url *url = &ch->url;
	bool is_v6 = strchr(url->host, ':') != NULL;
	char *database = ch->lib.easy_escape(ch->curl, url->database, 0);
	struct strbuf text;

	if (database == NULL)
		mx_oom();
	strbuf_init(&text, LIMIT_CLICKHOUSE_URL_BYTES);
	strbuf_addf(&text, "%s%s%s:%u/%s", is_v6 ? "[" : "", url->host,
	    is_v6 ? "]" : "", (unsigned)url->port, url->database);
	ch->name = mx_strdup(text.ptr);
	strbuf_reset(&text);
	strbuf_addf(&text, "%s://%s%s%s:%u/?database=%s",
	    url->has_tls ? "https" : "http", is_v6 ? "[" : "", url->host,
	    is_v6 ? "]" : "", (unsigned)url->port, database);
	ch->base = mx_strdup(text.ptr);
	strbuf_release(&text);
	ch->lib.free(database);
}

static void
set_up(struct clickhouse *ch, const struct clickhouse_options *options)
{
	CURL *curl = ch->curl;
	int64_t connect_s = options->connect_s != 0 ? options->connect_s :
	    LIMIT_CLICKHOUSE_CONNECT_S;

	(void)ch->lib.easy_setopt(curl, CURLOPT_ERRORBUFFER, ch->curl_error);
	(void)ch->lib.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)ch->lib.easy_setopt(curl, CURLOPT_PROXY, "");
	(void)ch->lib.easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	(void)ch->lib.easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
	(void)ch->lib.easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
	    (long)connect_s);
	(void)ch->lib.easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	(void)ch->lib.easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
	    (long)options->silence_s);
	(void)ch->lib.easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE,
	    (long)LIMIT_CLICKHOUSE_PIECE_BYTES);
	(void)ch->lib.easy_setopt(curl, CURLOPT_HTTPHEADER, ch->headers);
	(void)ch->lib.easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
	(void)ch->lib.easy_setopt(curl, CURLOPT_WRITEDATA, ch);
	if (options->ca_file != NULL)
		(void)ch->lib.easy_setopt(curl, CURLOPT_CAINFO,
		    options->ca_file);
	if (ch->url.user == NULL && options->password == NULL)
		return;
	(void)ch->lib.easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	(void)ch->lib.easy_setopt(curl, CURLOPT_USERNAME,
	    ch->url.user != NULL ? ch->url.user : "default");
	(void)ch->lib.easy_setopt(curl, CURLOPT_PASSWORD,
	    options->password != NULL ? options->password : "");
}

enum mx_code
clickhouse_open(const struct clickhouse_options *options,
    struct clickhouse **clickhouse_r, struct mx_err *err)
{
	struct clickhouse_url url;
	struct curl_library lib;
	struct clickhouse *ch;
	enum mx_code code = clickhouse_url_parse(options->url, &url, err);

	if (code != MX_OK)
		return code;
	code = curl_library_load(&lib, err);
	if (code != MX_OK) {
		clickhouse_url_release(&url);
		return code;
	}
	ch = mx_calloc(1, sizeof(*ch));
	ch->lib = lib;
	ch->url = url;
	strbuf_init(&ch->failure, LIMIT_CLICKHOUSE_ERROR_BYTES);
	ch->curl = ch->lib.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ?
	    ch->lib.easy_init() : NULL;
	/* no waiting for a "100 Continue" that old servers never send */
	ch->headers = ch->lib.slist_append(NULL, "Expect:");
	if (ch->curl == NULL || ch->headers == NULL)
		mx_oom();
	ch->silence_s = options->silence_s;
	name_it(ch);
	set_up(ch, options);
	*clickhouse_r = ch;
	return MX_OK;
}

void
clickhouse_close(struct clickhouse *ch)
{
	if (ch == NULL)
		return;
	ch->lib.easy_cleanup(ch->curl);
	ch->lib.slist_free_all(ch->headers);
	ch->lib.global_cleanup();
	clickhouse_url_release(&ch->url);
	strbuf_release(&ch->failure);
	free(ch->name);
	free(ch->base);
	free(ch);
}

const char *
clickhouse_name(const struct clickhouse *ch)
{
	return ch->name;
}

#else

enum mx_code
clickhouse_open(const struct clickhouse_options *options,
    struct clickhouse **clickhouse_r, struct mx_err *err)
{
	struct clickhouse_url url;
	enum mx_code code = clickhouse_url_parse(options->url, &url, err);

	if (code != MX_OK)
		return code;
	clickhouse_url_release(&url);
	*clickhouse_r = NULL;
	return mx_fail(err, MX_E_UNAVAILABLE,
	    "this mxtrend was built without libcurl");
}

void
clickhouse_close(struct clickhouse *ch)
{
	(void)ch;
}

const char *
clickhouse_name(const struct clickhouse *ch)
{
	(void)ch;
	return "";
}

enum mx_code
clickhouse_query(struct clickhouse *ch, struct slice sql,
    clickhouse_take *take, void *ctx, struct mx_err *err)
{
	(void)ch;
	(void)sql;
	(void)take;
	(void)ctx;
	return mx_fail(err, MX_E_UNAVAILABLE, "built without libcurl");
}

enum mx_code
clickhouse_insert(struct clickhouse *ch, struct slice sql,
    clickhouse_give *give, void *ctx, struct mx_err *err)
{
	(void)ch;
	(void)sql;
	(void)give;
	(void)ctx;
	return mx_fail(err, MX_E_UNAVAILABLE, "built without libcurl");
}

#endif
