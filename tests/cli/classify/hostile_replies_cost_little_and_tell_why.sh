# 64 KiB of whatever repeats: each gets an answer, all of them in the time of a
# few; a pattern that runs into its limit leaves the reply unclassified and
# says so, in the report too.
command -v python3 >/dev/null || { echo 'no python3 here'; exit 77; }
python3 - <<'EOF'
import random
random.seed(3)
pieces = [b"a", b"a ", b"[", b"<", b"((((", b"<a@b.example>", b"192.0.2.9 ",
          b"\xff\xfe", b"\xe2\x80\xae", b"\x00", b"\x1b[31m", b"550-5.7.1 ",
          b"https://", b"=%", b"blocked using ", b"x.y.z.", b"AS(", b"\\n",
          b"2001:db8::", b"part of their network is on our block list "]
with open("replies", "wb") as out:
    for i, piece in enumerate(pieces * 5):
        head = [b"", b"550 ", b"421 4.7.0 "][i % 3]
        out.write(head + piece * (65000 // len(piece)) + b"\n")
    out.write(b"550 " + bytes(random.choice(range(11, 256))
                              for _ in range(65000)) + b"\n")
EOF
begin=$(date +%s)
mxtrend classify -f json <replies >answers
[ $(($(date +%s) - begin)) -lt 30 ] || echo 'too slow'
python3 - <<'EOF'
import json
answers = [json.loads(line) for line in open("answers", encoding="utf-8")]
print(len(answers), "answers,", len([a for a in answers if a["reason"]]), "with a reason")
EOF

mkdir mine
printf '[rules]\ndirectory = mine\n' >own.conf
cat >mine/slow.rules <<'EOF'
rule slow
pcre ^\d+ (?:\w+ ?)+!
class policy content content inferred
meaning M
= 550 all words!
EOF
words=$(python3 -c 'print("word " * 200 + "~!")')
mxtrend -c own.conf classify -f json "550 $words" | sed 's/.*"reason"/"reason"/'
echo "Nov 20 10:00:01 mail postfix/smtp[1]: 4F1A2B3C41: to=<a@example.com>, relay=mx.example.com[198.51.100.1]:25, delay=1, delays=0/0/0/1, dsn=5.0.0, status=bounced (host mx.example.com[198.51.100.1] said: 550 $words (in reply to RCPT TO command))" >mail.log
mxtrend -c own.conf --utc --now 2026-11-21 report -f json mail.log | python3 -c '
import json, sys
for reply in json.load(sys.stdin)["replies"]:
    print(reply["reason"], reply.get("rule"), reply["attempts"])'
