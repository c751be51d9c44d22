/* SPDX-License-Identifier: BSD-2-Clause */
#include "analyzer/providers.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "tests/support/cases.h"

/* One and the same for all rows; opened by main. */
struct mx_case {
	const char *name, *mx, *want; /* want NULL = no provider */
	const struct providers *providers;
};

/* clang-format off */
static struct mx_case mx_cases[] = {
	{ "mx_of_gmail", "gmail-smtp-in.l.google.com",
	  "gmail", NULL },
	{ "mx_of_gmail_2", "alt3.gmail-smtp-in.l.google.com",
	  "gmail", NULL },
	{ "mx_of_google_workspace", "aspmx.l.google.com",
	  "google-workspace", NULL },
	{ "mx_of_google_workspace_2", "alt1.aspmx.l.google.com",
	  "google-workspace", NULL },
	{ "mx_of_google_workspace_3", "aspmx2.googlemail.com",
	  "google-workspace", NULL },
	{ "mx_of_google_workspace_4", "smtp.google.com",
	  "google-workspace", NULL },
	{ "mx_of_microsoft_consumer", "outlook-com.olc.protection.outlook.com",
	  "microsoft-consumer", NULL },
	{ "mx_of_microsoft_consumer_2", "hotmail-com.olc.protection.outlook.com",
	  "microsoft-consumer", NULL },
	{ "mx_of_microsoft_consumer_3", "mx3.hotmail.com",
	  "microsoft-consumer", NULL },
	{ "mx_of_microsoft365", "example-com.mail.protection.outlook.com",
	  "microsoft365", NULL },
	{ "mx_of_microsoft365_2", "example-com.a1b2-v1.mx.microsoft",
	  "microsoft365", NULL },
	{ "mx_of_microsoft365_3", "mail.messaging.mail.eo.outlook.com",
	  "microsoft365", NULL },
	{ "mx_of_yahoo", "mta5.am0.yahoodns.net",
	  "yahoo", NULL },
	{ "mx_of_yahoo_2", "mta7.am0.yahoodns.net",
	  "yahoo", NULL },
	{ "mx_of_aol", "mx-aol.mail.gm0.yahoodns.net",
	  "aol", NULL },
	{ "mx_of_att", "ff-ip4-mx-vip1.prodigy.net",
	  "att", NULL },
	{ "mx_of_att_2", "mx-att.mail.am0.yahoodns.net",
	  "att", NULL },
	{ "mx_of_yahoo_smallbusiness", "mx-biz.mail.am0.yahoodns.net",
	  "yahoo-smallbusiness", NULL },
	{ "mx_of_yahoo_japan", "mx1.mail.yahoo.co.jp",
	  "yahoo-japan", NULL },
	{ "mx_of_apple", "mx01.mail.icloud.com",
	  "apple", NULL },
	{ "mx_of_comcast", "mx2h1.comcast.net",
	  "comcast", NULL },
	{ "mx_of_spectrum", "pkvw-mx.msg.pkvw.co.charter.net",
	  "spectrum", NULL },
	{ "mx_of_spectrum_2", "dnvrco-cmimta.email.rr.com",
	  "spectrum", NULL },
	{ "mx_of_cox", "cxr.mx.a.cloudfilter.net",
	  "cox", NULL },
	{ "mx_of_cloudmark_cloud", "ibx.mx.b.cloudfilter.net",
	  "cloudmark-cloud", NULL },
	{ "mx_of_centurylink", "mx1.centurylink.net",
	  "centurylink", NULL },
	{ "mx_of_optimum", "mx1.optonline.net",
	  "optimum", NULL },
	{ "mx_of_earthlink", "mx1.earthlink.net",
	  "earthlink", NULL },
	{ "mx_of_united_online", "mx1.untd.com",
	  "united-online", NULL },
	{ "mx_of_facebook", "msgin.vvv.facebook.com",
	  "facebook", NULL },
	{ "mx_of_orange_fr", "smtp-in.orange.fr",
	  "orange-fr", NULL },
	{ "mx_of_laposte", "smtpz4.laposte.net",
	  "laposte", NULL },
	{ "mx_of_free_fr", "mx1.free.fr",
	  "free-fr", NULL },
	{ "mx_of_sfr", "smtp-in.sfr.fr",
	  "sfr", NULL },
	{ "mx_of_bouygues", "mx1.bbox.fr",
	  "bouygues", NULL },
	{ "mx_of_ovh", "mx1.mail.ovh.net",
	  "ovh", NULL },
	{ "mx_of_gandi", "spool.mail.gandi.net",
	  "gandi", NULL },
	{ "mx_of_infomaniak", "mta-gw.infomaniak.ch",
	  "infomaniak", NULL },
	{ "mx_of_gmx_webde", "mx00.gmx.net",
	  "gmx-webde", NULL },
	{ "mx_of_gmx_webde_2", "mx01.gmx.com",
	  "gmx-webde", NULL },
	{ "mx_of_webde", "mx-ha02.web.de",
	  "webde", NULL },
	{ "mx_of_mailcom", "mx00.mail.com",
	  "mailcom", NULL },
	{ "mx_of_ionos", "mx00.kundenserver.de",
	  "ionos", NULL },
	{ "mx_of_ionos_2", "mx01.ionos.co.uk",
	  "ionos", NULL },
	{ "mx_of_ionos_3", "mx00.1and1.com",
	  "ionos", NULL },
	{ "mx_of_t_online", "mx01.t-online.de",
	  "t-online", NULL },
	{ "mx_of_freenet", "mx.freenet.de",
	  "freenet", NULL },
	{ "mx_of_strato", "smtpin.rzone.de",
	  "strato", NULL },
	{ "mx_of_vodafone_de", "mx1.vodafonemail.de",
	  "vodafone-de", NULL },
	{ "mx_of_hetzner", "www123.your-server.de",
	  "hetzner", NULL },
	{ "mx_of_all_inkl", "w0123456.kasserver.com",
	  "all-inkl", NULL },
	{ "mx_of_united_domains", "mx1.udag.de",
	  "united-domains", NULL },
	{ "mx_of_mailbox_org", "mx1.mailbox.org",
	  "mailbox-org", NULL },
	{ "mx_of_posteo", "mx1.posteo.de",
	  "posteo", NULL },
	{ "mx_of_libero", "mx1.smtp-in.libero.it",
	  "libero", NULL },
	{ "mx_of_tim_it", "mx1.aliceposta.it",
	  "tim-it", NULL },
	{ "mx_of_aruba_it", "mx1.aruba.it",
	  "aruba-it", NULL },
	{ "mx_of_register_it", "mx1.securemail.pro",
	  "register-it", NULL },
	{ "mx_of_kpn", "mx1.kpnmail.nl",
	  "kpn", NULL },
	{ "mx_of_liberty_global", "mx.mnd.ukmail.iss.as9143.net",
	  "liberty-global", NULL },
	{ "mx_of_liberty_global_2", "mx.tb.mail.iss.as9143.net",
	  "liberty-global", NULL },
	{ "mx_of_bt", "mx1.cpcloud.co.uk",
	  "bt", NULL },
	{ "mx_of_telstra", "mx1.telstra.net",
	  "telstra", NULL },
	{ "mx_of_telenet_be", "mx1.telenet-ops.be",
	  "telenet-be", NULL },
	{ "mx_of_proximus", "mx1.skynet.be",
	  "proximus", NULL },
	{ "mx_of_bluewin", "mx1.bluewin.ch",
	  "bluewin", NULL },
	{ "mx_of_seznam", "mx1.seznam.cz",
	  "seznam", NULL },
	{ "mx_of_forpsi", "mx1.forpsi.com",
	  "forpsi", NULL },
	{ "mx_of_wp_pl", "mx1.mx.wp.pl",
	  "wp-pl", NULL },
	{ "mx_of_onet_pl", "mx1.poczta.onet.pl",
	  "onet-pl", NULL },
	{ "mx_of_interia_pl", "mx1.interia.pl",
	  "interia-pl", NULL },
	{ "mx_of_mailru", "mxs.mail.ru",
	  "mailru", NULL },
	{ "mx_of_mailru_2", "emx.mail.ru",
	  "mailru", NULL },
	{ "mx_of_yandex", "mx.yandex.ru",
	  "yandex", NULL },
	{ "mx_of_yandex_2", "mx.yandex.net",
	  "yandex", NULL },
	{ "mx_of_rambler", "mx1.inmx.rambler.ru",
	  "rambler", NULL },
	{ "mx_of_ukrnet", "mx1.mxs.ukr.net",
	  "ukrnet", NULL },
	{ "mx_of_iua", "mx1.email.ua",
	  "iua", NULL },
	{ "mx_of_qq", "mx3.qq.com",
	  "qq", NULL },
	{ "mx_of_tencent_exmail", "mxbiz1.qq.com",
	  "tencent-exmail", NULL },
	{ "mx_of_netease", "163mx01.mxmail.netease.com",
	  "netease", NULL },
	{ "mx_of_netease_2", "126mx00.mxmail.netease.com",
	  "netease", NULL },
	{ "mx_of_sina", "mx1.sinamail.sina.com.cn",
	  "sina", NULL },
	{ "mx_of_sohu", "mx1.sohu.com",
	  "sohu", NULL },
	{ "mx_of_aliyun", "mxn.mxhichina.com",
	  "aliyun", NULL },
	{ "mx_of_coremail", "mx1.icoremail.net",
	  "coremail", NULL },
	{ "mx_of_naver", "mx1.naver.com",
	  "naver", NULL },
	{ "mx_of_daum", "mx1.hanmail.net",
	  "daum", NULL },
	{ "mx_of_docomo", "mx1.mfsmax.docomo.ne.jp",
	  "docomo", NULL },
	{ "mx_of_kddi", "mx1.msmx.au.com",
	  "kddi", NULL },
	{ "mx_of_softbank", "mx1.softbank.ne.jp",
	  "softbank", NULL },
	{ "mx_of_netvigator", "mx1.netvigator.com",
	  "netvigator", NULL },
	{ "mx_of_rediff", "mx1.rediffmail.rediff.akadns.net",
	  "rediff", NULL },
	{ "mx_of_rackspace", "mx1.emailsrvr.com",
	  "rackspace", NULL },
	{ "mx_of_godaddy", "smtp.secureserver.net",
	  "godaddy", NULL },
	{ "mx_of_godaddy_2", "mailstore1.secureserver.net",
	  "godaddy", NULL },
	{ "mx_of_networksolutions", "mx1.netsolmail.net",
	  "networksolutions", NULL },
	{ "mx_of_namecheap", "mx1.privateemail.com",
	  "namecheap", NULL },
	{ "mx_of_titan", "mx1.titan.email",
	  "titan", NULL },
	{ "mx_of_hostinger", "mx1.hostinger.com",
	  "hostinger", NULL },
	{ "mx_of_dreamhost", "mx1.dreamhost.com",
	  "dreamhost", NULL },
	{ "mx_of_siteground", "mx10.mailspamprotection.com",
	  "siteground", NULL },
	{ "mx_of_one_com", "mx1.one.com",
	  "one-com", NULL },
	{ "mx_of_intermedia", "mx1.serverdata.net",
	  "intermedia", NULL },
	{ "mx_of_tucows", "mx1.hostedemail.com",
	  "tucows", NULL },
	{ "mx_of_mailhostbox", "mx1.mailhostbox.com",
	  "mailhostbox", NULL },
	{ "mx_of_zoho", "mx.zoho.com",
	  "zoho", NULL },
	{ "mx_of_zoho_2", "mx2.zoho.eu",
	  "zoho", NULL },
	{ "mx_of_proton", "mail.protonmail.ch",
	  "proton", NULL },
	{ "mx_of_proton_2", "mailsec.protonmail.ch",
	  "proton", NULL },
	{ "mx_of_fastmail", "in1-smtp.messagingengine.com",
	  "fastmail", NULL },
	{ "mx_of_tuta", "mail.tutanota.de",
	  "tuta", NULL },
	{ "mx_of_hey", "mx1.app.hey.com",
	  "hey", NULL },
	{ "mx_of_runbox", "mx1.runbox.com",
	  "runbox", NULL },
	{ "mx_of_migadu", "mx1.migadu.com",
	  "migadu", NULL },
	{ "mx_of_mxroute", "mx1.mxroute.com",
	  "mxroute", NULL },
	{ "mx_of_pobox", "mx1.pobox.com",
	  "pobox", NULL },
	{ "mx_of_amazon_ses", "inbound-smtp.eu-west-1.amazonaws.com",
	  "amazon-ses", NULL },
	{ "mx_of_cloudflare", "route1.mx.cloudflare.net",
	  "cloudflare", NULL },
	{ "mx_of_forwardemail", "mx1.forwardemail.net",
	  "forwardemail", NULL },
	{ "mx_of_improvmx", "mx1.improvmx.com",
	  "improvmx", NULL },
	{ "mx_of_mailgun_inbound", "mxa.mailgun.org",
	  "mailgun-inbound", NULL },
	{ "mx_of_sendgrid_inbound", "mx.sendgrid.net",
	  "sendgrid-inbound", NULL },
	{ "mx_of_postmark_inbound", "mx1.inbound.postmarkapp.com",
	  "postmark-inbound", NULL },
	{ "mx_of_proofpoint", "mxa-00123456.gslb.pphosted.com",
	  "proofpoint", NULL },
	{ "mx_of_proofpoint_essentials", "mx1-eu1.ppe-hosted.com",
	  "proofpoint-essentials", NULL },
	{ "mx_of_mimecast", "eu-smtp-inbound-1.mimecast.com",
	  "mimecast", NULL },
	{ "mx_of_mimecast_2", "za-smtp-inbound-1.mimecast.co.za",
	  "mimecast", NULL },
	{ "mx_of_barracuda", "d123456a.ess.barracudanetworks.com",
	  "barracuda", NULL },
	{ "mx_of_barracuda_2", "d123456a.ess.de.barracudanetworks.com",
	  "barracuda", NULL },
	{ "mx_of_cisco", "mx1.hc1234-56.iphmx.com",
	  "cisco", NULL },
	{ "mx_of_trendmicro", "example.in.tmes.trendmicro.eu",
	  "trendmicro", NULL },
	{ "mx_of_sophos", "mx-01-eu-west-1.prod.hydra.sophos.com",
	  "sophos", NULL },
	{ "mx_of_symantec", "cluster5.eu.messagelabs.com",
	  "symantec", NULL },
	{ "mx_of_fireeye", "primary.us.email.fireeyecloud.com",
	  "fireeye", NULL },
	{ "mx_of_forcepoint", "cust12345-1.in.mailcontrol.com",
	  "forcepoint", NULL },
	{ "mx_of_hornetsecurity", "mx01.hornetsecurity.com",
	  "hornetsecurity", NULL },
	{ "mx_of_hornetsecurity_2", "mx23a.antispameurope.com",
	  "hornetsecurity", NULL },
	{ "mx_of_n_able", "mx.spamexperts.com",
	  "n-able", NULL },
	{ "mx_of_n_able_2", "filter10.antispamcloud.com",
	  "n-able", NULL },
	{ "mx_of_vade", "mx1.vadesecure.com",
	  "vade", NULL },
	{ "mx_of_spamtitan", "mx1.spamtitan.com",
	  "spamtitan", NULL },
	{ "mx_of_mxlogic", "mx1.mxlogic.net",
	  "mxlogic", NULL },
	{ "mx_of_appriver", "mx1.arsmtp.com",
	  "appriver", NULL },
	{ "mx_of_cyren", "mx1.ctmail.com",
	  "cyren", NULL },
	{ "mx_of_spamhero", "mx1.mxthunder.com",
	  "spamhero", NULL },
	{ "mx_of_fortimail", "mx1.fortimailcloud.com",
	  "fortimail", NULL },
	{ "mx_of_libraesva", "mx1.esvacloud.com",
	  "libraesva", NULL },
	{ "mx_of_mailprotector", "mx1.emailservice.io",
	  "mailprotector", NULL },
	{ "mx_of_securence", "mx1.securence.com",
	  "securence", NULL },
	{ "mx_of_retarus", "mx1.retarus.com",
	  "retarus", NULL },
	{ "mx_of_safentrix", "mx1.safentrix.com",
	  "safentrix", NULL },

	/* the longest suffix wins, label by label */
	{ "outlook_com_is_not_microsoft_365", "msn-com.olc.protection.outlook.com",
	  "microsoft-consumer", NULL },
	{ "a_suffix_alone_is_its_provider", "olc.protection.outlook.com",
	  "microsoft-consumer", NULL },
	{ "half_a_label_is_no_suffix", "xolc.protection.outlook.com", NULL, NULL },
	{ "a_longer_label_is_no_suffix", "mx.notgmx.net", NULL, NULL },
	{ "aol_before_yahoo", "mx-aol.mail.gm0.yahoodns.net", "aol", NULL },
	{ "cox_before_its_gateway", "cxr.mx.a.cloudfilter.net", "cox", NULL },
	{ "exmail_before_qq", "mxbiz2.qq.com", "tencent-exmail", NULL },
	{ "essentials_is_not_enterprise", "mx2.ppe-hosted.com",
	  "proofpoint-essentials", NULL },
	{ "amazon_needs_inbound_smtp", "ec2-192-0-2-1.eu-west-1.amazonaws.com",
	  NULL, NULL },
	{ "amazon_needs_one_region", "inbound-smtp.amazonaws.com", NULL, NULL },
	{ "an_unknown_host_has_none", "mx1.example.net", NULL, NULL },
	{ "nothing_has_none", "", NULL, NULL },
	{ "a_dot_has_none", ".", NULL, NULL },
	{ "an_address_has_none", "192.0.2.1", NULL, NULL },

	/* sendmail shortens the middle away */
	{ "shortened_outlook", "outlook-com.ol...ction.outlook.com",
	  "microsoft-consumer", NULL },
	{ "shortened_microsoft_365", "example-com01b.mail.p...tion.outlook.com",
	  "microsoft365", NULL },
	{ "shortened_in_front_of_the_suffix", "a-very-long-na....mail.protection.outlook.com",
	  "microsoft365", NULL },
	{ "shortened_beyond_recognition", "a-very-long-name...ction.outlook.com",
	  NULL, NULL },
	{ "shortened_but_unknown", "mx1.exa...ple.net", NULL, NULL },
	{ "shortened_to_nothing", "...", NULL, NULL },
};

static struct domain_case {
	const char *name, *domain, *want;
	const struct providers *providers;
} domain_cases[] = {
	{ "domain_of_gmail", "gmail.com",
	  "gmail", NULL },
	{ "domain_of_microsoft_consumer", "outlook.com",
	  "microsoft-consumer", NULL },
	{ "domain_of_yahoo", "yahoo.com",
	  "yahoo", NULL },
	{ "domain_of_aol", "aol.com",
	  "aol", NULL },
	{ "domain_of_att", "att.net",
	  "att", NULL },
	{ "domain_of_yahoo_japan", "yahoo.co.jp",
	  "yahoo-japan", NULL },
	{ "domain_of_apple", "icloud.com",
	  "apple", NULL },
	{ "domain_of_comcast", "comcast.net",
	  "comcast", NULL },
	{ "domain_of_spectrum", "charter.net",
	  "spectrum", NULL },
	{ "domain_of_cox", "cox.net",
	  "cox", NULL },
	{ "domain_of_centurylink", "centurylink.net",
	  "centurylink", NULL },
	{ "domain_of_optimum", "optonline.net",
	  "optimum", NULL },
	{ "domain_of_earthlink", "earthlink.net",
	  "earthlink", NULL },
	{ "domain_of_united_online", "juno.com",
	  "united-online", NULL },
	{ "domain_of_facebook", "facebook.com",
	  "facebook", NULL },
	{ "domain_of_orange_fr", "orange.fr",
	  "orange-fr", NULL },
	{ "domain_of_laposte", "laposte.net",
	  "laposte", NULL },
	{ "domain_of_free_fr", "free.fr",
	  "free-fr", NULL },
	{ "domain_of_sfr", "sfr.fr",
	  "sfr", NULL },
	{ "domain_of_bouygues", "bbox.fr",
	  "bouygues", NULL },
	{ "domain_of_infomaniak", "ik.me",
	  "infomaniak", NULL },
	{ "domain_of_gmx_webde", "gmx.net",
	  "gmx-webde", NULL },
	{ "domain_of_webde", "web.de",
	  "webde", NULL },
	{ "domain_of_mailcom", "mail.com",
	  "mailcom", NULL },
	{ "domain_of_ionos", "online.de",
	  "ionos", NULL },
	{ "domain_of_t_online", "t-online.de",
	  "t-online", NULL },
	{ "domain_of_freenet", "freenet.de",
	  "freenet", NULL },
	{ "domain_of_vodafone_de", "vodafonemail.de",
	  "vodafone-de", NULL },
	{ "domain_of_mailbox_org", "mailbox.org",
	  "mailbox-org", NULL },
	{ "domain_of_posteo", "posteo.de",
	  "posteo", NULL },
	{ "domain_of_libero", "libero.it",
	  "libero", NULL },
	{ "domain_of_tim_it", "alice.it",
	  "tim-it", NULL },
	{ "domain_of_aruba_it", "aruba.it",
	  "aruba-it", NULL },
	{ "domain_of_kpn", "kpnmail.nl",
	  "kpn", NULL },
	{ "domain_of_liberty_global", "virginmedia.com",
	  "liberty-global", NULL },
	{ "domain_of_bt", "btinternet.com",
	  "bt", NULL },
	{ "domain_of_telstra", "bigpond.com",
	  "telstra", NULL },
	{ "domain_of_telenet_be", "telenet.be",
	  "telenet-be", NULL },
	{ "domain_of_proximus", "skynet.be",
	  "proximus", NULL },
	{ "domain_of_bluewin", "bluewin.ch",
	  "bluewin", NULL },
	{ "domain_of_seznam", "seznam.cz",
	  "seznam", NULL },
	{ "domain_of_wp_pl", "wp.pl",
	  "wp-pl", NULL },
	{ "domain_of_onet_pl", "onet.pl",
	  "onet-pl", NULL },
	{ "domain_of_interia_pl", "interia.pl",
	  "interia-pl", NULL },
	{ "domain_of_mailru", "mail.ru",
	  "mailru", NULL },
	{ "domain_of_yandex", "yandex.ru",
	  "yandex", NULL },
	{ "domain_of_rambler", "rambler.ru",
	  "rambler", NULL },
	{ "domain_of_ukrnet", "ukr.net",
	  "ukrnet", NULL },
	{ "domain_of_iua", "i.ua",
	  "iua", NULL },
	{ "domain_of_qq", "qq.com",
	  "qq", NULL },
	{ "domain_of_netease", "163.com",
	  "netease", NULL },
	{ "domain_of_sina", "sina.com",
	  "sina", NULL },
	{ "domain_of_sohu", "sohu.com",
	  "sohu", NULL },
	{ "domain_of_aliyun", "aliyun.com",
	  "aliyun", NULL },
	{ "domain_of_naver", "naver.com",
	  "naver", NULL },
	{ "domain_of_daum", "hanmail.net",
	  "daum", NULL },
	{ "domain_of_docomo", "docomo.ne.jp",
	  "docomo", NULL },
	{ "domain_of_kddi", "au.com",
	  "kddi", NULL },
	{ "domain_of_softbank", "softbank.ne.jp",
	  "softbank", NULL },
	{ "domain_of_netvigator", "netvigator.com",
	  "netvigator", NULL },
	{ "domain_of_rediff", "rediffmail.com",
	  "rediff", NULL },
	{ "domain_of_zoho", "zoho.com",
	  "zoho", NULL },
	{ "domain_of_proton", "proton.me",
	  "proton", NULL },
	{ "domain_of_fastmail", "fastmail.com",
	  "fastmail", NULL },
	{ "domain_of_tuta", "tuta.com",
	  "tuta", NULL },
	{ "domain_of_hey", "hey.com",
	  "hey", NULL },
	{ "domain_of_runbox", "runbox.com",
	  "runbox", NULL },
	{ "domain_of_pobox", "pobox.com",
	  "pobox", NULL },
	{ "domain_of_amazon_ses", "awsapps.com",
	  "amazon-ses", NULL },
	{ "a_subdomain_is_another_domain", "sub.gmail.com", NULL, NULL },
	{ "an_unknown_domain_has_none", "example.com", NULL, NULL },
};

static struct name_case {
	const char *name, *in, *want;
	const struct providers *providers;
} registrable_cases[] = {
	{ "two_labels_stay", "example.com", "example.com", NULL },
	{ "hosts_lose_their_labels", "mx1.mail.example.com", "example.com",
	  NULL },
	{ "a_suffix_of_two_labels_counts_as_one", "mx.example.co.uk",
	  "example.co.uk", NULL },
	{ "a_bare_suffix_stays", "co.uk", "co.uk", NULL },
	{ "an_ipv4_address_stays", "192.0.2.1", "192.0.2.1", NULL },
	{ "an_ipv6_address_stays", "2001:db8::1", "2001:db8::1", NULL },
	{ "a_literal_stays", "[192.0.2.1]", "[192.0.2.1]", NULL },
	{ "nothing_stays", "", "", NULL },
}, fallback_mx_cases[] = {
	{ "mx_of_nobody", "mx1.mail.example.net", "mx:example.net", NULL },
	{ "mx_without_a_name", "192.0.2.1", "mx:192.0.2.1", NULL },
}, fallback_domain_cases[] = {
	{ "domain_of_nobody", "lists.example.co.uk", "domain:example.co.uk",
	  NULL },
}, display_cases[] = {
	{ "a_key_has_a_name", "t-online", "T-Online (Telekom)", NULL },
	{ "an_mx_is_its_domain", "mx:example.net", "example.net", NULL },
	{ "a_domain_is_itself", "domain:example.org", "example.org", NULL },
	{ "what_is_unknown_is_itself", "nosuch", "nosuch", NULL },
};
/* clang-format on */

static void
assert_slice(struct slice got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	if (got.len != 0)
		assert_memory_equal(got.ptr, want, got.len);
}

static void
assert_key(const struct provider_info *got, const char *want)
{
	if (want == NULL) {
		assert_null(got);
		return;
	}
	assert_non_null(got);
	assert_slice(got->key, want);
}

static void
run_mx(void **state)
{
	const struct mx_case *c = *state;

	assert_key(providers_by_mx(c->providers, slice_str(c->mx)), c->want);
}

static void
run_domain(void **state)
{
	const struct domain_case *c = *state;

	assert_key(providers_by_domain(c->providers, slice_str(c->domain)),
	    c->want);
}

static void
run_registrable(void **state)
{
	const struct name_case *c = *state;

	assert_slice(providers_registrable(c->providers, slice_str(c->in)),
	    c->want);
}

static void
run_fallback_mx(void **state)
{
	const struct name_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 256);
	providers_fallback_mx(c->providers, slice_str(c->in), &out);
	assert_string_equal(out.ptr, c->want);
	strbuf_release(&out);
}

static void
run_fallback_domain(void **state)
{
	const struct name_case *c = *state;
	struct strbuf out;

	strbuf_init(&out, 256);
	providers_fallback_domain(c->providers, slice_str(c->in), &out);
	assert_string_equal(out.ptr, c->want);
	strbuf_release(&out);
}

static void
run_display(void **state)
{
	const struct name_case *c = *state;

	assert_slice(providers_display_name(c->providers, slice_str(c->in)),
	    c->want);
}

static const struct providers *
shared(const struct providers *set)
{
	static const struct providers *kept;

	if (set != NULL)
		kept = set;
	return kept;
}

static void
every_row_is_well_formed(void **state)
{
	const struct providers *providers = shared(NULL);

	(void)state;
	assert_true(providers_count(providers) >= 127);
	for (size_t i = 0; i < providers_count(providers); i++) {
		const struct provider_info *row = providers_at(providers, i);

		assert_ptr_equal(providers_by_key(providers, row->key), row);
		assert_true(row->name.len != 0);
		if (row->family.len != 0)
			assert_non_null(providers_by_key(providers,
			    row->family));
	}
}

/* --- files that are wrong, and files that override -----------------------*/

static const char row_a[] = "key\tname\tfamily\tmx_suffixes\t"
    "recipient_domains\tpostmaster_url\tsupport_url\tfeedback_loop\tnotes\n"
    "one\tOne\t-\tmx.one.example\tone.example\t-\t-\t-\t-\n";

static const struct file_case {
	const char *name, *first, *second, *want; /* want: of err, or key */
	enum mx_code want_code;
} file_cases[] = {
	{ "a_row_is_read", row_a, NULL, "one", MX_OK },
	{ "a_later_directory_replaces_a_row_by_key", row_a,
	  "one\tEins\t-\tmx.one.example\t-\t-\t-\t-\t-\n", "one", MX_OK },
	{ "too_few_fields_are_named", "one\tOne\t-\n", NULL,
	  ":1: 3 fields", MX_E_CONFIG },
	{ "a_bad_key_is_named", "# x\nOne\tO\t-\t-\t-\t-\t-\t-\t-\n", NULL,
	  ":2: a key has", MX_E_CONFIG },
	{ "a_key_twice_is_named", "a\tA\t-\t-\t-\t-\t-\t-\t-\n"
	  "a\tA\t-\t-\t-\t-\t-\t-\t-\n", NULL, ":2: key a", MX_E_CONFIG },
	{ "the_last_key_twice_is_named_too", "b\tB\t-\t-\t-\t-\t-\t-\t-\n"
	  "a\tA\t-\t-\t-\t-\t-\t-\t-\na\tA\t-\t-\t-\t-\t-\t-\t-\n",
	  NULL, ":3: key a", MX_E_CONFIG },
	{ "a_suffix_twice_is_named",
	  "a\tA\t-\tx.example\t-\t-\t-\t-\t-\n"
	  "b\tB\t-\tx.example\t-\t-\t-\t-\t-\n", NULL,
	  ":2: x.example belongs to a", MX_E_CONFIG },
	{ "an_unknown_family_is_named",
	  "a\tA\tnosuch\t-\t-\t-\t-\t-\t-\n", NULL,
	  ":1: there is no family nosuch", MX_E_CONFIG },
	{ "no_file_at_all_is_no_input", NULL, NULL, "no providers.tsv",
	  MX_E_NOINPUT },
};

static void
write_file(const char *dir, const char *text)
{
	char path[256];
	FILE *file;

	if (text == NULL)
		return;
	(void)snprintf(path, sizeof(path), "%s/providers.tsv", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
remove_dir(const char *dir)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/providers.tsv", dir);
	(void)unlink(path);
	(void)rmdir(dir);
}

static void
run_file(void **state)
{
	const struct file_case *c = *state;
	char a[] = "/tmp/test_providers.XXXXXX";
	char b[] = "/tmp/test_providers.XXXXXX";
	const char *dirs[2];
	struct providers *providers = NULL;
	struct mx_err err = { .code = MX_OK };
	enum mx_code code;

	assert_non_null(mkdtemp(a));
	assert_non_null(mkdtemp(b));
	dirs[0] = a;
	dirs[1] = b;
	write_file(a, c->first);
	write_file(b, c->second);
	code = providers_open(dirs, 2, &providers, &err);
	remove_dir(a);
	remove_dir(b);
	assert_int_equal(code, c->want_code);
	if (code != MX_OK) {
		assert_non_null(strstr(err.text, c->want));
		return;
	}
	assert_key(providers_by_mx(providers, SLICE("mx.one.example")),
	    c->want);
	assert_slice(providers_display_name(providers, slice_str(c->want)),
	    c->second != NULL ? "Eins" : "One");
	providers_close(providers);
}

#define SHARE(table) \
	for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++) \
		(table)[i].providers = providers

int
main(void)
{
	static struct cases cases;
	const char *dirs[] = { "analyzer/rules" };
	struct providers *providers;
	struct mx_err err;
	int failed;

	if (providers_open(dirs, 1, &providers, &err) != MX_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	(void)shared(providers);
	SHARE(mx_cases);
	SHARE(domain_cases);
	SHARE(registrable_cases);
	SHARE(fallback_mx_cases);
	SHARE(fallback_domain_cases);
	SHARE(display_cases);
	CASES_ADD_TABLE(&cases, mx_cases, run_mx);
	CASES_ADD_TABLE(&cases, domain_cases, run_domain);
	CASES_ADD_TABLE(&cases, registrable_cases, run_registrable);
	CASES_ADD_TABLE(&cases, fallback_mx_cases, run_fallback_mx);
	CASES_ADD_TABLE(&cases, fallback_domain_cases, run_fallback_domain);
	CASES_ADD_TABLE(&cases, display_cases, run_display);
	CASES_ADD_TABLE(&cases, file_cases, run_file);
	cases_add(&cases, "every_row_is_well_formed",
	    every_row_is_well_formed, NULL);
	failed = cases_run(&cases);
	providers_close(providers);
	return failed;
}
