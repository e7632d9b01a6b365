# Sourced by the guides: where the product is, and short words for its calls. Set TRUEUP_API_URL, TRUEUP_INGEST_URL, TRUEUP_TOKEN and
# TRUEUP_EVENTS_TOKEN for a product elsewhere; without them the card of the local start is read.
card() { node -p "JSON.parse(require('fs').readFileSync((process.env.TRUEUP_HOME || '.trueup') + '/endpoints.json', 'utf8')).$1"; }
API=${TRUEUP_API_URL:-$(card apiUrl)}
INGEST=${TRUEUP_INGEST_URL:-$(card ingestUrl)}
ADMIN=${TRUEUP_TOKEN:-$(card tokens.admin)}
EVENTS=${TRUEUP_EVENTS_TOKEN:-$(card tokens.events)}
PSA=${TRUEUP_PSA_URL:-$(card sandboxes.autotask)}

# ports: the admin port of every process.
ports() { node -p "Object.values(JSON.parse(require('fs').readFileSync((process.env.TRUEUP_HOME || '.trueup') + '/endpoints.json', 'utf8')).adminPorts).flat().join(' ')"; }
# api METHOD /v1/path [JSON]: one call with the admin token; the answer, or the problem and a failure.
api() {
  curl -sS --fail-with-body -X "$1" "$API$2" -H "Authorization: Bearer $ADMIN" ${3:+-H 'Content-Type: application/json' -d "$3"}
  echo
}
# send JSON: one event or an array of them.
send() {
  case $1 in [[]*) mode=cloudevents-batch ;; *) mode=cloudevents ;; esac
  curl -sS --fail-with-body "$INGEST/v1/events" -H "Authorization: Bearer $EVENTS" -H "Content-Type: application/$mode+json" -d "$1"
  echo
}
# field EXPRESSION: one field of the JSON on standard input.
field() { node -p "JSON.parse(require('fs').readFileSync(0, 'utf8')).$1"; }
