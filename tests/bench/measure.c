/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a command with standard output thrown away and prints on its own
 *   WALL USER SYS PEAK_KIB
 * in seconds and KiB. Exits as the command does. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static double
seconds_of(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void
run_child(char *argv[])
{
	int null_fd = open("/dev/null", O_WRONLY);

	if (null_fd >= 0 && dup2(null_fd, STDOUT_FILENO) >= 0)
		(void)execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

int
main(int argc, char *argv[])
{
	struct timespec begin, end;
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		return 64;
	if (clock_gettime(CLOCK_MONOTONIC, &begin) != 0)
		return 71;
	pid = fork();
	if (pid < 0)
		return 71;
	if (pid == 0)
		run_child(argv + 1);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 71;
	if (clock_gettime(CLOCK_MONOTONIC, &end) != 0 ||
	    getrusage(RUSAGE_CHILDREN, &usage) != 0)
		return 71;
	printf("%.4f %.4f %.4f %ld\n",
	    (double)(end.tv_sec - begin.tv_sec) +
	    (double)(end.tv_nsec - begin.tv_nsec) / 1e9,
	    seconds_of(&usage.ru_utime), seconds_of(&usage.ru_stime),
	    usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
