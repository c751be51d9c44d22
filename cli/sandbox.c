/* SPDX-License-Identifier: BSD-2-Clause */
/* Landlock: Linux Documentation/userspace-api/landlock.rst. The C library
 * has no calls for it, and its header may be older than the kernel, so rights
 * that came after its first version are numbered here. */
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/strbuf.h"
#include "cli/sandbox_calls.h"

#ifdef __linux__
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

struct sandbox {
	int ruleset; /* -1: the kernel has no Landlock */
	bool has_network;
};

#if defined(__linux__) && defined(SYS_landlock_create_ruleset)

enum {
	LANDLOCK_ABI_TRUNCATE = 3, /* Linux 6.2 */
	LANDLOCK_ABI_NET = 4,      /* 6.7: TCP */
	LANDLOCK_ABI_SCOPE = 6     /* 6.12: abstract sockets, signals */
};

#define RIGHT_TRUNCATE (UINT64_C(1) << 14)
#define RIGHTS_FIRST ((UINT64_C(1) << 13) - 1) /* of ABI 1 */
#define RIGHTS_NET UINT64_C(3)   /* bind, connect */
#define RIGHTS_SCOPE UINT64_C(3) /* abstract sockets, signals */

#define RIGHTS_READ_FILE ((uint64_t)LANDLOCK_ACCESS_FS_READ_FILE)
#define RIGHTS_READ (RIGHTS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RIGHTS_WRITE_FILE (RIGHTS_READ_FILE | RIGHT_TRUNCATE | \
	LANDLOCK_ACCESS_FS_WRITE_FILE)
#define RIGHTS_WRITE (RIGHTS_READ | RIGHTS_WRITE_FILE | \
	LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | \
	LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_DIR)

/* The kernel's struct landlock_ruleset_attr of today; it takes the size that
 * it knows. */
struct ruleset {
	uint64_t files, net, scope;
};

static int
landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	return version < 0 ? 0 : (int)version;
}

static uint64_t
file_rights(int version)
{
	return RIGHTS_FIRST |
	    (version >= LANDLOCK_ABI_TRUNCATE ? RIGHT_TRUNCATE : 0);
}

static int
ruleset_open(bool has_network)
{
	int version = landlock_version();
	struct ruleset rules = { .files = file_rights(version) };
	size_t size = sizeof(rules.files);

	if (version == 0)
		return -1;
	if (version >= LANDLOCK_ABI_NET) {
		rules.net = has_network ? 0 : RIGHTS_NET;
		size += sizeof(rules.net);
	}
	if (version >= LANDLOCK_ABI_SCOPE) {
		rules.scope = RIGHTS_SCOPE;
		size += sizeof(rules.scope);
	}
	return (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
}

static void
ruleset_add(int ruleset, const char *path, enum sandbox_right right)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = 0 };
	struct stat st;
	bool is_dir;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	is_dir = fstat(rule.parent_fd, &st) == 0 && S_ISDIR(st.st_mode);
	if (right == SANDBOX_WRITE)
		rule.allowed_access = is_dir ? RIGHTS_WRITE :
		    RIGHTS_WRITE_FILE;
	else
		rule.allowed_access = is_dir ? RIGHTS_READ : RIGHTS_READ_FILE;
	rule.allowed_access &= file_rights(landlock_version());
	(void)syscall(SYS_landlock_add_rule, ruleset,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	(void)close(rule.parent_fd);
}

static enum mx_code
ruleset_enter(int ruleset, struct mx_err *err)
{
	if (ruleset < 0)
		return MX_OK;
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		return mx_fail_errno(err, MX_E_OS, errno,
		    "sandbox: Landlock ([run] sandbox = no does without)");
	return MX_OK;
}

static void
give_up_privileges(void)
{
	/* what both mechanisms ask for; no argument can make it fail */
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

#else

static int
landlock_version(void)
{
	return 0;
}

static int
ruleset_open(bool has_network)
{
	(void)has_network;
	return -1;
}

static void
ruleset_add(int ruleset, const char *path, enum sandbox_right right)
{
	(void)ruleset;
	(void)path;
	(void)right;
}

static enum mx_code
ruleset_enter(int ruleset, struct mx_err *err)
{
	(void)ruleset;
	(void)err;
	return MX_OK;
}

static void
give_up_privileges(void)
{
}

#endif

/* ------------------------------------------------------------------ */

struct sandbox *
sandbox_new(bool has_network)
{
	struct sandbox *sandbox = mx_calloc(1, sizeof(*sandbox));

	sandbox->has_network = has_network;
	sandbox->ruleset = ruleset_open(has_network);
	return sandbox;
}

void
sandbox_allow(struct sandbox *sandbox, const char *path,
    enum sandbox_right right)
{
	if (sandbox->ruleset >= 0)
		ruleset_add(sandbox->ruleset, path, right);
}

static struct rlimit
lowered(struct rlimit limit, uint64_t most)
{
	if (limit.rlim_cur > (rlim_t)most)
		limit.rlim_cur = (rlim_t)most;
	if (limit.rlim_max > (rlim_t)most)
		limit.rlim_max = (rlim_t)most;
	return limit;
}

static void
lower_limits(void)
{
	struct rlimit limit;

	/* a core file would hold other people's addresses */
	if (getrlimit(RLIMIT_CORE, &limit) == 0) {
		limit = lowered(limit, 0);
		(void)setrlimit(RLIMIT_CORE, &limit);
	}
#ifndef MX_SANITIZED /* their shadow memory counts as data */
	if (getrlimit(RLIMIT_DATA, &limit) == 0) {
		limit = lowered(limit, LIMIT_MEMORY_BYTES);
		(void)setrlimit(RLIMIT_DATA, &limit);
	}
#endif
}

enum mx_code
sandbox_enter(struct sandbox *sandbox, struct mx_err *err)
{
	enum mx_code code;

	lower_limits();
	give_up_privileges();
	code = ruleset_enter(sandbox->ruleset, err);
	if (code == MX_OK)
		code = sandbox_calls_enter(sandbox->has_network, err);
	return code;
}

void
sandbox_free(struct sandbox *sandbox)
{
	if (sandbox == NULL)
		return;
	if (sandbox->ruleset >= 0)
		(void)close(sandbox->ruleset);
	free(sandbox);
}

void
sandbox_describe(struct strbuf *out)
{
	int version = landlock_version();

	if (version > 0)
		strbuf_addf(out, "landlock %d, ", version);
	else
		strbuf_add_str(out, "no landlock in this kernel, ");
	strbuf_addf(out, "%s, resource limits", sandbox_calls_describe());
}
