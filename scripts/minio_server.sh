#!/bin/sh
# A MinIO server of our own on loopback, for the tests of the object archive.
#
#   scripts/minio_server.sh build   compile the pinned version with Go into .cache/ (some minutes, once)
#   scripts/minio_server.sh start   start it with fresh credentials; prints the file to source
#   scripts/minio_server.sh stop    stop it and throw its data away
#
# `. out/services/minio.env` gives QIANSHU_MINIO_ENDPOINT, _ACCESS_KEY, _SECRET_KEY and _BINARY. Every step is
# harmless twice.
set -eu

# The last state of the public source: MinIO's tags are not versions Go knows, hence the pseudo-version. The sum is
# the module's h1 hash as the checksum database has it; a binary built from anything else is not started.
MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
MINIO_SUM=h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA=
WAIT_SECONDS=60

ROOT=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
CACHE=$ROOT/.cache/minio
BINARY=$CACHE/bin/minio
SERVICES=${QIANSHU_SERVICES_DIR:-$ROOT/out/services}
RUN=$SERVICES/minio
ENV_FILE=$SERVICES/minio.env
PYTHON=${PYTHON:-python3}

say() { printf '%s\n' "minio: $*" >&2; }

built() {
    [ -x "$BINARY" ] || return 1
    [ "$(cat "$CACHE/version" 2>/dev/null)" = "$MINIO_VERSION $MINIO_SUM" ]
}

build() {
    if built; then say "$MINIO_VERSION is built"; return; fi
    command -v go >/dev/null || { say "Go is needed to build it"; exit 1; }
    mkdir -p "$CACHE/bin"
    say "building $MINIO_VERSION (some minutes)"
    # Outside the checkout's own folder `go install path@version` ignores any go.mod; two jobs keep a small machine usable.
    (cd "$CACHE" && GOBIN=$CACHE/bin GOFLAGS="-trimpath -buildvcs=false -modcacherw" GOTOOLCHAIN=local \
        GOMODCACHE=${GOMODCACHE:-$CACHE/mod} GOCACHE=${GOCACHE:-$CACHE/build} \
        go install -ldflags="-s -w" -p 2 "github.com/minio/minio@$MINIO_VERSION")
    sum=$(go version -m "$CACHE/bin/minio" | awk '$1 == "mod" { print $4 }')
    if [ "$sum" != "$MINIO_SUM" ]; then
        rm -f "$CACHE/bin/minio"
        say "the source has hash $sum, expected $MINIO_SUM"
        exit 1
    fi
    printf '%s\n' "$MINIO_VERSION $MINIO_SUM" >"$CACHE/version"
    say "built"
}

# Ours and alive: a process id can be given to a stranger after a reboot.
alive() {
    [ -f "$RUN/pid" ] || return 1
    pid=$(cat "$RUN/pid")
    # Small images have no ps, macOS has no /proc.
    { tr '\0' ' ' <"/proc/$pid/cmdline" || ps -o args= -p "$pid"; } 2>/dev/null | grep -qF -- "server $RUN/data"
}

# It serves once it refuses strangers; its own health pages say 200 some seconds earlier.
serves() {
    "$PYTHON" - "$1" <<'PY'
import sys, urllib.error, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    opener.open(f"http://{sys.argv[1]}/", timeout=2)
except urllib.error.HTTPError as refusal:
    sys.exit(refusal.code != 403)
except OSError:
    pass
sys.exit(1)
PY
}

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

start() {
    if alive && [ -f "$ENV_FILE" ]; then say "is running"; echo "$ENV_FILE"; return; fi
    built || build
    stop
    mkdir -p "$RUN/data"
    chmod 700 "$RUN"
    port=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    access_key=qianshu-$(random_hex 6)
    secret_key=$(random_hex 24)
    MINIO_ROOT_USER=$access_key MINIO_ROOT_PASSWORD=$secret_key MINIO_BROWSER=off MINIO_UPDATE=off \
        nohup "$BINARY" server "$RUN/data" --address "127.0.0.1:$port" --quiet >"$RUN/log" 2>&1 &
    echo $! >"$RUN/pid"
    (umask 077 && cat >"$ENV_FILE" <<EOF
export QIANSHU_MINIO_ENDPOINT=127.0.0.1:$port
export QIANSHU_MINIO_ACCESS_KEY=$access_key
export QIANSHU_MINIO_SECRET_KEY=$secret_key
export QIANSHU_MINIO_BINARY='$BINARY'
EOF
    )
    waited=0
    until serves "127.0.0.1:$port"; do
        waited=$((waited + 1))
        if ! alive || [ "$waited" -ge "$WAIT_SECONDS" ]; then
            say "did not start"; cat "$RUN/log" >&2; stop; exit 1
        fi
        sleep 1
    done
    say "listens on 127.0.0.1:$port"
    echo "$ENV_FILE"
}

stop() {
    if alive; then
        pid=$(cat "$RUN/pid")
        kill "$pid"
        waited=0
        while alive && [ "$waited" -lt 20 ]; do waited=$((waited + 1)); sleep 0.5; done
        if alive; then kill -9 "$pid"; fi
        say "stopped"
    fi
    rm -rf "$RUN" "$ENV_FILE"
}

case ${1:-} in
    build | start | stop) "$1" ;;
    *) say "usage: $0 build|start|stop"; exit 2 ;;
esac
