#!/usr/bin/env bash
# install.sh ENGINE: fetch an engine's jars from Maven Central into ENGINE/build and compile its launcher (nothing when done before).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); engine=$1; dir=$here/$engine; build=$dir/build
. "$here/java.sh" "$engine"
stamp=$(cat "$dir"/pom.xml "$dir"/*.java "$here/install.sh" | sha256sum | cut -c1-16)
[ "$(cat "$build/stamp" 2>/dev/null)" = "$stamp" ] && exit 0
command -v mvn > /dev/null || { echo "$engine needs Maven to fetch its jars: install maven" >&2; exit 1; }
rm -rf "$build"; mkdir -p "$build/classes" "$build/modules"
# the JVM that runs Maven is of no matter; only the engine's own is
mvn -q -B -Dstyle.color=never -f "$dir/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$build/lib" ${MAVEN_REPO:+-Dmaven.repo.local="$MAVEN_REPO"}
"$java_home/bin/javac" -nowarn -cp "$build/lib/*" -d "$build/classes" "$dir/Launcher.java"
"$java_home/bin/jar" --create --file "$build/lib/launcher.jar" -C "$build/classes" .   # a jar: the class archive below takes no folders
case $engine in es8|es9)                       # Elasticsearch 8 and 9 read modules from folders with a descriptor
  m=$build/modules/transport-netty4; mkdir -p "$m"
  mv "$build"/lib/netty-*.jar "$build"/lib/transport-netty4-*.jar "$m"
  # with no modulename the module's jars load in a class loader of their own, and the server may lie on the class path
  unzip -p "$m"/transport-netty4-*.jar META-INF/es-plugins/transport-netty4/plugin-descriptor.properties | sed 's/^modulename=.*/modulename=/' > "$m/plugin-descriptor.properties"
  r=$build/modules/root; mkdir -p "$r" "$build/root"
  "$java_home/bin/javac" -nowarn -cp "$build/lib/*" -d "$build/root" "$dir/RootPlugin.java"
  "$java_home/bin/jar" --create --file "$r/root.jar" -C "$build/root" .
  sed -e 's/^\(name\|description\)=.*/\1=root/; s/^classname=.*/classname=local.root.RootPlugin/' "$m/plugin-descriptor.properties" > "$r/plugin-descriptor.properties"
esac
echo "$stamp" > "$build/stamp"
if [ "${ENGINE_CDS:-1}" = 1 ]; then            # one start and stop now writes a class archive that makes each later start two to three times faster
  tmp=$(mktemp -d); port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  ENGINE_JAVA_OPTS="-XX:ArchiveClassesAtExit=$build/classes.tmp" ENGINE_INSTALLING=1 bash "$here/start.sh" "$engine" "$tmp" "$port" 512m > /dev/null
  bash "$here/stop.sh" "$tmp"; rm -rf "$tmp"; [ -f "$build/classes.tmp" ] && mv "$build/classes.tmp" "$build/classes.jsa"
fi
