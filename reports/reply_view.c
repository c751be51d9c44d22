/* SPDX-License-Identifier: BSD-2-Clause */
/* Choice of the replies worth reading. A full mailbox somewhere is new words
 * every day; a block list is news. */
#include "reports/reply_view.h"

#include <stdlib.h>

#include "base/say.h"
#include "base/strbuf.h"

enum { REASONS_MAX = 64, SUMMARY_BYTES = 2048 };

static bool
is_unclassified(const struct report_reply *reply)
{
	return slice_is_none(reply->reason) ||
	    slice_eq(reply->reason, SLICE("unclassified"));
}

bool
reply_reason_is_ours(struct slice reason)
{
	static const char *const ours[] = { "ip-block", "dnsbl",
		"ip-reputation", "dynamic-ip", "domain-reputation",
		"rate-limit", "content-spam", "content-url", "malware",
		"auth-spf", "auth-dkim", "auth-dmarc", "auth-missing", "ptr",
		"helo", "tls", "policy", "list-quality", "sender-invalid",
		"relay-denied" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (slice_eq(reason, slice_str(ours[i])))
			return true;
	return false;
}

struct reason_count {
	struct slice reason;
	size_t count;
};

static int
compare_counts(const void *left, const void *right)
{
	const struct reason_count *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return slice_cmp(a->reason, b->reason);
}

static void
count_reason(struct reason_count *counts, size_t *count, struct slice reason)
{
	for (size_t i = 0; i < *count; i++)
		if (slice_eq(counts[i].reason, reason)) {
			counts[i].count++;
			return;
		}
	if (*count < REASONS_MAX)
		counts[(*count)++] = (struct reason_count){ reason, 1 };
}

static struct slice
summary_of(struct reason_count *counts, size_t count, struct arena *arena)
{
	struct strbuf text;
	struct slice summary;

	if (count > 1)
		qsort(counts, count, sizeof(*counts), compare_counts);
	strbuf_init(&text, SUMMARY_BYTES);
	for (size_t i = 0; i < count; i++) {
		strbuf_add_str(&text, i > 0 ? ", " : "");
		scrub_text(&text, counts[i].reason, true);
		strbuf_addf(&text, " %zu", counts[i].count);
	}
	summary = arena_slice(arena, strbuf_slice(&text));
	strbuf_release(&text);
	return summary;
}

static const struct report_reply **
make_rows(const struct report *report, struct arena *arena)
{
	return arena_alloc(arena,
	    (report->reply_count + 1) * sizeof(void *));
}

struct reply_view
view_new_replies(const struct report *report, struct arena *arena)
{
	struct reply_view view = { .rows = make_rows(report, arena) };
	struct reason_count counts[REASONS_MAX];
	size_t reasons = 0;

	for (size_t i = 0; i < report->reply_count; i++) {
		const struct report_reply *reply = &report->replies[i];

		if (!reply->is_new || is_unclassified(reply))
			continue;
		if (reply_reason_is_ours(reply->reason)) {
			view.rows[view.count++] = reply;
			continue;
		}
		view.other_count++;
		count_reason(counts, &reasons, reply->reason);
	}
	view.others = summary_of(counts, reasons, arena);
	return view;
}

struct reply_view
view_unclassified_replies(const struct report *report, struct arena *arena)
{
	struct reply_view view = { .rows = make_rows(report, arena) };

	for (size_t i = 0; i < report->reply_count; i++)
		if (is_unclassified(&report->replies[i]))
			view.rows[view.count++] = &report->replies[i];
	view.others = SLICE("");
	return view;
}

const struct report_reason **
view_reasons(const struct report *report, struct arena *arena)
{
	const struct report_reason **list = arena_alloc(arena,
	    (report->reason_count + 1) * sizeof(void *));
	size_t count = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < report->reason_count; i++)
			if (reply_reason_is_ours(report->reasons[i].reason) ==
			    (pass == 0))
				list[count++] = &report->reasons[i];
	return list;
}
