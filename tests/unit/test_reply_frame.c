/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/reply_frame.h"

#include "tests/support/assert_slice.h"
#include "tests/support/cases.h"

/* clang-format off */
static const struct frame_case {
	const char *name, *in, *want_reply, *want_host, *want_ip;
	enum stage want_stage;
	bool want_own, want_echo;
} frame_cases[] = {
	{ "postfix_said", "host mx.example.com[192.0.2.1] said: 550 5.1.1 no (in "
	  "reply to RCPT TO command)", "550 5.1.1 no", "mx.example.com",
	  "192.0.2.1", STAGE_RCPT, false, false },
	{ "postfix_end_of_data", "host mx.example.com[2001:db8::1] said: 554 no "
	  "(in reply to end of DATA command)", "554 no", "mx.example.com",
	  "2001:db8::1", STAGE_EOD, false, false },
	{ "postfix_refused_to_talk", "host mx.example.com[192.0.2.1] refused to "
	  "talk to me: 554 no", "554 no", "mx.example.com", "192.0.2.1",
	  STAGE_CONNECT, false, false },
	{ "postfix_echo", "delivery temporarily suspended: host "
	  "mx.example.com[192.0.2.1] refused to talk to me: 421 no", "421 no",
	  "mx.example.com", "192.0.2.1", STAGE_CONNECT, false, true },
	{ "postfix_own_echo", "delivery temporarily suspended: connect to "
	  "mx.example.com[192.0.2.1]:25: Connection refused",
	  "connect to mx.example.com[192.0.2.1]:25: Connection refused", "", "",
	  STAGE_NONE, true, true },
	{ "postfix_login", "SASL authentication failed; server "
	  "relay.example.net[192.0.2.1] said: 535 5.7.8 no", "535 5.7.8 no",
	  "relay.example.net", "192.0.2.1", STAGE_AUTH, false, false },
	{ "postfix_cut", "host mx.example.com[192.0.2.1] said: 550 5.1.1 no (in "
	  "reply to RCPT TO comm", "550 5.1.1 no", "mx.example.com",
	  "192.0.2.1", STAGE_RCPT, false, false },
	{ "exim_rcpt", "SMTP error from remote mail server after RCPT "
	  "TO:<a@example.com>: 550 5.1.1 no", "550 5.1.1 no", "", "",
	  STAGE_RCPT, false, false },
	{ "exim_with_host", "H=mx.example.com [192.0.2.1]: SMTP error from remote "
	  "mail server after initial connection: 554 no", "554 no",
	  "H=mx.example.com", "192.0.2.1", STAGE_CONNECT, false, false },
	{ "exim_pipelined", "SMTP error from remote mail server after pipelined "
	  "end of data: 554 no", "554 no", "", "", STAGE_EOD, false, false },
	{ "exim_mail_with_size", "SMTP error from remote mail server after MAIL "
	  "FROM:<a@example.org> SIZE=1234: 552 no", "552 no", "", "",
	  STAGE_MAIL, false, false },
	{ "exim_old", "SMTP error from remote mail server after RCPT "
	  "TO:<a@example.com>: host mx.example.com [192.0.2.1]: 550 no", "550 no",
	  "mx.example.com", "192.0.2.1", STAGE_RCPT, false, false },
	{ "qmail", "192.0.2.1 does not like recipient. Remote host said: 550 no "
	  "Giving up on 192.0.2.1.", "550 no", "", "", STAGE_RCPT, false, false },
	{ "a_diagnostic_code", "smtp; 550 5.1.1 no", "550 5.1.1 no", "", "",
	  STAGE_NONE, false, false },
	{ "a_bare_reply", "550 5.1.1 no", "550 5.1.1 no", "", "", STAGE_NONE,
	  false, false },
	{ "own_words", "Connection timed out", "Connection timed out", "", "",
	  STAGE_NONE, true, false },
	{ "nothing", "", "", "", "", STAGE_NONE, true, false },
};
/* clang-format on */

static void
run_frame(void **state)
{
	const struct frame_case *c = *state;
	struct reply_frame frame;

	reply_unframe(slice_str(c->in), &frame);
	assert_slice(frame.reply, c->want_reply);
	assert_slice(frame.host, c->want_host);
	assert_slice(frame.ip, c->want_ip);
	assert_int_equal(frame.stage, c->want_stage);
	assert_int_equal(frame.is_own_text, c->want_own);
	assert_int_equal(frame.is_echo, c->want_echo);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, frame_cases, run_frame);
	return cases_run(&cases);
}
