package preview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// engine is PDFium, compiled.
type engine struct {
	cache wazero.CompilationCache
	pool  pdfium.Pool
}

// start compiles PDFium, or loads what an earlier start compiled.
func start(cacheFolder string) (*engine, error) {
	// What lies in the folder is run: nobody else may write there.
	if err := os.MkdirAll(cacheFolder, 0o700); err != nil {
		return nil, fmt.Errorf("preview: make the cache folder: %w", err)
	}
	// #nosec G302 -- a folder
	if err := os.Chmod(cacheFolder, 0o700); err != nil {
		return nil, fmt.Errorf("preview: make the cache folder: %w", err)
	}
	e, err := compile(cacheFolder)
	if err == nil {
		return e, nil
	}
	// A damaged file of the cache is an error for wazero, today and tomorrow.
	if kept, _ := filepath.Glob(filepath.Join(cacheFolder, "wazero-*")); len(kept) > 0 {
		for _, folder := range kept {
			os.RemoveAll(folder) //nolint:errcheck // compiling anew tells
		}
		return compile(cacheFolder)
	}
	return nil, err
}

func compile(cacheFolder string) (*engine, error) {
	cache, err := wazero.NewCompilationCacheWithDir(cacheFolder)
	if err != nil {
		return nil, fmt.Errorf("preview: open the cache folder: %w", err)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MaxIdle: 1, MaxTotal: 1,
		// No file of the machine is in reach of a PDF, however malicious.
		FSConfig: wazero.NewFSConfig(),
		Stdout:   io.Discard,
		Stderr:   io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfig().WithCompilationCache(cache).
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling),
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("preview: start PDFium: %w", err), cache.Close(context.Background()))
	}
	return &engine{cache, pool}, nil
}

func (e *engine) close() error {
	if err := errors.Join(e.pool.Close(), e.cache.Close(context.Background())); err != nil {
		return fmt.Errorf("preview: stop PDFium: %w", err)
	}
	return nil
}
