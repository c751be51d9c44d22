/* SPDX-License-Identifier: BSD-2-Clause */
/* The one file that is compiled anew for `make install`. */
#include "cli/build_info.h"

const char *
build_version(void)
{
	return MXTREND_VERSION;
}

const char *
build_data_dir(void)
{
	return MXTREND_DATADIR;
}

const char *
build_features(void)
{
	return MXTREND_FEATURES;
}
