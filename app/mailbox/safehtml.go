package mailbox

import "github.com/microcosm-cc/bluemonday"

// safe is what is shown of an HTML mail: text and its structure, links, no
// picture and no style.
var safe = bluemonday.StrictPolicy()

// SafeHTML is an HTML part as it may be shown.
func SafeHTML(html string) string { return safe.Sanitize(html) }
