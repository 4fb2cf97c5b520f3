#!/usr/bin/env bash
# A container engine for the image's tests, also where the machine has none.
#
# Where `docker info` answers, that engine is used and left as it is. Elsewhere, as root on
# Debian 12, an engine of the tests' own is made from the distribution's packages: the daemon is
# unpacked, not installed, and runs in a network namespace of its own, so that its bridges and
# firewall rules never touch the machine's. It knows no image registry; the image that our
# Dockerfile begins with is made from the distribution's packages too.
#
#   engine.sh run COMMAND...   all of it: set up, start, base image, COMMAND, and always stop
#   engine.sh setup            fetch the packages
#   engine.sh up               start the engine
#   engine.sh bases            make the base image
#   engine.sh env              print what a shell must `eval` to use the engine
#   engine.sh cell COMMAND...  run COMMAND where the containers' published ports are
#   engine.sh down             remove the engine's containers and stop it; its images stay
#
# ENGINE_DIR (default /tmp/alvh-engine, 2 GB) keeps everything; remove it when stopped.
set -euo pipefail

DIR=${ENGINE_DIR:-/tmp/alvh-engine}
PACKAGES=(runc iptables iproute2 slirp4netns mmdebstrap tini ca-certificates)
RELEASE=bookworm
BASE_IMAGE=python:3.11-slim-$RELEASE
SOCKET=$DIR/run/docker.sock
GROUP=alvh-engine

say() { printf 'engine: %s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# ---------------------------------------------------------------- whose engine

# The machine's own engine is one that answers without any of our settings.
has_foreign_engine() { [ ! -e "$SOCKET" ] && docker info >/dev/null 2>&1; }

use_own_engine() {
  export PATH="$DIR/bin:$PATH" DOCKER_HOST="unix://$SOCKET" DOCKER_CONFIG="$DIR/client"
  export DOCKER_BUILDKIT=1
}

print_env() {
  has_foreign_engine && return
  # shellcheck disable=SC2016  # the PATH is that of the shell that reads it
  printf 'export PATH=%q:"$PATH" DOCKER_HOST=%q DOCKER_CONFIG=%q DOCKER_BUILDKIT=1\n' \
    "$DIR/bin" "unix://$SOCKET" "$DIR/client"
}

# ---------------------------------------------------------------- packages

setup() {
  has_foreign_engine && return
  [ "$(id -u)" = 0 ] || fail "no engine answers, and making one needs root"
  grep -qx "VERSION_CODENAME=$RELEASE" /etc/os-release ||
    fail "no engine answers, and this is no Debian $RELEASE to make one on"
  mkdir -p "$DIR"
  [ -O "$DIR" ] || fail "$DIR belongs to somebody else"
  chmod 0700 "$DIR"
  "$(dirname "$0")/../../.ci/packages" "${PACKAGES[@]}"
  [ -x "$DIR/bin/dockerd" ] || unpack_engine
}

unpack_engine() {
  say "unpacking docker.io and containerd"
  local packages=$DIR/packages
  rm -rf "$packages" && mkdir -p "$packages/root" "$DIR/bin"
  (
    cd "$packages"
    local options=(-qq -o APT::Sandbox::User=root -o Acquire::Retries=3)
    apt-get "${options[@]}" download docker.io containerd 2>/dev/null || {
      apt-get "${options[@]}" update # the lists are absent, or older than the mirror
      apt-get "${options[@]}" download docker.io containerd
    }
    local package
    for package in ./*.deb; do dpkg-deb -x "$package" root; done
  )
  cp --remove-destination --no-dereference "$packages"/root/usr/{bin,sbin}/* "$DIR/bin/"
  ln -sf "$(command -v tini)" "$DIR/bin/docker-init"
  rm -rf "$packages"
}

# ---------------------------------------------------------------- processes

# True while the process noted under NAME is still that program.
alive() {
  local pid
  pid=$(cat "$DIR/run/$1.pid" 2>/dev/null) || return
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] && ! grep -q '^State:.Z' "/proc/$pid/status"
}

noted() { cat "$DIR/run/$1.pid"; }

# Start a program that outlives this script; its process id is noted under NAME.
start() {
  local name=$1
  shift
  setsid "$@" </dev/null >"$DIR/run/$name.log" 2>&1 &
  echo $! >"$DIR/run/$name.pid"
}

stop() {
  if alive "$1" "$2"; then
    kill "$(noted "$1")"
    await 30 dead "$1" "$2" || say "$1 does not end"
  fi
  rm -f "$DIR/run/$1.pid"
}

dead() { ! alive "$@"; }

# Wait at most SECONDS until a command is true.
await() {
  local left=$(($1 * 10))
  shift
  until "$@"; do
    left=$((left - 1))
    [ $left -gt 0 ] || return
    sleep 0.1
  done
}

# ---------------------------------------------------------------- engine

up() {
  has_foreign_engine && return
  [ -x "$DIR/bin/dockerd" ] || fail "run setup first"
  use_own_engine
  mkdir -p "$DIR/run" "$DIR/client"
  alive cell sleep || start cell unshare --net sleep infinity
  await 10 alive cell sleep || fail "no network namespace: $(cat "$DIR/run/cell.log")"
  cell ip link set lo up
  alive net slirp4netns || start net \
    slirp4netns --configure --mtu=65520 --disable-host-loopback "$(noted cell)" tap0
  await 10 has_route || fail "no way out of the namespace: $(cat "$DIR/run/net.log")"
  alive daemon dockerd || start_daemon
  await 60 daemon_answers || fail "no engine: $(tail -20 "$DIR/run/daemon.log")"
  say "version $(docker version -f '{{.Server.Version}}') is up"
}

has_route() { [ -n "$(cell ip route show default)" ]; }

daemon_answers() { alive daemon dockerd && docker info >/dev/null 2>&1; }

# A process that may not raise limits cannot give a container more files than it has itself.
start_daemon() {
  local files
  files=$(ulimit -Hn)
  [ "$files" != unlimited ] && [ "$files" -lt 65536 ] || files=65536
  start daemon nsenter --net="/proc/$(noted cell)/ns/net" dockerd \
    --host "$DOCKER_HOST" --group root --cgroup-parent "/$GROUP" \
    --data-root "$DIR/data" --exec-root "$DIR/run/exec" --pidfile "$DIR/run/daemon.lock" \
    --default-ulimit "nofile=$files:$files"
}

cell() {
  if has_foreign_engine; then "$@"; else nsenter --net="/proc/$(noted cell)/ns/net" "$@"; fi
}

down() {
  has_foreign_engine && return
  use_own_engine
  if daemon_answers; then
    docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes >/dev/null
  fi
  stop daemon dockerd
  stop net slirp4netns
  stop cell sleep
  rm -f "$SOCKET"
  find /sys/fs/cgroup -depth -type d -path "*/$GROUP*" -exec rmdir {} + 2>/dev/null || true
}

# ---------------------------------------------------------------- base image

bases() {
  has_foreign_engine && return
  use_own_engine
  docker image inspect "$BASE_IMAGE" >/dev/null 2>&1 && return
  say "making $BASE_IMAGE"
  local root=$DIR/base.tar hook=$DIR/hook.sh
  write_hook >"$hook"
  sources | mmdebstrap --quiet --mode=root --format=tar --variant=minbase \
    --include=ca-certificates,netbase,tzdata,python3,python3-pip,python3-venv \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="sh $hook \"\$1\"" "$RELEASE" "$root" -
  docker import --change 'CMD ["python3"]' --change 'ENV LANG=C.UTF-8' \
    --change 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin' \
    "$root" "$BASE_IMAGE" >/dev/null
  rm -f "$root" "$hook"
}

# The mirrors are those of the machine.
sources() {
  # shellcheck disable=SC2016  # the variables are apt's
  apt-get indextargets --format 'deb $(SITE) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
    grep -E " $RELEASE(-updates|-security)? " | sort -u
}

# What the base image takes over from the machine: the certificates it trusts and where its pip
# finds packages. So no Dockerfile ever needs to know of either.
write_hook() {
  cat <<'HOOK'
set -eu
root=$1
mkdir -p "$root/usr/local/share/ca-certificates"
for file in /usr/local/share/ca-certificates/*.crt; do
  [ ! -e "$file" ] || cp "$file" "$root/usr/local/share/ca-certificates/"
done
chroot "$root" update-ca-certificates >/dev/null 2>&1
for name in python python3 python3.11; do ln -s /usr/bin/python3.11 "$root/usr/local/bin/$name"; done
rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root"/usr/lib/python3*/EXTERNALLY-MANAGED
HOOK
  printf "cat >\"\$root/etc/pip.conf\" <<'PIP'\n[global]\n%s\nPIP\n" "$(pip_settings)"
}

# Settings of pip from its files and its environment, but for those that name files of the machine.
pip_settings() {
  python3 -m pip config list 2>/dev/null |
    sed -nE "s/^(global|install|:env:)\.(index-url|extra-index-url|trusted-host|proxy)='(.*)'$/\2 = \3/p" |
    grep -v 'file:' | sort -u || true # none, or no pip
  echo "cert = /etc/ssl/certs/ca-certificates.crt"
}

# ---------------------------------------------------------------- the whole

run() {
  trap down EXIT
  setup
  up
  bases
  eval "$(print_env)"
  "$@"
}

case ${1:-} in
  setup | up | bases | down) "$1" ;;
  env) print_env ;;
  run | cell) "$@" ;;
  *)
    sed -n '2,20p' "$0" >&2
    exit 2
    ;;
esac
