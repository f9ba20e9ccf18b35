package data

import (
	"time"
	_ "time/tzdata" // a machine without a time zone database still knows Paris
)

// Paris is where the portal's days begin and end: delays counted in days,
// dates on letters and dates on the screen are Paris dates.
var Paris = func() *time.Location {
	location, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // the database is embedded: cannot happen
	}
	return location
}()
