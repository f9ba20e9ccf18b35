package views

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"guichet/app"
	"guichet/data"
)

// permissions is an organisation's matrix of users and e-services: one click a
// cell grants or takes back, one click a title subscribes or ends.
type permissions struct {
	f      *frame
	shown  app.PermissionMatrix
	of     app.OrganisationRecord
	hint   *prose
	grid   *fyne.Container
	scroll *container.Scroll
}

func newPermissions(f *frame) *permissions {
	p := &permissions{f: f, hint: caption(""), grid: container.NewStack()}
	p.scroll = container.NewScroll(p.grid)
	return p
}

func (p *permissions) content() fyne.CanvasObject {
	return container.NewBorder(p.hint, nil, nil, nil, p.scroll)
}

func (p *permissions) reload(of app.OrganisationRecord) {
	load(p.f, "permissions", func(ctx context.Context) (app.PermissionMatrix, error) {
		return p.f.guichet.Permissions(ctx, of.Organisation.ID)
	}, func(m app.PermissionMatrix) {
		p.show(of, m)
	})
}

func (p *permissions) show(of app.OrganisationRecord, m app.PermissionMatrix) {
	p.of, p.shown = of, m
	editable := p.f.may("GrantPermission") && of.Administrator.ID != 0
	switch {
	case len(m.Services) == 0:
		p.hint.SetText(lang.L("Le catalogue des e-services est vide : ajoutez-y le premier dans l’écran E-services."))
	case of.Administrator.ID == 0:
		p.hint.SetText(lang.L("Sans administrateur en fonction, personne n’abonne l’organisation ni ne donne de permission."))
	default:
		p.hint.SetText(lang.L("Un clic sur une case donne ou reprend la permission. L’administrateur n’en a aucune d’office."))
	}
	cells := []fyne.CanvasObject{widget.NewLabel("")}
	for j, service := range m.Services {
		cells = append(cells, p.title(j, service, editable))
	}
	for i, account := range m.Accounts {
		cells = append(cells, p.person(account))
		for j := range m.Services {
			cells = append(cells, p.cell(i, j, editable))
		}
	}
	p.grid.Objects = []fyne.CanvasObject{container.New(matrixLayout{columns: len(m.Services) + 1}, cells...)}
	p.grid.Refresh()
	p.scroll.Refresh()
}

// title is an e-service with its subscription.
func (p *permissions) title(j int, service data.EService, editable bool) fyne.CanvasObject {
	name := widget.NewLabelWithStyle(service.Name, fyne.TextAlignCenter, fyne.TextStyle{Bold: true})
	name.Wrapping, name.SizeName = fyne.TextWrapWord, theme.SizeNameCaptionText
	text, do := lang.L("Abonner"), p.onSubscribe
	if p.shown.Subscriptions[j].ID != 0 {
		text, do = lang.L("Résilier…"), p.onEnd
	}
	button := newButton(text, nil)
	button.Importance = widget.LowImportance
	button.OnTapped = func() { do(j, button) }
	setEnabled(button, editable)
	return container.NewBorder(nil, container.NewCenter(button), nil, nil, name)
}

func (p *permissions) person(account data.Account) fyne.CanvasObject {
	name := line(account.Name())
	role := lang.L("Utilisateur")
	if account.ID == p.of.Administrator.ID {
		role = lang.L("Administrateur")
	}
	if blocks := account.Blocks(p.f.guichet.Now()); len(blocks) > 0 {
		role = blocksText(blocks)
	}
	sub := line(account.Identifier + " · " + role)
	sub.SizeName, sub.Importance = theme.SizeNameCaptionText, widget.LowImportance
	return container.New(tightRows{}, name, sub)
}

// cell is a permission: granted, not granted, or not to be had.
func (p *permissions) cell(i, j int, editable bool) fyne.CanvasObject {
	account, subscription := p.shown.Accounts[i], p.shown.Subscriptions[j]
	if subscription.ID == 0 {
		return container.NewCenter(widget.NewLabel("—"))
	}
	check := widget.NewCheck("", nil)
	check.Checked = p.shown.Granted[i][j]
	check.OnChanged = func(granted bool) { p.onCell(check, account, subscription, granted) }
	setEnabled(check, editable && (check.Checked || account.Usable(p.f.guichet.Now())))
	return container.NewCenter(check)
}

func (p *permissions) onCell(check *widget.Check, account data.Account, subscription data.Subscription, granted bool) {
	act(p.f.scope, check, func(ctx context.Context) error {
		if granted {
			return p.f.guichet.GrantPermission(ctx, subscription.ID, account.ID)
		}
		return p.f.guichet.RevokePermission(ctx, subscription.ID, account.ID)
	}, func(err error) {
		if err != nil {
			p.f.notice.fail(err, nil)
		} else {
			p.f.notice.hide()
		}
		p.reload(p.of)
	})
}

func (p *permissions) onSubscribe(j int, button *button) {
	start(p.f.scope, "", button, func(ctx context.Context) (data.Subscription, error) {
		return p.f.guichet.Subscribe(ctx, p.of.Organisation.ID, p.shown.Services[j].ID)
	}, func(_ data.Subscription, err error) {
		if err != nil {
			p.f.notice.fail(err, nil)
			return
		}
		p.f.changed(lang.L("{{.Organisation}} est abonnée à {{.Service}}", map[string]any{
			"Organisation": p.of.Name, "Service": p.shown.Services[j].Name,
		}))
	})
}

// onEnd asks first: the permissions end with the subscription.
func (p *permissions) onEnd(j int, _ *button) {
	held := 0
	for i := range p.shown.Accounts {
		if p.shown.Granted[i][j] {
			held++
		}
	}
	text := newProse(lang.L("L’abonnement à {{.Service}} prend fin aujourd’hui, et avec lui les permissions données : {{.Count}}.",
		map[string]any{"Service": p.shown.Services[j].Name, "Count": number(held)}))
	p.f.w.openDialog(lang.L("Résilier l’abonnement"), lang.L("Résilier"), true, 460, text, func(m *modal) {
		act(p.f.scope, m.button, func(ctx context.Context) error {
			return p.f.guichet.EndSubscription(ctx, p.shown.Subscriptions[j].ID)
		}, func(err error) {
			if err != nil {
				m.fail(err, nil)
				return
			}
			p.f.w.closeDialog()
			p.f.changed(lang.L("Abonnement résilié"))
		})
	})
}

// matrixLayout lays out a matrix whose first column, of names, is wider.
type matrixLayout struct{ columns int }

const (
	matrixName  = 196
	matrixCell  = 96
	matrixTitle = 66
	matrixRow   = 40
)

func (l matrixLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	rows := (len(objects) + l.columns - 1) / l.columns
	return fyne.NewSize(matrixName+matrixCell*float32(l.columns-1), matrixTitle+matrixRow*float32(rows-1))
}

func (l matrixLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := max(matrixCell, (size.Width-matrixName)/float32(max(1, l.columns-1)))
	for i, object := range objects {
		row, col := i/l.columns, i%l.columns
		position, cell := fyne.NewPos(0, 0), fyne.NewSize(matrixName, matrixRow)
		if col > 0 {
			position.X, cell.Width = matrixName+width*float32(col-1), width
		}
		if row > 0 {
			position.Y = matrixTitle + matrixRow*float32(row-1)
		} else {
			cell.Height = matrixTitle
		}
		object.Move(position)
		object.Resize(cell)
	}
}

// tightRows lays lines of text out under each other with little space.
type tightRows struct{}

func (tightRows) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(120, matrixRow)
}

func (tightRows) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for i, object := range objects {
		object.Move(fyne.NewPos(0, float32(i)*16-2))
		object.Resize(fyne.NewSize(size.Width, object.MinSize().Height))
	}
}
