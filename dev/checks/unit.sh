#!/usr/bin/env bash
# Compiles with the static checks (Error Prone and NullAway are errors) and runs unit tests.
#   dev/checks/unit.sh            all modules
#   dev/checks/unit.sh MODULE     one module; what it depends on is compiled, not tested
set -euo pipefail
mvn=$(dirname "${BASH_SOURCE[0]}")/../mvn
[ $# -gt 0 ] || exec "$mvn" test
package=${1#cache-}
exec "$mvn" test -pl "$1" -am -Dtest="io/headrace/${package%-client}/**/*Test" -Dsurefire.failIfNoSpecifiedTests=false "${@:2}"
