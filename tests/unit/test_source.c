/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes in must come out, however it arrives; and what is wrong with a
 * container is told behind all bytes that stand before it. */
#include "parsers/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "base/strbuf.h"
#include "tests/support/cases.h"

static const size_t chunks[] = { 1, 2, 3, 7, 4096 };

static const char poem[] =
    "Nov 20 08:00:00 mx postfix/smtp[1]: one two three four five six\n"
    "Nov 20 08:00:01 mx postfix/smtp[1]: one two three four five six\n"
    "Nov 20 08:00:02 mx postfix/smtp[2]: seven eight nine ten eleven\n";

/* One gzip member of TEXT behind what is in OUT. */
static void
add_member(struct strbuf *out, const char *text, size_t len)
{
	unsigned char packed[4096];
	z_stream z;

	memset(&z, 0, sizeof(z));
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8,
	    Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)text;
	z.avail_in = (uInt)len;
	z.next_out = packed;
	z.avail_out = sizeof(packed);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	strbuf_add(out, (char *)packed, sizeof(packed) - z.avail_out);
	deflateEnd(&z);
}

/* Everything out of SOURCE in pieces of PIECE; closes it. */
static enum mx_code
drain(struct byte_source *source, size_t piece, struct strbuf *out,
    struct mx_err *err)
{
	char buf[4096];
	enum mx_code code = MX_OK;
	size_t got = 1;

	while (code == MX_OK && got != 0) {
		got = 0;
		code = source->read(source, buf, piece, &got, err);
		if (code == MX_OK)
			strbuf_add(out, buf, got);
	}
	source->close(source);
	return code;
}

static void
assert_prefix(const struct strbuf *got, const struct strbuf *want)
{
	assert_true(got->len <= want->len);
	assert_memory_equal(got->ptr, want->ptr, got->len);
}

static void
assert_same(const struct strbuf *got, const struct strbuf *want)
{
	assert_int_equal(got->len, want->len);
	assert_memory_equal(got->ptr, want->ptr, got->len);
}

static struct byte_source *
open_packed(const struct strbuf *packed, size_t chunk)
{
	return source_gunzip(source_of_memory(packed->ptr, packed->len,
	    chunk), NULL, 0);
}

static void
memory_gives_its_bytes_in_any_pieces(void **state)
{
	struct strbuf want, got;
	struct mx_err err;

	(void)state;
	strbuf_init(&want, 4096);
	strbuf_init(&got, 4096);
	strbuf_add(&want, poem, sizeof(poem));
	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < 5; j++) {
			strbuf_reset(&got);
			assert_int_equal(drain(source_of_memory(poem,
			    sizeof(poem), chunks[i]), chunks[j], &got, &err),
			    MX_OK);
			assert_same(&got, &want);
		}
	strbuf_release(&want);
	strbuf_release(&got);
}

static const struct gzip_case {
	const char *name;
	int members, empty_members, zeros;
	const char *behind;      /* what stands behind the zeros */
	enum mx_code want;
	const char *want_text;   /* in the message */
} gzip_cases[] = {
	{ "one_member_is_inflated", 1, 0, 0, "", MX_OK, NULL },
	{ "two_members_are_one_text", 2, 0, 0, "", MX_OK, NULL },
	{ "nine_members_are_one_text", 9, 0, 0, "", MX_OK, NULL },
	{ "an_empty_member_is_nothing", 1, 2, 0, "", MX_OK, NULL },
	{ "zeros_behind_are_nothing", 1, 0, 1, "", MX_OK, NULL },
	{ "many_zeros_behind_are_nothing", 2, 0, 600, "", MX_OK, NULL },
	{ "a_word_behind_is_garbage", 1, 0, 0, "garbage", MX_E_DATA,
	  "trailing garbage after " },
	{ "a_word_behind_zeros_is_garbage", 2, 0, 9, "x", MX_E_DATA,
	  "trailing garbage after " },
	{ "half_a_magic_number_behind_is_cut", 1, 0, 0, "\x1f", MX_E_DATA,
	  "ends early" },
	{ "a_magic_number_alone_behind_is_cut", 1, 0, 0, "\x1f\x8b",
	  MX_E_DATA, "ends early" },
};

static void
pack(const struct gzip_case *row, struct strbuf *packed, struct strbuf *plain)
{
	for (int i = 0; i < row->members; i++) {
		add_member(packed, poem, sizeof(poem) - 1);
		strbuf_add(plain, poem, sizeof(poem) - 1);
		for (int j = 0; j < row->empty_members; j++)
			add_member(packed, "", 0);
	}
	for (int i = 0; i < row->zeros; i++)
		strbuf_add_char(packed, '\0');
	strbuf_add_str(packed, row->behind);
}

static void
gzip_case(void **state)
{
	const struct gzip_case *row = *state;
	struct strbuf packed, plain, got;
	char after[64];

	strbuf_init(&packed, 65536);
	strbuf_init(&plain, 65536);
	strbuf_init(&got, 65536);
	pack(row, &packed, &plain);
	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < 5; j++) {
			struct mx_err err = { 0 };

			strbuf_reset(&got);
			assert_int_equal(drain(open_packed(&packed,
			    chunks[i]), chunks[j], &got, &err), row->want);
			assert_same(&got, &plain);
			if (row->want_text == NULL)
				continue;
			assert_non_null(strstr(err.text, row->want_text));
			if (strstr(err.text, "garbage") == NULL)
				continue;
			(void)snprintf(after, sizeof(after), "after %zu bytes",
			    packed.len - strlen(row->behind));
			assert_non_null(strstr(err.text, after));
		}
	strbuf_release(&packed);
	strbuf_release(&plain);
	strbuf_release(&got);
}

/* All that RFC 1952 allows in front of the data, in pieces of any size. */
static void
a_header_may_have_all_its_parts(void **state)
{
	static unsigned char name[] = "mail.log", comment[] = "a comment";
	static unsigned char extra[] = "AB\x02\0xy";
	unsigned char packed[1024];
	gz_header header;
	z_stream z;

	(void)state;
	for (unsigned parts = 0; parts < 16; parts++) {
		memset(&z, 0, sizeof(z));
		memset(&header, 0, sizeof(header));
		header.name = parts & 1 ? name : NULL;
		header.comment = parts & 2 ? comment : NULL;
		header.extra = parts & 4 ? extra : NULL;
		header.extra_len = parts & 4 ? sizeof(extra) - 1 : 0;
		header.hcrc = parts & 8 ? 1 : 0;
		assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8,
		    Z_DEFAULT_STRATEGY), Z_OK);
		assert_int_equal(deflateSetHeader(&z, &header), Z_OK);
		z.next_in = (unsigned char *)(uintptr_t)poem;
		z.avail_in = sizeof(poem) - 1;
		z.next_out = packed;
		z.avail_out = sizeof(packed);
		assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
		for (size_t i = 0; i < 5; i++) {
			struct strbuf got;
			struct mx_err err;

			strbuf_init(&got, 4096);
			assert_int_equal(drain(source_gunzip(source_of_memory(
			    (char *)packed, z.total_out, chunks[i]), NULL, 0),
			    100, &got, &err), MX_OK);
			assert_string_equal(got.ptr, poem);
			strbuf_release(&got);
		}
		deflateEnd(&z);
	}
}

static void
an_unknown_flag_or_method_is_refused(void **state)
{
	static const char *const heads[] = {
		"\x1f\x8b\x07\x00", "\x1f\x8b\x08\x20", "\x1f\x8b\x08\x80",
		"\x1f\x8b\x09\x00", "\x1f\x9e\x08\x00",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		char bytes[40] = { 0 };
		struct strbuf got;
		struct mx_err err = { 0 };

		memcpy(bytes, heads[i], 4);
		strbuf_init(&got, 100);
		assert_int_equal(drain(source_gunzip(source_of_memory(bytes,
		    sizeof(bytes), 3), NULL, 0), 100, &got, &err),
		    MX_E_DATA);
		assert_non_null(strstr(err.text, "corrupt near byte"));
		strbuf_release(&got);
	}
}

/* At every byte: what could be inflated comes first, then the message; at
 * the border of two members the file is whole. */
static void
a_cut_file_gives_all_before_the_cut(void **state)
{
	struct strbuf packed, plain, got, cut;
	size_t border;

	(void)state;
	strbuf_init(&packed, 65536);
	strbuf_init(&plain, 65536);
	strbuf_init(&got, 65536);
	add_member(&packed, poem, sizeof(poem) - 1);
	border = packed.len;
	add_member(&packed, poem + 10, sizeof(poem) - 11);
	strbuf_add(&plain, poem, sizeof(poem) - 1);
	strbuf_add(&plain, poem + 10, sizeof(poem) - 11);
	for (size_t len = 1; len < packed.len; len++) {
		struct mx_err err = { 0 };
		enum mx_code code;

		cut = packed;
		cut.len = len;
		strbuf_reset(&got);
		code = drain(open_packed(&cut, 7), 64, &got, &err);
		assert_prefix(&got, &plain);
		if (len == border) {
			assert_int_equal(code, MX_OK);
			assert_int_equal(got.len, sizeof(poem) - 1);
			continue;
		}
		assert_int_equal(code, MX_E_DATA);
		assert_string_equal(err.text, "compressed data ends early");
		if (len > border)
			assert_true(got.len >= sizeof(poem) - 1);
	}
	strbuf_release(&packed);
	strbuf_release(&plain);
	strbuf_release(&got);
}

static void
a_wrong_checksum_is_told(void **state)
{
	struct strbuf packed, got;
	struct mx_err err = { 0 };

	(void)state;
	strbuf_init(&packed, 65536);
	strbuf_init(&got, 65536);
	add_member(&packed, poem, sizeof(poem) - 1);
	packed.ptr[packed.len - 8] ^= 1;
	assert_int_equal(drain(open_packed(&packed, 4096), 4096, &got, &err),
	    MX_E_DATA);
	assert_non_null(strstr(err.text, "checksum"));
	assert_int_equal(got.len, sizeof(poem) - 1);
	strbuf_release(&packed);
	strbuf_release(&got);
}

/* Any single changed byte is told, or was one that says nothing (the time,
 * the flags of the operating system); never more text than there was. */
static void
a_changed_byte_never_passes_for_text(void **state)
{
	struct strbuf packed, plain, got;

	(void)state;
	strbuf_init(&packed, 65536);
	strbuf_init(&plain, 65536);
	strbuf_init(&got, 65536);
	add_member(&packed, poem, sizeof(poem) - 1);
	strbuf_add(&plain, poem, sizeof(poem) - 1);
	for (size_t i = 10; i < packed.len; i++) {
		struct mx_err err = { 0 };
		enum mx_code code;

		packed.ptr[i] ^= 0x55;
		strbuf_reset(&got);
		code = drain(open_packed(&packed, 7), 64, &got, &err);
		packed.ptr[i] ^= 0x55;
		assert_int_equal(code, MX_E_DATA);
	}
	strbuf_release(&packed);
	strbuf_release(&plain);
	strbuf_release(&got);
}

/* LEN bytes that say where they are. */
static char *
long_text(size_t len)
{
	char *text = mx_alloc(len);

	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + (i / 7 + i / 4093) % 26);
	return text;
}

static void
reading_ahead_changes_nothing(void **state)
{
	static const size_t lens[] = { 0, 1, 262143, 262144, 262145, 3000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		char *text = long_text(lens[i] + 1);
		struct strbuf got;
		struct mx_err err;

		strbuf_init(&got, 4000000);
		assert_int_equal(drain(source_readahead(source_of_memory(text,
		    lens[i], 10007)), 4096, &got, &err), MX_OK);
		assert_int_equal(got.len, lens[i]);
		assert_memory_equal(got.ptr, text, lens[i]);
		strbuf_release(&got);
		free(text);
	}
}

static void
reading_ahead_may_be_closed_at_any_time(void **state)
{
	char *text = long_text(4000000), buf[100];
	struct mx_err err;

	(void)state;
	for (size_t reads = 0; reads < 4; reads++) {
		struct byte_source *source = source_readahead(
		    source_of_memory(text, 4000000, 65536));

		for (size_t i = 0; i < reads; i++) {
			size_t got;

			assert_int_equal(source->read(source, buf,
			    sizeof(buf), &got, &err), MX_OK);
			assert_int_equal(got, sizeof(buf));
		}
		source->close(source);
	}
	free(text);
}

/* The failure of the inner source comes behind its last byte, and again when
 * it is asked again. */
static void
reading_ahead_keeps_the_order_of_failures(void **state)
{
	struct strbuf packed, got;
	struct mx_err err = { 0 };
	char buf[64];
	struct byte_source *source;
	enum mx_code code = MX_OK;
	size_t n = 1;

	(void)state;
	strbuf_init(&packed, 65536);
	strbuf_init(&got, 65536);
	for (int i = 0; i < 3; i++)
		add_member(&packed, poem, sizeof(poem) - 1);
	strbuf_add_str(&packed, "garbage");
	source = source_readahead(open_packed(&packed, 5));
	while (code == MX_OK && n != 0) {
		code = source->read(source, buf, sizeof(buf), &n, &err);
		if (code == MX_OK)
			strbuf_add(&got, buf, n);
	}
	assert_int_equal(code, MX_E_DATA);
	assert_non_null(strstr(err.text, "garbage"));
	assert_int_equal(got.len, 3 * (sizeof(poem) - 1));
	err.text[0] = '\0';
	assert_int_equal(source->read(source, buf, sizeof(buf), &n, &err),
	    MX_E_DATA);
	assert_non_null(strstr(err.text, "garbage"));
	assert_int_equal(source->progress(source), packed.len - 7);
	source->close(source);
	strbuf_release(&packed);
	strbuf_release(&got);
}

static char dir[] = "/tmp/mxtrend-source-XXXXXX";

static const char *
in_dir(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void
write_file(const char *path, const char *ptr, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(ptr, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static enum mx_code
read_path(const char *path, unsigned threads, struct strbuf *got,
    struct source_info *info, struct mx_err *err)
{
	struct source_options options = { threads };
	struct byte_source *source;
	enum mx_code code = source_open(path, &options, &source, info, err);

	strbuf_reset(got);
	return code == MX_OK ? drain(source, 100, got, err) : code;
}

static void
a_container_is_known_by_its_bytes(void **state)
{
	struct strbuf packed, got;
	struct source_info info;
	struct mx_err err;
	const char *path;

	(void)state;
	strbuf_init(&packed, 65536);
	strbuf_init(&got, 65536);
	add_member(&packed, poem, sizeof(poem) - 1);
	path = in_dir("packed.txt");
	write_file(path, packed.ptr, packed.len);
	for (unsigned threads = 1; threads <= 2; threads++) {
		assert_int_equal(read_path(path, threads, &got, &info, &err),
		    MX_OK);
		assert_string_equal(got.ptr, poem);
		assert_string_equal(info.container, "gzip");
		assert_int_equal(info.size_bytes, packed.len);
		assert_false(info.is_stream);
	}
	path = in_dir("plain.gz");
	write_file(path, poem, sizeof(poem) - 1);
	assert_int_equal(read_path(path, 2, &got, &info, &err), MX_OK);
	assert_string_equal(got.ptr, poem);
	assert_string_equal(info.container, "plain");
	strbuf_release(&packed);
	strbuf_release(&got);
}

static void
very_short_files_are_no_trouble(void **state)
{
	static const char *const texts[] = { "", "x", "\x1f", "xy" };
	struct strbuf got;
	struct source_info info;
	struct mx_err err;

	(void)state;
	strbuf_init(&got, 100);
	for (size_t i = 0; i < 4; i++) {
		const char *path = in_dir("short");

		write_file(path, texts[i], strlen(texts[i]));
		assert_int_equal(read_path(path, 1, &got, &info, &err),
		    MX_OK);
		assert_string_equal(got.ptr, texts[i]);
		assert_int_equal(info.size_bytes, strlen(texts[i]));
	}
	strbuf_release(&got);
}

static const struct refuse_case {
	const char *name, *file;
	const char *want_text;
} refuse_cases[] = {
	{ "a_missing_file_is_no_input", "missing", "No such file" },
	{ "a_folder_is_no_input", "folder", "is a directory; use -r" },
	{ "a_locked_file_is_no_input", "locked", "Permission denied" },
	{ "a_file_is_no_folder", "plain/x", "Not a directory" },
};

static void
refuse_case(void **state)
{
	const struct refuse_case *row = *state;
	struct byte_source *source;
	struct mx_err err = { 0 };

	(void)mkdir(in_dir("folder"), 0700);
	write_file(in_dir("plain"), "x", 1);
	if (strcmp(row->file, "locked") == 0) {
		if (geteuid() == 0)
			skip(); /* root may read everything */
		write_file(in_dir("locked"), "x", 1);
		assert_int_equal(chmod(in_dir("locked"), 0), 0);
	}
	assert_int_equal(source_open(in_dir(row->file), NULL, &source, NULL,
	    &err), MX_E_NOINPUT);
	assert_null(source);
	assert_non_null(strstr(err.text, row->want_text));
}

/* The writer comes late and writes piece by piece. */
static void
a_fifo_waits_for_its_writer(void **state)
{
	struct strbuf got;
	struct source_info info;
	struct mx_err err;
	const char *path = in_dir("fifo");
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct timespec pause = { 0, 100 * 1000 * 1000 };
		int fd;

		nanosleep(&pause, NULL);
		fd = open(path, O_WRONLY);
		for (size_t i = 0; fd >= 0 && i < sizeof(poem) - 1; i++)
			if (write(fd, poem + i, 1) != 1)
				_exit(1);
		_exit(fd < 0);
	}
	strbuf_init(&got, 4096);
	assert_int_equal(read_path(path, 1, &got, &info, &err), MX_OK);
	assert_string_equal(got.ptr, poem);
	assert_true(info.is_stream);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	strbuf_release(&got);
}

static void
skipping_goes_forward_in_files_of_any_kind(void **state)
{
	struct byte_source *source;
	struct strbuf got;
	struct mx_err err = { 0 };
	const char *path = in_dir("skipped");

	(void)state;
	strbuf_init(&got, 4096);
	write_file(path, poem, sizeof(poem) - 1);
	for (size_t skip_bytes = 0; skip_bytes <= sizeof(poem) - 1;
	    skip_bytes++) {
		assert_int_equal(source_open(path, NULL, &source, NULL, &err),
		    MX_OK);
		assert_non_null(source->skip);
		assert_int_equal((source->skip)(source, skip_bytes, &err),
		    MX_OK);
		strbuf_reset(&got);
		assert_int_equal(drain(source, 100, &got, &err), MX_OK);
		assert_string_equal(got.ptr, poem + skip_bytes);
	}
	assert_int_equal(source_open(path, NULL, &source, NULL, &err), MX_OK);
	assert_int_equal((source->skip)(source, sizeof(poem), &err), MX_E_DATA);
	assert_non_null(strstr(err.text, "shorter than"));
	source->close(source);
	strbuf_release(&got);
}

static int
remove_dir(void)
{
	char command[300];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

int
main(void)
{
	static struct cases cases;
	int failed;

	if (mkdtemp(dir) == NULL)
		return 1;
	cases_add(&cases, "memory_gives_its_bytes_in_any_pieces",
	    memory_gives_its_bytes_in_any_pieces, NULL);
	CASES_ADD_TABLE(&cases, gzip_cases, gzip_case);
	cases_add(&cases, "a_header_may_have_all_its_parts",
	    a_header_may_have_all_its_parts, NULL);
	cases_add(&cases, "an_unknown_flag_or_method_is_refused",
	    an_unknown_flag_or_method_is_refused, NULL);
	cases_add(&cases, "a_cut_file_gives_all_before_the_cut",
	    a_cut_file_gives_all_before_the_cut, NULL);
	cases_add(&cases, "a_wrong_checksum_is_told",
	    a_wrong_checksum_is_told, NULL);
	cases_add(&cases, "a_changed_byte_never_passes_for_text",
	    a_changed_byte_never_passes_for_text, NULL);
	cases_add(&cases, "reading_ahead_changes_nothing",
	    reading_ahead_changes_nothing, NULL);
	cases_add(&cases, "reading_ahead_may_be_closed_at_any_time",
	    reading_ahead_may_be_closed_at_any_time, NULL);
	cases_add(&cases, "reading_ahead_keeps_the_order_of_failures",
	    reading_ahead_keeps_the_order_of_failures, NULL);
	cases_add(&cases, "a_container_is_known_by_its_bytes",
	    a_container_is_known_by_its_bytes, NULL);
	cases_add(&cases, "very_short_files_are_no_trouble",
	    very_short_files_are_no_trouble, NULL);
	CASES_ADD_TABLE(&cases, refuse_cases, refuse_case);
	cases_add(&cases, "a_fifo_waits_for_its_writer",
	    a_fifo_waits_for_its_writer, NULL);
	cases_add(&cases, "skipping_goes_forward_in_files_of_any_kind",
	    skipping_goes_forward_in_files_of_any_kind, NULL);
	failed = cases_run(&cases);
	return remove_dir() != 0 ? 1 : failed;
}
