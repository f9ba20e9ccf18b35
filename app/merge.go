package app

import (
	"context"
	"errors"
	"slices"

	"guichet/data"
	"guichet/data/store"
)

// MergeOrganisations merges an organisation that was entered twice into the
// one to keep: accounts, requests, subscriptions with their permissions, and
// tickets move; the representative and the active administrator of the one
// kept stay, the other's only fill a gap; composed letters are composed anew;
// of two pending requests for an administrator the newer stays (R15). The
// former is archived and says what it was merged into. Administrators only.
func (a *App) MergeOrganisations(ctx context.Context, formerID, keptID int64) error {
	operator, err := allow(ctx, "MergeOrganisations")
	if err != nil {
		return err
	}
	if formerID == keptID {
		return refuse(Invalid, "Une organisation ne se fusionne pas avec elle-même", nil)
	}
	return a.update(ctx, operator, func(c *change) error {
		former, err := c.Organisation(formerID)
		if err != nil {
			return err
		}
		kept, err := c.Organisation(keptID)
		if err != nil {
			return err
		}
		if !former.ArchivedAt.IsZero() || !kept.ArchivedAt.IsZero() {
			return refuse(Conflict, "Une organisation archivée ne se fusionne pas", nil)
		}
		return c.merge(former, kept)
	})
}

func (c *change) merge(former, kept data.Organisation) error {
	if err := c.composeAnew(former.ID); err != nil {
		return err
	}
	if err := c.mergePeople(former, kept); err != nil {
		return err
	}
	if err := c.mergeRepresentative(former, kept); err != nil {
		return err
	}
	if err := c.mergeSubscriptions(former, kept); err != nil {
		return err
	}
	if err := c.MoveToOrganisation(former.ID, kept.ID, c.now); err != nil {
		return err
	}
	if err := c.supersedeOlder(kept.ID); err != nil {
		return err
	}
	before := former
	former.ArchivedAt, former.MergedInto, former.SIREN, former.SIRET = c.now, kept.ID, "", ""
	if err := c.Tx.UpdateOrganisation(former); err != nil {
		return err
	}
	if kept.SIREN == "" {
		kept.SIREN, kept.SIRET = before.SIREN, before.SIRET
	}
	if err := c.Tx.UpdateOrganisation(kept); err != nil { // its accounts changed: index it anew
		return err
	}
	return c.audit("organisation.merge", "organisation", kept.ID, before, kept)
}

// mergePeople keeps to one account a person (R13): who has one on both sides
// loses the one of the former organisation, which is invalidated and its
// pending requests withdrawn, unless it alone is usable.
func (c *change) mergePeople(former, kept data.Organisation) error {
	theirs, err := c.OrganisationAccounts(former.ID)
	if err != nil {
		return err
	}
	ours, err := c.OrganisationAccounts(kept.ID)
	if err != nil {
		return err
	}
	for _, their := range theirs {
		i := slices.IndexFunc(ours, func(our data.Account) bool { return our.Email == their.Email && !our.Erased() })
		if i < 0 {
			continue
		}
		twin := their
		if their.Usable(c.now) && !ours[i].Usable(c.now) {
			twin = ours[i]
		}
		if err := c.retireTwin(twin); err != nil {
			return err
		}
	}
	return nil
}

// retireTwin invalidates an account whose person keeps another one.
func (c *change) retireTwin(twin data.Account) error {
	requests, err := c.AccountRequests(twin.ID)
	if err != nil {
		return err
	}
	if err := c.withdrawOpen(requests); err != nil {
		return err
	}
	if administers, err := c.Administers(twin.ID); err != nil {
		return err
	} else if administers {
		if err := c.EndAdministration(twin.OrganisationID, c.now); err != nil {
			return err
		}
	}
	twin.InvalidatedAt = c.now
	if err := c.UpdateAccountFacts(twin); err != nil {
		return err
	}
	return c.audit("account.invalidate", "account", twin.ID, nil, map[string]any{"identifier": twin.Identifier, "ground": "merge"})
}

// mergeRepresentative keeps the representative of the organisation kept, or
// takes the other's when it has none.
func (c *change) mergeRepresentative(former, kept data.Organisation) error {
	theirs, err := c.Representative(former.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	theirs.Until = c.now
	if err := c.EndMandate(theirs); err != nil {
		return err
	}
	_, err = c.Representative(kept.ID)
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	theirs.OrganisationID, theirs.Until, theirs.From = kept.ID, data.LegalRepresentative{}.Until, c.now
	return c.AddRepresentative(&theirs)
}

// mergeSubscriptions ends the subscriptions that the organisation kept has
// too; their live permissions are granted on the latter.
func (c *change) mergeSubscriptions(former, kept data.Organisation) error {
	theirs, err := c.Subscriptions(former.ID)
	if err != nil {
		return err
	}
	ours, err := c.Subscriptions(kept.ID)
	if err != nil {
		return err
	}
	permissions, err := c.Permissions(former.ID)
	if err != nil {
		return err
	}
	for _, their := range theirs {
		for _, our := range ours {
			if !their.Live() || !our.Live() || their.EServiceID != our.EServiceID {
				continue
			}
			their.Until = c.now
			if err := c.Tx.EndSubscription(their); err != nil {
				return err
			}
			for _, permission := range permissions {
				if permission.SubscriptionID != their.ID {
					continue
				}
				moved := data.Permission{SubscriptionID: our.ID, AccountID: permission.AccountID, GrantedAt: c.now}
				if err := c.AddPermission(&moved); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// supersedeOlder leaves one pending request for an administrator (R15).
func (c *change) supersedeOlder(organisationID int64) error {
	pending, err := c.OpenRequests(organisationID)
	if err != nil {
		return err
	}
	var newest *data.Request
	for i := range pending {
		if !pending[i].Kind.MakesAdministrator() {
			continue
		}
		if newest != nil {
			if err := c.closeRequest(*newest, data.Superseded, data.SupersededLetter); err != nil {
				return err
			}
		}
		newest = &pending[i]
	}
	return nil
}

// ArchiveOrganisation takes an organisation off the portal: pending requests
// are withdrawn with their letters, subscriptions end, nobody administers it
// any more, and its accounts are invalidated. Administrators only.
func (a *App) ArchiveOrganisation(ctx context.Context, id int64) error {
	operator, err := allow(ctx, "ArchiveOrganisation")
	if err != nil {
		return err
	}
	return a.update(ctx, operator, func(c *change) error {
		o, err := c.Organisation(id)
		if err != nil {
			return err
		}
		if !o.ArchivedAt.IsZero() {
			return refuse(Conflict, "Cette organisation est déjà archivée", nil)
		}
		before := o
		o.ArchivedAt = c.now
		if err := c.leavePortal(id); err != nil {
			return err
		}
		return errors.Join(c.Tx.UpdateOrganisation(o), c.audit("organisation.archive", "organisation", id, before, o))
	})
}

// leavePortal ends all that is live in an organisation.
func (c *change) leavePortal(id int64) error {
	requests, err := c.OpenRequests(id)
	if err != nil {
		return err
	}
	if err := c.withdrawOpen(requests); err != nil {
		return err
	}
	subscriptions, err := c.Subscriptions(id)
	if err != nil {
		return err
	}
	for _, subscription := range subscriptions {
		if subscription.Live() {
			subscription.Until = c.now
			if err := c.Tx.EndSubscription(subscription); err != nil {
				return err
			}
		}
	}
	if err := c.EndAdministration(id, c.now); err != nil {
		return err
	}
	accounts, err := c.OrganisationAccounts(id)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		account.InvalidatedAt = c.now
		if err := c.UpdateAccountFacts(account); err != nil {
			return err
		}
	}
	return nil
}
