import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClientsFor } from '../../../shared/runtime/clients.ts';

const place = { accountId: '111122223333', region: 'eu-west-1' };

const sts = mockClient(STSClient);
const sns = mockClient(SNSClient);
/** The keys that calls were signed with. */
const signers: string[] = [];

beforeEach(() => {
  sts.reset();
  signers.splice(0);
  sns.reset();
  sns.callsFake(async (_, getClient: () => SNSClient) => {
    signers.push((await getClient().config.credentials()).accessKeyId);
    return {};
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('createClientsFor', () => {
  it('makes the clients of a Region once, for that Region', async () => {
    const clientsFor = createClientsFor();

    const clients = clientsFor(place);

    expect(clientsFor({ ...place })).toBe(clients);
    expect(clientsFor({ ...place, region: 'us-east-1' })).not.toBe(clients);
  });

  it('refuses another account than the one whose credentials there are', () => {
    const clientsFor = createClientsFor({ ownAccountId: place.accountId });

    expect(() => clientsFor({ ...place, accountId: '444455556666' })).toThrow(
      'no credentials for account `444455556666`: this guard works in `111122223333`',
    );
    expect(clientsFor(place)).toBeDefined();
  });

  it('takes on the role of another account, once for all its Regions, and that of the own account never', async () => {
    sts.on(AssumeRoleCommand).resolves({
      Credentials: {
        AccessKeyId: 'ASIA1',
        SecretAccessKey: 'x',
        SessionToken: 'y',
        Expiration: new Date(Date.now() + 3_600_000),
      },
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAOWN');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'z');
    const clientsFor = createClientsFor({
      ownAccountId: place.accountId,
      memberRole: { name: 'ratchet/ratchet-read' },
    });
    const member = { ...place, accountId: '444455556666' };

    for (const where of [place, member, { ...member, region: 'us-east-1' }])
      await clientsFor(where).sns.send(new ListTopicsCommand({}));

    expect(signers).toEqual(['AKIAOWN', 'ASIA1', 'ASIA1']);
    expect(sts.calls().map(({ args: [{ input }] }) => input)).toMatchObject([
      { RoleArn: 'arn:aws:iam::444455556666:role/ratchet/ratchet-read' },
    ]);
    expect(clientsFor(member)).toBe(clientsFor({ ...member }));
  });

  it('names the role by the partition of the Region', async () => {
    sts.on(AssumeRoleCommand).rejects('AccessDenied');
    const clientsFor = createClientsFor({ ownAccountId: place.accountId, memberRole: { name: 'r' } });
    const china = clientsFor({ accountId: '444455556666', region: 'cn-north-1' });

    await expect(china.sns.send(new ListTopicsCommand({}))).rejects.toThrow(
      '`arn:aws-cn:iam::444455556666:role/r` cannot be assumed',
    );
  });
});
