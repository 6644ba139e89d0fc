#!/bin/sh
# A PostgreSQL server of our own on loopback, for the tests of the records database.
#
#   scripts/postgres_server.sh build   see that the server's programs are here (Debian: apt-get install postgresql)
#   scripts/postgres_server.sh start   start a fresh cluster with a fresh password; prints the file to source
#   scripts/postgres_server.sh env     print what to export, for eval
#   scripts/postgres_server.sh stop    stop it and throw its data away
#
# `. out/services/postgres.env` gives QIANSHU_TEST_POSTGRES_URL, a superuser's address: tests make databases of their
# own. Every step is harmless twice. fsync stays on: what is tested is a database that keeps its promises.
set -eu

WAIT_SECONDS=60

ROOT=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
SERVICES=${QIANSHU_SERVICES_DIR:-$ROOT/out/services}
RUN=$SERVICES/postgres
DATA=$RUN/data
ENV_FILE=$SERVICES/postgres.env
PYTHON=${PYTHON:-python3}

say() { printf '%s\n' "postgres: $*" >&2; }

# Debian keeps the server's programs off PATH, one folder per major version.
programs() {
    if [ -n "${QIANSHU_POSTGRES_BIN:-}" ]; then echo "$QIANSHU_POSTGRES_BIN"; return; fi
    newest=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    if [ -n "$newest" ]; then echo "$newest"; return; fi
    found=$(command -v initdb || true)
    [ -n "$found" ] && dirname "$found"
}

build() {
    bin=$(programs || true)
    if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
        say "no initdb: install PostgreSQL (Debian: apt-get install postgresql), or set QIANSHU_POSTGRES_BIN"
        exit 1
    fi
    say "$("$bin/postgres" --version)"
}

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as_server() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
    else
        "$@"
    fi
}

alive() { [ -f "$DATA/postmaster.pid" ] && (cd / && as_server "$bin/pg_ctl" -D "$DATA" status >/dev/null 2>&1); }

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

start() {
    bin=$(programs || true)
    build
    if alive && [ -f "$ENV_FILE" ]; then say "is running"; echo "$ENV_FILE"; return; fi
    stop
    mkdir -p "$RUN"
    chmod 700 "$RUN"
    if [ "$(id -u)" = 0 ]; then chown postgres "$RUN"; fi
    password=$(random_hex 16)
    (umask 077 && printf '%s\n' "$password" >"$RUN/password")
    if [ "$(id -u)" = 0 ]; then chown postgres "$RUN/password"; fi
    # The user's own folder may be closed to the server's user: begin where everybody may stand.
    (cd / && as_server "$bin/initdb" -D "$DATA" --username=qianshu --pwfile="$RUN/password" --auth=scram-sha-256 \
        --encoding=UTF8 --locale=C --data-checksums >"$RUN/initdb.log" 2>&1) || { cat "$RUN/initdb.log" >&2; exit 1; }
    rm -f "$RUN/password"
    port=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c fsync=on"
    options="$options -c max_connections=200 -c shared_buffers=256MB -c wal_compression=on -c max_wal_size=4GB"
    options="$options -c checkpoint_timeout=15min -c timezone=UTC"
    if ! (cd / && as_server "$bin/pg_ctl" -D "$DATA" -l "$RUN/log" -w -t "$WAIT_SECONDS" -o "$options" start >/dev/null); then
        say "did not start"; cat "$RUN/log" >&2; stop; exit 1
    fi
    (umask 077 && cat >"$ENV_FILE" <<EOT
export QIANSHU_TEST_POSTGRES_URL=postgresql+psycopg://qianshu:$password@127.0.0.1:$port/postgres
EOT
    )
    say "listens on 127.0.0.1:$port"
    echo "$ENV_FILE"
}

stop() {
    bin=$(programs || true)
    if [ -n "$bin" ] && alive; then
        (cd / && as_server "$bin/pg_ctl" -D "$DATA" -m fast -w stop >/dev/null)
        say "stopped"
    fi
    rm -rf "$RUN" "$ENV_FILE"
}

env() {
    [ -f "$ENV_FILE" ] || { say "is not running"; exit 1; }
    cat "$ENV_FILE"
}

case ${1:-} in
    build | start | stop | env) "$1" ;;
    *) say "usage: $0 build|start|stop|env"; exit 2 ;;
esac
