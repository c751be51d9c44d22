/* SPDX-License-Identifier: BSD-2-Clause */
/* mxtrend config: effective values with their origin, or a configuration to
 * begin with. Reads no log. */
#include "base/atomic_file.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/config_init.h"

enum { SHOWN_MAX = 4 * 1024 * 1024 };

static enum mx_code
run(const struct settings *settings, struct command_result *result,
    struct mx_err *err)
{
	struct strbuf text;
	enum mx_code code;

	(void)result;
	if (settings->operand_count != 0 ||
	    (settings->config_show && settings->config_init))
		return mx_fail(err, MX_E_USAGE,
		    "config takes --show or --init, and no operands");
	strbuf_init(&text, SHOWN_MAX);
	if (settings->config_init)
		config_init("", &text);
	else
		config_show(settings->config, settings, &text);
	(void)fwrite(text.ptr, 1, text.len, stdout);
	code = stream_check(stdout, "standard output", err);
	strbuf_release(&text);
	return code;
}

const struct command command_config = {
	.name = "config",
	.summary = "effective configuration and where each value comes from",
	.usage = "[--show | --init]",
	.description = "Prints every value with its origin, in the form of a "
	    "configuration file. With --init a file to begin with: the logs, "
	    "the zone and the Postfix instances that are found on this host.",
	.options = OPTIONS_CONFIG,
	.run = run,
};
