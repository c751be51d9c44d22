/* SPDX-License-Identifier: BSD-2-Clause */
#include "parsers/member_path.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "parsers/source.h"

bool
member_path_split(const char *path, char **archive_r, const char **member_r)
{
	struct stat st;

	if (strchr(path, ':') == NULL || stat(path, &st) == 0)
		return false;
	for (const char *colon = strchr(path, ':'); colon != NULL;
	    colon = strchr(colon + 1, ':')) {
		char *front = mx_strndup(path, (size_t)(colon - path));

		if (colon[1] != '\0' && stat(front, &st) == 0 &&
		    S_ISREG(st.st_mode)) {
			*archive_r = front;
			*member_r = colon + 1;
			return true;
		}
		free(front);
	}
	return false;
}

bool
source_is_member(const char *path)
{
	const char *member;
	char *archive;

	if (!member_path_split(path, &archive, &member))
		return false;
	free(archive);
	return true;
}
