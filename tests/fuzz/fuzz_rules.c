/* SPDX-License-Identifier: BSD-2-Clause */
/* Any text as a rule file and as a configuration: refused with a place and a
 * reason, or usable. */
#include <stdio.h>
#include <unistd.h>

#include "analyzer/classify.h"
#include "cli/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put(const char *path, const uint8_t *data, size_t size)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL || fwrite(data, 1, size, file) != size ||
	    fclose(file) != 0)
		mx_bug("cannot write the input");
}

static void
try_rules(const char *dir)
{
	const struct classify_query query = { .reply =
	    SLICE("550 5.7.1 part of their network is on our block list"),
		.outcome = OUTCOME_BOUNCED };
	struct classifier *classifier;
	struct slice own;
	struct mx_err err = { .code = MX_OK };
	enum mx_code code = classifier_open(&dir, 1, &classifier, &err);

	if (code == MX_OK) {
		(void)classify(classifier, &query, &own);
		classifier_close(classifier);
	} else if (err.text[0] == '\0') {
		mx_bug("refused without a reason");
	}
}

static void
try_config(const char *path)
{
	struct settings settings;
	struct config config;
	struct mx_err err = { .code = MX_OK };

	settings_init(&settings);
	config_defaults(&config, &settings);
	if (config_load(&config, &settings, path, &err) != MX_OK &&
	    err.text[0] == '\0')
		mx_bug("refused without a reason");
	settings_release(&settings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char dir[] = "/tmp/mxtrend-fuzz.XXXXXX";
	char path[sizeof(dir) + 16];

	if (mkdtemp(dir) == NULL)
		mx_bug("no directory");
	(void)snprintf(path, sizeof(path), "%s/fuzz.rules", dir);
	put(path, data, size);
	try_rules(dir);
	try_config(path);
	(void)unlink(path);
	(void)rmdir(dir);
	return 0;
}
