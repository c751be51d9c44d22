/* SPDX-License-Identifier: BSD-2-Clause */
/* Archives and their members. One archive may lie within another; what lies
 * deeper is a member like any other, and no log. */
#include "parsers/source_archive_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/intern.h"
#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/archive_head.h"
#include "parsers/member_path.h"

static void
allow_archives(struct archive *archive)
{
	archive_allow_filters(archive);
	(void)archive_read_support_filter_gzip(archive);
	(void)archive_read_support_format_zip(archive);
	(void)archive_read_support_format_tar(archive);
}

/* The first member, when SELF was opened with RESULT; NULL, and SELF is gone,
 * where it is no archive, whatever the reason. */
static struct archive_source *
first_member(struct archive_source *self, int result,
    struct archive_entry **entry_r)
{
	*entry_r = NULL;
	if (result == ARCHIVE_OK || result == ARCHIVE_WARN)
		result = archive_read_next_header(self->archive, entry_r);
	if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
		self->base.close(&self->base);
		return NULL;
	}
	self->is_open = true;
	return self;
}

static struct archive_source *
open_archive(const char *path, struct archive_entry **entry_r)
{
	struct archive_source *self = archive_source_new();
	int result = ARCHIVE_FATAL;

	do {
		self->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY |
		    O_NONBLOCK);
	} while (self->fd < 0 && errno == EINTR);
	allow_archives(self->archive);
	if (self->fd >= 0)
		result = archive_read_open_fd(self->archive, self->fd,
		    READ_BYTES);
	return first_member(self, result, entry_r);
}

/* The archive that lies in OUTER's member at hand. IS_BORROWED: OUTER stays
 * the caller's, who goes on with its next member. */
static struct archive_source *
open_nested(struct archive_source *outer, bool is_borrowed,
    struct archive_entry **entry_r)
{
	struct archive_source *self = archive_source_new();

	self->inner = &outer->base;
	self->is_borrowed = is_borrowed;
	allow_archives(self->archive);
	return first_member(self, archive_source_open_inner(self), entry_r);
}

/* What it costs to pass over a member, whatever its size: so much time as it
 * takes to unpack this many bytes. */
enum { MEMBER_COST_BYTES = 16 * 1024 };

static bool
is_wanted(struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	return name != NULL && archive_entry_filetype(entry) == AE_IFREG &&
	    archive_entry_hardlink(entry) == NULL &&
	    strncmp(name, "__MACOSX/", 9) != 0;
}

static enum mx_code
too_many(struct mx_err *err)
{
	return mx_fail(err, MX_E_LIMIT, "refused: more than %u members",
	    LIMIT_ARCHIVE_MEMBERS);
}

/* The next member that is a file; *entry_r is NULL at the end. What is passed
 * over counts as it was declared. */
static enum mx_code
next_member(struct archive_source *self, struct archive_entry **entry_r,
    uint32_t *count, struct mx_err *err)
{
	int result;

	self->len = 0;
	do {
		if (++*count > LIMIT_ARCHIVE_MEMBERS)
			return too_many(err);
		result = archive_read_next_header(self->archive, entry_r);
		if (result == ARCHIVE_EOF) {
			*entry_r = NULL;
			return MX_OK;
		}
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return archive_source_failed(self, err);
		if (archive_entry_size(*entry_r) > 0)
			self->declared_bytes +=
			    (uint64_t)archive_entry_size(*entry_r);
		if (self->declared_bytes > LIMIT_UNPACKED_BYTES)
			return mx_fail(err, MX_E_LIMIT,
			    "refused: more than %llu GiB come out of it",
			    (unsigned long long)(LIMIT_UNPACKED_BYTES >> 30));
	} while (!is_wanted(*entry_r));
	return MX_OK;
}

/* The member at hand will be read: what was passed over does not count. */
static void
begin_member(struct archive_source *self)
{
	la_int64_t in = archive_filter_bytes(self->archive, -1);

	self->guard = (struct unpack_guard){
		.text_in = in > 0 ? (uint64_t)in : 0 };
}

/* ------------------------------------------------------------------ */
/* Names */

/* Reports travel in zip files, whole; their names have the form of RFC 8460
 * 5.1 or end in .xml. */
static bool
is_report_name(struct slice name)
{
	return slice_chr(name, '!') != NULL || slice_ends(name,
	    SLICE(".xml")) || slice_ends(name, SLICE(".eml"));
}

struct path_names {
	char **names;
	size_t count;
};

static void
add_path(struct path_names *list, char *path)
{
	if ((list->count & (list->count - 1)) == 0)
		list->names = mx_realloc(list->names,
		    (list->count != 0 ? list->count * 2 : 1) *
		    sizeof(*list->names));
	list->names[list->count++] = path;
}

static void
free_paths(struct path_names *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
}

/* How often each name was met. */
struct name_counts {
	struct intern ids;
	unsigned *counts;
	size_t room;
};

static void
counts_init(struct name_counts *names)
{
	*names = (struct name_counts){ .room = 0 };
	intern_init(&names->ids, LIMIT_ARCHIVE_MEMBERS + 1,
	    hash_random_seed());
}

static void
counts_release(struct name_counts *names)
{
	intern_release(&names->ids);
	free(names->counts);
}

/* Which member of that name this is. */
static unsigned
count_name(struct name_counts *names, const char *name)
{
	uint32_t id = intern_id(&names->ids, slice_str(name));
	size_t room = names->room;

	if (id == INTERN_NONE)
		return 1;
	if (id >= room) {
		names->room = room != 0 ? room * 2 : 64;
		names->counts = mx_realloc(names->counts,
		    names->room * sizeof(*names->counts));
		memset(names->counts + room, 0,
		    (names->room - room) * sizeof(*names->counts));
	}
	return ++names->counts[id];
}

/* OUTER and NAME, with a colon between; a second member of a name that was
 * there is NAME:2. */
static char *
member_path(const char *outer, const char *name, unsigned nth)
{
	struct strbuf text;
	char *path;

	strbuf_init(&text, LIMIT_LINE_BYTES);
	strbuf_addf(&text, "%s:%s", outer, name);
	if (nth > 1)
		strbuf_addf(&text, ":%u", nth);
	path = mx_strdup(text.ptr);
	strbuf_release(&text);
	return path;
}

/* One look at an archive. */
struct listing {
	struct path_names *paths; /* of all members, those within them too */
	uint64_t bytes;          /* unpacked, of the archive and those within */
	enum mx_code nested;     /* the first failure of an inner archive */
	struct mx_err nested_err;
};

static enum mx_code list_members(struct archive_source *self,
    struct archive_entry *entry, const char *path, struct listing *listing,
    bool is_nested, struct mx_err *err);

/* The first bytes of the member at hand, which stay to be read. */
static bool
is_suspect_member(struct archive_source *self)
{
	struct mx_err ignored = { .code = MX_OK };
	bool at_end = false;

	/* what cannot be read is told when the member is opened */
	if (archive_source_fill(self, &at_end, &ignored) != MX_OK || at_end)
		return false;
	return archive_head_is_one(self->ptr, self->len);
}

static void
note_nested(struct listing *listing, const char *path, enum mx_code code,
    const struct mx_err *why)
{
	const char *name = strrchr(path, ':');

	if (listing->nested != MX_OK)
		return;
	listing->nested = code;
	(void)mx_fail(&listing->nested_err, code, "%s: %s",
	    name != NULL ? name + 1 : path, why->text);
}

/* The members of the archive that is the member PATH. False: it is none, or
 * one of reports. */
static bool
list_nested(struct archive_source *outer, const char *path,
    struct listing *listing)
{
	struct archive_entry *entry;
	struct archive_source *self;
	size_t before = listing->paths->count;
	struct mx_err why;
	enum mx_code code;

	if (!is_suspect_member(outer))
		return false;
	self = open_nested(outer, true, &entry);
	if (self == NULL)
		return false;
	code = list_members(self, entry, path, listing, true, &why);
	self->base.close(&self->base);
	if (code != MX_OK)
		note_nested(listing, path, code, &why);
	return listing->paths->count != before;
}

/* What is unpacked of an archive on the way to its last member: nothing of a
 * plain file, in which libarchive seeks. */
static uint64_t
bytes_on_the_way(const struct archive_source *self)
{
	la_int64_t bytes = archive_filter_bytes(self->archive, 0);

	if (bytes < 0 || (self->fd >= 0 &&
	    archive_filter_code(self->archive, 0) == ARCHIVE_FILTER_NONE))
		return 0;
	return (uint64_t)bytes;
}

/* Appends nothing where a zip holds reports alone. */
static enum mx_code
list_members(struct archive_source *self, struct archive_entry *entry,
    const char *path, struct listing *listing, bool is_nested,
    struct mx_err *err)
{
	size_t before = listing->paths->count;
	struct name_counts names;
	bool is_reports = true;
	enum mx_code code = MX_OK;
	uint32_t count = 0;

	counts_init(&names);
	if (!is_wanted(entry))
		code = next_member(self, &entry, &count, err);
	while (code == MX_OK && entry != NULL) {
		const char *name = archive_entry_pathname(entry);
		char *full = member_path(path, name,
		    count_name(&names, name));

		is_reports &= is_report_name(slice_str(name));
		if (!is_nested && list_nested(self, full, listing))
			free(full);
		else
			add_path(listing->paths, full);
		code = listing->paths->count > LIMIT_ARCHIVE_MEMBERS ?
		    too_many(err) : next_member(self, &entry, &count, err);
	}
	is_reports &= archive_format(self->archive) == ARCHIVE_FORMAT_ZIP;
	listing->bytes += bytes_on_the_way(self);
	while (is_reports && listing->paths->count > before)
		free(listing->paths->names[--listing->paths->count]);
	counts_release(&names);
	return is_reports ? MX_OK : code;
}

/* Each member is looked for from the begin of the archive. */
static enum mx_code
check_ways(const struct listing *listing, struct mx_err *err)
{
	uint64_t count = listing->paths->count;

	if (count == 0 || listing->bytes + count * MEMBER_COST_BYTES <=
	    LIMIT_ARCHIVE_PASSED_BYTES / count)
		return MX_OK;
	return mx_fail(err, MX_E_LIMIT, "refused: %llu members in %llu MiB "
	    "take too long to be found one by one; unpack it yourself",
	    (unsigned long long)count,
	    (unsigned long long)(listing->bytes >> 20));
}

enum mx_code
source_list_members(const char *path,
    enum mx_code (*each)(void *ctx, const char *path, struct mx_err *err),
    void *ctx, bool *is_archive_r, struct mx_err *err)
{
	struct path_names paths = { NULL, 0 };
	struct listing listing = { .paths = &paths };
	struct archive_entry *entry;
	struct archive_source *self;
	enum mx_code code, told = MX_OK;
	struct mx_err ignored = { .code = MX_OK };

	*is_archive_r = false;
	if (!archive_head_of_file(path))
		return MX_OK;
	self = open_archive(path, &entry);
	if (self == NULL)
		return MX_OK;
	code = list_members(self, entry, path, &listing, false, err);
	*is_archive_r = paths.count != 0 || code != MX_OK ||
	    archive_format(self->archive) != ARCHIVE_FORMAT_ZIP;
	self->base.close(&self->base);
	told = check_ways(&listing, err);
	if (told != MX_OK) {
		free_paths(&paths);
		return told;
	}
	for (size_t i = 0; i < paths.count && told == MX_OK; i++)
		told = each(ctx, paths.names[i], code == MX_OK ? err :
		    &ignored);
	if (told != MX_OK && code != MX_OK && err != NULL)
		*err = ignored;
	free_paths(&paths);
	if (told != MX_OK)
		return told;
	if (code == MX_OK && listing.nested != MX_OK && err != NULL)
		*err = listing.nested_err;
	return code != MX_OK ? code : listing.nested;
}

/* ------------------------------------------------------------------ */
/* One member */

/* Is NAME, the SEEN-th of its kind, the one that WANTED means, or the archive
 * in which it lies? Then *rest_r is the inner member's name, or NULL. */
static bool
is_meant(const char *name, unsigned seen, const char *wanted,
    const char **rest_r)
{
	const char *behind = wanted + strlen(name);
	uint64_t nth = 1;
	size_t digits;

	*rest_r = NULL;
	if (*behind == '\0')
		return seen == 1;
	behind++; /* a colon: the caller has looked */
	digits = slice_number(slice_str(behind), UINT32_MAX, &nth);
	if (digits != 0 && behind[digits] == '\0')
		return nth == seen;
	if (digits != 0 && behind[digits] == ':' && nth == seen && nth > 1)
		*rest_r = behind + digits + 1;
	else if (seen == 1)
		*rest_r = behind;
	return *rest_r != NULL;
}

static enum mx_code
find_member(struct archive_source *self, struct archive_entry *entry,
    const char *wanted, struct archive_entry **entry_r, const char **rest_r,
    struct mx_err *err)
{
	uint32_t count = 0;
	enum mx_code code = MX_OK;
	struct name_counts names;

	*entry_r = NULL;
	counts_init(&names);
	if (!is_wanted(entry))
		code = next_member(self, &entry, &count, err);
	for (; code == MX_OK && entry != NULL;
	    code = next_member(self, &entry, &count, err)) {
		const char *name = archive_entry_pathname(entry);
		size_t len = strlen(name);

		if (strncmp(name, wanted, len) != 0 ||
		    (wanted[len] != '\0' && wanted[len] != ':'))
			continue;
		if (!is_meant(name, count_name(&names, name), wanted, rest_r))
			continue;
		*entry_r = entry;
		break;
	}
	counts_release(&names);
	if (code != MX_OK || *entry_r != NULL)
		return code;
	return mx_fail(err, MX_E_NOINPUT, "no such member in the archive");
}

static void
fill_info(struct source_info *info, const struct archive_source *self,
    struct archive_entry *entry)
{
	la_int64_t size = archive_entry_size(entry);

	*info = (struct source_info){
		.size_bytes = size > 0 ? (uint64_t)size : 0,
		.mtime_utc = archive_entry_mtime_is_set(entry) ?
		    (int64_t)archive_entry_mtime(entry) : INT64_MIN,
		.mtime_ns = INT64_MIN,
		.container = archive_format(self->archive) ==
		    ARCHIVE_FORMAT_ZIP ? "zip" : "tar",
	};
}

/* The inner member REST of the archive that is SELF's member at hand; SELF is
 * taken over. */
static enum mx_code
find_nested(struct archive_source **self, const char *rest,
    struct archive_entry **entry_r, struct mx_err *err)
{
	struct archive_source *inner;
	struct archive_entry *first;
	const char *deeper = NULL;
	enum mx_code code;

	begin_member(*self);
	inner = open_nested(*self, false, &first);
	*self = inner; /* which has closed the outer one, if it is NULL */
	if (inner == NULL)
		return mx_fail(err, MX_E_DATA, "not an archive");
	code = find_member(inner, first, rest, entry_r, &deeper, err);
	if (code == MX_OK && deeper != NULL)
		return mx_fail(err, MX_E_NOINPUT, "archives are looked "
		    "through two deep");
	return code;
}

enum mx_code
source_open_member(const char *path, struct byte_source **source_r,
    struct source_info *info_r, bool *found_r, struct mx_err *err)
{
	struct archive_entry *first, *entry;
	struct archive_source *self;
	const char *member, *rest = NULL;
	char *archive;
	enum mx_code code;

	*found_r = member_path_split(path, &archive, &member);
	if (!*found_r)
		return MX_OK;
	self = open_archive(archive, &first);
	free(archive);
	if (self == NULL)
		return mx_fail(err, MX_E_DATA, "not an archive");
	code = find_member(self, first, member, &entry, &rest, err);
	if (code == MX_OK && rest != NULL)
		code = find_nested(&self, rest, &entry, err);
	if (code != MX_OK) {
		if (self != NULL)
			self->base.close(&self->base);
		return code;
	}
	fill_info(info_r, self, entry);
	begin_member(self);
	*source_r = &self->base;
	return MX_OK;
}
