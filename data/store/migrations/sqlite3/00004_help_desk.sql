-- The help desk: tickets with a clock, priorities and tags, drafts, replies in
-- the outbox, who is looking, saved searches, a full-text index. Durations are
-- nanoseconds.

-- +goose Up
ALTER TABLE ticket ADD COLUMN heading_proposed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE ticket ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ticket ADD COLUMN tags TEXT NOT NULL DEFAULT ''; -- ",a,b,"
ALTER TABLE ticket ADD COLUMN unread BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE ticket ADD COLUMN due_at TIMESTAMP;
ALTER TABLE ticket ADD COLUMN due_left INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN first_answered_at TIMESTAMP;
ALTER TABLE ticket ADD COLUMN waiting_since TIMESTAMP;
ALTER TABLE ticket ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN merged_into INTEGER REFERENCES ticket (id);
ALTER TABLE ticket ADD COLUMN follows INTEGER REFERENCES ticket (id);
ALTER TABLE ticket ADD COLUMN former_state TEXT NOT NULL DEFAULT '';
CREATE INDEX ticket_assignee ON ticket (assignee_id, state, updated_at);
CREATE INDEX ticket_due ON ticket (state, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ticket_requester ON ticket (lower(requester_address)) WHERE state IN ('new', 'open', 'waiting');
CREATE INDEX ticket_unread ON ticket (id) WHERE unread;
CREATE INDEX ticket_opened_at ON ticket (opened_at);

ALTER TABLE message ADD COLUMN to_addresses TEXT NOT NULL DEFAULT ''; -- between commas
ALTER TABLE message ADD COLUMN cc_addresses TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN reference_ids TEXT NOT NULL DEFAULT ''; -- between spaces
ALTER TABLE message ADD COLUMN author_id INTEGER REFERENCES operator (id);
ALTER TABLE message ADD COLUMN report TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN moved_from INTEGER REFERENCES ticket (id);

ALTER TABLE outgoing_mail ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE outgoing_mail ADD COLUMN ticket_id INTEGER REFERENCES ticket (id);
ALTER TABLE outgoing_mail ADD COLUMN thread_message_id INTEGER REFERENCES message (id);
ALTER TABLE outgoing_mail ADD COLUMN cc_addresses TEXT NOT NULL DEFAULT '';
UPDATE outgoing_mail SET state = CASE
  WHEN sent_at IS NOT NULL THEN 'sent'
  WHEN next_try_at IS NULL AND last_error = 'replaced' THEN 'withdrawn'
  WHEN next_try_at IS NULL THEN 'failed'
  ELSE 'waiting' END;
CREATE INDEX outgoing_mail_thread ON outgoing_mail (thread_message_id) WHERE thread_message_id IS NOT NULL;
CREATE INDEX outgoing_mail_failed ON outgoing_mail (state) WHERE state IN ('failed', 'uncertain');
CREATE INDEX outgoing_mail_automatic ON outgoing_mail (to_address, created_at) WHERE kind NOT IN ('reply', 'forward');

ALTER TABLE account ADD COLUMN email_bounced_at TIMESTAMP; -- a permanent 5.1.1 came back

CREATE TABLE draft (
  id          INTEGER PRIMARY KEY,
  ticket_id   INTEGER NOT NULL REFERENCES ticket (id),
  operator_id INTEGER NOT NULL REFERENCES operator (id),
  kind        TEXT NOT NULL,
  recipients  TEXT NOT NULL,
  cc          TEXT NOT NULL,
  subject     TEXT NOT NULL,
  text        TEXT NOT NULL,
  saved_at    TIMESTAMP NOT NULL,
  UNIQUE (ticket_id, operator_id)
);

CREATE TABLE draft_file (
  id           INTEGER PRIMARY KEY,
  draft_id     INTEGER NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size         INTEGER NOT NULL,
  content      BLOB NOT NULL
);
CREATE INDEX draft_file_draft ON draft_file (draft_id);

CREATE TABLE sent_draft ( -- what a reply was, until it can no longer be undone
  outgoing_mail_id INTEGER PRIMARY KEY REFERENCES outgoing_mail (id),
  ticket           TEXT NOT NULL, -- as it was before, JSON
  draft            TEXT NOT NULL  -- JSON
);

CREATE TABLE presence ( -- who has a ticket on the screen
  ticket_id   INTEGER NOT NULL REFERENCES ticket (id),
  operator_id INTEGER NOT NULL REFERENCES operator (id),
  writing     BOOLEAN NOT NULL,
  seen_at     TIMESTAMP NOT NULL,
  PRIMARY KEY (ticket_id, operator_id)
);

CREATE TABLE saved_search (
  id          INTEGER PRIMARY KEY,
  operator_id INTEGER REFERENCES operator (id), -- NULL: everybody's
  name        TEXT NOT NULL,
  query       TEXT NOT NULL
);

-- One document a ticket; words are folded before they come here.
CREATE VIRTUAL TABLE ticket_search USING fts5 (
  subject, requester, organisation, body,
  content = '', contentless_delete = 1, detail = column, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO ticket_search (rowid, subject, requester, organisation, body)
SELECT t.id, t.number || ' ' || t.subject, t.requester_name || ' ' || t.requester_address || ' ' || coalesce(a.identifier, ''),
  coalesce(o.name, ''),
  coalesce((SELECT group_concat(m.subject || ' ' || m.text, ' ') FROM message m WHERE m.ticket_id = t.id), '') || ' ' ||
  coalesce((SELECT group_concat(f.name, ' ') FROM attachment f JOIN message m ON m.id = f.message_id WHERE m.ticket_id = t.id), '')
FROM ticket t LEFT JOIN organisation o ON o.id = t.organisation_id LEFT JOIN account a ON a.id = t.account_id;

-- One mailbox became several, each with several folders.
UPDATE setting SET value = json_set(json_remove(value, '$.Mailbox'), '$.Mailboxes',
  CASE WHEN coalesce(json_extract(value, '$.Mailbox.Host'), '') = '' THEN json('[]')
  ELSE json_array(json_set(json_remove(json_extract(value, '$.Mailbox'), '$.Folder'),
    '$.Folders', json_array(json_extract(value, '$.Mailbox.Folder')))) END)
WHERE name = 'settings' AND json_type(value, '$.Mailbox') IS NOT NULL;

-- +goose Down
SELECT 1; -- forward only
