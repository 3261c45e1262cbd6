#!/usr/bin/env bash
# start.sh ENGINE DATA_DIR PORT [HEAP] [key=value setting]...: start one node on 127.0.0.1:PORT and wait until it answers. Its pid is in DATA_DIR/pid.
# Where ENGINE_OWNER names a process, the node ends soon after it, however that one ends.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); engine=$1; port=$3; heap=${4:-512m}; mkdir -p "$2"; home=$(cd "$2" && pwd); shift $(( $# < 4 ? $# : 4 ))
[ -n "${ENGINE_INSTALLING:-}" ] || bash "$here/install.sh" "$engine"; . "$here/java.sh" "$engine"; build=$here/$engine/build
if [ -f "$home/pid" ]; then                    # one just killed may take a moment to go
  for _ in $(seq 1 50); do kill -0 "$(cat "$home/pid")" 2>/dev/null || break; tr '\0' ' ' < "/proc/$(cat "$home/pid")/cmdline" 2>/dev/null | grep -q " Launcher $home " && break; sleep 0.2; done
  if tr '\0' ' ' < "/proc/$(cat "$home/pid")/cmdline" 2>/dev/null | grep -q " Launcher $home "; then echo "already running: pid $(cat "$home/pid")" >&2; exit 1; fi
fi
mkdir -p "$home/config" "$home/data" "$home/logs"; ln -sfn "$build/modules" "$home/modules"
major=$("$java_home/bin/java" -version 2>&1 | sed -nE '1s/.*"([0-9]+).*/\1/p')
[ "$major" -ge 22 ] && flags="--enable-native-access=ALL-UNNAMED" || flags=
[ "$major" -ge 24 ] && flags="$flags --sun-misc-unsafe-memory-access=allow"
[ -f "$build/classes.jsa" ] && flags="$flags -XX:SharedArchiveFile=$build/classes.jsa -Xlog:disable -Xlog:all=error:stderr"
[ "${ENGINE_JIT:-c1}" = c1 ] && flags="$flags -XX:TieredStopAtLevel=1"   # quick to start; ENGINE_JIT=c2 for benchmarks
nohup "$java_home/bin/java" -Xms"$heap" -Xmx"$heap" -XX:+UseSerialGC -Dfile.encoding=UTF-8 -Djava.awt.headless=true $flags ${ENGINE_JAVA_OPTS:-} \
  -cp "$build/lib/*" Launcher "$home" path.data="$home/data" path.logs="$home/logs" \
  cluster.name=local node.name=node1 network.host=127.0.0.1 http.port="$port" transport.port=0 discovery.type=single-node \
  cluster.routing.allocation.disk.threshold_enabled=false indices.breaker.total.use_real_memory=false "$@" > "$home/logs/console.log" 2>&1 < /dev/null &
pid=$!; echo $pid > "$home/pid"
bash "$here/watch.sh" "${ENGINE_OWNER:-}" "$pid" > /dev/null 2>&1 < /dev/null &
end=$(( $(date +%s) + ${ENGINE_WAIT_S:-180} )); url=http://127.0.0.1:$port/_cluster/health
while [ "$(date +%s)" -lt $end ]; do
  if curl -sf -m 5 -o /dev/null "$url"; then                   # a master is there; then give indices of an earlier run some time to open
    curl -s -m 25 -o /dev/null "$url?wait_for_status=yellow&timeout=${ENGINE_SETTLE_S:-20}s" || true
    echo "ready: http://127.0.0.1:$port pid $pid"; exit 0
  fi
  kill -0 $pid 2>/dev/null || { echo "$engine ended at start:" >&2; tail -20 "$home/logs/console.log" >&2; rm -f "$home/pid"; exit 1; }
  sleep 0.2
done
echo "$engine gave no answer in time" >&2; exit 1
