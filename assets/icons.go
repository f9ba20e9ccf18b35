package assets

import _ "embed" // for the directive below

// Icon is Guichet's icon, a PNG of 256 × 256.
//
//go:embed icons/guichet.png
var Icon []byte
