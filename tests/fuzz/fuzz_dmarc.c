/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as XML of a DMARC report, bare. */
#include "tests/fuzz/report_checks.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_reader(dmarc_report_read, data, size);
	return 0;
}
