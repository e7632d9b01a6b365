#!/usr/bin/env python3
"""Sends a file with one event per line in batches: python3 send_events.py events.ndjson

Needs TRUEUP_INGEST_URL and TRUEUP_EVENTS_TOKEN. Prints the fate of each event; ends with 1 when some were refused, with 2 when
something could not be sent.
"""
import json
import os
import sys
import time
import urllib.error
import urllib.request

BATCH_SIZE = int(os.environ.get("BATCH_SIZE", "500"))
ATTEMPTS = 6


def post(events):
    """The answer to one batch. The same is sent again after 429, 503 and lost connections; repeats count once."""
    request = urllib.request.Request(
        os.environ["TRUEUP_INGEST_URL"] + "/v1/events",
        # Escapes, so that whatever the line held travels as it was.
        data=json.dumps(events).encode("ascii"),
        headers={
            "Authorization": "Bearer " + os.environ["TRUEUP_EVENTS_TOKEN"],
            "Content-Type": "application/cloudevents-batch+json",
        },
    )
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            body = error.read().decode("utf-8")
            if error.code == 422:
                return json.loads(body)
            if error.code not in (429, 503) or attempt == ATTEMPTS:
                raise CannotSend(f"{error.code} {body}")
            pause = float(error.headers.get("Retry-After", attempt))
        except OSError as error:
            if attempt == ATTEMPTS:
                raise CannotSend(f"no answer: {error}")
            pause = attempt
        time.sleep(pause)


class CannotSend(Exception):
    """Nothing more can be sent."""


def batches(path):
    """Batches of (line number, event)."""
    batch = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                batch.append((number, json.loads(line)))
            if len(batch) == BATCH_SIZE:
                yield batch
                batch = []
    if batch:
        yield batch


def main(path):
    refused = 0
    for batch in batches(path):
        answer = post([event for _, event in batch])
        refused += answer["rejected"]
        for result in answer["results"]:
            pointers = [error["pointer"] for error in result.get("problem", {}).get("errors", [])]
            print(batch[result["index"]][0], result["status"], result.get("id", ""), *pointers)
    return 1 if refused else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except CannotSend as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
