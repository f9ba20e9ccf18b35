package mailbox

import "github.com/microcosm-cc/bluemonday"

// safe lets text and its structure through, and links that lead to a page or an
// address: no picture from anywhere, no style, no script, no form.
var safe = safePolicy()

func safePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code",
		"b", "strong", "i", "em", "u", "s", "del", "sub", "sup", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AddSpaceWhenStrippingTag(true)
	return p
}

// SafeHTML is an HTML part as it may be shown: it loads nothing and runs
// nothing.
func SafeHTML(html string) string {
	if html == "" {
		return ""
	}
	return safe.Sanitize(cut(html, maxText))
}
