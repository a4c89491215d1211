import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { assumedRole } from '../../../shared/runtime/assumedRole.ts';

const ROLE = 'arn:aws:iam::444455556666:role/ratchet/ratchet-read';
const START = Date.parse('2026-10-01T00:00:00Z');
const sts = mockClient(STSClient);
const given = (AccessKeyId: string, minutes: number) => ({
  Credentials: {
    AccessKeyId,
    SecretAccessKey: 'x',
    SessionToken: 'y',
    Expiration: new Date(START + minutes * 60_000),
  },
});

beforeEach(() => {
  sts.reset();
});

describe('assumedRole', () => {
  it('asks once for all who ask at once, and shows the external id', async () => {
    sts.on(AssumeRoleCommand).resolves(given('ASIA1', 60));
    const credentials = assumedRole(ROLE, { externalId: 'ratchet' }, () => START);

    const [one, other] = await Promise.all([credentials(), credentials()]);

    expect(one).toMatchObject({ accessKeyId: 'ASIA1', secretAccessKey: 'x', sessionToken: 'y' });
    expect(other).toBe(one);
    expect(sts.calls().map(({ args: [{ input }] }) => input)).toEqual([
      { RoleArn: ROLE, RoleSessionName: 'ratchet', ExternalId: 'ratchet' },
    ]);
  });

  it('asks again, once, when what it has ends soon', async () => {
    sts.on(AssumeRoleCommand).resolvesOnce(given('ASIA1', 60)).resolvesOnce(given('ASIA2', 120));
    let now = START;
    const credentials = assumedRole(ROLE, {}, () => now);
    await credentials();

    now += 49 * 60_000;
    expect((await credentials()).accessKeyId).toBe('ASIA1');
    now += 60_000;
    const renewed = await Promise.all([credentials(), credentials()]);

    expect(renewed.map(({ accessKeyId }) => accessKeyId)).toEqual(['ASIA2', 'ASIA2']);
    expect(sts.calls()).toHaveLength(2);
  });

  it('names the role that is refused, and tries again the next time', async () => {
    sts.on(AssumeRoleCommand).rejectsOnce('AccessDenied').resolves(given('ASIA1', 60));
    const credentials = assumedRole(ROLE, {}, () => START);

    await expect(credentials()).rejects.toThrow(
      `\`${ROLE}\` cannot be assumed; deploy the members' template into its account`,
    );
    expect(await credentials()).toMatchObject({ accessKeyId: 'ASIA1' });
  });

  it('takes no answer without credentials', async () => {
    sts.on(AssumeRoleCommand).resolves({});

    await expect(assumedRole(ROLE)()).rejects.toThrow('cannot be assumed');
  });
});
