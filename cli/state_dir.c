/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/state_dir.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/strbuf.h"

enum mx_code
state_dir_make(const char *dir, struct mx_err *err)
{
	struct strbuf path;
	enum mx_code code = MX_OK;
	struct stat st;

	if (stat(dir, &st) == 0)
		return MX_OK;
	strbuf_init(&path, 4096);
	for (const char *at = dir; code == MX_OK; at++) {
		if ((*at == '/' || *at == '\0') && path.len != 0 &&
		    mkdir(path.ptr, 0750) != 0 && errno != EEXIST)
			code = mx_fail_errno(err, errno == EACCES ?
			    MX_E_PERM : MX_E_CANTCREAT, errno, "%s", path.ptr);
		if (*at == '\0')
			break;
		strbuf_add_char(&path, *at);
	}
	strbuf_release(&path);
	return code;
}
