/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/mask_word.h"

bool
word_has_digit(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (ascii_is_digit(s.ptr[i]))
			return true;
	return false;
}

bool
word_is_number(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_digit(s.ptr[i]))
			return false;
	return s.len != 0;
}

bool
word_is_dotted_number(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_digit(s.ptr[i]) && s.ptr[i] != '.')
			return false;
	return s.len != 0;
}

/* Four groups of 0..255 at the start of S; their length, 0 = none. */
static size_t
quad(struct slice s)
{
	const char *p = s.ptr, *end = s.ptr + s.len;

	for (int group = 0; group < 4; group++) {
		unsigned value = 0, digits = 0;

		if (group != 0 && (p == end || *p++ != '.'))
			return 0;
		for (; p < end && ascii_is_digit(*p) && digits < 4; digits++)
			value = value * 10 + (unsigned)(*p++ - '0');
		if (digits == 0 || digits > 3 || value > 255)
			return 0;
	}
	return (size_t)(p - s.ptr);
}

bool
word_is_ipv4(struct slice s)
{
	return s.len >= 7 && s.len <= 15 && quad(s) == s.len;
}

size_t
word_reversed_ip(struct slice s)
{
	size_t len = quad(s);

	return len != 0 && len + 2 < s.len && s.ptr[len] == '.' ? len : 0;
}

static bool
is_hex(char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

bool
word_is_hex(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_hex(s.ptr[i]))
			return false;
	return s.len != 0;
}

bool
word_is_ipv6(struct slice s)
{
	size_t colons = 0, run = 0, groups = 0;
	bool has_gap = false;

	if (s.len < 3 || s.len > 45)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (c == ':') {
			colons++;
			has_gap |= i + 1 < s.len && s.ptr[i + 1] == ':';
			groups += run != 0;
			run = 0;
		} else if (c == '.') { /* ::ffff:192.0.2.1 */
			size_t start = i - run;

			return has_gap && run != 0 &&
			    word_is_ipv4(slice_skip(s, start));
		} else if (!is_hex(c) || ++run > 4) {
			return false;
		}
	}
	groups += run != 0;
	return has_gap ? groups >= 1 && groups <= 7 && colons <= 8 :
	    colons == 7 && groups == 8;
}

static bool
digits_at(struct slice s, size_t at, size_t count)
{
	if (at + count > s.len)
		return false;
	for (size_t i = at; i < at + count; i++)
		if (!ascii_is_digit(s.ptr[i]))
			return false;
	return true;
}

bool
word_is_stamp(struct slice s)
{
	size_t at;

	if (s.len >= 10 && digits_at(s, 0, 4) &&
	    (s.ptr[4] == '-' || s.ptr[4] == '/') && digits_at(s, 5, 2) &&
	    s.ptr[7] == s.ptr[4] && digits_at(s, 8, 2))
		return s.len == 10 || !ascii_is_digit(s.ptr[10]);
	at = digits_at(s, 0, 2) ? 2 : digits_at(s, 0, 1) ? 1 : 0;
	if (at == 0 || at + 3 > s.len || s.ptr[at] != ':' ||
	    !digits_at(s, at + 1, 2))
		return false;
	at += 3;
	if (at == s.len)
		return true;
	return s.ptr[at] == ':' && digits_at(s, at + 1, 2) &&
	    (at + 3 == s.len || !ascii_is_digit(s.ptr[at + 3]));
}

bool
word_is_code(struct slice s)
{
	size_t digits = 0, capitals = 0;
	bool was_digit = false;

	if (s.len > 16 || s.len == 0 || !ascii_is_alpha(s.ptr[0]))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (ascii_is_digit(c)) {
			digits++;
			was_digit = true;
		} else if (c == '#' || c == '_' || c == '-') {
			continue;
		} else if (!ascii_is_alpha(c) || was_digit) {
			return false;
		} else {
			capitals += c >= 'A' && c <= 'Z';
		}
	}
	return digits != 0 && digits <= 10 && capitals >= 1 &&
	    s.ptr[0] >= 'A' && s.ptr[0] <= 'Z';
}

static size_t
small_letters(struct slice s, size_t at)
{
	size_t from = at;

	while (at < s.len && s.ptr[at] >= 'a' && s.ptr[at] <= 'z')
		at++;
	return at - from;
}

bool
word_is_machine(struct slice s, bool is_first)
{
	static const char *const names[] = { "mx", "mta", "smtp", "mail",
		"relay" };
	size_t letters, digits = 0, at;

	if (s.len < 3 || s.len > 24)
		return false;
	at = letters = small_letters(s, 0);
	if (letters < 2)
		return false;
	if (is_first) {
		for (size_t i = letters; i < s.len; i++)
			if (ascii_is_digit(s.ptr[i]))
				digits++;
			else if (small_letters(s, i) == 0 && s.ptr[i] != '-')
				return false;
		if (digits >= 2 && s.len >= 5)
			return true;
	}
	if (at < s.len && s.ptr[at] == '-')
		at++;
	if (at == s.len || !word_is_number(slice_skip(s, at)))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_starts(s, slice_str(names[i])))
			return true;
	return false;
}

bool
word_is_base64(struct slice s)
{
	enum { SHORTEST = 20, PADDING = 2 };
	size_t digits = 0, small = 0, capitals = 0;

	for (int i = 0; i < PADDING && s.len != 0 &&
	    s.ptr[s.len - 1] == '='; i++)
		s.len--;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (ascii_is_digit(c))
			digits++;
		else if (c >= 'a' && c <= 'z')
			small++;
		else if (c >= 'A' && c <= 'Z')
			capitals++;
		else if (c != '+' && c != '/' && c != '-' && c != '_')
			return false;
	}
	return s.len >= SHORTEST && digits != 0 && small != 0 && capitals != 0;
}

bool
word_is_diagnostic(struct slice s)
{
	const char *dot = slice_chr(s, '.'), *colon = slice_chr(s, ':');
	const char *end = s.ptr + s.len;

	return dot != NULL && colon != NULL && dot < colon &&
	    word_is_number(slice_between(s.ptr, dot)) &&
	    word_is_number(slice_between(dot + 1, colon)) &&
	    end - colon > 4 && word_is_hex(slice_between(colon + 1, end));
}

bool
word_is_wordy(struct slice s)
{
	enum { LONGEST = 4, NUMBERS = 1 };
	size_t run = 0, numbers = 0, letters = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (ascii_is_digit(c)) {
			numbers += run == 0;
			if (++run > LONGEST)
				return false;
			continue;
		}
		if (ascii_is_alpha(c))
			letters++;
		else if (c != '-' && c != '_' && c != '.')
			return false;
		run = 0;
	}
	return numbers <= NUMBERS && letters >= 2;
}

/* --- known words ---------------------------------------------------------*/

#define T(name) { name, sizeof(name) - 1, WORD_TOP_LEVEL }
#define L(name) { name, sizeof(name) - 1, WORD_LIST }
#define U(name) { name, sizeof(name) - 1, WORD_USING }
#define B(name) { name, sizeof(name) - 1, WORD_BY }
#define K(name) { name, sizeof(name) - 1, WORD_ID_KEY }
#define W(name, bits) { name, sizeof(name) - 1, bits }
/* clang-format off */
static const struct {
	const char *name;
	uint8_t len, bits;
} words[] = {
	T("com"), T("net"), T("org"), T("edu"), T("gov"), T("mil"), T("int"),
	T("info"), T("biz"), T("name"), T("pro"), T("mobi"), T("coop"),
	T("aero"), T("museum"), T("travel"), T("jobs"), T("cat"), T("asia"),
	T("arpa"), T("local"), T("lan"), T("localdomain"), T("internal"),
	T("intern"), T("home"), T("corp"), T("example"), T("test"),
	T("invalid"), T("localhost"),
	W("email", WORD_TOP_LEVEL | WORD_ID_KEY), T("cloud"), T("online"),
	T("site"), T("shop"), T("xyz"), T("app"), T("dev"), T("club"),
	T("top"), T("tech"), T("store"), T("website"), T("space"), T("live"),
	T("news"), T("world"), T("group"), T("agency"), T("digital"),
	T("services"), T("solutions"), T("systems"), T("network"),
	W("host", WORD_TOP_LEVEL | WORD_ID_KEY), T("hosting"), T("company"),
	T("zone"), T("mail"), T("microsoft"), T("google"), T("icu"),
	T("vip"), T("wang"), T("blog"), T("media"), T("berlin"), T("wien"),
	T("koeln"), L("0spam.org"), L("abuseat.org"), L("abusix.com"),
	L("abusix.zone"), L("ahbl.org"), L("anonmails.de"),
	L("backscatterer.org"), L("barracudacentral.org"),
	L("barracudanetworks.com"), L("blocklist.de"),
	L("cloud-security.net"), L("cloudmark.com"), L("cobion.com"),
	L("dnsbl.com"), L("dnswl.org"), L("dronebl.org"), L("dsbl.org"),
	L("efnetrbl.org"), L("fabel.dk"), L("fmb.la"), L("fortiguard.com"),
	L("fortinet.com"), L("gbudb.net"), L("imp.ch"), L("inps.de"),
	L("interserver.net"), L("invaluement.com"), L("junkemailfilter.com"),
	L("justspam.org"), L("kempt.net"), L("lashback.com"),
	L("mail-abuse.com"), L("mail-abuse.org"), L("mailspike.net"),
	L("mailspike.org"), L("manitu.net"), L("mimecast.org"),
	L("mxrate.net"), L("nether.net"), L("njabl.org"), L("nordspam.com"),
	L("nszones.com"), L("proofpoint.com"), L("psbl.org"), L("rbl.jp"),
	L("returnpath.net"), L("rfc-clueless.org"), L("rfc-ignorant.org"),
	L("s5h.net"), L("senderbase.org"), L("senderscore.com"),
	L("senderscore.org"), L("sorbs.net"), L("spamcop.net"),
	L("spameatingmonkey.net"), L("spamhaus.net"), L("spamhaus.org"),
	L("spamrats.com"), L("spamrl.com"), L("spfbl.net"),
	L("suomispam.net"), L("surbl.org"), L("surriel.com"), L("swinog.ch"),
	L("talosintelligence.com"), L("tornevall.org"), L("uceprotect.net"),
	L("uribl.com"), L("virusfree.cz"), L("woody.ch"), L("wpbl.info"),
	L("zapbl.net"), U("using"), U("usando"), U("utilizando"),
	U("utilisant"), U("rbl"), U("dnsbl"), U("blacklist"), U("blocklist"),
	U("blackholes"), B("by"), B("in"), B("at"), B("on"), B("via"),
	B("per"), B("bei"), B("im"), B("auf"), B("par"), B("dans"), B("por"),
	B("en"), B("em"), B("da"), B("su"), B("list"), B("lists"),
	W("from", WORD_BY | WORD_ID_KEY), K("id"), K("r"), K("ref"),
	K("mid"), K("sid"), K("session"), K("time"), K("ts"), K("t"),
	K("msgid"), K("hostid"), K("addr"), K("to"), K("d"), K("domain"),
	K("sender"),
};
/* clang-format on */
#undef T
#undef L
#undef U
#undef B
#undef K
#undef W

enum { WORDS = sizeof(words) / sizeof(words[0]) };

/* Four bytes say enough; words that meet are told apart by their letters. */
static size_t
slot_of(struct slice s)
{
	size_t h = s.len * 7 + (size_t)(unsigned char)ascii_lower(s.ptr[0]) * 5;

	h += (size_t)(unsigned char)ascii_lower(s.ptr[s.len / 2]) * 37;
	h += (size_t)(unsigned char)ascii_lower(s.ptr[s.len / 3]) * 101;
	return h + (size_t)(unsigned char)ascii_lower(s.ptr[s.len - 1]) * 11;
}

void
word_table_init(struct word_table *table)
{
	enum { MASK = sizeof(table->slots) - 1 };

	_Static_assert(WORDS < 256, "slots hold one byte");
	memset(table->slots, 0, sizeof(table->slots));
	for (size_t i = 0; i < WORDS; i++) {
		size_t at = slot_of(slice_of(words[i].name, words[i].len)) &
		    MASK;

		while (table->slots[at] != 0)
			at = (at + 1) & MASK;
		table->slots[at] = (uint8_t)(i + 1);
	}
}

unsigned
word_table_find(const struct word_table *table, struct slice s)
{
	enum { MASK = sizeof(table->slots) - 1, LONGEST = 24 };
	size_t at;

	if (s.len == 0 || s.len > LONGEST)
		return 0;
	for (at = slot_of(s) & MASK; table->slots[at] != 0;
	    at = (at + 1) & MASK) {
		size_t i = table->slots[at] - 1u;

		if (words[i].len == s.len && slice_eq_nocase(s,
		    slice_of(words[i].name, words[i].len)))
			return words[i].bits;
	}
	return 0;
}

/* --- host names ----------------------------------------------------------*/

/* clang-format off */
#define N 1 /* letter */
#define O 1 /* digit, - _ */
#define R8(c) c, c, c, c, c, c, c, c
static const uint8_t name_bytes[256] = {
	R8(0), R8(0), R8(0), R8(0), R8(0),
	0, 0, 0, 0, 0, O, 2, 0, R8(O), O, O, 0, 0, 0, 0, 0, 0,
	0, N, N, N, N, N, N, N, R8(N), R8(N), N, N, N, 0, 0, 0, 0, O,
	0, N, N, N, N, N, N, N, R8(N), R8(N), N, N, N, 0, 0, 0, 0, 0,
};
#undef N
#undef O
#undef R8
/* clang-format on */

bool
word_is_name_byte(char c)
{
	return name_bytes[(unsigned char)c] != 0;
}

/* "Please" behind a full stop. */
static bool
is_capitalised(struct slice label)
{
	return label.len >= 3 && label.ptr[0] >= 'A' && label.ptr[0] <= 'Z' &&
	    label.ptr[1] >= 'a' && label.ptr[1] <= 'z';
}

/* Labels of S; 0 when it is no name. *last_r: where the last one begins. */
static size_t
count_labels(struct slice s, size_t *last_r)
{
	size_t last = 0, labels = 1;

	for (size_t i = 0; i < s.len; i++) {
		unsigned kind = name_bytes[(unsigned char)s.ptr[i]];

		if (kind == 1)
			continue;
		if (kind == 0 || i == last)
			return 0;
		last = i + 1;
		labels++;
	}
	*last_r = last;
	return labels;
}

bool
word_is_host(const struct word_table *table, struct slice s, char next)
{
	size_t last = 0, labels;
	struct slice label;

	if (s.len < 4 || s.len > 253 || s.ptr[0] == '.')
		return false;
	labels = count_labels(s, &last);
	label = slice_skip(s, last);
	if (labels < 2 || label.len < 2)
		return false;
	if (slice_starts(label, SLICE("xn--")))
		return true;
	if (word_has_digit(label))
		return false;
	if (next == '[')
		return true;
	return !is_capitalised(label) && (labels >= 3 || label.len == 2 ||
	    (word_table_find(table, label) & WORD_TOP_LEVEL) != 0);
}

bool
word_is_list(const struct word_table *table, struct slice host)
{
	unsigned dots = 0;
	size_t at = host.len;

	/* the last two labels, or all when there are no more */
	while (at > 0 && !(host.ptr[at - 1] == '.' && ++dots == 2))
		at--;
	return (word_table_find(table, slice_skip(host, at)) & WORD_LIST) !=
	    0;
}

static bool
has_nocase(struct slice s, struct slice word)
{
	for (size_t i = 0; i + word.len <= s.len; i++)
		if (slice_eq_nocase(slice_of(s.ptr + i, word.len), word))
			return true;
	return false;
}

/* What must stand somewhere before a "by". */
static bool
has_list_hint(struct slice s)
{
	return has_nocase(s, SLICE("list")) || has_nocase(s, SLICE("block")) ||
	    has_nocase(s, SLICE("rbl")) || has_nocase(s, SLICE("black")) ||
	    has_nocase(s, SLICE("bloqu")) || has_nocase(s, SLICE("blocc")) ||
	    has_nocase(s, SLICE("found")) || has_nocase(s, SLICE("dnsbl")) ||
	    has_nocase(s, SLICE("banned"));
}

bool
word_follows_list_words(const struct word_table *table, struct slice before)
{
	enum { WINDOW = 48 };
	size_t from;
	unsigned bits;

	if (before.len > WINDOW)
		before = slice_skip(before, before.len - WINDOW);
	/* "RBL: name", "using \"name": at most two bytes between */
	for (int i = 0; i < 2 && before.len != 0 &&
	    name_bytes[(unsigned char)before.ptr[before.len - 1]] != 1; i++)
		before.len--;
	from = before.len;
	while (from > 0 &&
	    name_bytes[(unsigned char)before.ptr[from - 1]] == 1)
		from--;
	bits = word_table_find(table, slice_skip(before, from));
	if ((bits & WORD_USING) != 0)
		return true;
	return (bits & WORD_BY) != 0 && has_list_hint(before);
}
