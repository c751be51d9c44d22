/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/queue_id.h"

#include "base/swar.h"

enum { ID_MIN = 6, ID_MAX = 40 };

/* Of each byte: H upper-case hexadecimal digit, D decimal digit, L letter; 0
 * is no part of an id. */
enum { L = 1, H = 2, D = 4 };

/* clang-format off */
static const uint8_t kinds[256] = {
	['0'] = H | D, ['1'] = H | D, ['2'] = H | D, ['3'] = H | D,
	['4'] = H | D, ['5'] = H | D, ['6'] = H | D, ['7'] = H | D,
	['8'] = H | D, ['9'] = H | D,
	['A'] = H | L, ['B'] = H | L, ['C'] = H | L, ['D'] = H | L,
	['E'] = H | L, ['F'] = H | L, ['G'] = L, ['H'] = L, ['I'] = L,
	['J'] = L, ['K'] = L, ['L'] = L, ['M'] = L, ['N'] = L, ['O'] = L,
	['P'] = L, ['Q'] = L, ['R'] = L, ['S'] = L, ['T'] = L, ['U'] = L,
	['V'] = L, ['W'] = L, ['X'] = L, ['Y'] = L, ['Z'] = L,
	['a'] = L, ['b'] = L, ['c'] = L, ['d'] = L, ['e'] = L, ['f'] = L,
	['g'] = L, ['h'] = L, ['i'] = L, ['j'] = L, ['k'] = L, ['l'] = L,
	['m'] = L, ['n'] = L, ['o'] = L, ['p'] = L, ['q'] = L, ['r'] = L,
	['s'] = L, ['t'] = L, ['u'] = L, ['v'] = L, ['w'] = L, ['x'] = L,
	['y'] = L, ['z'] = L,
};
/* clang-format on */

/* Length of the word, 0 when it cannot be an id. */
static inline size_t
scan(struct slice text)
{
	size_t max = text.len < ID_MAX ? text.len : ID_MAX, n = 0;
	unsigned any = 0, all = H;

	for (; n < max; n++) {
		unsigned kind = kinds[(unsigned char)text.ptr[n]];

		if (kind == 0)
			break;
		any |= kind;
		all &= kind;
	}
	return n >= ID_MIN && ((any & D) != 0 || all == H) ? n : 0;
}

/* Eight letters and digits. */
static inline uint64_t
alnum_bytes(uint64_t word, uint64_t *digits_r)
{
	*digits_r = swar_in_range(word, '0', '9');
	return *digits_r |
	    swar_in_range(word | 0x20 * SWAR_ONES, 'a', 'z');
}

/* The same for an id of 8 to 15 characters with a digit among the first
 * eight, as nearly all are; P has 16 bytes. False: the loop decides. */
static inline bool
scan_words(const char *p, size_t *len_r)
{
	uint64_t first = swar_load(p), second = swar_load(p + 8);
	uint64_t colons = swar_equal(second, ':'), digits, unused, wanted;

	if (colons == 0 || alnum_bytes(first, &digits) != SWAR_TOPS ||
	    digits == 0)
		return false;
	wanted = swar_below(swar_first(colons)) & SWAR_TOPS;
	if ((alnum_bytes(second, &unused) & wanted) != wanted)
		return false;
	*len_r = swar_first(colons) + 8;
	return true;
}

size_t
queue_id_length(struct slice text)
{
	size_t n;

	if (text.len > 17 && scan_words(text.ptr, &n))
		return text.ptr[n + 1] == ' ' ? n : 0;
	n = scan(text);
	return n != 0 && n + 2 <= text.len && text.ptr[n] == ':' &&
	    text.ptr[n + 1] == ' ' ? n : 0;
}

bool
queue_id_is_one(struct slice id)
{
	return id.len != 0 && scan(id) == id.len;
}

/* Base 52: digits and all letters but the vowels. */
static bool
decode(struct slice digits, uint64_t *value_r)
{
	static const char alphabet[] =
	    "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
	uint64_t value = 0;

	for (size_t i = 0; i < digits.len; i++) {
		const char *at = memchr(alphabet, digits.ptr[i], 52);

		if (at == NULL || value > UINT64_MAX / 52 - 52)
			return false;
		value = value * 52 + (uint64_t)(at - alphabet);
	}
	*value_r = value;
	return true;
}

/* Seconds (6 or more), microseconds (4), "z", inode in base 51 (no "z"). */
bool
queue_id_time(struct slice id, int64_t *utc_r, uint32_t *us_r)
{
	const uint64_t first = 1230768000, last = 4133980799; /* 2009, 2100 */
	uint64_t seconds, us;
	size_t z = id.len;

	while (z > 0 && id.ptr[z - 1] != 'z')
		z--;
	if (z < 11 || z == id.len || id.len > ID_MAX)
		return false;
	z--;
	if (!decode(slice_of(id.ptr, z - 4), &seconds) ||
	    !decode(slice_of(id.ptr + z - 4, 4), &us) ||
	    seconds < first || seconds > last || us > 999999)
		return false;
	*utc_r = (int64_t)seconds;
	*us_r = (uint32_t)us;
	return true;
}
