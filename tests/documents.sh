#!/bin/sh
# What ctr prints fits the runtime-spec's own schemas, and those do refuse what does not fit.
# Usage: tests/documents.sh CTR; prints each breach, exits 1 on any.
ctr=${1:?usage: tests/documents.sh CTR}
cd "$(dirname "$0")" || exit 2
schema=data/spec-schema
bad=0

fits() # SCHEMA: the document on standard input
{
	./validate "$schema/$1-schema.json"
}
echo '{}' | fits features >/dev/null
[ $? -ne 77 ] || { echo "needs python3-jsonschema"; exit 77; }

"$ctr" features | fits features || { echo "ctr features: does not fit"; bad=1; }
for document in features state; do
	for file in data/spec-examples/$document/good/*.json; do
		fits $document <"$file" || { echo "$file: does not fit"; bad=1; }
	done
	echo '{"id": 7}' | fits $document >/dev/null && { echo "$document: the schema takes anything"; bad=1; }
done
exit $bad
