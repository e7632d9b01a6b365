#!/bin/sh
# Sends a file with one event per line in batches: sh send-events.sh events.ndjson
# Needs TRUEUP_INGEST_URL and TRUEUP_EVENTS_TOKEN. Prints the fate of each event; ends with 1 when some were refused, with 2 when
# something could not be sent.
set -eu

file=$1
batch_size=${BATCH_SIZE:-500}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Lines without events are left out; each of the others keeps its place in its batch.
grep -v '^[[:space:]]*$' "$file" | split -l "$batch_size" -a 6 - "$folder/batch-" || true
ending=0

# post BATCH: sends one batch until it is taken or refused; the status is left in $folder/status, the answer in $folder/answer.
post() {
  { printf '['; paste -s -d ',' "$1"; printf ']'; } > "$folder/body"
  curl --silent --show-error --retry 5 --retry-connrefused \
    --header "Authorization: Bearer $TRUEUP_EVENTS_TOKEN" \
    --header 'Content-Type: application/cloudevents-batch+json' \
    --data-binary "@$folder/body" --output "$folder/answer" --write-out '%{http_code}' \
    "$TRUEUP_INGEST_URL/v1/events" > "$folder/status"
}

# fates FIRST: one line per result of the answer. Texts are echoed as they are; a field inside a text is quoted with backslashes.
fates() {
  sed 's/{"index":/\
{"index":/g' "$folder/answer" | awk -v first="$1" '
    /^\{"index":/ {
      match($0, /[0-9]+/); line = first + substr($0, RSTART, RLENGTH)
      status = "rejected"
      if ($0 ~ /^[^{]*\{"index":[0-9]+,("id":"([^"\\]|\\.)*",)?"status":"accepted"/) status = "accepted"
      if ($0 ~ /^[^{]*\{"index":[0-9]+,("id":"([^"\\]|\\.)*",)?"status":"duplicate"/) status = "duplicate"
      id = ""; if (match($0, /"id":"([^"\\]|\\.)*"/)) id = substr($0, RSTART + 6, RLENGTH - 7)
      pointers = ""; rest = $0
      while (match(rest, /"pointer":"([^"\\]|\\.)*"/)) {
        pointers = pointers " " substr(rest, RSTART + 11, RLENGTH - 12); rest = substr(rest, RSTART + RLENGTH)
      }
      print line, status, id pointers
    }'
}

first=1
for batch in "$folder"/batch-*; do
  post "$batch" || { echo "batch from event $first on: no answer; send the file again, repeats count once" >&2; exit 2; }
  case $(cat "$folder/status") in
    202) fates "$first" ;;
    207 | 422) fates "$first"; ending=1 ;;
    *) echo "batch from event $first on: $(cat "$folder/status") $(cat "$folder/answer")" >&2; exit 2 ;;
  esac
  first=$((first + $(wc -l < "$batch")))
done
exit "$ending"
