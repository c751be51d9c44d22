/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/source_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "parsers/archive_head.h"
#include "parsers/member_path.h"

enum { READ_BYTES = 64 * 1024 };

struct archive_source {
	struct byte_source base;
	struct archive *archive;
	struct byte_source *inner; /* of streams */
	int fd;                    /* of archives; -1 */
	char head[CONTAINER_HEAD]; /* to be read first */
	size_t head_len;
	bool is_open;              /* the first header was read */
	bool is_growing;
	uint64_t out_bytes;
	const char *ptr;           /* what libarchive gave and nobody took */
	size_t len;
	struct mx_err inner_err;   /* why INNER failed */
	char buf[READ_BYTES];
};

/* ------------------------------------------------------------------ */
/* What comes out */

static enum mx_code
archive_failed(struct archive_source *self, struct mx_err *err)
{
	const char *why = archive_error_string(self->archive);

	if (self->inner_err.code != MX_OK) {
		if (err != NULL)
			*err = self->inner_err;
		return self->inner_err.code;
	}
	return mx_fail(err, MX_E_DATA, "damaged or cut: %s",
	    why != NULL ? why : "cannot be unpacked");
}

static enum mx_code
check_ratio(struct archive_source *self, struct mx_err *err)
{
	la_int64_t in = archive_filter_bytes(self->archive, -1);
	uint64_t in_bytes = in > 0 ? (uint64_t)in : 1;

	if (self->out_bytes > LIMIT_UNPACKED_BYTES)
		return mx_fail(err, MX_E_LIMIT,
		    "refused: more than %llu GiB come out of it",
		    (unsigned long long)(LIMIT_UNPACKED_BYTES >> 30));
	if (self->out_bytes > LIMIT_UNPACKED_FREE &&
	    self->out_bytes / LIMIT_UNPACKED_RATIO > in_bytes)
		return mx_fail(err, MX_E_LIMIT, "refused: it unpacks to more "
		    "than %u times its size", LIMIT_UNPACKED_RATIO);
	return MX_OK;
}

/* The first header of a stream, which may be empty. */
static enum mx_code
open_stream(struct archive_source *self, bool *end_r, struct mx_err *err)
{
	struct archive_entry *entry;
	int result;

	*end_r = false;
	if (self->is_open)
		return MX_OK;
	self->is_open = true;
	result = archive_read_next_header(self->archive, &entry);
	*end_r = result == ARCHIVE_EOF;
	if (result == ARCHIVE_EOF || result == ARCHIVE_OK ||
	    result == ARCHIVE_WARN)
		return MX_OK;
	if (self->is_growing && self->inner_err.code == MX_OK) {
		*end_r = true;
		return MX_OK;
	}
	return archive_failed(self, err);
}

/* The next block, in libarchive's memory. Holes of sparse files are left
 * out: they are the NULs that copytruncate leaves behind. */
static enum mx_code
next_block(struct archive_source *self, bool *end_r, struct mx_err *err)
{
	const void *block;
	la_int64_t offset;
	enum mx_code code;
	int result;

	self->len = 0;
	code = open_stream(self, end_r, err);
	if (code != MX_OK || *end_r)
		return code;
	do {
		result = archive_read_data_block(self->archive, &block,
		    &self->len, &offset);
	} while (result == ARCHIVE_RETRY ||
	    (result == ARCHIVE_OK && self->len == 0));
	if (result == ARCHIVE_OK || result == ARCHIVE_WARN) {
		self->ptr = block;
		self->out_bytes += self->len;
		return check_ratio(self, err);
	}
	self->len = 0;
	*end_r = true;
	if (result == ARCHIVE_EOF || (self->is_growing &&
	    self->inner_err.code == MX_OK))
		return MX_OK;
	*end_r = false;
	return archive_failed(self, err);
}

static enum mx_code
archive_read(struct byte_source *base, char *buf, size_t room, size_t *got_r,
    struct mx_err *err)
{
	struct archive_source *self = (struct archive_source *)base;
	bool at_end = false;

	*got_r = 0;
	if (self->len == 0) {
		enum mx_code code = next_block(self, &at_end, err);

		if (code != MX_OK || at_end)
			return code;
	}
	*got_r = self->len < room ? self->len : room;
	if (*got_r != 0)
		memcpy(buf, self->ptr, *got_r);
	self->ptr += *got_r;
	self->len -= *got_r;
	return MX_OK;
}

static void
archive_close_source(struct byte_source *base)
{
	struct archive_source *self = (struct archive_source *)base;

	(void)archive_read_free(self->archive);
	if (self->inner != NULL)
		self->inner->close(self->inner);
	if (self->fd >= 0)
		(void)close(self->fd);
	free(self);
}

static uint64_t
archive_progress(struct byte_source *base)
{
	struct archive_source *self = (struct archive_source *)base;
	la_int64_t bytes = archive_filter_bytes(self->archive, -1);

	if (self->inner != NULL)
		return self->inner->progress(self->inner);
	return bytes > 0 ? (uint64_t)bytes : 0;
}

static struct archive_source *
new_source(void)
{
	struct archive_source *self = mx_calloc(1, sizeof(*self));

	self->archive = archive_read_new();
	if (self->archive == NULL)
		mx_oom();
	self->base.read = archive_read;
	self->base.close = archive_close_source;
	self->base.progress = archive_progress;
	self->fd = -1;
	return self;
}

/* ------------------------------------------------------------------ */
/* Streams */

static const struct container {
	const char *name, *magic;
	size_t len;
} containers[] = {
	{ "xz", "\xfd" "7zXZ\0", 6 },
	{ "zstd", "\x28\xb5\x2f\xfd", 4 },
	{ "bzip2", "BZh", 3 },
	{ "lz4", "\x04\x22\x4d\x18", 4 },
};

const char *
container_of_stream(const char *head, size_t len)
{
	for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]);
	    i++)
		if (len >= containers[i].len && memcmp(head,
		    containers[i].magic, containers[i].len) == 0)
			return containers[i].name;
	return NULL;
}

static la_ssize_t
feed(struct archive *archive, void *ctx, const void **block_r)
{
	struct archive_source *self = ctx;
	size_t got = 0;

	*block_r = self->head;
	if (self->head_len != 0) {
		got = self->head_len;
		self->head_len = 0;
		return (la_ssize_t)got;
	}
	*block_r = self->buf;
	if (self->inner->read(self->inner, self->buf, sizeof(self->buf), &got,
	    &self->inner_err) != MX_OK) {
		archive_set_error(archive, EIO, "%s", self->inner_err.text);
		return -1;
	}
	return (la_ssize_t)got;
}

static void
allow_filters(struct archive *archive)
{
	(void)archive_read_support_filter_xz(archive);
	(void)archive_read_support_filter_zstd(archive);
	(void)archive_read_support_filter_bzip2(archive);
	(void)archive_read_support_filter_lz4(archive);
}

struct byte_source *
source_decompress(struct byte_source *inner, const char *head,
    size_t head_len, bool is_growing)
{
	struct archive_source *self = new_source();

	self->inner = inner;
	self->is_growing = is_growing;
	self->head_len = head_len < CONTAINER_HEAD ? head_len :
	    CONTAINER_HEAD;
	memcpy(self->head, head, self->head_len);
	allow_filters(self->archive);
	(void)archive_read_support_format_raw(self->archive);
	(void)archive_read_support_format_empty(self->archive);
	/* a failure here is met again, and told, by the first read */
	(void)archive_read_open2(self->archive, self, NULL, feed, NULL, NULL);
	return &self->base;
}

/* ------------------------------------------------------------------ */
/* Archives */

/* The file as an archive of members; *is_archive_r: false where it is none,
 * whatever the reason. */
static struct archive_source *
open_archive(const char *path, struct archive_entry **entry_r)
{
	struct archive_source *self = new_source();
	int result = ARCHIVE_FATAL;

	do {
		self->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY |
		    O_NONBLOCK);
	} while (self->fd < 0 && errno == EINTR);
	allow_filters(self->archive);
	(void)archive_read_support_filter_gzip(self->archive);
	(void)archive_read_support_format_zip(self->archive);
	(void)archive_read_support_format_tar(self->archive);
	if (self->fd >= 0 && archive_read_open_fd(self->archive, self->fd,
	    READ_BYTES) == ARCHIVE_OK)
		result = archive_read_next_header(self->archive, entry_r);
	if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
		self->base.close(&self->base);
		return NULL;
	}
	self->is_open = true;
	return self;
}

static bool
is_wanted(struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	return name != NULL && archive_entry_filetype(entry) == AE_IFREG &&
	    archive_entry_hardlink(entry) == NULL &&
	    strncmp(name, "__MACOSX/", 9) != 0;
}

/* The next member that is a file; *entry_r is NULL at the end. *skipped_r
 * counts what was declared of those passed over. */
static enum mx_code
next_member(struct archive_source *self, struct archive_entry **entry_r,
    uint32_t *count, struct mx_err *err)
{
	int result;

	do {
		if (++*count > LIMIT_ARCHIVE_MEMBERS)
			return mx_fail(err, MX_E_LIMIT,
			    "refused: more than %u members",
			    LIMIT_ARCHIVE_MEMBERS);
		result = archive_read_next_header(self->archive, entry_r);
		if (result == ARCHIVE_EOF) {
			*entry_r = NULL;
			return MX_OK;
		}
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return archive_failed(self, err);
		if (archive_entry_size(*entry_r) > 0)
			self->out_bytes +=
			    (uint64_t)archive_entry_size(*entry_r);
		if (self->out_bytes > LIMIT_UNPACKED_BYTES)
			return check_ratio(self, err);
	} while (!is_wanted(*entry_r));
	return MX_OK;
}

/* Reports travel in zip files, whole; their names have the form of RFC 8460
 * 5.1 or end in .xml. */
static bool
is_report_name(struct slice name)
{
	return slice_chr(name, '!') != NULL || slice_ends(name,
	    SLICE(".xml")) || slice_ends(name, SLICE(".eml"));
}

/* A second member of a name that was there is NAME:2. */
static void
member_path(struct strbuf *out, const char *path, struct slice name,
    unsigned nth)
{
	strbuf_reset(out);
	strbuf_add_str(out, path);
	strbuf_add_char(out, ':');
	strbuf_add_slice(out, name);
	if (nth > 1)
		strbuf_addf(out, ":%u", nth);
}

struct member_name {
	char *name;
	struct member_name *next;
};

/* How often NAME stands in LIST, itself included. */
static unsigned
count_name(const struct member_name *list, const char *name)
{
	unsigned count = 0;

	for (; list != NULL; list = list->next)
		count += strcmp(list->name, name) == 0;
	return count;
}

static void
free_names(struct member_name *list)
{
	while (list != NULL) {
		struct member_name *next = list->next;

		free(list->name);
		free(list);
		list = next;
	}
}

/* All names, in the order of the archive reversed. */
static enum mx_code
read_names(struct archive_source *self, struct archive_entry *entry,
    struct member_name **list_r, bool *is_reports_r, struct mx_err *err)
{
	enum mx_code code = MX_OK;
	uint32_t count = 0;

	*is_reports_r = true;
	if (!is_wanted(entry))
		code = next_member(self, &entry, &count, err);
	while (code == MX_OK && entry != NULL) {
		struct member_name *item = mx_alloc(sizeof(*item));
		const char *name = archive_entry_pathname(entry);

		item->name = mx_strdup(name);
		item->next = *list_r;
		*list_r = item;
		*is_reports_r &= is_report_name(slice_str(name));
		code = next_member(self, &entry, &count, err);
	}
	return code;
}

static enum mx_code
tell_names(const char *path, const struct member_name *list,
    enum mx_code (*each)(void *ctx, const char *path, struct mx_err *err),
    void *ctx, struct mx_err *err)
{
	const struct member_name **order;
	enum mx_code code = MX_OK;
	struct strbuf full;
	size_t count = 0;

	for (const struct member_name *at = list; at != NULL; at = at->next)
		count++;
	order = mx_alloc((count + 1) * sizeof(*order));
	for (size_t i = count; list != NULL; list = list->next)
		order[--i] = list;
	strbuf_init(&full, LIMIT_LINE_BYTES);
	for (size_t i = 0; i < count && code == MX_OK; i++) {
		member_path(&full, path, slice_str(order[i]->name),
		    count_name(order[i], order[i]->name));
		code = each(ctx, full.ptr, err);
	}
	strbuf_release(&full);
	free(order);
	return code;
}

enum mx_code
source_list_members(const char *path,
    enum mx_code (*each)(void *ctx, const char *path, struct mx_err *err),
    void *ctx, bool *is_archive_r, struct mx_err *err)
{
	struct archive_entry *entry;
	struct archive_source *self;
	struct member_name *list = NULL;
	bool is_reports;
	enum mx_code code;

	*is_archive_r = false;
	if (!archive_head_of_file(path))
		return MX_OK;
	self = open_archive(path, &entry);
	if (self == NULL)
		return MX_OK;
	code = read_names(self, entry, &list, &is_reports, err);
	is_reports = is_reports &&
	    archive_format(self->archive) == ARCHIVE_FORMAT_ZIP;
	self->base.close(&self->base);
	*is_archive_r = !is_reports;
	if (!is_reports && list != NULL) {
		struct mx_err first = { 0 };
		enum mx_code told;

		if (code != MX_OK && err != NULL)
			first = *err;
		told = tell_names(path, list, each, ctx, err);
		if (told != MX_OK)
			code = told;
		else if (code != MX_OK && err != NULL)
			*err = first;
	}
	free_names(list);
	return is_reports ? MX_OK : code;
}

/* ------------------------------------------------------------------ */
/* One member */

/* Is NAME, the SEEN-th of its kind, the one that WANTED means? */
static bool
is_meant(const char *name, unsigned seen, const char *wanted)
{
	size_t len = strlen(name);
	uint64_t nth;

	if (strncmp(name, wanted, len) != 0)
		return false;
	if (wanted[len] == '\0')
		return seen == 1;
	return wanted[len] == ':' && slice_number(slice_str(wanted + len + 1),
	    UINT32_MAX, &nth) == strlen(wanted + len + 1) && nth == seen;
}

static enum mx_code
find_member(struct archive_source *self, struct archive_entry *entry,
    const char *wanted, struct archive_entry **entry_r, struct mx_err *err)
{
	uint32_t count = 0;
	unsigned seen = 0;
	enum mx_code code = MX_OK;

	*entry_r = NULL;
	if (!is_wanted(entry))
		code = next_member(self, &entry, &count, err);
	for (; code == MX_OK && entry != NULL;
	    code = next_member(self, &entry, &count, err)) {
		const char *name = archive_entry_pathname(entry);
		size_t len = strlen(name);

		if (strncmp(name, wanted, len) != 0 ||
		    (wanted[len] != '\0' && wanted[len] != ':'))
			continue;
		seen++;
		if (!is_meant(name, seen, wanted))
			continue;
		*entry_r = entry;
		return MX_OK;
	}
	if (code != MX_OK)
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

enum mx_code
source_open_member(const char *path, struct byte_source **source_r,
    struct source_info *info_r, bool *found_r, struct mx_err *err)
{
	struct archive_entry *first, *entry;
	struct archive_source *self;
	const char *member;
	char *archive;
	enum mx_code code;

	*found_r = member_path_split(path, &archive, &member);
	if (!*found_r)
		return MX_OK;
	self = open_archive(archive, &first);
	free(archive);
	if (self == NULL)
		return mx_fail(err, MX_E_DATA, "not an archive");
	code = find_member(self, first, member, &entry, err);
	if (code != MX_OK) {
		self->base.close(&self->base);
		return code;
	}
	fill_info(info_r, self, entry);
	self->out_bytes = 0;
	*source_r = &self->base;
	return MX_OK;
}
