/* SPDX-License-Identifier: BSD-2-Clause */
/* What dmarc_report.c reads and dmarc_tell.c tells. */
#ifndef MX_PARSERS_DMARC_REPORT_PRIV_H
#define MX_PARSERS_DMARC_REPORT_PRIV_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/report_context.h"

enum node {
	NODE_OUTSIDE, NODE_FEEDBACK, NODE_METADATA, NODE_RANGE, NODE_POLICY,
	NODE_RECORD, NODE_ROW, NODE_EVALUATED, NODE_REASON, NODE_IDENTIFIERS,
	NODE_RESULTS, NODE_DKIM, NODE_SPF, NODE_OTHER
};

struct dmarc_texts {
	struct slice org_name, email, report_id, begin, end;
	struct slice domain, p, sp, np, pct, adkim, aspf;
};

struct record_texts {
	struct slice source_ip, count, disposition, dkim, spf;
	struct slice header_from, envelope_from, envelope_to;
};

struct row_node {
	struct dmarc_row row;
	struct row_node *next;
};

struct dmarc_report {
	struct arena arena;
	enum node stack[LIMIT_XML_DEPTH + 1];
	struct slice *leaf; /* where the text goes; NULL: nowhere */
	struct strbuf text;
	bool is_whole, saw_html, names_dtd, is_repaired;
	enum mx_code code; /* why there is none of it */
	struct mx_err err;
	struct dmarc_texts head;
	struct record_texts record;
	struct auth_result auth;      /* the one being read */
	struct override_reason reason;
	size_t reason_count, dkim_count, spf_count;
	struct row_node *first, **end;
	size_t row_count;
	unsigned bad_ips, bad_counts, odd_counts, cut_texts, cut_lists;
	/* The lists of the row being read; not cleared. */
	struct override_reason reasons[LIMIT_ROW_RESULTS];
	struct auth_result dkim[LIMIT_ROW_RESULTS], spf[LIMIT_ROW_RESULTS];
};

/* What a policy or a disposition may be. */
extern const char *const dmarc_policy_words[];
/* report_word(); absent where there is no text. */
struct slice dmarc_word(struct slice text, const char *const *list);

#endif
