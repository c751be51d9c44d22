/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a fuzz target over its stored inputs, tests/fuzz/seeds/NAME/, as TAP:
 * a crash that was fixed stays fixed, without clang. An argument names another
 * directory. */
#include <dirent.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"

enum { INPUT_MAX = 1024 * 1024, PATH_BYTES = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Only targets that want their arguments have one. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

/* A buffer of exactly its size, so that the sanitizer sees a read beyond. */
static void
run_file(const char *path, const char *name, unsigned number)
{
	struct strbuf text;
	char chunk[4096];
	FILE *file = fopen(path, "rb");
	uint8_t *exact;
	size_t got;

	if (file == NULL) {
		printf("not ok %u - %s cannot be read\n", number, name);
		return;
	}
	strbuf_init(&text, INPUT_MAX);
	while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
		strbuf_add(&text, chunk, got);
	(void)fclose(file);
	exact = mx_alloc(text.len);
	memcpy(exact, text.ptr, text.len);
	got = text.len;
	strbuf_release(&text);
	(void)LLVMFuzzerTestOneInput(exact, got);
	free(exact);
	printf("ok %u - %s\n", number, name);
	(void)fflush(stdout);
}

int
main(int argc, char *argv[])
{
	const char *slash = strrchr(argv[0], '/');
	const char *target = slash != NULL ? slash + 1 : argv[0];
	struct strbuf path, folder;
	unsigned count = 1;
	uint8_t *nothing = mx_alloc(1);
	DIR *dir;

	if (LLVMFuzzerInitialize != NULL)
		(void)LLVMFuzzerInitialize(&argc, &argv);
	(void)LLVMFuzzerTestOneInput(nothing, 0);
	free(nothing);
	printf("ok 1 - nothing at all\n");
	strbuf_init(&path, PATH_BYTES);
	strbuf_init(&folder, PATH_BYTES);
	if (argc > 1)
		strbuf_add_str(&folder, argv[1]);
	else
		strbuf_addf(&folder, "tests/fuzz/seeds/%s",
		    target + strlen("fuzz_"));
	dir = opendir(folder.ptr);
	for (const struct dirent *e; dir != NULL &&
	    (e = readdir(dir)) != NULL;) {
		if (e->d_name[0] == '.')
			continue;
		strbuf_reset(&path);
		strbuf_addf(&path, "%s/%s", folder.ptr, e->d_name);
		run_file(path.ptr, e->d_name, ++count);
	}
	if (dir != NULL)
		(void)closedir(dir);
	strbuf_release(&path);
	strbuf_release(&folder);
	printf("1..%u\n", count);
	return 0;
}
