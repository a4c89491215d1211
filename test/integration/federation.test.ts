/** Rounds of what changes who somebody is taken for. Instance profiles are restored, identity providers only told of. */
import {
  AddClientIDToOpenIDConnectProviderCommand,
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { ACCOUNT, createSetting, expectRestored } from './setting.ts';

const InstanceProfileName = 'web';
const OpenIDConnectProviderArn = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.example.com`;
const made = ({ iam }: AwsClients) =>
  iam.send(
    new CreateOpenIDConnectProviderCommand({
      Url: 'https://token.example.com',
      ClientIDList: ['app'],
      ThumbprintList: ['a'.repeat(40)],
    }),
  );

describe('the guard of instance profiles and identity providers', () => {
  it('takes a role out of an instance profile again', () =>
    expectRestored({
      name: 'a role in an instance profile',
      before: ({ iam }) => iam.send(new CreateInstanceProfileCommand({ InstanceProfileName })),
      change: ({ iam }) =>
        iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'Admin' })),
      check: 'no-new-access',
    }));

  it.each([
    [
      'another audience',
      ({ iam }: AwsClients) =>
        iam.send(
          new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'other' }),
        ),
    ],
    [
      'another certificate',
      ({ iam }: AwsClients) =>
        iam.send(
          new UpdateOpenIDConnectProviderThumbprintCommand({
            OpenIDConnectProviderArn,
            ThumbprintList: ['b'.repeat(40)],
          }),
        ),
    ],
  ])('tells of %s of an identity provider, and leaves it', async (_, change) => {
    const setting = createSetting();
    await setting.later(made);

    await setting.later(change);

    // That it was made was told before; with the old certificate that is over.
    expect([...setting.told().values()].filter(({ status }) => status !== 'RESOLVED')).toMatchObject([
      { target: { kind: 'identity-provider' }, status: 'ACTIVE', action: { kind: 'declined' } },
    ]);
  });
});
