/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/query_votes.h"

#include <stdlib.h>

void
votes_release(struct votes *votes)
{
	free(votes->list);
	memset(votes, 0, sizeof(*votes));
}

static void
append(struct votes *to, const struct accepted *it)
{
	struct accepted *last = to->count != 0 ? &to->list[to->count - 1] :
	    NULL;

	if (last != NULL && last->utc == it->utc) {
		last->votes += it->votes;
		last->others += it->others;
		return;
	}
	if (to->count == to->room) {
		to->room = to->room != 0 ? to->room * 2 : 64;
		to->list = mx_realloc(to->list,
		    to->room * sizeof(*to->list));
	}
	to->list[to->count++] = *it;
}

void
votes_add(struct votes *to, int64_t utc, bool votes, uint32_t count)
{
	const struct accepted it = { .utc = utc, .votes = votes ? count : 0,
		.others = votes ? 0 : count };

	append(to, &it);
}

/* ------------------------------------------------------------------ */
/* Sorting: rows come by day, and within one by what the mail went to, so a
 * list is made of a few ascending runs a day, and of days in order, mostly. */

/* The first of FROM .. TO that is not before UTC. */
static size_t
first_from(const struct accepted *list, size_t from, size_t to, int64_t utc)
{
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (list[middle].utc < utc)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* Both halves are sorted; SPARE has room for the left one. What stands where
 * it belongs is not touched. */
static void
merge_halves(struct accepted *list, size_t from, size_t middle, size_t to,
    struct accepted *spare)
{
	size_t left = 0, count, right = middle;

	if (list[middle - 1].utc <= list[middle].utc)
		return;
	from = first_from(list, from, middle, list[middle].utc);
	count = middle - from;
	memcpy(spare, list + from, count * sizeof(*list));
	while (left < count && right < to)
		list[from++] = spare[left].utc <= list[right].utc ?
		    spare[left++] : list[right++];
	memcpy(list + from, spare + left, (count - left) * sizeof(*list));
}

/* Run number I goes from starts[I] to starts[I + 1]. */
static void
sort_runs(struct accepted *list, const size_t *starts, size_t first,
    size_t end, struct accepted *spare)
{
	size_t middle = first + (end - first) / 2;

	if (end - first < 2)
		return;
	sort_runs(list, starts, first, middle, spare);
	sort_runs(list, starts, middle, end, spare);
	merge_halves(list, starts[first], starts[middle], starts[end], spare);
}

static void
sort_list(struct accepted *list, size_t count)
{
	size_t *starts = NULL, runs = 0, room = 0;
	struct accepted *spare;

	for (size_t i = 0; i <= count; i++) {
		if (i != 0 && i != count && list[i - 1].utc <= list[i].utc)
			continue;
		if (runs == room) {
			room = room != 0 ? room * 2 : 64;
			starts = mx_realloc(starts, room * sizeof(*starts));
		}
		starts[runs++] = i;
	}
	if (runs > 2) {
		spare = mx_alloc(count * sizeof(*spare));
		sort_runs(list, starts, 0, runs - 1, spare);
		free(spare);
	}
	free(starts);
}

void
votes_sort(struct votes *votes)
{
	size_t count = votes->count;

	if (count == 0)
		return;
	sort_list(votes->list, count);
	votes->count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct accepted it = votes->list[i];

		append(votes, &it);
	}
}

static struct votes
merge_two(const struct votes *a, const struct votes *b)
{
	struct votes sum = { .room = a->count + b->count + 1 };
	size_t i = 0, j = 0;

	sum.list = mx_alloc(sum.room * sizeof(*sum.list));
	while (i < a->count || j < b->count) {
		if (j == b->count || (i < a->count &&
		    a->list[i].utc <= b->list[j].utc))
			append(&sum, &a->list[i++]);
		else
			append(&sum, &b->list[j++]);
	}
	return sum;
}

/* Two by two, so that each is copied as often as halving takes. */
struct votes
votes_pool(const struct votes *const *lists, size_t count)
{
	static const struct votes none;
	struct votes left, right, sum;

	if (count <= 2)
		return merge_two(count > 0 ? lists[0] : &none,
		    count > 1 ? lists[1] : &none);
	left = votes_pool(lists, count / 2);
	right = votes_pool(lists + count / 2, count - count / 2);
	sum = merge_two(&left, &right);
	votes_release(&left);
	votes_release(&right);
	return sum;
}

int64_t
votes_between(const struct votes *votes, int64_t from, int64_t to)
{
	size_t low = 0, high = votes->count;
	int64_t sum = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (votes->list[middle].utc < from)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < votes->count && votes->list[low].utc <= to; low++)
		sum += votes->list[low].votes;
	return sum;
}

int64_t
votes_total(const struct votes *votes)
{
	int64_t sum = 0;

	for (size_t i = 0; i < votes->count; i++)
		sum += votes->list[i].votes;
	return sum;
}

/* ------------------------------------------------------------------ */
/* Events */

/* Does the refusal come before the acceptances? */
static bool
is_before(const struct refusal *refusal, const struct accepted *accepted)
{
	return refusal->utc != accepted->utc ? refusal->utc < accepted->utc :
	    refusal_is_early(refusal);
}

static size_t
add_refusal(struct episode_event *to, const struct refusal *it)
{
	*to = (struct episode_event){ .utc = it->utc, .is_refusal = true,
		.votes = it->votes, .is_explicit = it->is_explicit, .count = 1,
		.message = it->message_number,
		.recipient = it->recipient_number,
		.delivery = it->delivery_number, .sender = it->sender_number,
		.reply = it->reply };
	return 1;
}

static size_t
add_accepted(struct episode_event *to, const struct accepted *it)
{
	size_t count = 0;

	if (it->others != 0) {
		to[count] = (struct episode_event){ .utc = it->utc,
			.count = it->others };
		count++;
	}
	if (it->votes != 0) {
		to[count] = (struct episode_event){ .utc = it->utc,
			.votes = true, .count = it->votes };
		count++;
	}
	return count;
}

struct episode_event *
voters_events(const struct voters *voters, size_t *count_r)
{
	const struct votes *accepted = voters->accepted;
	struct episode_event *events = mx_alloc((voters->refusal_count +
	    2 * accepted->count + 1) * sizeof(*events));
	size_t count = 0, r = 0, a = 0;

	while (r < voters->refusal_count || a < accepted->count) {
		if (a == accepted->count || (r < voters->refusal_count &&
		    is_before(voters->refusals[r], &accepted->list[a])))
			count += add_refusal(&events[count],
			    voters->refusals[r++]);
		else
			count += add_accepted(&events[count],
			    &accepted->list[a++]);
	}
	*count_r = count;
	return events;
}
