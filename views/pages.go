package views

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
)

// pageSize is the number of records read at a time.
const pageSize = 200

// pages holds a list of any length of which only what is shown is read. The
// last page read and its neighbours stay; those far from view are read again
// when they come back.
type pages[T any] struct {
	total    int
	selected int // row; -1: none
	read     map[int][]T
	asked    map[int]bool
	kept     map[int64]keptRow[T]     // those selected, whether their page stays or not
	fetch    func(page int)           // asks for a page; arrived takes it
	onSorted func(col int, down bool) // the list must be read anew in another order; nil: it has one order
	// reader reads any page of the list as it is shown now, off the UI
	// goroutine: for an export.
	reader func() pageReader[T]
}

type pageReader[T any] func(ctx context.Context, page int) ([]T, error)

// keptRow is a record where it stood.
type keptRow[T any] struct {
	row    int
	record T
}

func newPages[T any](fetch func(page int), onSorted func(col int, down bool)) *pages[T] {
	return &pages[T]{selected: -1, read: map[int][]T{}, asked: map[int]bool{}, kept: map[int64]keptRow[T]{}, fetch: fetch, onSorted: onSorted}
}

// at is the record of a row, when its page was read; otherwise it is asked for.
func (p *pages[T]) at(row int) (record T, ok bool) {
	if row < 0 || row >= p.total {
		return record, false
	}
	page := row / pageSize
	records, read := p.read[page]
	if !read {
		if !p.asked[page] {
			p.asked[page] = true
			p.fetch(page)
		}
		return record, false
	}
	if row -= page * pageSize; row < len(records) {
		return records[row], true
	}
	return record, false // the list became shorter meanwhile
}

// all are the rows read, in their order.
func (p *pages[T]) all(yield func(int, T) bool) {
	for _, page := range slices.Sorted(maps.Keys(p.read)) {
		for i, record := range p.read[page] {
			if !yield(page*pageSize+i, record) {
				return
			}
		}
	}
}

// keep holds a record that is selected.
func (p *pages[T]) keep(row int, id int64, record T) { p.kept[id] = keptRow[T]{row, record} }

// keptOf are the records held that still are of a selection, in their order.
func (p *pages[T]) keptOf(selection map[int64]bool) []T {
	maps.DeleteFunc(p.kept, func(id int64, _ keptRow[T]) bool { return !selection[id] })
	rows := slices.SortedFunc(maps.Values(p.kept), func(a, b keptRow[T]) int { return cmp.Compare(a.row, b.row) })
	records := make([]T, len(rows))
	for i, row := range rows {
		records[i] = row.record
	}
	return records
}

// firstOf is the first row of a selection.
func (p *pages[T]) firstOf(selection map[int64]bool) int {
	first := p.total
	for id, held := range p.kept {
		if selection[id] {
			first = min(first, held.row)
		}
	}
	return first
}

// each reads the whole list, page by page, telling report before each how far
// it is.
func (read pageReader[T]) each(ctx context.Context, total int, report progress) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for page := 0; ; page++ {
			report(min(page*pageSize, total), total)
			records, err := read(ctx, page)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, record := range records {
				if !yield(record, nil) {
					return
				}
			}
			if len(records) < pageSize {
				return
			}
		}
	}
}

// keptPages is how many pages stay in memory.
const keptPages = 20

// arrived takes a page that was asked for.
func (p *pages[T]) arrived(page int, records []T) {
	if len(p.read) >= keptPages {
		p.read, p.asked = map[int][]T{}, map[int]bool{}
	}
	p.read[page], p.asked[page] = records, true
}

// startOver begins a list of another filter, order or state with its first page.
func (p *pages[T]) startOver(total int, first []T) {
	p.total, p.selected = total, -1
	p.read, p.asked, p.kept = map[int][]T{0: first}, map[int]bool{0: true}, map[int64]keptRow[T]{}
}

// showPages paints the pages of a list that starts over, with a row selected.
func (t *table[T]) showPages(total int, first []T, row int) {
	t.pages.startOver(total, first)
	t.selected, t.checked, t.anchor = 0, map[int64]bool{}, -1
	t.empty.Hidden = total > 0
	t.showSeveral()
	t.grid.Refresh()
	t.moveTo(row)
}

// pageArrived paints a page that came.
func (t *table[T]) pageArrived(page int, records []T) {
	t.pages.arrived(page, records)
	t.grid.Refresh()
	if record, ok := t.current(); ok && t.id(record) != t.selected {
		t.moveTo(t.pages.selected)
	}
}
