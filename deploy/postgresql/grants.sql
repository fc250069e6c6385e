-- What the application may do. Run as the owner, in Muster's database, after every `muster db upgrade`:
--   psql -v app=muster_app -f grants.sql muster
-- The audit log is append-only: INSERT and SELECT on kern_audit*, and nothing else.
\set ON_ERROR_STOP on
BEGIN;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"app";

SELECT format('REVOKE ALL ON %I.%I FROM %I', schemaname, tablename, :'app'),
       format('GRANT INSERT, SELECT ON %I.%I TO %I', schemaname, tablename, :'app')
  FROM pg_tables
 WHERE schemaname = 'public' AND tablename LIKE 'kern\_audit%' \gexec

-- Which step the database is at, the application only reads.
SELECT format('REVOKE ALL ON %I.%I FROM %I', schemaname, tablename, :'app'),
       format('GRANT SELECT ON %I.%I TO %I', schemaname, tablename, :'app')
  FROM pg_tables
 WHERE schemaname = 'public' AND tablename = 'alembic_version' \gexec

COMMIT;
