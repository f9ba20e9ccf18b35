-- +goose Up

-- A typographic apostrophe folds to a straight one.
UPDATE organisation SET folded = replace(folded, '’', '''') WHERE folded LIKE '%’%';
UPDATE account SET folded = replace(folded, '’', '''') WHERE folded LIKE '%’%';

-- +goose Down
SELECT 1; -- forward only
