-- +goose Up

-- A typographic apostrophe folds to a straight one.
UPDATE organisation SET folded = replace(folded, '’', '''') WHERE folded LIKE '%’%';
UPDATE account SET folded = replace(folded, '’', '''') WHERE folded LIKE '%’%';

-- One document a ticket: its words, folded before they come here. A word of the
-- subject, the requester or the organisation is there a second time, marked (see
-- data.WordPlace): an index without positions is half the work. It is filled
-- when the register is opened. Transactions bring many documents: they are
-- written at once, and merged in larger steps.
DROP TABLE ticket_search;
CREATE VIRTUAL TABLE ticket_search USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
INSERT INTO ticket_search (ticket_search, rank) VALUES ('hashsize', 16777216);
INSERT INTO ticket_search (ticket_search, rank) VALUES ('automerge', 8);

-- +goose Down
SELECT 1; -- forward only
