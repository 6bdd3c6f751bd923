# Sourced by bin/headrace in a checkout: builds what it runs, when a source is newer than what was built.

# Sets HEADRACE_BUILT to the folder that was built last. Each build gets a folder of its own, so that a mount that
# runs from an earlier one keeps its jars.
headrace_build_if_needed() {
  local root=$1 run=$1/cli/target/run
  if [ ! -e "$run/current/built" ] || { [ "${HEADRACE_BUILD:-on}" = on ] && headrace_is_stale "$root" "$run"; }; then
    mkdir -p "$run"
    (flock 9 && headrace_build "$root" "$run") 9>"$run/lock" || exit 3
  fi
  HEADRACE_BUILT=$(readlink -f "$run/current")
}

headrace_is_stale() {
  local newer
  newer=$(find "$1/pom.xml" "$1/dev/jdk.sh" "$1"/*/pom.xml "$1"/*/src/main -newer "$2/current/built" -type f -print -quit)
  [ -n "$newer" ]
}

headrace_build() {
  local root=$1 run=$2 log=$2/build.log
  # Another command may have built while this one waited for the lock.
  if [ -e "$run/current/built" ] && ! headrace_is_stale "$root" "$run"; then return 0; fi
  echo "headrace: building; the first time takes a few minutes (log: $log)" >&2
  rm -rf "$root"/cli/target/headrace-*/
  touch "$run/started"
  if ! "$root/dev/mvn" -q package -pl cli -am -DskipTests -Dcyclonedx.skip=true -Dheadrace.distribution=dir >"$log" 2>&1 9>&-; then
    echo "headrace: the build failed; the end of $log:" >&2
    tail -n 20 "$log" | sed 's/^/  /' >&2
    return 1
  fi
  headrace_run_from_now_on "$run" "$root"/cli/target/headrace-*/headrace-* "$run/started"
}

# The folder $2 was made of the sources as they were at the time of the file $3.
headrace_run_from_now_on() {
  local run=$1 next
  next=$(date +%Y%m%d-%H%M%S)-$$
  mv "$2" "$run/$next"
  touch -r "$3" "$run/$next/built"
  ln -sfn "$next" "$run/current.new" && mv -T "$run/current.new" "$run/current"
  # The two builds before this one stay, for mounts that run from them.
  find "$run" -mindepth 1 -maxdepth 1 -type d | sort -r | tail -n +4 | xargs -r rm -rf
}
