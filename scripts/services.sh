#!/bin/sh
# The services a city runs on, on loopback, for the tests that need real ones.
#
#   scripts/services.sh start   PostgreSQL, RabbitMQ and MinIO; prints the files to source
#   scripts/services.sh env     print the variables of those that run, to be evaluated by a shell
#   scripts/services.sh stop    stop all three and throw their data away
#
#   eval "$(scripts/services.sh env)"
#
# Every step is harmless twice; each service has a script of its own beside this one.
set -eu

HERE=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
SERVICES=${QIANSHU_SERVICES_DIR:-$HERE/../out/services}
NAMES='postgres rabbitmq minio'

start() {
    for name in $NAMES; do "$HERE/${name}_server.sh" start; done
}

# One that cannot be stopped must not keep the others running.
stop() {
    status=0
    for name in $NAMES; do "$HERE/${name}_server.sh" stop || status=1; done
    return "$status"
}

env() {
    for name in $NAMES; do
        if [ -f "$SERVICES/$name.env" ]; then cat "$SERVICES/$name.env"; fi
    done
}

case ${1:-} in
    start | stop | env) "$1" ;;
    *) printf '%s\n' "usage: $0 start|stop|env" >&2; exit 2 ;;
esac
