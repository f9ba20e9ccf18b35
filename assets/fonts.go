package assets

import _ "embed"

// The letters' fonts: IBM Plex, TrueType, under the SIL Open Font License
// (fonts/LICENSE.txt). They are for reading only: callers must not change
// the bytes.
var (
	//go:embed fonts/IBMPlexSans-Regular.ttf
	SansRegular []byte
	//go:embed fonts/IBMPlexSans-SemiBold.ttf
	SansSemiBold []byte
	//go:embed fonts/IBMPlexMono-Regular.ttf
	MonoRegular []byte
	//go:embed fonts/IBMPlexMono-SemiBold.ttf
	MonoSemiBold []byte
)
