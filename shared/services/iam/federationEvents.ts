/** Events of IAM that change who somebody is taken for, with no policy changed: instance profiles, identity providers. */
import { type EventFields, type EventRow, requestText, textOf } from '../../changes/eventRow.ts';

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
  profile('AddRoleToInstanceProfile', 'RemoveRoleFromInstanceProfile'),
  profile('RemoveRoleFromInstanceProfile', 'not restored: it would take iam:PassRole'),
  profile('CreateInstanceProfile', 'not restored', { effect: 'creates' }),
  profile('DeleteInstanceProfile', 'not restored', { effect: 'deletes' }),
  provider('CreateSAMLProvider', 'name', {
    target: newProvider(SAML, ({ request }) => {
      const name = textOf(request, 'name');
      return name && `saml-provider/${name}`;
    }),
    effect: 'creates',
  }),
  provider('UpdateSAMLProvider', SAML),
  provider('DeleteSAMLProvider', SAML, { effect: 'deletes' }),
  provider('CreateOpenIDConnectProvider', 'url', {
    target: newProvider(OIDC, ({ request }) => {
      const url = textOf(request, 'url');
      return url && `oidc-provider/${url.replace(/^https?:\/\//, '')}`;
    }),
    effect: 'creates',
  }),
  provider('AddClientIDToOpenIDConnectProvider', OIDC),
  provider('RemoveClientIDFromOpenIDConnectProvider', OIDC),
  provider('UpdateOpenIDConnectProviderThumbprint', OIDC),
  provider('DeleteOpenIDConnectProvider', OIDC, { effect: 'deletes' }),
];
