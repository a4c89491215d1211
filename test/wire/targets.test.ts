/** How the deployed guard's own clients meet AWS that throttles, pages, refuses and loses answers. */
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClientsFor } from '../../shared/runtime/clients.ts';
import { ADAPTERS } from '../../shared/services/index.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';
import type { TargetRef } from '../../shared/targets/target.ts';
import { createWireClients } from './clients.ts';
import { ACCOUNT, clientSettings, REGION, startWire, type Wire } from './server.ts';

const PLACE = { accountId: ACCOUNT, region: REGION };
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const roleNamed = (name: string): TargetRef => ({
  kind: 'iam-principal',
  arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
  ...PLACE,
});
const reader = ADAPTERS['iam-principal'];
const granting = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
  });

let wire: Wire;
let clients: AwsClients;
let alices: AwsClients;
const attemptsAt = (operation: string) =>
  wire.attempts.filter((attempt) => attempt.operation === operation).length;

beforeAll(async () => {
  wire = await startWire();
  vi.stubEnv('AWS_ENDPOINT_URL', wire.endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'GUARD');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
  clients = createClientsFor({ ownAccountId: ACCOUNT })(PLACE);
  alices = createWireClients(wire, 'ALICE')(PLACE);
  await alices.iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: TRUST }));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await wire.close();
});
beforeEach(() => void wire.attempts.splice(0));

describe('the guard’s clients over the wire', () => {
  it('wait and ask again while IAM throttles', async () => {
    wire.fail({
      operation: 'GetRole',
      times: 2,
      how: { code: 'Throttling', status: 400, message: 'Rate exceeded' },
    });

    const snapshot = await reader.read(roleNamed('r'), clients);

    expect(snapshot.exists).toBe(true);
    expect(attemptsAt('GetRole')).toBe(3);
  });

  it('give up after five tries, with a fault that says why', async () => {
    wire.fail({ operation: 'GetRole', times: 5, how: { code: 'ServiceUnavailable', status: 503 } });

    await expect(reader.read(roleNamed('r'), clients)).rejects.toMatchObject({
      code: 'TARGET_FAULT',
      message: expect.stringContaining('ServiceUnavailable'),
    });
    expect(attemptsAt('GetRole')).toBe(5);
  });

  it('do not ask again when AWS denies, and do not take it for absence', async () => {
    const how = { code: 'AccessDenied', status: 403, message: 'is not authorized to perform: iam:GetRole' };
    wire.fail({ operation: 'GetRole', times: 1, how });

    await expect(reader.read(roleNamed('r'), clients)).rejects.toMatchObject({
      code: 'TARGET_FAULT',
      message: expect.stringContaining('not authorized'),
    });
    expect(attemptsAt('GetRole')).toBe(1);
  });

  it('see that a role is not there', async () => {
    expect(await reader.read(roleNamed('nobody'), clients)).toMatchObject({ exists: false, parts: [] });
  });

  it('list every role, page after page by its marker', async () => {
    for (let index = 0; index < 240; index++)
      await alices.iam.send(
        new CreateRoleCommand({ RoleName: `many-${index}`, AssumeRolePolicyDocument: TRUST }),
      );

    const found: string[] = [];
    for await (const { arn } of reader.list(clients, PLACE)) found.push(arn);

    const many = found.filter((arn) => arn.includes('/many-'));
    expect(new Set(many).size).toBe(240);
    expect(many).toHaveLength(240);
    expect(
      wire.attempts.filter(({ operation }) => operation === 'ListRoles').map(({ input }) => input['Marker']),
    ).toEqual([undefined, '100', '200']);
  });

  it('read every inline policy of a role, page after page', async () => {
    for (let index = 0; index < 120; index++)
      await alices.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'r',
          PolicyName: `p-${index}`,
          PolicyDocument: granting(`s3:Get${index}`),
        }),
      );

    const { parts } = await reader.read(roleNamed('r'), clients);

    expect(parts.filter(({ id }) => id.includes('p-'))).toHaveLength(120);
    expect(attemptsAt('ListRolePolicies')).toBe(2);
  });

  it('restore though the answer to the write got lost, since the write does the same again', async () => {
    await alices.iam.send(new CreateRoleCommand({ RoleName: 'restored', AssumeRolePolicyDocument: TRUST }));
    const put = (action: string) =>
      alices.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'restored',
          PolicyName: 'own',
          PolicyDocument: granting(action),
        }),
      );
    await put('s3:GetObject');
    const accepted = await reader.read(roleNamed('restored'), clients);
    await put('*');
    const from = await reader.read(roleNamed('restored'), clients);
    wire.attempts.splice(0);
    wire.fail({ operation: 'PutRolePolicy', times: 1, how: 'lost' });

    const outcome = await reader.restore({ accepted, from }, clients);

    expect(outcome.kind).toBe('restored');
    expect(attemptsAt('PutRolePolicy')).toBe(2);
    expect((await reader.read(roleNamed('restored'), clients)).contentHash).toBe(accepted.contentHash);
  });

  it('get an error by the name that its service gives it', async () => {
    const absent = { KeyId: '00000000-0000-4000-8000-000000000000', Policy: granting('kms:*') };

    await expect(alices.kms.send(new PutKeyPolicyCommand(absent))).rejects.toMatchObject({
      name: 'NotFoundException',
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it('reach another account by a role in it, and no other', async () => {
    const member = '444455556666';
    const sts = new STSClient(clientSettings(wire));
    const { Credentials: keys } = await sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${member}:role/ratchet/reader`, RoleSessionName: 's' }),
    );
    const theirs = createWireClients(wire, keys?.AccessKeyId ?? '')({ ...PLACE, accountId: member });
    await theirs.iam.send(new CreateRoleCommand({ RoleName: 'there', AssumeRolePolicyDocument: TRUST }));
    const there = { ...roleNamed('there'), arn: `arn:aws:iam::${member}:role/there`, accountId: member };

    expect((await reader.read(there, theirs)).exists).toBe(true);
    expect((await reader.read(there, clients)).exists).toBe(false);
    expect(wire.records.at(-1)).toMatchObject({
      eventName: 'CreateRole',
      recipientAccountId: member,
      userIdentity: { arn: `arn:aws:sts::${member}:assumed-role/reader/s` },
    });
  });
});
