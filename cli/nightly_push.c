/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/nightly_push.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/commands.h"

static enum mx_code
wait_for(pid_t child, int *status_r, struct mx_err *err)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return mx_fail_errno(err, MX_E_OS, errno, "nightly");
	if (!WIFEXITED(status))
		return mx_fail(err, MX_E_OS, "nightly: ended by signal %d; "
		    "nothing was pushed", WTERMSIG(status));
	*status_r = WEXITSTATUS(status);
	return MX_OK;
}

enum mx_code
nightly_push_split(const struct settings *settings,
    const struct command **command, struct command_result *result,
    struct mx_err *err)
{
	enum mx_code code;
	pid_t child;

	if (*command != &command_nightly || settings->push_nightly != SAID_YES)
		return MX_OK;
	if (settings->push_to == NULL)
		return mx_fail(err, MX_E_CONFIG,
		    "[push] nightly is yes, but [push] to says no place");
	child = fork();
	if (child < 0)
		return mx_fail_errno(err, MX_E_OS, errno, "nightly");
	if (child == 0)
		return MX_OK;
	code = wait_for(child, &result->child_status, err);
	*command = &command_push;
	return code;
}
