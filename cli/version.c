/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/version.h"

#include "analyzer/classify.h"
#include "cli/build_info.h"
#include "cli/config.h"
#include "cli/sandbox.h"

/* A broken configuration must not keep anybody from learning the version, so
 * none is read. */
static enum mx_code
add_rules(struct strbuf *out, struct mx_err *err)
{
	struct settings settings;
	struct config config;
	struct classifier *classifier = NULL;
	enum mx_code code;

	settings_init(&settings);
	config_defaults(&config, &settings);
	code = settings_resolve(&settings, err);
	if (code == MX_OK)
		code = classifier_open(settings.rule_dirs,
		    settings.rule_dir_count, &classifier, err);
	if (code == MX_OK) {
		strbuf_addf(out, "Rules: %s\n",
		    classifier_version(classifier));
		classifier_close(classifier);
	}
	settings_release(&settings);
	return code;
}

void
version_text(struct strbuf *out)
{
	struct mx_err err;

	strbuf_addf(out, "mxtrend %s\nLicence: BSD-2-Clause\n"
	    "Built with: %s\nData: %s\n", build_version(), build_features(),
	    build_data_dir());
	strbuf_add_str(out, "Sandbox: ");
	sandbox_describe(out);
	strbuf_add_char(out, '\n');
	if (add_rules(out, &err) != MX_OK)
		strbuf_addf(out, "Rules: %s\n", err.text);
}
