# The same address is the same in every report of one key, in every format, and
# another one under another key.
cat >log <<'END'
2026-11-22T09:00:00.000000+01:00 mail postfix/qmgr[11]: 4jWKzv0tLMzNkDq: from=<Tina.Berg@example.org>, size=1, nrcpt=1 (queue active)
2026-11-22T09:00:01.000000+01:00 mail postfix/smtp[12]: 4jWKzv0tLMzNkDq: to=<nils+list@example.net>, relay=mx.example.net[198.51.100.7]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.example.net[198.51.100.7] said: 550 5.1.1 nils: no such user; mail of tina.berg@example.org for "nils+list" refused, see https://example.net/?who=nils%2Blist%40example.net&user=nils@example.net (in reply to RCPT TO command))
END
one=$(mxtrend parse --anonymize=key log)
test "$one" = "$(mxtrend parse --anonymize=key log)"
test "$one" != "$(mxtrend parse --anonymize=other log)"
test "$one" != "$(mxtrend parse --anonymize log)"
tina=$(printf '%s\n' "$one" | sed 's/.*"sender":"\(u-[0-9a-f]*\)@.*/\1/')
nils=$(printf '%s\n' "$one" | sed 's/.*"recipient":"\(u-[0-9a-f]*\)@.*/\1/')
# independent: HMAC-SHA-256 of kind, NUL and the address in lower case
python3 - "$(cat key)" "$tina" "$nils" <<'END'
import hashlib, hmac, sys
key = bytes.fromhex(sys.argv[1])
for name, address in zip(sys.argv[2:], ("tina.berg@example.org",
                                        "nils+list@example.net")):
    digest = hmac.new(key, b"u\0" + address.encode(), hashlib.sha256)
    assert name == "u-" + digest.hexdigest()[:12], (name, address)
END
printf '%s\n' "$one" | sed "s/$tina/TINA/g; s/$nils/NILS/g; s/u-[0-9a-f]\{12\}/OTHER/g" |
    grep -o '"reply":"[^"]*\\"[^"]*"[^"]*"'
mxtrend --tz UTC --now 2026-11-23 report --anonymize=key log |
    sed "s/$tina/TINA/g; s/$nils/NILS/g; s/u-[0-9a-f]\{12\}/OTHER/g" | sed -n '/NEW REPLIES/,/^$/p'
mxtrend report --anonymize=key -f csv --table replies log | grep -c "$nils"
