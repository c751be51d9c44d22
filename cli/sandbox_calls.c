/* SPDX-License-Identifier: BSD-2-Clause */
/* A list of what is refused, not of what is allowed: the C library, SQLite
 * and GLib change the calls they use from release to release, and a report
 * that dies of a new one would be worse than the attack. Files are Landlock's
 * business; here it is programs, sockets and the kernel's odd corners. */
#include "cli/sandbox_calls.h"

#ifdef MX_HAVE_SECCOMP

#include <errno.h>
#include <seccomp.h>

/* No other program runs, none is looked into, nothing of the system is
 * changed. */
static const char *const refused[] = { "execve", "execveat", "fork", "vfork",
	"process_vm_readv", "process_vm_writev", "kcmp", "pidfd_open",
	"pidfd_getfd", "pidfd_send_signal", "bpf", "userfaultfd",
	"perf_event_open", "io_uring_setup", "io_uring_enter",
	"io_uring_register", "keyctl", "add_key", "request_key", "mount",
	"umount2", "pivot_root", "chroot", "move_mount", "open_tree",
	"fsopen", "fsmount", "mount_setattr", "unshare", "setns", "swapon",
	"swapoff", "reboot", "kexec_load", "kexec_file_load", "init_module",
	"finit_module", "delete_module", "acct", "quotactl", "settimeofday",
	"clock_settime", "adjtimex", "sethostname", "setdomainname",
	"setuid", "setgid", "setreuid", "setregid", "setresuid",
	"setresgid", "setgroups", "setfsuid", "setfsgid", "capset",
	"personality", "open_by_handle_at", "name_to_handle_at", "mknod",
	"mknodat", "symlink", "symlinkat", "link", "linkat", "chown",
	"fchownat", "lchown", "setxattr", "lsetxattr", "fsetxattr",
#ifndef MX_SANITIZED /* the search for leaks at exit needs it */
	"ptrace",
#endif
	NULL };
/* Nobody is talked to. */
static const char *const refused_network[] = { "socket", "socketpair",
	"connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg",
	"sendmmsg", "recvfrom", "recvmsg", "recvmmsg", NULL };

static int
refuse(scmp_filter_ctx filter, const char *const *names)
{
	int rc = 0;

	for (size_t i = 0; names[i] != NULL && rc == 0; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);

		/* an older library or another processor may not know it */
		if (number == __NR_SCMP_ERROR)
			continue;
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number,
		    0);
	}
	return rc;
}

enum mx_code
sandbox_calls_enter(bool has_network, struct mx_err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc = filter == NULL ? -ENOMEM : refuse(filter, refused);

	if (rc == 0 && !has_network)
		rc = refuse(filter, refused_network);
	if (rc == 0)
		rc = seccomp_load(filter);
	if (filter != NULL)
		seccomp_release(filter);
	/* a kernel, or a container, that has no filters */
	if (rc == 0 || rc == -EINVAL || rc == -ENOSYS || rc == -ECANCELED)
		return MX_OK;
	return mx_fail_errno(err, MX_E_OS, -rc,
	    "sandbox: seccomp ([run] sandbox = no does without)");
}

const char *
sandbox_calls_describe(void)
{
	return "seccomp";
}

#else

enum mx_code
sandbox_calls_enter(bool has_network, struct mx_err *err)
{
	(void)has_network;
	(void)err;
	return MX_OK;
}

const char *
sandbox_calls_describe(void)
{
	return "built without seccomp";
}

#endif
