#!/bin/sh
# Sends one event from a file: sh send-event.sh event.json
# Needs TRUEUP_INGEST_URL and TRUEUP_EVENTS_TOKEN. Prints the answer; ends with 0 when the event is accepted or a duplicate.
set -eu

# --retry repeats after 429, 503 and lost connections, and waits as long as Retry-After says.
curl --silent --show-error --fail-with-body --retry 5 --retry-connrefused \
  --header "Authorization: Bearer $TRUEUP_EVENTS_TOKEN" \
  --header 'Content-Type: application/cloudevents+json' \
  --data-binary "@$1" \
  "$TRUEUP_INGEST_URL/v1/events"
echo
