-- The whole portal model: e-services, subscriptions and permissions (R6, R7),
-- archived and merged organisations, warnings before R11's deactivation, and a
-- full-text index for the directory's search.

-- +goose Up
ALTER TABLE organisation ADD COLUMN siret TEXT NOT NULL DEFAULT '';
ALTER TABLE organisation ADD COLUMN archived_at TIMESTAMP;
ALTER TABLE organisation ADD COLUMN merged_into INTEGER REFERENCES organisation (id);

DROP INDEX organisation_folded; -- the next one serves, and pages are found on it alone
CREATE INDEX organisation_by_name ON organisation (folded, id) WHERE archived_at IS NULL;
CREATE INDEX organisation_by_postal_code ON organisation (postal_code, folded, id) WHERE archived_at IS NULL;
CREATE INDEX organisation_by_city ON organisation (city, folded, id) WHERE archived_at IS NULL;

ALTER TABLE account ADD COLUMN warned_at TIMESTAMP; -- of R11 a, at 15 months
ALTER TABLE account ADD COLUMN announced TEXT NOT NULL DEFAULT ''; -- R11's deactivation that the sweep last noted
CREATE INDEX account_waiting ON account (validated_at) WHERE validated_at IS NULL;

CREATE TABLE e_service (
  id          INTEGER PRIMARY KEY,
  code        TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at  TIMESTAMP NOT NULL,
  retired_at  TIMESTAMP
);

CREATE TABLE subscription (
  id              INTEGER PRIMARY KEY,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  e_service_id    INTEGER NOT NULL REFERENCES e_service (id),
  from_day        TIMESTAMP NOT NULL,
  until_day       TIMESTAMP
);
CREATE UNIQUE INDEX subscription_live
  ON subscription (organisation_id, e_service_id) WHERE until_day IS NULL;

CREATE TABLE permission (
  id              INTEGER PRIMARY KEY,
  subscription_id INTEGER NOT NULL REFERENCES subscription (id),
  account_id      INTEGER NOT NULL REFERENCES account (id),
  granted_at      TIMESTAMP NOT NULL,
  revoked_at      TIMESTAMP
);
CREATE UNIQUE INDEX permission_live
  ON permission (subscription_id, account_id) WHERE revoked_at IS NULL;
CREATE INDEX permission_account ON permission (account_id);

CREATE INDEX subscription_organisation ON subscription (organisation_id);

CREATE INDEX request_organisation ON request (organisation_id);
CREATE INDEX ticket_organisation ON ticket (organisation_id);
CREATE INDEX ticket_account ON ticket (account_id);
CREATE INDEX legal_representative_organisation ON legal_representative (organisation_id);
CREATE INDEX outgoing_mail_account ON outgoing_mail (account_id);

-- One document an organisation: its names, numbers and places, and its accounts.
CREATE VIRTUAL TABLE organisation_search USING fts5 (
  words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO organisation_search (rowid, words)
  SELECT o.id, o.folded || ' ' || coalesce(o.siren, '') || ' ' || o.postal_code || ' ' || o.city || ' ' ||
    coalesce((SELECT group_concat(a.folded, ' ') FROM account a WHERE a.organisation_id = o.id), '')
  FROM organisation o;

-- +goose Down
SELECT 1; -- forward only
