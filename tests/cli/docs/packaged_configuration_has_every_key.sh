# Each key of each section stands there switched off, with its default where it
# has one; and the file is good as it is.
env -u HOME -u XDG_STATE_HOME mxtrend -c /dev/null config --show | sed 's/ *;.*//' >have
awk '/^\[/ { section = $0; next } NF { print section, $0 }' have >wanted
sed 's/^#\([a-z_]* = \)/\1/' "$ROOT/packaging/mxtrend.conf" |
    awk '/^\[/ { section = $0; next } NF { print section, $0 }' >there
while read -r section key equals value; do
	grep -qF "$section $key $equals ${value}" there || echo "$section $key"
done <wanted
mxtrend -c "$ROOT/packaging/mxtrend.conf" config --show | grep -c mail.log
