/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything else that a mail host logs: other daemons, rejected strangers,
 * statistics. None of it is a delivery. */
#include "tests/gen/gen.h"

static void
put_stranger(struct gen *gen, uint32_t n)
{
	lit(gen, "unknown[203.0.113.");
	put_number(gen, n % 250 + 2);
	put_char(gen, ']');
}

static void
begin_plain(struct gen *gen, uint32_t source, int64_t at, const char *program,
    uint32_t pid)
{
	line_begin(gen, at, gen->world.sources[source].host, program, "", pid);
}

static void
noise_dovecot(struct gen *gen, uint32_t source, int64_t at, uint32_t n)
{
	begin_plain(gen, source, at, "dovecot", 811);
	lit(gen, "imap-login: Login: user=<");
	put_address(gen, n % 200 + 8, 0);
	lit(gen, ">, method=PLAIN, rip=203.0.113.");
	put_number(gen, n % 250 + 2);
	lit(gen, ", lip=192.0.2.9, mpid=");
	put_number(gen, 1000 + n % 30000);
	lit(gen, ", TLS, session=<");
	put_word(gen, 16);
	put_char(gen, '>');
	line_end(gen);
	if (n % 2 == 0)
		return;
	begin_plain(gen, source, at + 2000, "dovecot", 811);
	lit(gen, "imap(");
	put_address(gen, n % 200 + 8, 0);
	lit(gen, ")<");
	put_number(gen, 1000 + n % 30000);
	lit(gen, ">: Disconnected: Logged out in=");
	put_number(gen, n % 1000);
	lit(gen, " out=");
	put_number(gen, n % 90000);
	lit(gen, " deleted=0 expunged=0 trashed=0 hdr_count=0 body_count=1");
	line_end(gen);
}

static void
noise_reject(struct gen *gen, uint32_t source, int64_t at, uint32_t n)
{
	line_queue(gen, at, source, "smtpd");
	lit(gen, "connect from ");
	put_stranger(gen, n);
	line_end(gen);
	line_queue(gen, at + 700, source, "smtpd");
	lit(gen, "NOQUEUE: reject: RCPT from ");
	put_stranger(gen, n);
	lit(gen, ": 554 5.7.1 Service unavailable; Client host [203.0.113.");
	put_number(gen, n % 250 + 2);
	lit(gen, "] blocked using zen.spamhaus.org; "
	    "https://www.spamhaus.org/query/ip/203.0.113.");
	put_number(gen, n % 250 + 2);
	lit(gen, "; from=<");
	put_address(gen, n % 5000, 4);
	lit(gen, "> to=<");
	put_address(gen, n % 200 + 8, 0);
	lit(gen, "> proto=ESMTP helo=<");
	put_word(gen, 8);
	put_char(gen, '>');
	line_end(gen);
	line_queue(gen, at + 1400, source, "smtpd");
	lit(gen, "disconnect from ");
	put_stranger(gen, n);
	lit(gen, " ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4");
	line_end(gen);
}

static void
noise_auth(struct gen *gen, uint32_t source, int64_t at, uint32_t n)
{
	line_queue(gen, at, source, "submission/smtpd");
	lit(gen, "warning: hostname dial-");
	put_number(gen, n % 250 + 2);
	lit(gen, ".pool.example does not resolve to address 203.0.113.");
	put_number(gen, n % 250 + 2);
	lit(gen, ": Name or service not known");
	line_end(gen);
	line_queue(gen, at + 500, source, "submission/smtpd");
	lit(gen, "connect from ");
	put_stranger(gen, n);
	line_end(gen);
	line_queue(gen, at + 1100, source, "submission/smtpd");
	lit(gen, "warning: ");
	put_stranger(gen, n);
	lit(gen, ": SASL LOGIN authentication failed: UGFzc3dvcmQ6, "
	    "sasl_username=");
	put_word(gen, 6);
	line_end(gen);
	line_queue(gen, at + 1700, source, "submission/smtpd");
	lit(gen, "lost connection after AUTH from ");
	put_stranger(gen, n);
	line_end(gen);
	line_queue(gen, at + 1900, source, "submission/smtpd");
	lit(gen, "disconnect from ");
	put_stranger(gen, n);
	lit(gen, " ehlo=1 auth=0/1 commands=1/2");
	line_end(gen);
}

static void
noise_sshd(struct gen *gen, uint32_t source, int64_t at, uint32_t n)
{
	begin_plain(gen, source, at, "sshd", 2000 + n % 9000);
	lit(gen, "Invalid user ");
	put_word(gen, 5);
	lit(gen, " from 203.0.113.");
	put_number(gen, n % 250 + 2);
	lit(gen, " port ");
	put_number(gen, 30000 + n % 30000);
	line_end(gen);
	begin_plain(gen, source, at + 800, "sshd", 2000 + n % 9000);
	lit(gen, "Connection closed by invalid user root 203.0.113.");
	put_number(gen, n % 250 + 2);
	lit(gen, " port 40112 [preauth]");
	line_end(gen);
}

static void
noise_statistics(struct gen *gen, uint32_t source, int64_t at, uint32_t n)
{
	bool is_anvil = n % 3 != 0;

	line_queue(gen, at, source, is_anvil ? "anvil" : "scache");
	put_text(gen, is_anvil ? "statistics: max connection rate 1/60s for "
	    "(submission:203.0.113." : "statistics: start interval "
	    "domain lookup hits=");
	put_number(gen, n % 250);
	put_text(gen, is_anvil ? ")" : " miss=4 success=20%");
	if (is_anvil) {
		lit(gen, " at ");
		put_word(gen, 3);
	}
	line_end(gen);
	line_queue(gen, at + 60, source, is_anvil ? "anvil" : "scache");
	put_text(gen, is_anvil ? "statistics: max cache size 1" :
	    "statistics: max simultaneous domains=1 addresses=2 connection=3");
	line_end(gen);
}

static void
noise_system(struct gen *gen, uint32_t source, int64_t at, uint32_t n)
{
	if (n % 3 == 0) {
		begin_plain(gen, source, at, "CRON", 5000 + n % 9000);
		lit(gen, "(root) CMD (   cd / && run-parts --report "
		    "/etc/cron.hourly)");
	} else if (n % 3 == 1) {
		begin_plain(gen, source, at, "systemd", 1);
		lit(gen, "Started session-");
		put_number(gen, n % 5000);
		lit(gen, ".scope - Session of user root.");
	} else {
		begin_plain(gen, source, at, "rspamd", 902);
		lit(gen, "<");
		put_word(gen, 6);
		lit(gen, ">; proxy; rspamd_task_write_log: id: <x@example>, "
		    "qid: <4bXyZ1>, ip: 203.0.113.7, (default: F (no action): "
		    "[-1.20/15.00] [MIME_GOOD(-0.10){text/plain;}])");
	}
	line_end(gen);
}

/* rsyslog and sysklogd fold what repeats. */
static void
noise_repeat(struct gen *gen, uint32_t source, int64_t at, uint32_t n)
{
	if (n % 2 == 0) {
		line_stamp(gen, at);
		put_text(gen, gen->world.sources[source].host);
		lit(gen, " last message repeated 3 times");
	} else {
		line_queue(gen, at, source, "submission/smtpd");
		lit(gen, "message repeated 2 times: [ warning: "
		    "unknown[203.0.113.9]: SASL LOGIN authentication failed]");
	}
	line_end(gen);
}

static void
noise_one(struct gen *gen, uint32_t source, int64_t at)
{
	uint32_t roll = rng_below(&gen->rng, 100);
	uint32_t n = rng_below(&gen->rng, 1 << 30);

	if (roll < 35)
		noise_dovecot(gen, source, at, n);
	else if (roll < 50)
		noise_reject(gen, source, at, n);
	else if (roll < 60)
		noise_auth(gen, source, at, n);
	else if (roll < 70)
		noise_sshd(gen, source, at, n);
	else if (roll < 82)
		noise_statistics(gen, source, at, n);
	else
		noise_system(gen, source, at, n);
	if (gen->options->repeats && roll == 55)
		noise_repeat(gen, source, at + 3000, n);
}

/* Some lines for every message, one group in two by default. */
void
noise(struct gen *gen, uint32_t source, int64_t at)
{
	uint32_t groups = gen->options->noise_percent / 2;

	for (; groups >= 100; groups -= 100)
		noise_one(gen, source, at + 6000);
	if (rng_below(&gen->rng, 100) < groups)
		noise_one(gen, source, at + 6500);
}
