#!/bin/sh
# Prints the home of a JDK that can build and run Kestrel, or says in one line that there is none.
# ./mvnw and ./kestrel both ask here, so that the two agree.

needs=25

# Prints the major version of the JDK at $1, or nothing when there is none (a compiler is needed, not just java).
version_of() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release" | head -n 1
  else
    "$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1
  fi
}

# Prints $1 and ends when it is a JDK that is new enough.
use() {
  version=$(version_of "$1")
  if [ -n "$version" ] && [ "$version" -ge "$needs" ]; then
    printf '%s\n' "$1"
    exit 0
  fi
}

# The home of the java command on the PATH, behind its symbolic links.
home_on_path() {
  java=$(command -v java) || return 0
  hops=0
  while [ -L "$java" ] && [ "$hops" -lt 20 ]; do
    target=$(readlink "$java")
    case "$target" in
      /*) java=$target ;;
      *) java=$(dirname "$java")/$target ;;
    esac
    hops=$((hops + 1))
  done
  (cd "$(dirname "$java")/.." 2>/dev/null && pwd -P)
}

if [ -n "${KESTREL_JAVA_HOME-}" ]; then
  use "$KESTREL_JAVA_HOME"
  echo "KESTREL_JAVA_HOME is set to $KESTREL_JAVA_HOME, which is not a JDK $needs or newer." >&2
  exit 1
fi
[ -z "${JAVA_HOME-}" ] || use "$JAVA_HOME"
on_path=$(home_on_path)
[ -z "$on_path" ] || use "$on_path"
if [ -x /usr/libexec/java_home ]; then # macOS
  found=$(/usr/libexec/java_home -v "$needs+" 2>/dev/null) && use "$found"
fi

# The oldest that is new enough, of all that the usual installers leave in the usual places.
best_home=
best_version=
for home in \
  /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
  "$HOME"/.sdkman/candidates/java/* "$HOME"/.asdf/installs/java/* \
  "$HOME"/.local/share/mise/installs/java/* "$HOME"/.jenv/versions/* "$HOME"/.jabba/jdk/* \
  "$HOME"/.jbang/cache/jdks/* "$HOME"/.jdks/* "$HOME"/.gradle/jdks/* \
  /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
  /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
  /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
  /Library/Java/JavaVirtualMachines/*/Contents/Home \
  "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
  version=$(version_of "$home")
  if [ -n "$version" ] && [ "$version" -ge "$needs" ]; then
    if [ -z "$best_version" ] || [ "$version" -lt "$best_version" ]; then
      best_home=$home
      best_version=$version
    fi
  fi
done
[ -z "$best_home" ] || use "$best_home"

echo "Kestrel needs JDK $needs or newer and found none: install one (apt install openjdk-$needs-jdk," \
  "brew install openjdk@$needs, sdk install java $needs-tem, or https://adoptium.net), or set" \
  "KESTREL_JAVA_HOME to where it is." >&2
exit 1
