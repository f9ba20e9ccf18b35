-- The rights that Guichet needs on a PostgreSQL server, and no more: an owner, who
-- brings the schema to the version of the program, and a role for the workstations,
-- who can neither change the schema nor read what other databases hold.
--
--   createdb guichet
--   psql -d guichet -v owner=guichet_owner -v staff=guichet_staff -f grant.sql
--   \password guichet_owner          -- in psql, then for each workstation's role
--
-- Then, once, as the owner, and again after each new version of Guichet:
--
--   guichet --db postgres://guichet_owner@SERVER/guichet init --name "…"
--
-- and on the workstations:
--
--   guichet --db postgres://guichet_staff@SERVER/guichet shared-password
--   guichet --db postgres://guichet_staff@SERVER/guichet

\set ON_ERROR_STOP on

CREATE ROLE :owner LOGIN;
CREATE ROLE :staff LOGIN;

SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), :'owner') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'staff') \gexec

REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO :owner;
GRANT USAGE ON SCHEMA public TO :staff;

-- Tables that the owner makes from now on: rows, never the schema.
ALTER DEFAULT PRIVILEGES FOR ROLE :owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :staff;
ALTER DEFAULT PRIVILEGES FOR ROLE :owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO :staff;
