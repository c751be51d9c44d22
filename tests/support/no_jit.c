/* SPDX-License-Identifier: BSD-2-Clause */
/* For valgrind (LD_PRELOAD): PCRE2 without the code that it makes at run time,
 * which reads whole words, up to the end of the word in which a text ends. */
int pcre2_jit_compile_8(void *code, unsigned options);

int
pcre2_jit_compile_8(void *code, unsigned options)
{
	(void)code;
	(void)options;
	return -45; /* PCRE2_ERROR_JIT_BADOPTION: there is no JIT here */
}
