package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"guichet/app"
	"guichet/data"
)

type eServicesCommand struct {
	List        eServicesListCommand        `cmd:"" help:"Le catalogue."`
	Add         eServicesAddCommand         `cmd:"" help:"Ajouter un e-service au catalogue."`
	Retire      eServicesRetireCommand      `cmd:"" help:"Ne plus proposer un e-service ; ses abonnements demeurent."`
	Subscribe   eServicesSubscribeCommand   `cmd:"" help:"Abonner une organisation."`
	Unsubscribe eServicesUnsubscribeCommand `cmd:"" help:"Mettre fin à un abonnement, et à ses permissions."`
	Grant       eServicesGrantCommand       `cmd:"" help:"Donner une permission à un compte."`
	Revoke      eServicesRevokeCommand      `cmd:"" help:"Reprendre une permission."`
	Matrix      eServicesMatrixCommand      `cmd:"" help:"Qui peut utiliser quoi dans une organisation."`
}

type eServicesListCommand struct{}

// Run lists the catalogue.
func (c *eServicesListCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		services, err := guichet.EServices(ctx)
		if err != nil {
			return err
		}
		type line struct {
			Code    string `json:"code"`
			Name    string `json:"name"`
			Retired bool   `json:"retired"`
		}
		lines := make([]line, len(services))
		for i, service := range services {
			lines[i] = line{service.Code, service.Name, !service.RetiredAt.IsZero()}
		}
		return s.show(lines, func(w io.Writer) {
			for _, l := range lines {
				fmt.Fprintf(w, "%-20s %s%s\n", l.Code, l.Name, map[bool]string{true: " (n’est plus proposé)"}[l.Retired])
			}
		})
	})
}

type eServicesAddCommand struct {
	Code        string `arg:"" help:"Un code court et stable : actes."`
	Name        string `arg:"" placeholder:"NOM" help:"Le nom."`
	Description string `placeholder:"TEXTE" help:"À quoi il sert."`
}

// Run adds an e-service.
func (c *eServicesAddCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		_, err := guichet.AddEService(ctx, data.EService{Code: c.Code, Name: c.Name, Description: c.Description})
		return err
	})
}

// findEService finds an e-service by code.
func findEService(ctx context.Context, guichet *app.App, code string) (data.EService, error) {
	services, err := guichet.EServices(ctx)
	for _, service := range services {
		if service.Code == code {
			return service, err
		}
	}
	if err == nil {
		err = fmt.Errorf("aucun e-service n’a le code « %s »", code)
	}
	return data.EService{}, err
}

type eServicesRetireCommand struct {
	Code string `arg:"" help:"Le code."`
}

// Run retires an e-service.
func (c *eServicesRetireCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		service, err := findEService(ctx, guichet, c.Code)
		if err != nil {
			return err
		}
		service.RetiredAt = guichet.Now()
		return guichet.UpdateEService(ctx, service)
	})
}

type subscriptionArguments struct {
	organisationArgument
	Code string `arg:"" help:"Le code de l’e-service."`
}

type eServicesSubscribeCommand struct{ subscriptionArguments }

// Run subscribes an organisation.
func (c *eServicesSubscribeCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, o data.Organisation) error {
		service, err := findEService(ctx, guichet, c.Code)
		if err != nil {
			return err
		}
		_, err = guichet.Subscribe(ctx, o.ID, service.ID)
		return err
	})
}

// liveSubscription is an organisation's subscription to an e-service.
func liveSubscription(ctx context.Context, guichet *app.App, organisationID int64, code string) (data.Subscription, error) {
	m, err := guichet.Permissions(ctx, organisationID)
	if err != nil {
		return data.Subscription{}, err
	}
	for i, service := range m.Services {
		if service.Code == code && m.Subscriptions[i].ID != 0 {
			return m.Subscriptions[i], nil
		}
	}
	return data.Subscription{}, fmt.Errorf("l’organisation n’est pas abonnée à « %s »", code)
}

type eServicesUnsubscribeCommand struct{ subscriptionArguments }

// Run ends a subscription.
func (c *eServicesUnsubscribeCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, o data.Organisation) error {
		subscription, err := liveSubscription(ctx, guichet, o.ID, c.Code)
		if err != nil {
			return err
		}
		return guichet.EndSubscription(ctx, subscription.ID)
	})
}

type permissionArguments struct {
	accountArgument
	Code string `arg:"" help:"Le code de l’e-service."`
}

type eServicesGrantCommand struct{ permissionArguments }

// Run grants a permission.
func (c *eServicesGrantCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, account data.Account) error {
		subscription, err := liveSubscription(ctx, guichet, account.OrganisationID, c.Code)
		if err != nil {
			return err
		}
		return guichet.GrantPermission(ctx, subscription.ID, account.ID)
	})
}

type eServicesRevokeCommand struct{ permissionArguments }

// Run revokes a permission.
func (c *eServicesRevokeCommand) Run(s *session) error {
	return c.change(s, func(ctx context.Context, guichet *app.App, account data.Account) error {
		subscription, err := liveSubscription(ctx, guichet, account.OrganisationID, c.Code)
		if err != nil {
			return err
		}
		return guichet.RevokePermission(ctx, subscription.ID, account.ID)
	})
}

type eServicesMatrixCommand struct{ organisationArgument }

// Run shows an organisation's matrix.
func (c *eServicesMatrixCommand) Run(s *session) error {
	return s.with(func(ctx context.Context, guichet *app.App) error {
		o, err := findOrganisation(ctx, guichet, c.Organisation)
		if err != nil {
			return err
		}
		m, err := guichet.Permissions(ctx, o.ID)
		if err != nil {
			return err
		}
		granted := map[string][]string{}
		for i, account := range m.Accounts {
			granted[account.Identifier] = []string{}
			for j, service := range m.Services {
				if m.Granted[i][j] {
					granted[account.Identifier] = append(granted[account.Identifier], service.Code)
				}
			}
		}
		subscribed := []string{}
		for i, service := range m.Services {
			if m.Subscriptions[i].ID != 0 {
				subscribed = append(subscribed, service.Code)
			}
		}
		return s.show(map[string]any{"organisation": o.Name, "subscriptions": subscribed, "permissions": granted}, func(w io.Writer) {
			fmt.Fprintf(w, "%s : %s\n", o.Name, strings.Join(subscribed, ", "))
			for _, account := range m.Accounts {
				fmt.Fprintf(w, "%-20s %s\n", account.Identifier, strings.Join(granted[account.Identifier], ", "))
			}
		})
	})
}
