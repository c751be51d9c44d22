/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/report_zip.h"

#include <archive.h>
#include <archive_entry.h>

#include "base/limits.h"
#include "parsers/source.h"

enum { CHUNK = 64 * 1024 };

static enum mx_code
too_large(struct mx_err *err)
{
	return mx_fail(err, MX_E_LIMIT, "more than %u MiB come out of it",
	    LIMIT_REPORT_BYTES / (1024 * 1024));
}

static enum mx_code
archive_fault(struct archive *archive, struct mx_err *err)
{
	const char *why = archive_error_string(archive);

	return mx_fail(err, MX_E_DATA, "zip: %s",
	    why != NULL ? why : "damaged");
}

static enum mx_code
read_member(struct archive *archive, size_t spent, struct strbuf *content,
    struct mx_err *err)
{
	char buf[16 * 1024];
	ssize_t got;

	while ((got = archive_read_data(archive, buf, sizeof(buf))) > 0) {
		strbuf_add(content, buf, (size_t)got);
		if (content->is_cut || content->len + spent >
		    LIMIT_REPORT_BYTES)
			return too_large(err);
	}
	return got == 0 ? MX_OK : archive_fault(archive, err);
}

static bool
is_wanted(struct archive_entry *entry, struct slice name)
{
	return archive_entry_filetype(entry) == AE_IFREG &&
	    !slice_starts(name, SLICE("__MACOSX/"));
}

static enum mx_code
read_members(struct archive *archive, struct strbuf *content,
    enum mx_code (*member)(void *ctx, struct slice name, struct slice content,
    struct mx_err *err), void *ctx, struct mx_err *err)
{
	enum mx_code code = MX_OK;
	struct archive_entry *entry;
	size_t spent = 0;

	for (unsigned count = 0; code == MX_OK; count++) {
		int status = archive_read_next_header(archive, &entry);
		struct slice name;

		if (status == ARCHIVE_EOF)
			return MX_OK;
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
			return archive_fault(archive, err);
		if (count >= LIMIT_ZIP_MEMBERS)
			return mx_fail(err, MX_E_LIMIT,
			    "zip: more than %u members", LIMIT_ZIP_MEMBERS);
		name = slice_str(archive_entry_pathname(entry));
		if (!is_wanted(entry, name))
			continue;
		if (archive_entry_is_encrypted(entry))
			return mx_fail(err, MX_E_DATA, "zip: encrypted");
		strbuf_reset(content);
		code = read_member(archive, spent, content, err);
		spent += content->len;
		if (code == MX_OK)
			code = member(ctx, name, strbuf_slice(content), err);
	}
	return code;
}

enum mx_code
report_unzip(struct slice data,
    enum mx_code (*member)(void *ctx, struct slice name, struct slice content,
    struct mx_err *err), void *ctx, struct mx_err *err)
{
	struct archive *archive = archive_read_new();
	struct strbuf content;
	enum mx_code code;

	if (archive == NULL)
		mx_oom();
	strbuf_init(&content, LIMIT_REPORT_BYTES);
	if (archive_read_support_format_zip(archive) != ARCHIVE_OK ||
	    archive_read_open_memory(archive, data.ptr, data.len) !=
	    ARCHIVE_OK)
		code = archive_fault(archive, err);
	else
		code = read_members(archive, &content, member, ctx, err);
	strbuf_release(&content);
	(void)archive_read_free(archive);
	return code;
}

enum mx_code
report_gunzip(struct slice data, struct strbuf *out, struct mx_err *err)
{
	struct byte_source *source = source_gunzip(
	    source_of_memory(data.ptr, data.len, CHUNK), "", 0);
	enum mx_code code = MX_OK;
	char buf[16 * 1024];
	size_t got = 1, before = out->len;

	while (code == MX_OK && got != 0) {
		got = 0;
		code = source->read(source, buf, sizeof(buf), &got, err);
		strbuf_add(out, buf, got);
		if (out->is_cut || out->len - before > LIMIT_REPORT_BYTES)
			code = too_large(err);
	}
	source->close(source);
	return code;
}
