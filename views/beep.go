package views

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"time"
)

// tone is a short sound that tells what became of a scan to somebody who looks
// at the next letter, not at the screen.
type tone struct {
	hertz  float64
	length time.Duration
}

// The tones: one high and short when all is right, one low and long when not.
var (
	toneDone   = tone{1320, 110 * time.Millisecond}
	toneFailed = tone{220, 450 * time.Millisecond}
)

// players are the programs that play a file of sound on Linux and macOS, the
// first that is there.
var players = []string{"pw-play", "paplay", "aplay", "afplay"}

// play plays the tone and returns at its end. Without a player it is silent:
// a sound never says what the screen does not.
func (t tone) play(ctx context.Context) {
	if beep(t) {
		return
	}
	for _, player := range players {
		path, err := exec.LookPath(player)
		if err != nil {
			continue
		}
		file, err := os.CreateTemp("", "guichet-*.wav")
		if err != nil {
			return
		}
		defer os.Remove(file.Name()) //nolint:errcheck // the system's own folder
		_, err = file.Write(t.wav())
		if closed := file.Close(); err != nil || closed != nil {
			return
		}
		// #nosec G204 -- a program of the system’s own list, with a file made here
		exec.CommandContext(ctx, path, file.Name()).Run() //nolint:errcheck // silent
		return
	}
}

const (
	sampleRate = 22050
	loudness   = 0.35 * math.MaxInt16
	fade       = 0.008 // seconds; without it a tone clicks
)

// wav is the tone as a WAV file: one channel of 16 bits.
func (t tone) wav() []byte {
	count := int(t.length.Seconds() * sampleRate)
	samples := make([]int16, count)
	for i := range samples {
		at, left := float64(i)/sampleRate, float64(count-i)/sampleRate
		samples[i] = int16(loudness * min(1, at/fade, left/fade) * math.Sin(2*math.Pi*t.hertz*at))
	}
	var file bytes.Buffer
	for _, part := range []any{
		[]byte("RIFF"), uint32(36 + 2*count), []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), // #nosec G115 -- a tenth of a second of sound
		uint32(sampleRate), uint32(2 * sampleRate), uint16(2), uint16(16), []byte("data"), uint32(2 * count), samples, // #nosec G115 -- a tenth of a second of sound
	} {
		binary.Write(&file, binary.LittleEndian, part) //nolint:errcheck // a buffer takes all
	}
	return file.Bytes()
}
