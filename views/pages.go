package views

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
	fetch    func(page int)           // asks for a page; arrived takes it
	onSorted func(col int, down bool) // the list must be read anew in another order
}

func newPages[T any](fetch func(page int), onSorted func(col int, down bool)) *pages[T] {
	return &pages[T]{selected: -1, read: map[int][]T{}, asked: map[int]bool{}, fetch: fetch, onSorted: onSorted}
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
	p.read, p.asked = map[int][]T{0: first}, map[int]bool{0: true}
}

// showPages paints the pages of a list that starts over, with a row selected.
func (t *table[T]) showPages(total int, first []T, row int) {
	t.pages.startOver(total, first)
	t.selected = 0
	if total == 0 {
		t.empty.Show()
	} else {
		t.empty.Hide()
	}
	t.grid.Refresh()
	t.choose(row)
}

// pageArrived paints a page that came.
func (t *table[T]) pageArrived(page int, records []T) {
	t.pages.arrived(page, records)
	t.grid.Refresh()
	if record, ok := t.current(); ok && t.id(record) != t.selected {
		t.choose(t.pages.selected)
	}
}
