-- What the application may do. Run as the owner, in Muster's database, after every `muster db upgrade`:
--   psql -v app=muster_app -v maintenance=muster_maintenance -f grants.sql muster
-- The audit log is append-only: INSERT and SELECT on kern_audit*, and nothing else. Without
-- `-v maintenance` nobody but the owner can retire entries (`muster audit retire`).
\set ON_ERROR_STOP on
\if :{?maintenance}
\else
  \set maintenance ''
\endif
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

-- The maintenance role takes out what `muster audit retire` has archived and recorded: it may delete
-- bodies and their subjects, and append to the log. It changes nothing, and reads what it needs for
-- that: keys (wrapped), holds, the access policies in force, and the log.
SELECT format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', role),
       format('GRANT USAGE ON SCHEMA public TO %I', role),
       format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO %I', role),
       format('GRANT SELECT ON kern_key, kern_legal_hold, kern_epoch, kern_access_policy_set, kern_access_policy_publication, kern_access_policy_shadow, alembic_version TO %I', role),
       format('GRANT DELETE ON kern_audit, kern_audit_subject TO %I', role)
  FROM (SELECT :'maintenance' AS role) AS given WHERE role <> '' \gexec
SELECT format('GRANT INSERT, SELECT ON %I.%I TO %I', schemaname, tablename, :'maintenance')
  FROM pg_tables
 WHERE schemaname = 'public' AND tablename LIKE 'kern\_audit%' AND :'maintenance' <> '' \gexec

COMMIT;
