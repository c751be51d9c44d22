/* SPDX-License-Identifier: BSD-2-Clause */
/* Dated remarks in the store: the operator's own, results of DNSBL checks,
 * notes of other desks. The same remark is kept once. */
#ifndef MX_ANALYZER_ANNOTATION_H
#define MX_ANALYZER_ANNOTATION_H

#include "analyzer/store.h"

struct annotation {
	int64_t id;              /* in this store */
	int64_t utc;
	/* "" where it is about all of them */
	struct slice provider, source_ip;
	struct slice kind;       /* "note", "dnsbl", "talos" or another word */
	struct slice text;
	struct slice path;       /* where it was imported from; "": typed in */
	int64_t line;
	bool is_own;             /* of this store, not merged into it */
};

/* In a transaction of the caller's. *is_new_r: it was not there. */
enum mx_code store_annotate(struct store *store,
    const struct annotation *annotation, bool *is_new_r, struct mx_err *err)
    MX_MUST_USE;
/* One call each, by time. The texts last for the call. */
enum mx_code store_annotations(struct store *store,
    void (*each)(void *ctx, const struct annotation *annotation), void *ctx,
    struct mx_err *err) MX_MUST_USE;
/* Only an own one. MX_E_USAGE: there is none of that number. */
enum mx_code store_drop_annotation(struct store *store, int64_t id,
    struct mx_err *err) MX_MUST_USE;

#endif
