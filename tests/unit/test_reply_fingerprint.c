/* SPDX-License-Identifier: BSD-2-Clause */
/* One cause, one fingerprint: pairs of replies as two mails get them, in the
 * wordings of real servers (threads and postmaster pages; addresses are
 * documentation ones). */
#include "analyzer/reply_mask.h"

#include <stdio.h>

#include "tests/support/cases.h"

enum pair_kind { SAME, OTHER };

/* clang-format off */
#define S3140(code, tail) "550 5.7.1 Unfortunately, messages from " \
	"[192.0.2.9] weren't sent. Please contact your Internet service " \
	"provider since part of their network is on our block list (" code \
	"). You can also refer your provider to " \
	"http://mail.live.com/mail/troubleshooting.aspx#errors." tail
#define AGENT "[Name=Protocol Filter Agent][AGT=PFA]"
#define GOOGLE_RATE(head, id) "421-4.7.28 " head " Our system has detected " \
	"an unusual rate of 421-4.7.28 unsolicited mail originating from your " \
	"IP address. Please visit 421-4.7.28 " \
	"https://support.google.com/mail/?p=UnsolicitedRateLimitError to 421 " \
	"4.7.28 review our Bulk Email Senders Guidelines. " id " - gsmtp"
#define GOOGLE_AUTH(spf, id) "550-5.7.26 This mail has been blocked because " \
	"the sender is unauthenticated. 550-5.7.26 Authentication results: " \
	"550-5.7.26 DKIM = did not pass 550-5.7.26 SPF [" spf "] with ip: " \
	"[192.0.2.9] = did not pass 550 5.7.26 For instructions, go to " \
	"https://support.google.com/mail/answer/81126#authentication " id \
	" - gsmtp"
#define STOREDRV(org, server, diag) "554 5.2.2 mailbox full; " \
	"STOREDRV.Deliver.Exception:QuotaExceededException." \
	"MapiExceptionShutoffQuotaExceeded; Failed to process message due to a " \
	"permanent exception with message Cannot open mailbox /o=" org "/ou=" \
	"Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/" \
	"cn=Servers/cn=" server "/cn=Microsoft System Attendant. " diag
#define GMX(host, code, id) "554-" host " Nemesis ESMTP Service not " \
	"available 554-No SMTP service 554-IP address is block listed. 554 For " \
	"explanation visit https://postmaster.gmx.net/en/case?c=" code \
	"&i=ip&v=192.0.2.9&r=" id
#define ORANGE(host, code, tail) "421 " host " ME Trop de connexions, " \
	"veuillez verifier votre configuration. Too many connections, slow " \
	"down. " code " " tail
#define CSI "550 csi.mimecast.org Poor Reputation Sender. - " \
	"https://community.mimecast.com/docs/DOC-1369#550 "

static const struct pair {
	const char *name;
	enum pair_kind kind;
	const char *a, *b;
} pairs[] = {
	/* Outlook.com */
	{ "outlook_another_front_end", SAME,
	  S3140("S3140", " [AM7EUR03FT012.eop-EUR03.prod.protection.outlook.com]"),
	  S3140("S3140", " [BL02EPF0001A104.namprd05.prod.outlook.com]") },
	{ "outlook_with_time_and_id", SAME,
	  S3140("S3140", " [AM7EUR03FT012.eop-EUR03.prod.protection.outlook.com]"),
	  S3140("S3140", " [SJ1PEPF00001CDC.namprd05.prod.outlook.com "
	  "2024-08-01T13:22:06.713Z 08DCB1D4F3EA9B29]") },
	{ "outlook_with_its_agent", SAME,
	  S3140("S3140", " " AGENT "[MxId=11BDBE4A8F4E6D1F] "
	  "[SJ1PEPF00001CDC.namprd05.prod.outlook.com "
	  "2024-08-01T13:22:06.713Z 08DCB1D4F3EA9B29]"),
	  S3140("S3140", " [DB5EUR02FT061.eop-EUR02.prod.protection.outlook.com "
	  "2026-01-05T11:22:33.444Z 08DE49A1B2C3D4E5]") },
	{ "outlook_another_mxid", SAME,
	  S3140("S3140", " " AGENT "[MxId=1234567890123456]"),
	  S3140("S3140", " " AGENT "[MxId=11BDBE4A8F4E6D1F]") },
	{ "outlook_a_shortened_front_end", SAME,
	  S3140("S3140", " [BL2EPF00000.eurprd 2026-01-05T11:22:33.444Z "
	  "08DE49A1B2C3D4E5]"), S3140("S3140", "") },
	{ "outlook_cut_in_its_tail", SAME,
	  S3140("S3140", " [AM7EUR03FT012.eop-EUR03.prod.protection.out"),
	  S3140("S3140", "") },
	{ "outlook_another_rule", OTHER, S3140("S3140", ""),
	  S3140("S3150", "") },
	{ "outlook_throttled", SAME,
	  "451 4.7.650 The mail server [192.0.2.9] has been temporarily rate "
	  "limited due to IP reputation. For e-mail delivery information, see "
	  "https://postmaster.live.com (S775) " AGENT "[MxId=11BDBE4A8F4E6D1F] "
	  "[SJ1PEPF00001CDC.namprd05.prod.outlook.com "
	  "2024-08-01T13:22:06.713Z 08DCB1D4F3EA9B29]",
	  "451 4.7.650 The mail server [2001:db8::9] has been temporarily rate "
	  "limited due to IP reputation. For e-mail delivery information, see "
	  "https://postmaster.live.com (S775) "
	  "[BN8NAM11FT066.eop-nam11.prod.protection.outlook.com]" },
	{ "outlook_unknown_mailbox", SAME,
	  "550 5.5.0 Requested action not taken: mailbox unavailable "
	  "(S2017062302). [DB8EUR05FT036.eop-eur05.prod.protection.outlook.com "
	  "2024-03-05T06:40:26.001Z 08DC3BF8A2EC0912]",
	  "550 5.5.0 Requested action not taken: mailbox unavailable "
	  "(S2017062302). [CO1PEPF000044F1.namprd05.prod.outlook.com "
	  "2024-04-01T00:00:01.100Z 08DC4D11A2EC0912]" },

	/* Microsoft 365 */
	{ "m365_banned", SAME,
	  "550 5.7.606 Access denied, banned sending IP [192.0.2.9]. To request "
	  "removal from this list please visit https://sender.office.com/ "
	  "AS(1430) [VE1EUR02FT006.eop-EUR02.prod.protection.outlook.com]",
	  "550 5.7.606 Access denied, banned sending IP [192.0.2.10]. To request "
	  "removal from this list please visit https://sender.office.com/ "
	  "AS(1430) [DB5PEPF00014B9D.eurprd02.prod.outlook.com "
	  "2024-08-01T13:22:06.713Z 08DCB1D4F3EA9B29]" },
	{ "m365_another_rule_number", OTHER,
	  "550 5.7.606 Access denied, banned sending IP [192.0.2.9]. AS(1430)",
	  "550 5.7.606 Access denied, banned sending IP [192.0.2.9]. AS(1410)" },
	{ "m365_dmarc", SAME,
	  "550 5.7.509 Access denied, sending domain EXAMPLE.ORG does not pass "
	  "DMARC verification and has a DMARC policy of reject. "
	  "[AM7EUR03FT012.eop-EUR03.prod.protection.outlook.com "
	  "2024-03-05T06:40:26.001Z 08DC3BF8A2EC0912]",
	  "550 5.7.509 Access denied, sending domain EXAMPLE.NET does not pass "
	  "DMARC verification and has a DMARC policy of reject. "
	  "[AM4PEPF00027A6B.eurprd04.prod.outlook.com "
	  "2024-03-06T07:41:27.002Z 08DC3BF8A2EC0913]" },
	{ "m365_another_action", OTHER,
	  "550 5.7.509 Access denied, sending domain EXAMPLE.ORG does not pass "
	  "DMARC verification and has a DMARC policy of reject.",
	  "550 5.7.509 Access denied, sending domain EXAMPLE.ORG does not pass "
	  "DMARC verification and has a DMARC policy of quarantine." },
	{ "m365_recipient", SAME,
	  "550 5.4.1 Recipient address rejected: Access denied. For more "
	  "information see https://aka.ms/EXOSmtpErrors "
	  "[DB5PEPF00014B9D.eurprd02.prod.outlook.com "
	  "2024-08-01T13:22:06.713Z 08DCB1D4F3EA9B29]",
	  "550 5.4.1 Recipient address rejected: Access denied. For more "
	  "information see https://aka.ms/EXOSmtpErrors "
	  "[AMS0EPF000001A5.eurprd05.prod.outlook.com "
	  "2024-08-02T01:02:03.004Z 08DCB1D4F3EA9B30]" },
	{ "exchange_diagnostics", SAME,
	  STOREDRV("Example", "MBX236", "16.55847:7E000000, "
	  "17.43559:0000000058010000000000000F00000000000000, "
	  "20.52176:000F34840900000000000000"),
	  STOREDRV("Example", "MBX1147", "16.55847:B7000000, "
	  "17.43559:0000000020010000000000000F00000000000000") },

	/* Google */
	{ "google_another_session", SAME,
	  GOOGLE_RATE("[192.0.2.9      15]", "a640c23a62f3a-a7dd9c8cc5fsi1b.12"),
	  GOOGLE_RATE("[192.0.2.9       3]", "5614622812f47-3d93e2d8a50si5c.1") },
	{ "google_another_address", SAME,
	  GOOGLE_RATE("[192.0.2.9      15]", "v132si15724123wma.120"),
	  GOOGLE_RATE("[2001:db8::9      15]", "w28si1688632wra.157") },
	{ "google_another_cause", OTHER,
	  "421 4.7.28 x https://support.google.com/mail/?p=UnsolicitedIPError",
	  "421 4.7.28 x "
	  "https://support.google.com/mail/?p=UnsolicitedRateLimitError" },
	{ "google_another_domain", SAME,
	  GOOGLE_AUTH("example.org", "ffacd0b85a97d-3679b0c5e5dsi1b.98"),
	  GOOGLE_AUTH("mail.example.net", "4fb4d7f45d1cf-5afb73dca3asi0c.3") },
	{ "google_over_quota_or_not_there", OTHER,
	  "552 5.2.2 The email account that you tried to reach is over quota. "
	  "https://support.google.com/mail/?p=OverQuotaPerm x18si596wrp.492 - "
	  "gsmtp",
	  "550 5.1.1 The email account that you tried to reach does not exist. "
	  "https://support.google.com/mail/?p=NoSuchUser x18si596wrp.492 - "
	  "gsmtp" },

	/* Yahoo, AOL */
	{ "yahoo_another_diagnostic", SAME,
	  "421 4.7.0 [TSS04] Messages from 192.0.2.9 temporarily deferred due to "
	  "unexpected volume or user complaints - 4.16.55.1; see "
	  "https://postmaster.yahooinc.com/error-codes",
	  "421 4.7.0 [TSS04] Messages from 2001:db8::9 temporarily deferred due "
	  "to unexpected volume or user complaints - 4.16.56.1; see "
	  "https://postmaster.yahooinc.com/error-codes" },
	{ "yahoo_another_tag", OTHER,
	  "421 4.7.0 [TSS04] Messages from 192.0.2.9 temporarily deferred",
	  "421 4.7.0 [TSS09] Messages from 192.0.2.9 temporarily deferred" },
	{ "yahoo_disabled_mailbox", SAME,
	  "554 30 Sorry, your message to a@yahoo.com cannot be delivered. This "
	  "mailbox is disabled (554.30).",
	  "554 30 Sorry, your message to b@yahoo.com cannot be delivered. This "
	  "mailbox is disabled (554.30)." },

	/* Apple */
	{ "apple_another_recipient", SAME,
	  "421 4.7.1 Messages to a@icloud.com deferred due to excessive volume. "
	  "Try again later - https://support.apple.com/en-us/HT204137",
	  "421 4.7.1 Messages to b.c@me.com deferred due to excessive volume. "
	  "Try again later - https://support.apple.com/en-us/HT204137" },
	{ "apple_another_code", OTHER,
	  "554 5.7.1 [CS01] Message rejected due to local policy. Please visit "
	  "https://support.apple.com/en-us/HT204137",
	  "554 5.7.1 [HM08] Message rejected due to local policy. Please visit "
	  "https://support.apple.com/en-us/HT204137" },

	/* GMX, web.de, IONOS */
	{ "gmx_another_machine_and_case", SAME,
	  GMX("gmx.net (mxgmx114)", "r0201", "0MhkDq-1vXyZ12ab"),
	  GMX("gmx.net (mxgmx007)", "r0201", "MnpQrS") },
	{ "gmx_another_cause", OTHER,
	  GMX("gmx.net (mxgmx114)", "r0201", "0MhkDq-1vXyZ12ab"),
	  GMX("gmx.net (mxgmx114)", "r0103", "0MhkDq-1vXyZ12ab") },

	/* T-Online */
	{ "tonline_another_address", SAME,
	  "554 IP=192.0.2.9 - A problem occurred. (Ask your postmaster for help "
	  "or to contact tosa@rx.t-online.de to clarify.) (BL)",
	  "554 IP=2001:db8::9 - A problem occurred. (Ask your postmaster for "
	  "help or to contact tosa@rx.t-online.de to clarify.) (BL)" },
	{ "tonline_another_cause", OTHER,
	  "554 IP=192.0.2.9 - A problem occurred. (BL)",
	  "554 IP=192.0.2.9 - A problem occurred. (NR)" },

	/* Orange, Laposte */
	{ "orange_another_machine", SAME,
	  ORANGE("mwinf5c14", "OFR004_104", "[104]"),
	  ORANGE("mwinf8809", "OFR004_104", "[104]") },
	{ "orange_a_machine_of_another_kind", SAME,
	  ORANGE("opme11oxm23nd1.pom.fr.intraorange", "OFR004_104", "[104]"),
	  ORANGE("mwinf5c14", "OFR004_104", "[104]") },
	{ "orange_another_code", OTHER,
	  ORANGE("mwinf5c14", "OFR004_104", "[104]"),
	  ORANGE("mwinf5c14", "OFR006_102", "[102]") },
	{ "laposte_another_code", OTHER,
	  "550 5.5.0 Service refuse. Veuillez essayer plus tard. LPN007_510",
	  "550 5.5.0 Service refuse. Veuillez essayer plus tard. LPN105_DMARC" },

	/* Comcast */
	{ "comcast_another_machine", SAME,
	  "554 resimta-po-09v.sys.comcast.net comcast 192.0.2.9 Comcast block "
	  "for spam. Please see "
	  "https://postmaster.comcast.net/smtp-error-codes.php#BL000000",
	  "554 resimta-a1p-034571.sys.comcast.net comcast 2001:db8::9 Comcast "
	  "block for spam. Please see "
	  "https://postmaster.comcast.net/smtp-error-codes.php#BL000000" },
	{ "comcast_another_code", OTHER,
	  "554 Please see https://postmaster.comcast.net/x.php#BL000000",
	  "554 Please see https://postmaster.comcast.net/x.php#BL000010" },

	/* QQ, NetEase */
	{ "qq_another_id", SAME,
	  "550 Ip frequency limited [NnmwVUO4Zc3o6wq2mHtQTlQXzQvq IP: 192.0.2.9]. "
	  "https://service.mail.qq.com/detail/122/1000",
	  "550 Ip frequency limited [MLOyHqN5AEZ+dVfC/ZO1uXvZB/k= IP: "
	  "192.0.2.10]. https://service.mail.qq.com/detail/122/1000" },
	{ "qq_another_message", SAME,
	  "550 Mail content denied [MGSMTP1.1aab2c4d5e.1770000000] "
	  "https://service.mail.qq.com/detail/122/1000726",
	  "550 Mail content denied [PmrQxk3lVd8a9Tz5wJ0cYh2N] "
	  "https://service.mail.qq.com/detail/122/1000726" },
	{ "qq_another_cause", OTHER,
	  "550 Mail content denied https://service.mail.qq.com/detail/122/1000",
	  "550 Mail content denied https://service.mail.qq.com/detail/122/1035" },
	{ "netease_another_mail", SAME,
	  "554 DT:SPM mx27,PcgvCgA3ztUhvT5i1_TVAw--.8989S2 1648278817 "
	  "http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.9&hostid=mx27&"
	  "time=1648278817",
	  "554 DT:SPM mx8,QcgvCgDn6PJXtz5iWoGvAQ--.42317S2 1648279384 "
	  "http://mail.163.com/help/help_spam_16.htm?ip=192.0.2.9&hostid=mx8&"
	  "time=1648279384" },
	{ "netease_another_kind", OTHER, "554 DT:SPM 163 mx27", "554 MI:SPB 163 "
	  "mx27" },

	/* Mimecast, Proofpoint and others */
	{ "mimecast_another_session", SAME, CSI "[a1B2c3D4e5F6g7H8.uk123]",
	  CSI "[rT5_abcdPQ-xyZkLmNoPqA.us99]" },
	{ "mimecast_another_article", OTHER,
	  "451 x https://mimecast.my.site.com/s/article/email-delivery-451",
	  "451 x https://mimecast.my.site.com/s/article/email-delivery-550" },
	{ "proofpoint_another_machine", SAME,
	  "421 4.7.0 mx07-00123456.pphosted.com Too many connections",
	  "421 4.7.0 mx08-00abc201.pphosted.com Too many connections" },
	{ "proofpoint_another_address", SAME,
	  "554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.9",
	  "554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.10" },
	{ "amavis_another_id", SAME, "554 5.7.0 Reject, id=12345-06 - spam",
	  "554 5.7.0 Reject, id=01237-11 - spam" },
	{ "mailru_another_mail", SAME,
	  "550 spam message rejected. Please visit "
	  "http://help.mail.ru/notspam-support/id?c=4-MIiXod8zf7cN6t9-j6dIPfAZ "
	  "or report details to abuse@corp.mail.ru. Error code: "
	  "8908E3E337F31D7AADDE70FB74FAE8F7. ID: 000000030000D9E529BB30E4.",
	  "550 spam message rejected. Please visit "
	  "http://help.mail.ru/notspam-support/id?c=Ak1f_ahr-ccmkYY3MkjRQfiDde "
	  "or report details to abuse@corp.mail.ru. Error code: "
	  "FD5F4D02C7F96BA83786912641D14832. ID: 0000002600006CEB383A2BF4." },
	{ "another_list", OTHER,
	  "554 5.7.1 Client host [192.0.2.9] blocked using zen.spamhaus.org",
	  "554 5.7.1 Client host [192.0.2.9] blocked using bl.spamcop.net" },
};
/* clang-format on */

static void
keep(struct reply_mask *mask, const char *text, char *out, size_t room)
{
	reply_mask(mask, slice_str(text));
	assert_true(mask->len < room);
	memcpy(out, mask->text, mask->len);
	out[mask->len] = '\0';
}

static void
check_pair(void **state)
{
	const struct pair *row = *state;
	struct reply_mask mask;
	char a[2048], b[2048];

	reply_mask_init(&mask);
	keep(&mask, row->a, a, sizeof(a));
	keep(&mask, row->b, b, sizeof(b));
	reply_mask_release(&mask);
	if (row->kind == SAME)
		assert_string_equal(a, b);
	else
		assert_string_not_equal(a, b);
}

/* What stands in brackets at the end and tells something stays. */
static const struct tail_case {
	const char *name, *in, *want;
} tails[] = {
	{ "a_word_in_brackets_stays", "550 refused [spam]",
	  "550 refused [spam]" },
	{ "a_number_in_brackets_stays", "550 5.1.1 Rejected [503]",
	  "550 5.1.1 Rejected [503]" },
	{ "an_address_in_brackets_stays", "554 no PTR for [192.0.2.9]",
	  "554 no PTR for [<ip>]" },
	{ "a_code_in_brackets_stays", "550 5.7.1 no [S3140]",
	  "550 5.7.1 no [S3140]" },
	{ "brackets_alone_stay", "[mx.example.com]", "[<host>]" },
	{ "a_reply_of_nothing_else_keeps_them", "550 5.7.1 [mx.example.com]",
	  "550 5.7.1 [<host>]" },
	{ "a_machine_name_first", "421 mwinf5c27 ME no", "421 <host> ME no" },
	{ "a_machine_name_inside", "554 x (mxgmx114) y", "554 x (<host>) y" },
	{ "a_word_with_digits_inside_stays", "550 x mwinf5c27 y",
	  "550 x mwinf5c27 y" },
	{ "sha256_stays", "550 no sha256 hash", "550 no sha256 hash" },
	{ "a_path_that_a_person_wrote", "x https://h.example/a/email-delivery-451",
	  "x https://h.example/a/email-delivery-451" },
};

static void
check_tail(void **state)
{
	const struct tail_case *row = *state;
	struct reply_mask mask;
	char out[256];

	reply_mask_init(&mask);
	keep(&mask, row->in, out, sizeof(out));
	reply_mask_release(&mask);
	assert_string_equal(out, row->want);
}

int
main(void)
{
	static struct cases cases;

	CASES_ADD_TABLE(&cases, pairs, check_pair);
	CASES_ADD_TABLE(&cases, tails, check_tail);
	return cases_run(&cases);
}
