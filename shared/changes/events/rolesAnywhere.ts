/** Events of IAM Roles Anywhere: whose certificates are believed, and what sessions that they start may do. */
import { type EventFields, type EventRow, type Fields, type ServiceEvents, textOf } from '../eventRow.ts';

const source = 'rolesanywhere.amazonaws.com';

/** `field` is the id's in the request, `type` that of the ARN. */
const called =
  (field: string, type: string) =>
  ({ request, partition, region, accountId }: EventFields): string | undefined => {
    const id = textOf(request, field);
    return id && `arn:${partition}:rolesanywhere:${region}:${accountId}:${type}/${id}`;
  };

/** What is made is told by the answer. */
function made(field: string, arn: string): Partial<EventRow> {
  return {
    target: ({ response }) => {
      const thing = response[field];
      return typeof thing === 'object' && thing !== null ? textOf(thing as Fields, arn) : undefined;
    },
    needs: `responseElements.${field}.${arn}`,
    effect: 'creates',
  };
}

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

export const ROLES_ANYWHERE_EVENTS: ServiceEvents = {
  source,
  rows: [
    profile('UpdateProfile', 'UpdateProfile'),
    profile('EnableProfile', 'DisableProfile'),
    profile('DisableProfile', 'EnableProfile'),
    profile('CreateProfile', 'not restored: roles would take iam:PassRole', made('profile', 'profileArn')),
    profile('DeleteProfile', 'not restored', { effect: 'deletes' }),
    anchor('CreateTrustAnchor', made('trustAnchor', 'trustAnchorArn')),
    anchor('UpdateTrustAnchor'),
    anchor('EnableTrustAnchor'),
    anchor('DisableTrustAnchor'),
    anchor('DeleteTrustAnchor', { effect: 'deletes' }),
  ],
  // Which certificates are revoked, and what of a certificate becomes tags of the session.
  notJudged: ['UpdateCrl', 'DisableCrl', 'DeleteCrl', 'PutAttributeMapping', 'DeleteAttributeMapping'],
};
