#!/bin/sh
# The table of spec/README.md: every property of the schema tables, where it is planned and
# which golden plan tests it. Neither column is written by hand:
#  - planned: every member of the structs is marked deprecated in a copy of spec/config.h, and
#    the compiler says who uses it
#  - tested: tests/unit-plan changes each property of each golden plan's config (test_properties.c)
#    and lists those whose plan, or error, changes with it
# Usage: tests/properties.sh [--update], in the build directory; fails when the table is stale.
build=$(pwd)
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
readme=spec/README.md
[ -x "$build/tests/unit-plan" ] || { echo "the unit tests were left out: they need Criterion"; exit 77; }

# "path<TAB>struct.member" of every row of the schemas, as their sources have them.
cat spec/*_schema.c | tr '\n\t' '  ' | sed 's/SCHEMA(/\n&/g' | awk '
function walk(struct, path, i, n, row, f, nested) {
	n = split(rows[struct], row, "\n")
	for (i = 1; i < n; i++) {
		split(row[i], f, " ") # kind member key nested
		nested = path f[3]
		print nested "\t" struct "." f[2]
		if (f[1] == "OBJECT") walk(f[4], nested ".")
		if (f[1] == "OBJECTS") walk(f[4], nested "[].")
		if (f[1] == "OBJECT_MAP") walk(f[4], nested "[\047*\047].")
	}
}
/^SCHEMA\(/ {
	struct = $0; sub(/^SCHEMA\( */, "", struct); sub(/,.*/, "", struct)
	text = $0
	while (match(text, /([A-Z_]+\([a-z_]+, [a-z_0-9]+, "[A-Za-z0-9]+"[^)]*\))|([.]name = "[A-Za-z]+"[^}]*MEMBER\([a-z_]+, [a-z_]+)/)) {
		row = substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH)
		if (row ~ /^[.]name/) {
			key = row; sub(/^[^"]*"/, "", key); sub(/".*/, "", key)
			member = row; sub(/.*, /, "", member)
			rows[struct] = rows[struct] "OTHER " member " " key "\n"
			continue
		}
		kind = row; sub(/\(.*/, "", kind); sub(/^NEEDS_/, "", kind)
		sub(/^[^(]*\(/, "", row); sub(/\)$/, "", row); gsub(/[", ]+/, " ", row)
		split(row, w, " ")
		rows[struct] = rows[struct] kind " " w[2] " " w[3] " " w[4] "\n"
	}
}
END { walk("spec_config", "") }' >"$work/rows"

# A copy of the header in which every member of a document is deprecated, by its name.
mkdir "$work/spec"
awk '
/^struct spec_[a-z_]+ \{/ { struct = $2 }
struct && !/^struct spec_[a-z_]+ \{/ {
	if (/^};/) { struct = ""; print; next }
	gsub(/\/\*.*\*\//, "")
	line = line $0 " "
	if (line !~ /;[ \t]*$/) next
	n = split(line, part, ",")
	for (i = 1; i <= n; i++) {
		end = i == n ? ";" : ","
		name = part[i]; sub(/;?[ \t]*$/, "", name); text = name; sub(/.*[ *\t]/, "", name)
		printf "%s __attribute__((deprecated(\"%s.%s\")))%s", text, struct, name, end
	}
	print ""
	line = ""
	next
}
{ print }' spec/config.h >"$work/spec/config.h"
for file in $(ls libcontainer/plan/*.c | grep -v _print) spec/config_validate*.c libcontainer/init/*.c libcontainer/lifecycle/*.c; do
	LC_ALL=C ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -fsyntax-only -Wdeprecated-declarations -fno-diagnostics-color \
		-I"$work" -I"$build" -Ilibcontainer -I. "$file" 2>&1 ||
		echo "$file" >>"$work/broken"
done >"$work/warnings"
[ -e "$work/broken" ] && { grep 'error:' "$work/warnings"; echo "properties.sh: does not compile: $(cat "$work/broken")"; exit 2; }
sed -n "s/^\([^:]*\):.* is deprecated: \(spec_[a-z_]*\.[a-z_0-9]*\) .*/\2 \1/p" "$work/warnings" | sort -u >"$work/users"
[ -s "$work/users" ] || { echo "properties.sh: the compiler says nothing"; exit 2; }

PROPERTIES=$work/tested sh tests/unit/run "$build/tests/unit-plan" --filter 'properties/*' >"$work/log" 2>&1 ||
	{ grep "^\[----\]" "$work/log"; exit 1; }
# Both have read the schemas, one as text and one as tables.
cut -f1 "$work/rows" | sort >"$work/as-text"
cut -f1 "$work/tested" | sort | diff "$work/as-text" - ||
	{ echo "properties.sh: a row of the schemas was not understood"; exit 2; }

{
	sed '/^<!-- properties -->$/q' $readme
	echo
	echo "| property | planned in | tested by |"
	echo "|---|---|---|"
	awk -F '\t' '
	FILENAME ~ /users$/ {
		split($0, w, " "); file = w[2]; sub(/^libcontainer\//, "", file)
		if (file ~ /^plan/) plans[w[1]] = plans[w[1]] " " file
		else others[w[1]] = others[w[1]] " " file
		next
	}
	FILENAME ~ /tested$/ { tested[$1] = $2 " "; next }
	FILENAME ~ /README.md$/ { if (split($0, w, " [|] ") == 3) { gsub(/[|` ]/, "", w[1]); sub(/ [|]$/, "", w[3]); old[w[1]] = w[3] } next }
	# Two cases; those that the table has stay while they are right, so that new ones change nothing.
	function cases(path, n, i, w) {
		n = split(old[path], w, ", ")
		for (i = 1; i <= n; i++) if (!index(tested[path], " " w[i] " ")) n = 0
		if (n) return old[path]
		n = split(tested[path], w, " ")
		return w[1] (n > 1 ? ", " w[2] : "")
	}
	{
		where = plans[$2] ? plans[$2] : others[$2]
		sub(/^ /, "", where); gsub(/ /, ", ", where)
		if (!where && tested[$1] ~ /\//) where = "(nothing to do)"
		if (!where) { print "properties.sh: " $1 " is used nowhere" >"/dev/stderr"; bad = 1 }
		if (!cases($1)) { print "properties.sh: " $1 " is not tested" >"/dev/stderr"; bad = 1 }
		print "| `" $1 "` | " where " | " cases($1) " |"
	}
	END { exit bad }' "$work/users" "$work/tested" $readme "$work/rows" || echo stale
} >"$work/README.md"
grep -qx stale "$work/README.md" && exit 1

if [ "${1-}" = --update ]; then
	cp "$work/README.md" $readme
	exit
fi
cmp -s "$work/README.md" $readme && exit
diff $readme "$work/README.md" | head -20
echo "$readme is stale: make update-spec-readme"
exit 1
