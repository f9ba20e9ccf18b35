package letters

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"strings"
	"testing"
)

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="200" height="100" fill="#123456"/></svg>`

func TestLogo(t *testing.T) {
	wide := image.NewNRGBA(image.Rect(0, 0, 400, 60))
	for x := range 400 {
		wide.Set(x, 30, color.Black) // the rest is transparent
	}
	var asPNG, asJPEG bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, wide), jpeg.Encode(&asJPEG, image.NewGray(image.Rect(0, 0, 30, 90)), nil)); err != nil {
		t.Fatal(err)
	}
	icon, err := os.ReadFile("../assets/icons/guichet.svg")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name          string
		file          []byte
		width, height float64
	}{
		{"PNG", asPNG.Bytes(), 60, 9},
		{"JPEG", asJPEG.Bytes(), 6, 18},
		{"SVG", []byte(svg), 36, 18},
		{"SVG with a head", []byte(`<?xml version="1.0" encoding="ISO-8859-1"?><!-- é -->` + svg), 36, 18},
		{"icon", icon, 18, 18},
	}
	for _, test := range tests {
		l, err := newLogo(test.file)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		picture, err := png.Decode(bytes.NewReader(l.png))
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(l.width-test.width) > 0.1 || math.Abs(l.height-test.height) > 0.1 {
			t.Errorf("%s: %.1f × %.1f mm, want %.1f × %.1f", test.name, l.width, l.height, test.width, test.height)
		}
		if dots := float64(picture.Bounds().Dx()) / l.width * 25.4; dots < 590 {
			t.Errorf("%s: %.0f dots an inch", test.name, dots)
		}
		if opaque, ok := picture.(interface{ Opaque() bool }); !ok || !opaque.Opaque() {
			t.Errorf("%s is transparent", test.name)
		}
	}
}

func TestLogoRefused(t *testing.T) {
	white := image.NewGray(image.Rect(0, 0, 9, 9))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	var blank, whole bytes.Buffer
	if err := errors.Join(png.Encode(&blank, white), png.Encode(&whole, image.NewGray(image.Rect(0, 0, 99, 99)))); err != nil {
		t.Fatal(err)
	}
	huge := bytes.Clone(whole.Bytes())
	copy(huge[16:], []byte{0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF}) // the size that the file declares
	tests := []struct {
		name string
		file []byte
		want error
	}{
		{"no picture", []byte("GIF89a, or nearly"), errLogoUnreadable},
		{"cut short", whole.Bytes()[:whole.Len()/2], errLogoUnreadable},
		{"blank", blank.Bytes(), errLogoEmpty},
		{"large file", make([]byte, LogoLimit+1), errLogoTooLarge},
		{"SVG not closed", []byte(svg[:40]), errLogoUnreadable},
		{"SVG with nothing", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>`), errLogoEmpty},
		{"SVG without size", []byte(`<svg xmlns="http://www.w3.org/2000/svg"></svg>`), errLogoEmpty},
		{"SVG with text", []byte(strings.Replace(svg, "</svg>", "<g><text>A</text></g></svg>", 1)), errLogoText},
		{"broken path", []byte(strings.Replace(svg, "</svg>", `<path d="M q z 1e"/></svg>`, 1)), nil},
	}
	for _, test := range tests {
		_, err := newLogo(test.file)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, err, test.want)
		}
	}
	// The checksum is wrong too, but nothing may be set aside before that.
	if _, err := newLogo(huge); err == nil {
		t.Error("a picture of 4 billion pixels was taken")
	}
}
