/* SPDX-License-Identifier: BSD-2-Clause */
/* The renderers, each defined in the file of its name; read only by the table
 * of outputs and by their tests. */
#ifndef MX_REPORTS_OUTPUTS_H
#define MX_REPORTS_OUTPUTS_H

#include "reports/output.h"

extern const struct report_output output_text; /* out_text.c */
extern const struct report_output output_json; /* out_json.c */
extern const struct report_output output_csv;  /* out_csv.c */
extern const struct report_output output_tsv;  /* out_csv.c */
extern const struct report_output output_xlsx; /* out_xlsx.c */
extern const struct report_output output_html; /* out_html.c */
extern const struct report_output output_prom; /* out_prom.c */

#endif
