# Every picture of README.md is in the tree, a PNG, and under 150 kB.
grep -o '](samples/pictures/[^)]*)' "$ROOT/README.md" | tr -d ']()' >shown
test "$(wc -l <shown)" -ge 3
while read -r picture; do
	head -c 4 "$ROOT/$picture" | od -An -c | grep -q 'P   N   G' ||
	    echo "$picture is no PNG"
	test "$(wc -c <"$ROOT/$picture")" -lt 150000 || echo "$picture is large"
done <shown
