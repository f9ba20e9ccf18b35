package data

import "time"

// BackupSettings are where the register's daily backups go.
type BackupSettings struct {
	// Folder is where they are written; empty: beside the register.
	Folder string
	// Keep is how many stay; the oldest go.
	Keep int
}

func (b BackupSettings) check(problems *Problems) {
	if b.Keep < 2 || b.Keep > 1000 {
		problems.Add("backup_keep", "On garde de 2 à 1000 sauvegardes", nil)
	}
}

// BackupEvery is how old the last backup may be before the next is made by
// itself.
const BackupEvery = 20 * time.Hour
