#!/usr/bin/env bash
# watch.sh OWNER PID: end PID when the process OWNER is gone; so a run that was killed leaves no server behind.
[ -n "$1" ] || exit 0
while kill -0 "$1" && kill -0 "$2"; do sleep 1; done
kill "$2"
