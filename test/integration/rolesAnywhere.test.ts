/** Rounds of IAM Roles Anywhere: profiles are restored, trust anchors only told of. */
import { describe, expect, it } from 'vitest';
import {
  DisableProfileCommand,
  EnableProfileCommand,
  ListProfilesCommand,
  type Profile,
  UpdateProfileCommand,
} from '../../shared/services/rolesanywhere/rolesAnywhereClient.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import { CreateProfileCommand, CreateTrustAnchorCommand } from '../wire/rolesAnywhere.ts';
import { ACCOUNT, createSetting, expectRestored, type Round, text } from './setting.ts';

const allow = (Action: string) => text({ Effect: 'Allow', Action, Resource: '*' });
const narrow = {
  enabled: true,
  roleArns: [`arn:aws:iam::${ACCOUNT}:role/Batch`],
  sessionPolicy: allow('s3:GetObject'),
};
const make =
  (profile: Profile) =>
  ({ rolesAnywhere }: AwsClients) =>
    rolesAnywhere.send(new CreateProfileCommand({ name: 'batch', ...profile }));
const only = async ({ rolesAnywhere }: AwsClients) => {
  const { profiles: [profile] = [] } = await rolesAnywhere.send(new ListProfilesCommand({}));
  return { profileId: profile?.profileId ?? '' };
};
const update = (changes: Pick<Profile, 'sessionPolicy'>) => async (clients: AwsClients) =>
  clients.rolesAnywhere.send(new UpdateProfileCommand({ ...(await only(clients)), ...changes }));

const rounds: readonly Round[] = [
  {
    name: 'a session policy that lets more pass',
    before: make(narrow),
    change: update({ sessionPolicy: allow('s3:*') }),
    check: 'no-new-access',
  },
  {
    name: 'a profile that was switched on',
    before: make({ ...narrow, enabled: false }),
    change: async (clients) => clients.rolesAnywhere.send(new EnableProfileCommand(await only(clients))),
    check: 'no-new-access',
  },
];

describe('the guard of Roles Anywhere', () => {
  it.each(rounds)('finds $name, and restores what was there', (round) => expectRestored(round));

  it('says nothing of a profile that lets less pass', async () => {
    const setting = createSetting();
    await setting.later(make(narrow));

    await setting.later(update({ sessionPolicy: text({ Effect: 'Deny', Action: '*', Resource: '*' }) }));
    await setting.later(async (clients) =>
      clients.rolesAnywhere.send(new DisableProfileCommand(await only(clients))),
    );

    expect(setting.published).toEqual([]);
  });

  it('tells of a trust anchor, and leaves it', async () => {
    const setting = createSetting();
    await setting.later(({ rolesAnywhere }) =>
      rolesAnywhere.send(
        new CreateTrustAnchorCommand({
          name: 'outside',
          enabled: true,
          source: {
            sourceType: 'AWS_ACM_PCA',
            sourceData: { acmPcaArn: 'arn:aws:acm-pca:us-east-1:444455556666:certificate-authority/1' },
          },
        }),
      ),
    );

    expect([...setting.told().values()]).toMatchObject([
      {
        target: { kind: 'roles-anywhere-trust-anchor' },
        check: 'no-external-access',
        status: 'ACTIVE',
        action: { kind: 'observed' },
      },
    ]);
  });
});
