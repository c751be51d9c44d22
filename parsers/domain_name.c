/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/domain_name.h"

#ifdef MX_HAVE_IDN2
#include <idn2.h>
#endif

#include "base/swar.h"

struct slice
address_domain(struct slice address)
{
	for (size_t i = address.len; i > 0; i--)
		if (address.ptr[i - 1] == '@')
			return i == address.len ? SLICE_NONE :
			    slice_skip(address, i);
	return SLICE_NONE;
}

enum name_kind { NAME_PLAIN, NAME_UPPER, NAME_INTERNATIONAL };

static enum name_kind
kind_of_name(struct slice name)
{
	uint64_t high = 0, upper = 0, word;
	size_t n = 0;

	for (; n + 8 <= name.len; n += 8) {
		word = swar_load(name.ptr + n);
		high |= word;
		upper |= swar_in_range(word, 'A', 'Z');
	}
	if (name.len >= 8) { /* the rest, and some of it twice */
		word = swar_load(name.ptr + name.len - 8);
		high |= word;
		upper |= swar_in_range(word, 'A', 'Z');
		n = name.len;
	}
	for (; n < name.len; n++) {
		high |= (unsigned char)name.ptr[n];
		upper |= name.ptr[n] >= 'A' && name.ptr[n] <= 'Z';
	}
	if ((high & SWAR_TOPS) != 0)
		return NAME_INTERNATIONAL;
	return upper != 0 ? NAME_UPPER : NAME_PLAIN;
}

static struct slice
lower(struct slice name, char *buf)
{
	for (size_t i = 0; i < name.len; i++)
		buf[i] = ascii_lower(name.ptr[i]);
	return slice_of(buf, name.len);
}

#ifdef MX_HAVE_IDN2
static bool
to_a_labels(struct slice name, char *buf, struct slice *plain_r)
{
	const int flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;
	char text[LIMIT_DOMAIN_BYTES];
	uint8_t *answer = NULL;
	size_t len;

	if (slice_chr(name, '\0') != NULL)
		return false;
	memcpy(text, name.ptr, name.len);
	text[name.len] = '\0';
	if (idn2_lookup_u8((const uint8_t *)text, &answer, flags) != IDN2_OK)
		return false;
	len = strlen((const char *)answer);
	if (len < LIMIT_DOMAIN_BYTES) {
		memcpy(buf, answer, len);
		*plain_r = slice_of(buf, len);
	}
	idn2_free(answer);
	return len < LIMIT_DOMAIN_BYTES;
}
#else
static bool
to_a_labels(struct slice name, char *buf, struct slice *plain_r)
{
	(void)name;
	(void)buf;
	(void)plain_r;
	return false;
}
#endif

struct slice
domain_name_plain(struct slice name, char buf[LIMIT_DOMAIN_BYTES])
{
	struct slice plain;

	if (name.len > 1 && name.ptr[name.len - 1] == '.')
		name.len--;
	if (name.len >= LIMIT_DOMAIN_BYTES)
		return name;
	switch (kind_of_name(name)) {
	case NAME_PLAIN:
		return name;
	case NAME_UPPER:
		return lower(name, buf);
	case NAME_INTERNATIONAL:
		break;
	}
	return to_a_labels(name, buf, &plain) ? plain : lower(name, buf);
}
