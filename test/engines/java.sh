# Sourced: sets java_home to a JDK new enough for the engine. ENGINE_JAVA_HOME, then JAVA_HOME, then the one on PATH, then those in /usr/lib/jvm.
case $1 in opensearch3|es9) need=21;; es8) need=17;; *) need=11;; esac
java_home=
for c in "${ENGINE_JAVA_HOME:-}" "${JAVA_HOME:-}" "$(readlink -f "$(command -v javac 2>/dev/null)" 2>/dev/null | sed 's#/bin/javac$##')" /usr/lib/jvm/*; do
  [ -n "$c" ] && [ -x "$c/bin/javac" ] || continue
  major=$("$c/bin/javac" -version 2>&1 | sed -E 's/javac ([0-9]+).*/\1/')
  if [ "${major:-0}" -ge "$need" ]; then java_home=$c; break; fi
done
[ -n "$java_home" ] || { echo "$1 needs a JDK $need or newer: install one (apt-get install openjdk-$need-jdk-headless, or Temurin from https://adoptium.net) or name its folder in ENGINE_JAVA_HOME" >&2; exit 1; }
