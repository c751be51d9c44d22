/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes in must come out, however it arrives; and what is wrong with a
 * container is told behind all bytes that stand before it. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/poem.h"

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
			assert_int_equal(poem_drain(source_of_memory(poem,
			    sizeof(poem), chunks[i]), chunks[j], &got, &err),
			    MX_OK);
			poem_same(&got, &want);
		}
	strbuf_release(&want);
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
		assert_int_equal(poem_drain(source_readahead(source_of_memory(
		    text, lens[i], 10007)), 4096, &got, &err), MX_OK);
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
		poem_pack(&packed, poem, sizeof(poem) - 1);
	strbuf_add_str(&packed, "garbage");
	source = source_readahead(poem_unpack(&packed, 5));
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
	return code == MX_OK ? poem_drain(source, 100, got, err) : code;
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
	poem_pack(&packed, poem, sizeof(poem) - 1);
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
		assert_int_equal(poem_drain(source, 100, &got, &err), MX_OK);
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
