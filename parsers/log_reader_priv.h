/* SPDX-License-Identifier: BSD-2-Clause */
/* A reader of one input, shared by log_reader_open.c (recognition, state) and
 * log_reader.c (the run). */
#ifndef MX_PARSERS_LOG_READER_PRIV_H
#define MX_PARSERS_LOG_READER_PRIV_H

#include "base/limits.h"
#include "parsers/log_offers.h"
#include "parsers/log_watch.h"

struct log_reader {
	struct log_input input;
	const struct log_format *own;  /* of its own lines; NULL: syslog */
	void *own_state;
	bool is_contained;             /* in what a container run time wrote */
	/* The same for lines that OWN's records wrap; NULL: none yet. */
	const struct log_format *inner;
	void *inner_state;
	struct head_reader heads;      /* its clock is the input's */
	struct log_context context;
	struct log_offers offers;
	struct reader_state state;
	int64_t first_utc, zone_error_s;
	bool told_backwards, told_future;
	/* What "last message repeated" may refer to. */
	struct log_watch watch;
	struct fact_sink watched;      /* what formats are given */
	/* A record of several lines whose end was not met yet. */
	struct log_record {
		bool is_open;
		bool is_cut;             /* one of its lines was */
		uint64_t line, bytes;
		uint64_t end, next_line; /* behind the last line read */
	} record;
	char again_host[HEAD_HOST_BYTES];
	size_t again_host_len, again_len;
	bool has_again;
	char again[LIMIT_LINE_BYTES];
};

/* State of FORMAT, which has lines of its own; NULL where FORMAT is. */
enum mx_code log_reader_make_state(struct log_reader *reader,
    const struct log_format *format, void **state_r, struct mx_err *err);

#endif
