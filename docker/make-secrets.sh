#!/usr/bin/env bash
# Makes the secrets of docker/compose.yaml, once; those that are there stay. `kibana` asks a running Elasticsearch for a token.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if [[ "${1:-}" == kibana ]]; then
  token="$(docker compose exec -T elasticsearch bin/elasticsearch-service-tokens create elastic/kibana "kibana-$(date +%s)" | sed 's/.*= //')"
  printf 'KIBANA_TOKEN=%s\n' "$token" >>.env
  echo "the token stands in docker/.env"
  exit 0
fi

random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
mkdir -p secrets
chmod 711 secrets
make() {
  if [[ ! -s "secrets/$1" ]]; then
    printf '%s' "$2" >"secrets/$1"
    # Containers read it under users of their own.
    chmod 444 "secrets/$1"
  fi
}
make admin_api_key "stixsweep_$(random 8)_$(random 32)"
# OpenSearch asks for a capital letter, a digit and a sign.
make engine_password "A1-$(random 24)"
make redis_password "$(random 24)"
make redis_url "redis://:$(cat secrets/redis_password)@redis:6379"
echo "the API's key: docker/secrets/admin_api_key"
