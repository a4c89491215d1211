/** Events of IAM Roles Anywhere: whose certificates are believed, and what sessions that they start may do. */

import { ends, makes } from '../../changes/edit.ts';
import type { EventRow, ServiceEvents } from '../../changes/eventRow.ts';
import { type EventFields, membersOf, textOf } from '../../changes/fields.ts';

const source = 'rolesanywhere.amazonaws.com';

/** `field` is the id's in the request, `type` that of the ARN. */
const called =
  (field: string, type: string) =>
  ({ request, partition, region, accountId }: EventFields): string | undefined => {
    const id = textOf(request, field);
    return id && `arn:${partition}:rolesanywhere:${region}:${accountId}:${type}/${id}`;
  };

/** The ARN that stands in the answer's description of a resource. */
const answered = (field: string, arn: string): Pick<EventRow, 'target' | 'needs'> => ({
  target: ({ response }) => textOf(membersOf(response, field), arn),
  needs: `responseElements.${field}.${arn}`,
});

const profile = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'roles-anywhere-profile',
  target: called('profileId', 'profile'),
  needs: 'requestParameters.profileId',
  restore,
  ...more,
});

const anchor = (name: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'roles-anywhere-trust-anchor',
  target: called('trustAnchorId', 'trust-anchor'),
  needs: 'requestParameters.trustAnchorId',
  restore: 'only reported',
  ...more,
});

/** A list of revoked certificates is its trust anchor's. */
const REVOCATION = answered('crl', 'trustAnchorArn');

export const ROLES_ANYWHERE_EVENTS: ServiceEvents = {
  source,
  rows: [
    profile('UpdateProfile', 'UpdateProfile'),
    profile('EnableProfile', 'DisableProfile'),
    profile('DisableProfile', 'EnableProfile'),
    profile('CreateProfile', 'not restored: roles would take iam:PassRole', {
      ...answered('profile', 'profileArn'),
      edit: makes({ otherwise: 'default' }),
    }),
    profile('DeleteProfile', 'not restored', { edit: ends }),
    anchor('CreateTrustAnchor', {
      ...answered('trustAnchor', 'trustAnchorArn'),
      edit: makes({ otherwise: 'default' }),
    }),
    anchor('UpdateTrustAnchor'),
    anchor('EnableTrustAnchor'),
    anchor('DisableTrustAnchor'),
    anchor('DeleteTrustAnchor', { edit: ends }),
    anchor('ImportCrl', REVOCATION),
    anchor('EnableCrl', REVOCATION),
    anchor('DisableCrl', REVOCATION),
    anchor('DeleteCrl', REVOCATION),
  ],
};
