-- The mail room: what came back, what was printed where, and letters that
-- replace others.

-- +goose Up
ALTER TABLE letter ADD COLUMN return_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE letter ADD COLUMN replaces_id INTEGER REFERENCES letter (id);
CREATE INDEX letter_posted_on ON letter (posted_on) WHERE posted_on IS NOT NULL;

ALTER TABLE organisation ADD COLUMN address_doubted_at TIMESTAMP;
CREATE INDEX organisation_address_doubted ON organisation (id) WHERE address_doubted_at IS NOT NULL;

ALTER TABLE batch ADD COLUMN duplex BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE print_job ( -- sheets of a batch handed to a printer
  id          INTEGER PRIMARY KEY,
  batch_id    INTEGER NOT NULL REFERENCES batch (id),
  printer     TEXT NOT NULL,
  job         TEXT NOT NULL, -- as the printing system calls it; empty until it took it
  first_sheet INTEGER NOT NULL,
  last_sheet  INTEGER NOT NULL,
  copies      INTEGER NOT NULL,
  state       TEXT NOT NULL,
  reason      TEXT NOT NULL,
  operator    TEXT NOT NULL,
  created_at  TIMESTAMP NOT NULL,
  ended_at    TIMESTAMP
);
CREATE INDEX print_job_batch ON print_job (batch_id);

-- +goose Down
SELECT 1; -- forward only
