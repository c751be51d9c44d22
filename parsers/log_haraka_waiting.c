/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/log_haraka.h"

#include <inttypes.h>

#include "base/hash.h"

/* Lines of one attempt lie no further apart. */
enum { ATTEMPT_S = 60 };

static uint64_t
hash_id(struct slice id)
{
	uint64_t hash = hash_stable(id, HASH_STABLE_START);

	return hash != 0 ? hash : 1;
}

/* The next slot of message HASH behind *AT, which starts at 0. */
static bool
next_slot(const struct haraka_waiting *waiting, uint64_t hash, size_t *at,
    size_t *slot_r)
{
	while (*at < HARAKA_NEIGHBOURS) {
		*slot_r = (hash + (*at)++) & (HARAKA_WAITING - 1);
		if (waiting->ids[*slot_r] == hash)
			return true;
	}
	return false;
}

static bool
find(const struct haraka_waiting *waiting, uint64_t hash,
    struct slice address, size_t *slot_r)
{
	size_t at = 0;

	while (next_slot(waiting, hash, &at, slot_r))
		if (slice_eq(slice_str(waiting->slots[*slot_r].address),
		    address))
			return true;
	return false;
}

/* A free slot, or that of whoever waits longest. */
static size_t
free_slot(const struct haraka_waiting *waiting, uint64_t hash)
{
	size_t best = hash & (HARAKA_WAITING - 1);

	for (size_t i = 0; i < HARAKA_NEIGHBOURS; i++) {
		size_t slot = (hash + i) & (HARAKA_WAITING - 1);

		if (waiting->ids[slot] == 0)
			return slot;
		if (waiting->slots[slot].utc < waiting->slots[best].utc)
			best = slot;
	}
	return best;
}

static void
keep(struct haraka_waiting *waiting, uint64_t hash, struct slice address,
    int64_t utc)
{
	size_t slot;

	if (address.len == 0 || address.len > HARAKA_ADDRESS)
		return;
	if (!find(waiting, hash, address, &slot)) {
		slot = free_slot(waiting, hash);
		waiting->ids[slot] = hash;
		memcpy(waiting->slots[slot].address, address.ptr,
		    address.len);
		waiting->slots[slot].address[address.len] = '\0';
	}
	waiting->slots[slot].utc = utc;
}

void
haraka_start_waiting(struct haraka_waiting *waiting, struct slice id,
    struct slice address, int64_t utc)
{
	keep(waiting, hash_id(id), address, utc);
}

void
haraka_stop_waiting(struct haraka_waiting *waiting, struct slice id,
    struct slice address)
{
	size_t slot;

	if (find(waiting, hash_id(id), address, &slot))
		waiting->ids[slot] = 0;
}

bool
haraka_has_waiting(const struct haraka_waiting *waiting, struct slice id,
    int64_t utc)
{
	uint64_t hash = hash_id(id);
	size_t at = 0, slot;

	while (next_slot(waiting, hash, &at, &slot))
		if (waiting->slots[slot].utc >= utc - ATTEMPT_S)
			return true;
	return false;
}

bool
haraka_waited(struct haraka_waiting *waiting, struct slice id, int64_t utc,
    size_t *at, struct slice *address_r)
{
	uint64_t hash = hash_id(id);
	size_t slot;

	while (next_slot(waiting, hash, at, &slot))
		if (waiting->slots[slot].utc < utc - ATTEMPT_S) {
			waiting->ids[slot] = 0;
			*address_r = slice_str(waiting->slots[slot].address);
			return true;
		}
	return false;
}

void
haraka_forget(struct haraka_waiting *waiting, struct slice id)
{
	uint64_t hash = hash_id(id);
	size_t at = 0, slot;

	while (next_slot(waiting, hash, &at, &slot))
		waiting->ids[slot] = 0;
}

void
haraka_waiting_save(const struct haraka_waiting *waiting, struct strbuf *out)
{
	for (size_t i = 0; i < HARAKA_WAITING; i++)
		if (waiting->ids[i] != 0)
			strbuf_addf(out, "%" PRIu64 " %" PRId64 " %s\n",
			    waiting->ids[i], waiting->slots[i].utc,
			    waiting->slots[i].address);
}

void
haraka_waiting_load(struct haraka_waiting *waiting, struct slice text)
{
	while (text.len != 0) {
		const char *end = slice_chr(text, '\n');
		struct slice line = end != NULL ?
		    slice_between(text.ptr, end) : text;
		uint64_t hash, utc;
		size_t n;

		text = slice_skip(text, line.len + 1);
		n = slice_number(line, UINT64_MAX, &hash);
		line = slice_skip(line, n + 1);
		if (n == 0 || hash == 0 ||
		    (n = slice_number(line, INT64_MAX, &utc)) == 0)
			continue;
		keep(waiting, hash, slice_skip(line, n + 1), (int64_t)utc);
	}
}
