/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading inputs into a store, each line once: which file first, from where
 * on, how much in one transaction. Prints nothing: tells what it did through
 * callbacks. */
#ifndef MX_ANALYZER_INGEST_H
#define MX_ANALYZER_INGEST_H

#include <signal.h>

#include "analyzer/store.h"

struct delivery;
struct fact_sink;
struct ingest;
struct log_format;
struct report_sink;

/* What is known behind a cover of the message of a delivery: its sender and
 * sender_mark as the cover passed them on, in this run or an earlier one; none
 * and 0 where it did not. Valid until the next fact. */
struct ingest_known {
	void *ctx;
	enum mx_code (*sender)(void *ctx, const struct delivery *fact,
	    struct slice *sender_r, uint64_t *mark_r, struct mx_err *err);
};

/* Stands before the store and changes what it must not see. FACTS and REPORTS
 * give a sink that passes on to INNER; valid as long as CTX is. */
struct ingest_cover {
	void *ctx;
	const struct fact_sink *(*facts)(void *ctx,
	    const struct fact_sink *inner, const struct ingest_known *known);
	const struct report_sink *(*reports)(void *ctx,
	    const struct report_sink *inner);
};

/* What happened to one input. */
enum ingest_event {
	INGEST_READ,      /* some of it was new */
	INGEST_UNCHANGED, /* all of it was read before */
	INGEST_GONE,      /* renamed or removed since it was named */
	INGEST_FAILED     /* err says why; what stands before was read */
};

struct ingest_input_result {
	const char *path;
	enum ingest_event event;
	const struct mx_err *err;
	const char *format;        /* "syslog", "" when empty */
	uint64_t lines;            /* new ones */
	uint64_t bytes;            /* new ones, uncompressed */
	bool has_reports;          /* it holds reports, not lines: */
	uint64_t reports;          /* new ones */
	uint64_t known_reports;    /* that the store had */
	uint64_t refused_reports;
	bool is_known_elsewhere;   /* read before under another name */
	const char *known_path;
	/* Of so many deliveries looked at so many stood in another input,
	 * overlap_path, as well: the same lines in two files. */
	uint64_t samples, overlap;
	const char *overlap_path;
	/* The other log of the same server and time; NULL: none was read. */
	const char *twin_path;
};

struct ingest_options {
	struct store *store;
	const struct providers *providers;
	struct classifier *classifier;
	const struct own *own;
	const struct zone *log_zone; /* of stamps that carry none */
	const struct zone *report_zone; /* of reports' times; NULL: UTC */
	struct slice authserv_ids;   /* see report_input; or absent */
	int64_t now_utc;
	unsigned threads;            /* 1: no read-ahead */
	struct slice format;         /* forced, or absent */
	/* The user's, NULL-terminated; may be NULL. */
	const struct log_format *const *own_formats;
	const struct ingest_cover *cover; /* NULL: kept as it is read */
	bool keeps_attempts;         /* all failed ones in detail */
	bool takes_tails;            /* a last line without newline counts,
	                              * though the file may still grow */
	const volatile sig_atomic_t *stop; /* not 0: end cleanly; may be NULL */
	void *ctx;
	/* After each input. */
	void (*told)(void *ctx, const struct ingest_input_result *result);
	/* A report, or a part of a mail, that could not be read; and what was
	 * odd about one that could. */
	void (*refused)(void *ctx, const char *path, const struct mx_err *why);
	void (*noted)(void *ctx, const char *path, const char *text);
	/* While reading: bytes of the file done and all (0 = not known); may
	 * be NULL. */
	void (*progress)(void *ctx, const char *path, uint64_t done,
	    uint64_t all);
};

struct ingest *ingest_new(const struct ingest_options *options);
void ingest_free(struct ingest *self);

/* Note PATH ("-": standard input) for reading; is_own_zone: LOG_ZONE differs
 * for this input. A file that cannot be opened is told at once. */
enum mx_code ingest_add(struct ingest *self, const char *path,
    const struct zone *log_zone, struct mx_err *err) MX_MUST_USE;

/* Read all of them in order of their first time stamps. MX_OK when the store
 * has all that could be read, though some inputs may have failed (see
 * ingest_worst); MX_E_STOPPED: asked to stop, what is done is kept. */
enum mx_code ingest_run(struct ingest *self, struct mx_err *err)
    MX_MUST_USE;

/* The failure of the first input that failed; MX_OK: none did. */
enum mx_code ingest_worst(const struct ingest *self);

#endif
