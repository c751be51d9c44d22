# A rule that is suggested, pasted unread, passes `rules check` together with
# the shipped ones and decides the reply that asked for it.
command -v python3 >/dev/null || { echo 'no python3 here'; exit 77; }
mkdir rules.d
printf '[rules]\ndirectory = rules.d\n' >own.conf
python3 - >replies <<'EOF'
import json, random
random.seed(7)
letters = "abcdefghijklmnopqrstuvwxyz"
odd = ["<b@c.example>", "[192.0.2.9]", "2001:db8::25", "(#5.7.1)", "a\\b", "%s",
       '"quoted', "it's", "#hash", "@at", "<LF>", "LONG", "é日本",
       "https://h.example/a?ip=192.0.2.9", "*", "(?i)", "[a-z", "$", "^",
       "{", "}", "|", "mx27", "1700000000", "AB12cd34EF56gh78IJ90"]
def word():
    return "q" + "".join(random.choice(letters) for _ in range(random.randint(5, 9)))
for i in range(200):
    parts = [word() for _ in range(random.randint(3, 9))]
    for _ in range(random.randint(0, 4)):
        parts.insert(random.randint(0, len(parts)), random.choice(odd))
    parts = ["".join(word() for _ in range(20)) if p == "LONG" else p
             for p in parts]
    head = random.choice(["550 5.7.1 ", "421 ", "554-5.7.1 ", "450-", ""])
    reply = {"reply": head + " ".join(parts)}
    if random.random() < .3:
        reply["provider"] = random.choice(["gmail", "yahoo", "t-online"])
    print(json.dumps(reply))
EOF
mxtrend classify -f rules <replies >rules.d/local.rules
echo "$(grep -c '^rule local-' rules.d/local.rules) rules"
mxtrend -c own.conf rules check | grep -v '^[0-9]* rules' || true
mxtrend -c own.conf classify -f json <replies | grep -c '"rule":"local-'
# and nothing is left to suggest
mxtrend -c own.conf classify -f rules <replies | head -n 3
