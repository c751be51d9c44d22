/* SPDX-License-Identifier: BSD-2-Clause */
/* What the Makefile knows and the program must say: its version, where its
 * data files are, what it was built with. Knows nothing else. */
#ifndef MX_CLI_BUILD_INFO_H
#define MX_CLI_BUILD_INFO_H

/* "0.1.0" */
const char *build_version(void);
/* Where rules/ lies: the tree's analyzer folder for a program run from the
 * tree, PREFIX/share/mxtrend for an installed one. */
const char *build_data_dir(void);
/* "zlib 1.2.13, isa-l 2.30.0, ...": libraries at build time. */
const char *build_features(void);

#endif
