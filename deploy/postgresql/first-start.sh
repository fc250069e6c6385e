#!/bin/sh
# Runs once, in the postgres image, on an empty data folder: roles, database and passwords.
set -eu
psql -v owner=muster_owner -v app=muster_app -v database=muster -f /sql/roles.sql postgres
psql -v ON_ERROR_STOP=1 -v owner_password="$MUSTER_OWNER_PASSWORD" -v app_password="$MUSTER_APP_PASSWORD" postgres <<'SQL'
ALTER ROLE muster_owner PASSWORD :'owner_password';
ALTER ROLE muster_app PASSWORD :'app_password';
SQL
