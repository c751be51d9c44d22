/* SPDX-License-Identifier: BSD-2-Clause */
/* Time zones from the system's database, read here and not by libc, since
 * libc knows one zone a process. Format: RFC 8536. */
#include "base/zone.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd_read.h"
#include "base/zone_rule.h"

#define ZONE_DIR "/usr/share/zoneinfo/"
/* The fattest file of the database has 3.6 KB; names have at most 32. */
enum { FILE_BYTES = 64 * 1024, NAME_BYTES = 128, HEADER_BYTES = 44 };

struct zone {
	int64_t *at;          /* moments of change, ascending */
	int32_t *offset;      /* from at[i] on */
	size_t count;
	int32_t first_offset; /* before at[0] */
	bool has_rule;        /* behind the last change */
	int failure;          /* errno where a file is there, but cannot be
	                       * read */
	struct zone_rule rule;
	char name[NAME_BYTES];
};

static uint32_t
big_endian_32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static int64_t
big_endian_64(const unsigned char *p)
{
	return (int64_t)((uint64_t)big_endian_32(p) << 32 |
	    big_endian_32(p + 4));
}

/* The counts of a TZif header, and where they lead. */
struct tzif {
	const unsigned char *data;  /* behind the header */
	size_t times, types, chars, leaps, standards, universals;
	size_t time_bytes;          /* 4 in version 1, else 8 */
	unsigned char version;
};

static bool
read_header(const unsigned char *p, size_t len, size_t time_bytes,
    struct tzif *h)
{
	if (len < HEADER_BYTES || memcmp(p, "TZif", 4) != 0)
		return false;
	*h = (struct tzif){ .data = p + HEADER_BYTES, .version = p[4],
		.time_bytes = time_bytes,
		.universals = big_endian_32(p + 20),
		.standards = big_endian_32(p + 24),
		.leaps = big_endian_32(p + 28),
		.times = big_endian_32(p + 32),
		.types = big_endian_32(p + 36),
		.chars = big_endian_32(p + 40) };
	return h->types != 0 && h->types <= 256 && h->times <= FILE_BYTES &&
	    h->chars <= FILE_BYTES && h->leaps <= FILE_BYTES &&
	    h->standards <= 256 && h->universals <= 256;
}

static size_t
data_bytes(const struct tzif *h)
{
	return h->times * (h->time_bytes + 1) + h->types * 6 + h->chars +
	    h->leaps * (h->time_bytes + 4) + h->standards + h->universals;
}

static bool
take_changes(struct zone *zone, const struct tzif *h)
{
	const unsigned char *index = h->data + h->times * h->time_bytes;
	const unsigned char *types = index + h->times;

	zone->at = mx_calloc(h->times + 1, sizeof(*zone->at));
	zone->offset = mx_calloc(h->times + 1, sizeof(*zone->offset));
	zone->count = h->times;
	zone->first_offset = (int32_t)big_endian_32(types);
	for (size_t i = 0; i < h->times; i++) {
		const unsigned char *at = h->data + i * h->time_bytes;

		if (index[i] >= h->types)
			return false;
		zone->at[i] = h->time_bytes == 8 ? big_endian_64(at) :
		    (int32_t)big_endian_32(at);
		zone->offset[i] = (int32_t)big_endian_32(types +
		    index[i] * 6);
		if (i != 0 && zone->at[i] <= zone->at[i - 1])
			return false;
	}
	return true;
}

/* Version 1 holds 32-bit times; from version 2 on the same follows with
 * 64-bit times, then the rule between two newlines. */
static bool
parse_tzif(struct zone *zone, const unsigned char *p, size_t len)
{
	struct tzif h;
	struct slice footer;
	size_t used;

	if (!read_header(p, len, 4, &h) ||
	    data_bytes(&h) > len - HEADER_BYTES)
		return false;
	if (h.version == 0)
		return take_changes(zone, &h);
	used = HEADER_BYTES + data_bytes(&h);
	if (!read_header(p + used, len - used, 8, &h) ||
	    data_bytes(&h) > len - used - HEADER_BYTES)
		return false;
	if (!take_changes(zone, &h))
		return false;
	used += HEADER_BYTES + data_bytes(&h);
	footer = slice_trim(slice_of((const char *)p + used, len - used));
	if (footer.len != 0) {
		zone->has_rule = zone_rule_parse(footer, &zone->rule);
		return zone->has_rule;
	}
	return true;
}

static bool
load_file(struct zone *zone, const char *path)
{
	unsigned char *bytes;
	struct stat st;
	ssize_t got;
	bool is_good;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			zone->failure = errno;
		return false;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > FILE_BYTES) {
		close(fd);
		return false;
	}
	bytes = mx_alloc(FILE_BYTES);
	got = fd_read(fd, bytes, FILE_BYTES);
	if (got < 0)
		zone->failure = errno;
	close(fd);
	is_good = got > 0 && parse_tzif(zone, bytes, (size_t)got);
	free(bytes);
	return is_good;
}

/* A name of the database: no absolute path, no ".." component. */
static bool
is_database_name(struct slice name)
{
	if (name.len == 0 || name.len >= NAME_BYTES - sizeof(ZONE_DIR) ||
	    !ascii_is_alpha(name.ptr[0]))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.ptr[i]) &&
		    slice_chr(SLICE("/_-+"), name.ptr[i]) == NULL)
			return false;
	return true;
}

static bool
load_database(struct zone *zone, struct slice name)
{
	char path[sizeof(ZONE_DIR) + NAME_BYTES];

	if (!is_database_name(name))
		return false;
	memcpy(path, ZONE_DIR, sizeof(ZONE_DIR));
	memcpy(path + sizeof(ZONE_DIR) - 1, name.ptr, name.len);
	path[sizeof(ZONE_DIR) - 1 + name.len] = '\0';
	return load_file(zone, path);
}

/* "Z", "UTC", "GMT", "+01:00", "-0530", "+2", "UTC+1": people mean east by
 * plus, unlike POSIX. */
static bool
parse_fixed(struct slice s, int32_t *offset_r)
{
	uint64_t hours, minutes = 0;
	bool is_west;
	size_t n;

	*offset_r = 0;
	if (slice_eq(s, SLICE("Z")))
		return true;
	if (slice_starts(s, SLICE("UTC")) || slice_starts(s, SLICE("GMT"))) {
		s = slice_skip(s, 3);
		if (s.len == 0)
			return true;
	}
	if (s.len < 2 || (s.ptr[0] != '+' && s.ptr[0] != '-'))
		return false;
	is_west = s.ptr[0] == '-';
	s = slice_skip(s, 1);
	n = slice_number(s, 9999, &hours);
	if (n == 4 && s.len == 4) {
		minutes = hours % 100;
		hours /= 100;
	} else if (n == 0 || n > 2 || (s.len != n &&
	    (s.ptr[n] != ':' || s.len != n + 3 ||
	    slice_number(slice_skip(s, n + 1), 59, &minutes) != 2))) {
		return false;
	}
	if (hours > 14 || minutes > 59)
		return false;
	*offset_r = (int32_t)(hours * 3600 + minutes * 60);
	if (is_west)
		*offset_r = -*offset_r;
	return true;
}

static void
set_name(struct zone *zone, struct slice name)
{
	size_t n = name.len < NAME_BYTES ? name.len : NAME_BYTES - 1;

	memcpy(zone->name, name.ptr, n);
	zone->name[n] = '\0';
}

static bool
load_name(struct zone *zone, struct slice name)
{
	int32_t offset;

	set_name(zone, name);
	if (parse_fixed(name, &offset)) {
		zone->first_offset = offset;
		return true;
	}
	if (load_database(zone, name))
		return true;
	free(zone->at);
	free(zone->offset);
	zone->at = NULL;
	zone->offset = NULL;
	zone->count = 0;
	zone->has_rule = zone_rule_parse(name, &zone->rule);
	return zone->has_rule;
}

/* The name behind ".../zoneinfo/" that a path or link leads to. */
static struct slice
name_in_path(struct slice path)
{
	static const struct slice dir = { "/zoneinfo/", 10 };
	const char *at = slice_find(path, dir);

	if (at == NULL)
		return SLICE_NONE;
	return slice_skip(path, (size_t)(at - path.ptr) + dir.len);
}

static void
load_localtime(struct zone *zone)
{
	char target[PATH_MAX];
	ssize_t n = readlink("/etc/localtime", target, sizeof(target));
	struct slice name = SLICE_NONE;

	if (n > 0)
		name = name_in_path(slice_of(target, (size_t)n));
	if (name.len != 0 && load_name(zone, name))
		return;
	set_name(zone, SLICE("local"));
	if (load_file(zone, "/etc/localtime"))
		return;
	(void)load_name(zone, SLICE("UTC"));
}

/* TZ as libc reads it: unset means /etc/localtime, empty or unknown means
 * UTC, a colon in front and a path into the database are allowed. */
static void
load_system(struct zone *zone)
{
	struct slice tz = slice_str(getenv("TZ"));

	if (slice_is_none(tz)) {
		load_localtime(zone);
		return;
	}
	if (tz.len != 0 && tz.ptr[0] == ':')
		tz = slice_skip(tz, 1);
	if (slice_eq(tz, SLICE("/etc/localtime"))) {
		load_localtime(zone);
		return;
	}
	if (tz.len != 0 && tz.ptr[0] == '/')
		tz = name_in_path(tz);
	/* libc reads UTC+1 as POSIX does: one hour west. */
	if (tz.len != 0 && (zone_rule_parse(tz, &zone->rule))) {
		set_name(zone, tz);
		zone->has_rule = true;
		return;
	}
	if (tz.len == 0 || !load_name(zone, tz))
		(void)load_name(zone, SLICE("UTC"));
}

enum mx_code
zone_open(struct slice name, struct zone **zone_r, struct mx_err *err)
{
	struct zone *zone = mx_calloc(1, sizeof(*zone));
	struct slice said = name.len == 0 ? SLICE("of the system") :
	    slice_of(name.ptr, name.len < NAME_BYTES ? name.len : NAME_BYTES);
	bool is_found = true;
	int failure;

	*zone_r = NULL;
	if (name.len == 0 || slice_eq(name, SLICE("local")))
		load_system(zone);
	else
		is_found = name.len < NAME_BYTES && load_name(zone, name);
	failure = zone->failure;
	/* A system whose zone cannot be read is not one of UTC. */
	if (!is_found || failure != 0)
		zone_close(zone);
	if (failure != 0)
		return mx_fail_errno(err, MX_E_IO, failure, "time zone %.*s",
		    SLICE_ARG(said));
	if (!is_found)
		return mx_fail(err, MX_E_CONFIG,
		    "no such time zone: \"%.*s\" (a name such as "
		    "Europe/Berlin, an offset such as +01:00, or UTC)",
		    SLICE_ARG(said));
	*zone_r = zone;
	return MX_OK;
}

void
zone_close(struct zone *zone)
{
	if (zone == NULL)
		return;
	free(zone->at);
	free(zone->offset);
	free(zone);
}

struct slice
zone_name(const struct zone *zone)
{
	return slice_str(zone->name);
}

/* How many changes lie at or before UTC. */
static size_t
changes_until(const struct zone *zone, int64_t utc)
{
	size_t low = 0, high = zone->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (zone->at[mid] <= utc)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int32_t
zone_offset(const struct zone *zone, int64_t utc, int64_t *until_r)
{
	size_t n = changes_until(zone, utc);

	if (n == zone->count && zone->has_rule)
		return zone_rule_offset(&zone->rule, utc, until_r);
	if (until_r != NULL)
		*until_r = n < zone->count ? zone->at[n] : INT64_MAX;
	return n == 0 ? zone->first_offset : zone->offset[n - 1];
}

int64_t
zone_to_utc(const struct zone *zone, const struct civil *local,
    int64_t near_utc)
{
	int64_t wall = civil_seconds(local);
	/* No place changes its clocks twice within two days. */
	int32_t before = zone_offset(zone, wall - 86400, NULL);
	int32_t after = zone_offset(zone, wall + 86400, NULL);
	int64_t early = wall - before, late = wall - after;
	bool early_fits = zone_offset(zone, early, NULL) == before;
	bool late_fits = zone_offset(zone, late, NULL) == after;

	if (before == after || (early_fits && !late_fits))
		return early;
	if (late_fits && !early_fits)
		return late;
	if (!early_fits)
		return early; /* skipped in spring */
	return early >= near_utc ? early : late;
}

int64_t
zone_day_start(const struct zone *zone, int64_t utc, int n)
{
	int64_t wall = utc + zone_offset(zone, utc, NULL);
	int64_t day = wall / 86400 - (wall % 86400 < 0);
	struct civil midnight = civil_from_seconds((day + n) * 86400);

	return zone_to_utc(zone, &midnight, INT64_MIN);
}
