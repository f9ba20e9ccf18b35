-- The register as the first version keeps it. Times are milliseconds since
-- 1970 in columns declared TIMESTAMP; a time that has not come is NULL.

-- +goose Up
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE counter ( -- last number given, by kind of record and year
  kind TEXT NOT NULL,
  year INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (kind, year)
);

CREATE TABLE operator (
  id              INTEGER PRIMARY KEY,
  login           TEXT NOT NULL UNIQUE,
  name            TEXT NOT NULL,
  password_hash   TEXT NOT NULL,
  roles           TEXT NOT NULL, -- separated by commas
  created_at      TIMESTAMP NOT NULL,
  disabled_at     TIMESTAMP,
  last_sign_in_at TIMESTAMP
);

CREATE TABLE organisation (
  id           INTEGER PRIMARY KEY,
  kind         TEXT NOT NULL,
  name         TEXT NOT NULL,
  folded       TEXT NOT NULL, -- name without capitals and accents, for search
  siren        TEXT,
  insee_code   TEXT NOT NULL,
  complement   TEXT NOT NULL,
  street       TEXT NOT NULL,
  distribution TEXT NOT NULL,
  postal_code  TEXT NOT NULL,
  city         TEXT NOT NULL,
  country      TEXT NOT NULL,
  email        TEXT NOT NULL,
  phone        TEXT NOT NULL,
  created_at   TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX organisation_siren ON organisation (siren);
CREATE INDEX organisation_folded ON organisation (folded, id);

CREATE TABLE legal_representative (
  id              INTEGER PRIMARY KEY,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  civility        TEXT NOT NULL,
  first_name      TEXT NOT NULL,
  last_name       TEXT NOT NULL,
  office          TEXT NOT NULL,
  from_day        TIMESTAMP NOT NULL,
  until_day       TIMESTAMP
);
CREATE UNIQUE INDEX legal_representative_in_office -- R1
  ON legal_representative (organisation_id) WHERE until_day IS NULL;

CREATE TABLE account (
  id                    INTEGER PRIMARY KEY,
  organisation_id       INTEGER NOT NULL REFERENCES organisation (id),
  identifier            TEXT NOT NULL UNIQUE, -- R8
  civility              TEXT NOT NULL,
  first_name            TEXT NOT NULL,
  last_name             TEXT NOT NULL,
  folded                TEXT NOT NULL, -- names, identifier and e-mail, for search
  email                 TEXT NOT NULL, -- lower case
  phone                 TEXT NOT NULL,
  password_hash         TEXT NOT NULL,
  registered_at         TIMESTAMP NOT NULL,
  activation_nonce      TEXT NOT NULL,
  activation_expires_at TIMESTAMP NOT NULL,
  activated_at          TIMESTAMP,
  validated_at          TIMESTAMP,
  invalidated_at        TIMESTAMP,
  last_sign_in_at       TIMESTAMP
);
CREATE INDEX account_organisation ON account (organisation_id);
CREATE INDEX account_email ON account (email);

CREATE TABLE administration ( -- who administers an organisation, with the history
  id              INTEGER PRIMARY KEY,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  account_id      INTEGER NOT NULL REFERENCES account (id),
  since           TIMESTAMP NOT NULL,
  until           TIMESTAMP
);
CREATE UNIQUE INDEX administration_active -- R5
  ON administration (organisation_id) WHERE until IS NULL;
CREATE INDEX administration_account ON administration (account_id);

CREATE TABLE request (
  id              INTEGER PRIMARY KEY,
  organisation_id INTEGER NOT NULL REFERENCES organisation (id),
  account_id      INTEGER NOT NULL REFERENCES account (id),
  kind            TEXT NOT NULL,
  created_at      TIMESTAMP NOT NULL,
  closed_at       TIMESTAMP,
  outcome         TEXT NOT NULL
);
CREATE INDEX request_open ON request (organisation_id) WHERE closed_at IS NULL;
CREATE INDEX request_account ON request (account_id);

CREATE TABLE batch (
  id          INTEGER PRIMARY KEY,
  number      TEXT NOT NULL UNIQUE,
  state       TEXT NOT NULL,
  letters     INTEGER NOT NULL,
  files       INTEGER NOT NULL,
  composed_at TIMESTAMP NOT NULL,
  printed_at  TIMESTAMP,
  posted_on   TIMESTAMP,
  closed_at   TIMESTAMP
);

CREATE TABLE letter (
  id          INTEGER PRIMARY KEY,
  reference   TEXT NOT NULL UNIQUE,
  request_id  INTEGER NOT NULL REFERENCES request (id),
  state       TEXT NOT NULL,
  queued_at   TIMESTAMP NOT NULL,
  batch_id    INTEGER REFERENCES batch (id),
  sheet       INTEGER NOT NULL,
  lines       TEXT NOT NULL, -- the address as composed
  posted_on   TIMESTAMP,
  ended_at    TIMESTAMP,
  salt        BLOB,
  hash        BLOB, -- over both codes together
  wrong_pairs INTEGER NOT NULL
);
CREATE INDEX letter_state ON letter (state, id);
CREATE INDEX letter_batch ON letter (batch_id);
CREATE INDEX letter_request ON letter (request_id);

CREATE TABLE ticket (
  id                INTEGER PRIMARY KEY,
  number            TEXT NOT NULL UNIQUE,
  state             TEXT NOT NULL,
  heading           TEXT NOT NULL,
  subject           TEXT NOT NULL,
  requester_name    TEXT NOT NULL,
  requester_address TEXT NOT NULL,
  account_id        INTEGER REFERENCES account (id),
  organisation_id   INTEGER REFERENCES organisation (id),
  assignee_id       INTEGER REFERENCES operator (id),
  opened_at         TIMESTAMP NOT NULL,
  updated_at        TIMESTAMP NOT NULL,
  closed_at         TIMESTAMP,
  illegible         BOOLEAN NOT NULL
);
CREATE INDEX ticket_state ON ticket (state, updated_at);

CREATE TABLE message (
  id           INTEGER PRIMARY KEY,
  ticket_id    INTEGER NOT NULL REFERENCES ticket (id),
  direction    TEXT NOT NULL,
  message_id   TEXT NOT NULL,
  in_reply_to  TEXT NOT NULL,
  from_name    TEXT NOT NULL,
  from_address TEXT NOT NULL,
  subject      TEXT NOT NULL,
  sent_at      TIMESTAMP,
  received_at  TIMESTAMP NOT NULL,
  text         TEXT NOT NULL,
  html         TEXT NOT NULL,
  automatic    BOOLEAN NOT NULL,
  bounce       BOOLEAN NOT NULL,
  illegible    TEXT NOT NULL,
  raw          BLOB,
  hash         BLOB NOT NULL,
  mailbox      TEXT,
  uid_validity INTEGER,
  uid          INTEGER
);
CREATE INDEX message_ticket ON message (ticket_id, id);
CREATE INDEX message_message_id ON message (message_id);
CREATE UNIQUE INDEX message_fetched ON message (mailbox, uid_validity, uid); -- a mail comes in once

CREATE TABLE attachment (
  id           INTEGER PRIMARY KEY,
  message_id   INTEGER NOT NULL REFERENCES message (id),
  name         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size         INTEGER NOT NULL,
  inline       BOOLEAN NOT NULL,
  content      BLOB NOT NULL
);
CREATE INDEX attachment_message ON attachment (message_id);

CREATE TABLE mailbox_cursor (
  mailbox      TEXT PRIMARY KEY,
  uid_validity INTEGER NOT NULL,
  uid          INTEGER NOT NULL,
  fetched_at   TIMESTAMP NOT NULL
);

CREATE TABLE outgoing_mail (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL,
  account_id  INTEGER REFERENCES account (id),
  message_id  TEXT NOT NULL UNIQUE,
  to_name     TEXT NOT NULL,
  to_address  TEXT NOT NULL,
  subject     TEXT NOT NULL,
  text        TEXT NOT NULL,
  created_at  TIMESTAMP NOT NULL,
  attempts    INTEGER NOT NULL,
  next_try_at TIMESTAMP,
  sent_at     TIMESTAMP,
  last_error  TEXT NOT NULL
);
CREATE INDEX outgoing_mail_due ON outgoing_mail (next_try_at) WHERE next_try_at IS NOT NULL;

CREATE TABLE audit (
  id         INTEGER PRIMARY KEY,
  at         TIMESTAMP NOT NULL,
  operator   TEXT NOT NULL,
  action     TEXT NOT NULL,
  subject    TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  before     TEXT NOT NULL,
  after      TEXT NOT NULL,
  hash       BLOB NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, subject_id);

-- +goose Down
SELECT 1; -- forward only
