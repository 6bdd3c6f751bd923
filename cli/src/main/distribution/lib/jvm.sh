# Sourced by bin/headrace: how the JVM is started. Expects $home (what holds lib/), JAVA_HOME,
# and the command's arguments as its own.

# Few malloc arenas and the serial collector keep an idle mount small; the heap is bounded because block data
# never lives on it. What is hot copies bytes in the kernel; C2 would compile for seconds beside the first load and win nothing
# but in processes that serve for long.
# Netty's flight recorder events would load a hundred classes for the first command.
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
HEADRACE_JVM=(
  --enable-native-access=ALL-UNNAMED
  --sun-misc-unsafe-memory-access=allow
  -XX:+UseSerialGC
  -XX:+UseCompactObjectHeaders
  -Xms24m
  -Xmx768m
  -XX:+ExitOnOutOfMemoryError
  -XX:-UsePerfData
  -Dio.netty.jfr.enabled=false
  "-Djava.library.path=$home/lib/native"
)
case ${1:-} in master | worker) ;; *) HEADRACE_JVM+=(-XX:TieredStopAtLevel=1) ;; esac
HEADRACE_CLASS_PATH=$(printf '%s:' "$home"/lib/*.jar)
HEADRACE_CLASS_PATH=${HEADRACE_CLASS_PATH%:}

# A cached class costs a little at every start, so what reads buckets has a start-up cache of its own.
headrace_aot_kind=files
for argument; do
  case $argument in oss://* | s3://*) headrace_aot_kind=buckets ;; esac
done

# The start-up caches hold for one build of Headrace on one build of Java.
headrace_aot_build() {
  local jars java
  jars=$(stat -c '%n %s %Y' "$home"/lib/*.jar | cksum)
  java=$(stat -L -c '%s %Y' "$JAVA_HOME/lib/modules" 2>/dev/null | cksum)
  printf '%s/headrace/aot/%s-%s' "${XDG_CACHE_HOME:-$HOME/.cache}" "${jars%% *}" "${java%% *}"
}

HEADRACE_AOT_CACHE=
if [ "${HEADRACE_AOT:-on}" = on ] && [ -n "${HOME:-}${XDG_CACHE_HOME:-}" ]; then
  HEADRACE_AOT_CACHE=$(headrace_aot_build)-$headrace_aot_kind.aot
fi
# shellcheck disable=SC2206 # several options in one variable are meant to be split
HEADRACE_JVM+=(${HEADRACE_JAVA_OPTIONS:-} -cp "$HEADRACE_CLASS_PATH")

# Better the other kind's than none.
headrace_use_aot_cache() {
  local cache
  [ -n "$HEADRACE_AOT_CACHE" ] || return 0
  for cache in "$HEADRACE_AOT_CACHE" "${HEADRACE_AOT_CACHE%-*.aot}"-{files,buckets}.aot; do
    if [ -r "$cache" ]; then
      HEADRACE_JVM=("-XX:AOTCache=$cache" -Xlog:aot=off -Xlog:cds=off "${HEADRACE_JVM[@]}")
      return 0
    fi
  done
}

# Makes the start-up cache after the first mount, beside the user's work and without a word.
headrace_train_later() {
  [ -n "$HEADRACE_AOT_CACHE" ] || return 0
  if [ -e "$HEADRACE_AOT_CACHE" ]; then
    # When it was last used, for who removes those that nobody uses.
    touch -c "$HEADRACE_AOT_CACHE" 2>/dev/null || true
    return 0
  fi
  # A session of its own is a scheduling group of its own (sched(7), autogroup): nice alone would leave it half of the
  # processors, beside the first load of the user's program.
  # shellcheck disable=SC2016 # expanded by the new session's shell
  setsid sh -c 'echo 19 >/proc/self/autogroup; exec nice -n 19 "$0" "$1"' "$home/lib/train" "$headrace_aot_kind" </dev/null >/dev/null 2>&1 &
}
