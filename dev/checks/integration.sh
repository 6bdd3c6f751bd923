#!/usr/bin/env bash
# Runs the tests against real parts (*IT, *E2E), after unit tests of the same modules.
#   dev/checks/integration.sh            all modules
#   dev/checks/integration.sh MODULE     one module; what it depends on is compiled, not tested
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
"$here/../install-test-parts"
# See dev/take-build.
mkdir -p "$here/../../cli/target/run" && touch "$here/../../cli/target/run/testing"
# Two modules at a time: most tests wait more than they compute.
[ $# -gt 0 ] || exec "$here/../mvn" -T 2 verify
package=${1#cache-}
tests="io/headrace/${package%-client}/**"
exec "$here/../mvn" verify -pl "$1" -am -Dtest="$tests/*Test" -Dit.test="$tests/*IT,$tests/*E2E" \
  -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false "${@:2}"
