/** Events of IAM that change who somebody is taken for, with no policy changed: instance profiles, identity providers. */

import { ends, makes, touchesNamed } from '../../changes/edit.ts';
import type { EventRow } from '../../changes/eventRow.ts';
import { type EventFields, requestText, textOf } from '../../changes/fields.ts';
import { instanceRoleDocument } from './instanceRoleDocument.ts';

const source = 'iam.amazonaws.com';

const profile = (name: string, restore: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'instance-profile',
  target: ({ request, partition, accountId }) => {
    const profileName = textOf(request, 'instanceProfileName');
    return profileName && `arn:${partition}:iam::${accountId}:instance-profile/${profileName}`;
  },
  needs: 'requestParameters.instanceProfileName',
  restore,
  ...more,
});

const REPORTED = 'only reported';

const provider = (name: string, field: string, more: Partial<EventRow> = {}): EventRow => ({
  source,
  name,
  kind: 'identity-provider',
  target: requestText(field),
  needs: `requestParameters.${field}`,
  restore: REPORTED,
  ...more,
});

/** The answer names the new provider; else its name or address does. */
function newProvider(answered: string, asked: (fields: EventFields) => string | undefined) {
  return (fields: EventFields): string | undefined => {
    const entity = asked(fields);
    return (
      textOf(fields.response, answered) ??
      (entity && `arn:${fields.partition}:iam::${fields.accountId}:${entity}`)
    );
  };
}

const SAML = 'sAMLProviderArn';
const OIDC = 'openIDConnectProviderArn';

export const IAM_FEDERATION_ROWS: readonly EventRow[] = [
  profile('AddRoleToInstanceProfile', 'RemoveRoleFromInstanceProfile', {
    edit: touchesNamed(requestText('roleName'), (name, { partition, accountId }) => [
      // Without the role's path, which the record does not show; the same role by its name.
      {
        part: `role:${name}`,
        to: 'hidden',
        adds: instanceRoleDocument(`arn:${partition}:iam::${accountId}:role/${name}`),
      },
    ]),
  }),
  profile('RemoveRoleFromInstanceProfile', 'not restored: it would take iam:PassRole', {
    edit: touchesNamed(requestText('roleName'), (name) => [{ part: `role:${name}`, to: 'gone' }]),
  }),
  profile('CreateInstanceProfile', 'not restored', { edit: makes() }),
  profile('DeleteInstanceProfile', 'not restored', { edit: ends }),
  provider('CreateSAMLProvider', 'name', {
    target: newProvider(SAML, ({ request }) => {
      const name = textOf(request, 'name');
      return name && `saml-provider/${name}`;
    }),
    edit: makes({ otherwise: 'default' }),
  }),
  provider('UpdateSAMLProvider', SAML),
  provider('DeleteSAMLProvider', SAML, { edit: ends }),
  provider('CreateOpenIDConnectProvider', 'url', {
    target: newProvider(OIDC, ({ request }) => {
      const url = textOf(request, 'url');
      return url && `oidc-provider/${url.replace(/^https?:\/\//, '')}`;
    }),
    edit: makes({ otherwise: 'default' }),
  }),
  provider('AddClientIDToOpenIDConnectProvider', OIDC),
  provider('RemoveClientIDFromOpenIDConnectProvider', OIDC),
  provider('UpdateOpenIDConnectProviderThumbprint', OIDC),
  provider('DeleteOpenIDConnectProvider', OIDC, { edit: ends }),
];
