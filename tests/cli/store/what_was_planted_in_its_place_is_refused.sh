# Who may write to the directory of a store can put other things where its files
# are to be. None of them is followed, emptied, or waited for.
log=$SAMPLES/postfix/reasons.log
try() {
	status=0
	timeout 60 mxtrend --state there -q --now 2026-11-26 "$@" >out 2>&1 ||
		status=$?
	echo "$1: $status $(head -n 1 out | cut -c 1-70)"
}
fresh() {
	rm -rf there
	cp -r clean there
}
mxtrend --state clean -q ingest "$log"
echo ours >ours
for name in mxtrend.lock mxtrend.db mxtrend.db-journal; do
	for thing in "mkfifo there/$name" "mkdir there/$name" \
	    "ln -s $PWD/ours there/$name"; do
		fresh
		rm -rf "there/$name"
		$thing
		echo "# ${thing%% *} $name"
		try ingest "$log"
		[ "$thing" != "mkfifo there/$name" ] || try report
	done
done
fresh
ln -f ours there/mxtrend.lock
try ingest "$log"
cat ours

# a directory in which anybody may replace the store is told
fresh
chmod 777 there
try ingest "$log"
chmod 1777 there
try ingest "$log"

mkfifo pipe
try merge pipe
