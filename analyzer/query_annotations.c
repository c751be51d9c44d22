/* SPDX-License-Identifier: BSD-2-Clause */
/* Remarks that concern what a query asks for. */
#include "analyzer/annotation.h"

#include <stdlib.h>

#include "analyzer/query_priv.h"

static bool
is_of_source(const struct query *query, struct slice ip)
{
	const struct source_row *row;

	if (ip.len == 0 || query->is.source_ip.len == 0 ||
	    slice_eq(ip, query->is.source_ip))
		return true;
	if (query->want_source >= query->source_room)
		return false;
	row = &query->sources[query->want_source];
	return slice_eq(ip, intern_name(&query->names.source,
	    query->want_source)) || (!row->is_disputed &&
	    slice_eq(ip, row->label));
}

static bool
is_wanted(const struct query *query, const struct annotation *it)
{
	return it->utc < query->until_utc &&
	    (it->provider.len == 0 || query->is.provider.len == 0 ||
	    slice_eq(it->provider, query->is.provider)) &&
	    is_of_source(query, it->source_ip);
}

/* Merged stores may hold the same remark. */
static bool
is_known(const struct query *query, const struct annotation *it)
{
	for (size_t i = query->annotation_count; i-- > 0;) {
		const struct query_annotation *other = &query->annotations[i];

		if (other->utc != it->utc)
			return false;
		if (slice_eq(other->provider, it->provider) &&
		    slice_eq(other->source_ip, it->source_ip) &&
		    slice_eq(other->kind, it->kind) &&
		    slice_eq(other->text, it->text))
			return true;
	}
	return false;
}

static void
add_annotation(void *ctx, const struct annotation *it)
{
	struct query *query = ctx;

	if (!is_wanted(query, it) || is_known(query, it))
		return;
	if (query->annotation_count == query->annotation_room) {
		query->annotation_room = query->annotation_room != 0 ?
		    query->annotation_room * 2 : 16;
		query->annotations = mx_realloc(query->annotations,
		    query->annotation_room * sizeof(*query->annotations));
	}
	query->annotations[query->annotation_count++] =
	    (struct query_annotation){ .utc = it->utc,
		.provider = arena_slice(&query->arena, it->provider),
		.source_ip = arena_slice(&query->arena, it->source_ip),
		.kind = arena_slice(&query->arena, it->kind),
		.text = arena_slice(&query->arena, it->text) };
}

enum mx_code
query_load_annotations(struct query *query, struct mx_err *err)
{
	return store_annotations(query->store, add_annotation, query, err);
}

const struct query_annotation *
query_annotations(const struct query *query, size_t *count_r)
{
	*count_r = query->annotation_count;
	return query->annotations;
}
