#!/usr/bin/env bash
# usage: fresh_machine.sh [RELEASE]
#
# A newcomer's first hour: a bare Debian (bookworm unless told otherwise) made with debootstrap in a folder
# under build/, a fresh clone of the last commit in it, and the README's two commands, word by word.
# Exit code 77 means skipped: it needs root, debootstrap, git, and a package mirror that answers.
#
# The mirror, the proxy and the name service are this machine's own, read at run time. All mounts live in a
# mount namespace of their own, and all processes in a process namespace, so both end with this script.
set -euo pipefail

release="${1:-bookworm}"
root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)"
work="$root/build/fresh-$release"
machine="$work/machine"

skip() {
  echo "fresh_machine: skipped: $*"
  exit 77
}

[ "$(id -u)" = 0 ] || skip "needs root"
for tool in debootstrap git unshare; do
  command -v "$tool" >/dev/null || skip "needs $tool"
done
git -C "$root" rev-parse --verify -q HEAD >/dev/null || skip "nothing is committed, so nothing can be cloned"

if [ "${BYSSUS_IN_NAMESPACE:-}" != yes ]; then
  BYSSUS_IN_NAMESPACE=yes unshare --mount --pid --fork --kill-child -- "${BASH_SOURCE[0]}" "$release" && code=0 || code=$?
  # Nothing is mounted in here any more. A machine that failed stays, to be looked at.
  [ "$code" != 0 ] || rm -rf "$work"
  exit "$code"
fi

# A shell on the new machine, in the clone, with no more in its environment than a container gives.
proxies=()
for name in http_proxy https_proxy no_proxy; do
  [ -z "${!name:-}" ] || proxies+=("$name=${!name}")
done
enter=(chroot "$machine" /usr/bin/env -i "${proxies[@]}" HOME=/srv /bin/bash -c)

make_machine() {
  local mirror
  mirror="$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$release" '$2 == release && $3 == "main" { print $1; exit }')"
  # Another release of the same distribution stands on the same mirror.
  mirror="${mirror:-$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' |
    awk '$2 == "main" && $1 ~ /\/debian\/?$/ { print $1; exit }')}"
  [ -n "$mirror" ] || skip "this machine's apt knows no mirror"

  rm -rf "$work"
  mkdir -p "$machine"
  echo "== a bare $release"
  debootstrap --variant=minbase "$release" "$machine" "$mirror" >"$work/debootstrap.log" 2>&1 ||
    skip "debootstrap failed: $(tail -1 "$work/debootstrap.log")"

  cp /etc/resolv.conf /etc/hosts "$machine/etc/"
  apt-config dump | grep -E '^Acquire::(https?::|ftp::|Check-)' >"$machine/etc/apt/apt.conf.d/99host" || true
  mount -t proc proc "$machine/proc"
  mount -t tmpfs tmpfs "$machine/dev/shm"
  mount -t devpts devpts "$machine/dev/pts" -o ptmxmode=0666
}

clone() {
  echo "== a fresh clone"
  git -c safe.directory="$root" clone -q --no-hardlinks "$root" "$machine/srv/byssus"
}

run_tests() {
  echo "== ./dev test"
  "${enter[@]}" 'cd /srv/byssus && ./dev test' </dev/null
}

# Starts ./dev run, says ping to it as any program could, and stops it as Ctrl-C does.
run_node() {
  local node answer='' log="$work/run.log"
  echo "== ./dev run"
  "${enter[@]}" 'cd /srv/byssus && exec ./dev run' </dev/null >"$log" 2>&1 &
  node=$!
  for _ in $(seq 1800); do
    answer="$("${enter[@]}" 'printf ping | nc -w 2 -q 1 127.0.0.1 7400' 2>/dev/null || true)"
    [ -z "$answer" ] || break
    kill -0 "$node" 2>/dev/null || break
    sleep 1
  done
  cat "$log"
  [ "$answer" = pong ] || { echo "fresh_machine: the node of ./dev run answered '$answer' to ping" >&2 && return 1; }
  kill -TERM "$node"
  wait "$node" || { echo "fresh_machine: the node of ./dev run did not stop cleanly" >&2 && return 1; }
}

make_machine
clone
# Run first: a newcomer's first command installs, builds and starts within this one line.
run_node
run_tests
echo "fresh_machine: ./dev run and ./dev test work in a fresh clone on a bare $release"
