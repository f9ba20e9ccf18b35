-- Several workstations on one register: where a batch's files are.

-- +goose Up
ALTER TABLE batch ADD COLUMN station TEXT COLLATE "C" NOT NULL DEFAULT ''; -- empty: beside the register

-- +goose Down
SELECT 1; -- forward only
