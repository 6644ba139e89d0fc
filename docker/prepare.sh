#!/bin/sh
# Once, before the first `docker compose up`: passwords, addresses with passwords in them, a certificate for MinIO, the
# data folder, and docker/.env. What is there already is kept: run again after deleting a file to have it made anew.
#
#   sh docker/prepare.sh
#   docker compose --env-file docker/.env up --build --detach
set -eu
umask 077

HERE=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
SECRETS=$HERE/secrets
# As root the services run under the account of the image, otherwise under whoever prepares: files must be theirs alone.
if [ "$(id -u)" = 0 ]; then OWNER=10001 GROUP=10001; else OWNER=$(id -u) GROUP=$(id -g); fi

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# keep NAME: standard input, unless it is there.
keep() {
    if [ -s "$SECRETS/$1" ]; then cat >/dev/null; else cat >"$SECRETS/$1"; fi
}

mkdir -p "$SECRETS" "$HERE/data"
random_hex 24 | keep postgres-password
random_hex 24 | keep rabbitmq-password
random_hex 24 | keep minio-secret-key
random_hex 32 | keep passphrase
printf 'qianshu' | keep minio-access-key
# No secrets: they guard the sandbox's play data (docs/outside-world.md). A city's own come from the services it calls.
printf 'sandbox-credential' | keep sandbox-credential
printf 'sandbox-client-secret' | keep sandbox-client-secret
printf 'postgresql+psycopg://qianshu:%s@postgres:5432/qianshu\n' "$(cat "$SECRETS/postgres-password")" | keep database-url
printf 'amqp://qianshu:%s@rabbitmq:5672//\n' "$(cat "$SECRETS/rabbitmq-password")" | keep broker-url
printf 'default_user = qianshu\ndefault_pass = %s\n' "$(cat "$SECRETS/rabbitmq-password")" | keep rabbitmq-account.conf

if [ ! -s "$SECRETS/minio-certificate.pem" ]; then
    # Ten years: the authority is this file, and nobody else trusts it.
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=minio \
        -addext subjectAltName=DNS:minio -keyout "$SECRETS/minio-key.pem" -out "$SECRETS/minio-certificate.pem" 2>/dev/null
fi

# These are read by accounts of other images; the folder they lie in is closed to everybody else.
chmod 644 "$SECRETS/rabbitmq-account.conf" "$SECRETS/minio-certificate.pem"
printf 'QIANSHU_UID=%s\nQIANSHU_GID=%s\n' "$OWNER" "$GROUP" >"$HERE/.env"
if [ "$(id -u)" = 0 ]; then chown -R "$OWNER:$GROUP" "$SECRETS" "$HERE/data"; fi
echo "prepared: docker compose --env-file docker/.env up --build --detach"
