#!/usr/bin/env bash
# Fails when a message, field, value or method of the protos was removed, renumbered or has another type, or is new.
#   dev/checks/protos.sh             compares with protocol/src/test/resources/protos/accepted.txt; dev/checks/unit.sh does the same
#   dev/checks/protos.sh --accept    adds what is new to that file, which is then committed; nothing is ever taken out of it
set -euo pipefail
mvn=$(dirname "${BASH_SOURCE[0]}")/../mvn
accept=false
[ "${1:-}" != --accept ] || accept=true
exec "$mvn" -q test -pl protocol -Dtest=ProtoCompatibilityTest -Dheadrace.protos.accept="$accept"
