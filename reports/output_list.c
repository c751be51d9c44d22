/* SPDX-License-Identifier: BSD-2-Clause */
/* THE TABLE of report formats. A new one is one file and one row here. */
#include "reports/output.h"

#include "reports/outputs.h"

const struct report_output *const report_outputs[] = {
	&output_text,
	&output_json,
	&output_csv,
	&output_tsv,
	&output_xlsx,
	&output_html,
	&output_prom,
	NULL
};

const struct report_output *
output_by_name(struct slice name)
{
	for (size_t i = 0; report_outputs[i] != NULL; i++)
		if (slice_eq(name, slice_str(report_outputs[i]->name)))
			return report_outputs[i];
	return NULL;
}

const struct report_output *
output_by_path(struct slice path)
{
	for (size_t i = 0; report_outputs[i] != NULL; i++) {
		struct slice extension =
		    slice_str(report_outputs[i]->extension);
		size_t dot;

		if (path.len <= extension.len || !slice_ends(path, extension))
			continue;
		dot = path.len - extension.len - 1;
		/* ".txt" alone is a hidden file without extension */
		if (path.ptr[dot] == '.' && dot > 0 && path.ptr[dot - 1] != '/')
			return report_outputs[i];
	}
	return NULL;
}
