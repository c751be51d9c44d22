/* SPDX-License-Identifier: BSD-2-Clause */
/* The reports of others on their way into the store: row by row, each report
 * once however often and in whatever wrapping it was sent. */
#ifndef MX_ANALYZER_STORE_REPORTS_H
#define MX_ANALYZER_STORE_REPORTS_H

#include "analyzer/classify.h"
#include "analyzer/ledger.h"
#include "analyzer/providers.h"
#include "analyzer/store.h"
#include "parsers/report_facts.h"

/* Keeps what a report_sink is told. */
struct report_keeper;

struct report_keeper_options {
	struct store *store;
	const struct providers *providers;
	struct classifier *classifier;
	void *ctx;
	/* What the readers have to say besides facts; see report_sink. */
	enum mx_code (*note)(void *ctx, const char *path, const char *text,
	    struct mx_err *err);
	enum mx_code (*refused)(void *ctx, const char *path,
	    enum skip_reason reason, const struct mx_err *why,
	    struct mx_err *err);
};

/* What was found since the keeper was made or last asked: whole DMARC and TLS
 * reports, complaints, SNDS rows, recipients of bounces. */
struct report_tally {
	uint64_t found; /* all of them */
	uint64_t known; /* those that were in the store before */
};

struct report_keeper *report_keeper_new(
    const struct report_keeper_options *options);
void report_keeper_free(struct report_keeper *keeper);
/* For report_read, inside a transaction of the store. */
const struct report_sink *report_keeper_sink(struct report_keeper *keeper);
struct report_tally report_keeper_tally(struct report_keeper *keeper);

/* The ledger of inputs that hold reports. Mailboxes are known by their
 * content, as logs are, since they grow; what else holds reports is read
 * again whenever it looks changed, as its reports are told apart anyway. */
struct report_entry {
	int64_t id;            /* 0: not stored yet */
	struct ledger_file file;
	const char *container;
	struct slice head;     /* of a mailbox, else empty */
	uint64_t offset;       /* of the next message */
	uint64_t reports, known, refused;
	bool is_complete;
	int64_t read_utc;
};

/* A mailbox that begins as HEAD does; entry->file and container are not
 * set. */
enum mx_code store_find_mailbox(struct store *store, struct slice head,
    struct report_entry *entry, bool *found_r, struct mx_err *err) MX_MUST_USE;
/* Takes the place of the one with that id, and of one with that path. */
enum mx_code store_save_report_input(struct store *store,
    struct report_entry *entry, struct mx_err *err) MX_MUST_USE;

/* What a store holds of reports, those merged into it counted for each store
 * they came from; nothing in a store of before schema 2. */
struct report_sums {
	int64_t inputs, refused;
	int64_t dmarc, tls, complaints, snds, bounces, annotations;
};
enum mx_code store_report_sums(struct store *store, struct report_sums *sums,
    struct mx_err *err) MX_MUST_USE;

#endif
