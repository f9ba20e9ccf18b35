-- Operators whose password somebody else set, sign-ins that failed, an audit that
-- a person can be taken out of, accounts that were erased.

-- +goose Up
ALTER TABLE operator ADD COLUMN must_change BOOLEAN NOT NULL DEFAULT FALSE; -- its password, at the next sign-in

CREATE TABLE sign_in_failure (
  login    BLOB PRIMARY KEY, -- hashed: what was typed may be a password
  failures INTEGER NOT NULL,
  last_at  TIMESTAMP NOT NULL
);

-- The chain holds a salted digest of what changed, so that the texts of an entry
-- can be erased and the chain stays whole. 00007 fills it.
ALTER TABLE audit ADD COLUMN salt BLOB; -- NULL: the texts were erased
ALTER TABLE audit ADD COLUMN digest BLOB NOT NULL DEFAULT x'';
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_operator ON audit (operator, id);
CREATE INDEX audit_action ON audit (action, id);

ALTER TABLE account ADD COLUMN erased_at TIMESTAMP;
CREATE TABLE purged_mail ( -- mails of tickets that were purged: they do not come in again
  digest BLOB PRIMARY KEY
);
CREATE INDEX ticket_closed_at ON ticket (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX letter_ended_at ON letter (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX outgoing_mail_ticket ON outgoing_mail (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX outgoing_mail_to ON outgoing_mail (to_address);
CREATE INDEX message_from ON message (from_address);

-- +goose Down
SELECT 1; -- forward only
