-- Roles and a database: the owner migrates, the application works, and the maintenance role retires
-- audit entries. Run as a superuser:
--   psql -v owner=muster_owner -v app=muster_app -v database=muster -f roles.sql postgres
-- May be run again. Passwords are set apart, so that none stands in a file: \password muster_app
\set ON_ERROR_STOP on
\if :{?database}
\else
  \set database muster
\endif

\if :{?maintenance}
\else
  \set maintenance muster_maintenance
\endif

SELECT format('CREATE ROLE %I LOGIN', role)
  FROM unnest(ARRAY[:'owner', :'app', :'maintenance']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE :"owner" NOSUPERUSER NOCREATEDB NOCREATEROLE;
ALTER ROLE :"app" NOSUPERUSER NOCREATEDB NOCREATEROLE;
ALTER ROLE :"maintenance" NOSUPERUSER NOCREATEDB NOCREATEROLE;

SELECT format(
         'CREATE DATABASE %I OWNER %I ENCODING ''UTF8'' TEMPLATE template0', :'database', :'owner'
       )
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app", :"maintenance";
