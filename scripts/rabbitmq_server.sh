#!/bin/sh
# A RabbitMQ broker of our own on loopback, for the tests of the jobs.
#
#   scripts/rabbitmq_server.sh start   start it with a fresh account; prints the file to source
#   scripts/rabbitmq_server.sh stop    stop it and throw its data away
#
# `. out/services/rabbitmq.env` gives QIANSHU_TEST_AMQP_URL. Every step is harmless twice. The machine's own broker, its
# configuration, cookie and port mapper are left alone.
set -eu

WAIT_SECONDS=90

ROOT=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
SERVICES=${QIANSHU_SERVICES_DIR:-$ROOT/out/services}
RUN=$SERVICES/rabbitmq
ENV_FILE=$SERVICES/rabbitmq.env
# Debian's /usr/sbin/rabbitmq-server changes to the account of the machine's own broker; the script below it does not.
BIN=${RABBITMQ_BIN:-/usr/lib/rabbitmq/bin}
PYTHON=${PYTHON:-python3}

say() { printf '%s\n' "rabbitmq: $*" >&2; }

# Ours and alive: a process id can be given to a stranger after a reboot.
alive() {
    [ -f "$RUN/pid" ] || return 1
    pid=$(cat "$RUN/pid")
    # Its command line names no folder of ours, its environment does.
    tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | grep -qF -- "RABBITMQ_MNESIA_BASE=$RUN/data"
}

# It greets whoever speaks its protocol (AMQP 0-9-1 § 4.2.2); the listener opens last, after the account was made.
serves() {
    "$PYTHON" - "$1" <<'PY'
import socket, sys
try:
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=2) as broker:
        broker.settimeout(5)
        broker.sendall(b"AMQP\x00\x00\x09\x01")
        sys.exit(broker.recv(1) != b"\x01")
except OSError:
    sys.exit(1)
PY
}

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# Three ports at once: asked for one after the other, the same could be given twice.
free_ports() {
    "$PYTHON" - <<'PY'
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*(each.getsockname()[1] for each in held))
PY
}

# Everything the broker would otherwise look up in the machine: one file, read by start and stop.
write_environment() {
    cat >"$RUN/environment" <<EOF
export HOME='$RUN'
export ERL_EPMD_ADDRESS=127.0.0.1
export ERL_EPMD_PORT=$2
export RABBITMQ_CONF_ENV_FILE='$RUN/none.conf'
export RABBITMQ_CONFIG_FILE='$RUN/rabbitmq.conf'
export RABBITMQ_ADVANCED_CONFIG_FILE='$RUN/advanced.config'
export RABBITMQ_ENABLED_PLUGINS_FILE='$RUN/plugins'
export RABBITMQ_MNESIA_BASE='$RUN/data'
export RABBITMQ_LOG_BASE='$RUN/log'
export RABBITMQ_NODENAME=qianshu-$1@localhost
export RABBITMQ_DIST_PORT=$3
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
EOF
}

write_configuration() {
    : >"$RUN/none.conf"
    echo '[].' >"$RUN/plugins"
    echo '[].' >"$RUN/advanced.config"
    cat >"$RUN/rabbitmq.conf" <<EOF
listeners.tcp.local = 127.0.0.1:$1
default_user = $2
default_pass = $3
disk_free_limit.absolute = 50MB
EOF
}

start() {
    if alive && [ -f "$ENV_FILE" ]; then say "is running"; echo "$ENV_FILE"; return; fi
    [ -x "$BIN/rabbitmq-server" ] || { say "Debian's package rabbitmq-server is needed"; exit 1; }
    stop
    (umask 077 && mkdir -p "$RUN/data" "$RUN/log")
    # shellcheck disable=SC2046 # three words are wanted
    set -- $(free_ports)
    user=qianshu-$(random_hex 6)
    password=$(random_hex 24)
    (umask 077 && write_environment "$@" && write_configuration "$1" "$user" "$password")
    (
        # shellcheck source=/dev/null
        . "$RUN/environment"
        exec nohup "$BIN/rabbitmq-server" >"$RUN/log/console" 2>&1 </dev/null
    ) &
    echo $! >"$RUN/pid"
    waited=0
    until serves "$1"; do
        waited=$((waited + 1))
        # In its first moment the process is still this script.
        if { [ "$waited" -gt 3 ] && ! alive; } || [ "$waited" -ge "$WAIT_SECONDS" ]; then
            say "did not start"; cat "$RUN/log/console" >&2; stop; exit 1
        fi
        sleep 1
    done
    (umask 077 && echo "export QIANSHU_TEST_AMQP_URL=amqp://$user:$password@127.0.0.1:$1//" >"$ENV_FILE")
    say "listens on 127.0.0.1:$1"
    echo "$ENV_FILE"
}

stop() {
    if alive; then
        pid=$(cat "$RUN/pid")
        kill "$pid"
        waited=0
        while alive && [ "$waited" -lt 60 ]; do waited=$((waited + 1)); sleep 0.5; done
        if alive; then kill -9 "$pid"; fi
        say "stopped"
    fi
    if [ -f "$RUN/environment" ]; then
        # The Erlang port mapper started with it, on a port of its own; it outlives the broker.
        # shellcheck source=/dev/null
        (. "$RUN/environment" && epmd -kill >/dev/null 2>&1) || true
    fi
    rm -rf "$RUN" "$ENV_FILE"
}

case ${1:-} in
    start | stop) "$1" ;;
    *) say "usage: $0 start|stop"; exit 2 ;;
esac
