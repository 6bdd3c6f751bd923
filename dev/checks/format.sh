#!/usr/bin/env bash
# Fails when a source file is not formatted; mends it with: dev/mvn spotless:apply
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/../mvn" -q spotless:check "$@"
