#!/bin/sh
# Invents the secrets of a fresh installation and writes them to .env beside docker-compose.yml, for nobody else to read.
# What exists already stays: without its master key the stored connection secrets cannot be opened again.
set -eu
file="${1:-$(dirname "$0")/../../.env}"
if [ -e "$file" ]; then
  echo "$file exists already; it stays as it is." >&2
  exit 1
fi
secret() { head -c 32 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_' | tr -d '='; }
umask 077
cat > "$file" <<ENV
TRUEUP_DATABASE_PASSWORD=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
TRUEUP_DATABASE_APP_PASSWORD=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
TRUEUP_DATABASE_WORKER_PASSWORD=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
TRUEUP_MASTER_KEY=$(head -c 32 /dev/urandom | base64 | tr -d '\n')
TRUEUP_BOOTSTRAP_ADMIN_TOKEN=tru_admin_$(secret)
TRUEUP_BOOTSTRAP_EVENTS_TOKEN=tru_events_$(secret)
TRUEUP_SERVICE_TOKEN_AUTOTASK=tru_service_$(secret)
ENV
echo "$file is written; docker compose up --build starts Trueup."
