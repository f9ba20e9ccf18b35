package store

import "guichet/data"

const printJobColumns = `id, batch_id, printer, job, first_sheet, last_sheet, copies, state, reason, operator, created_at, ended_at`

func printJobFields(j *data.PrintJob) []any {
	return []any{
		&j.ID, &j.BatchID, &j.Printer, &j.Job, &j.First, &j.Last, &j.Copies, &j.State, &j.Reason, &j.Operator,
		at(&j.CreatedAt), at(&j.EndedAt),
	}
}

// AddPrintJob adds a print job and sets its ID.
func (tx *Tx) AddPrintJob(j *data.PrintJob) (err error) {
	j.ID, err = tx.insert("add print job",
		`INSERT INTO print_job (batch_id, printer, job, first_sheet, last_sheet, copies, state, reason, operator, created_at)
		 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
		j.BatchID, j.Printer, j.Job, j.First, j.Last, j.Copies, j.State, j.Reason, j.Operator, j.CreatedAt)
	return err
}

// UpdatePrintJob writes how far a print job came.
func (tx *Tx) UpdatePrintJob(j data.PrintJob) error {
	return tx.change("update print job", `UPDATE print_job SET job = $2, state = $3, reason = $4, ended_at = $5 WHERE id = $1`,
		j.ID, j.Job, j.State, j.Reason, whenOrNull(j.EndedAt))
}

// PrintJobs are a batch's print jobs, newest first.
func (tx *Tx) PrintJobs(batchID int64) ([]data.PrintJob, error) {
	return list(tx, "list print jobs", printJobFields,
		`SELECT `+printJobColumns+` FROM print_job WHERE batch_id = $1 ORDER BY id DESC`, batchID)
}
