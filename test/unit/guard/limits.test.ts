/** Kinds whose documents grant nothing by themselves: limits and blocks. And grants beside a policy. */

import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { NOTHING_KNOWN } from '../../../shared/consequences/holder.ts';
import { judgeRemains } from '../../../shared/guard/judge/judgeRemains.ts';
import { judgeStep } from '../../../shared/guard/judge/judgeStep.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { trustAnchorDocument } from '../../../shared/services/iam/identityProviderDocument.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { grantDocument } from '../../../shared/services/kms/kmsGrantDocument.ts';
import {
  type PublicAccessBlock,
  publicAccessDocument,
} from '../../../shared/services/s3/publicAccessDocument.ts';
import type { AwsClients } from '../../../shared/targets/clients.ts';
import { sharingDocument } from '../../../shared/targets/sharingDocument.ts';
import { absentSnapshot, documentPart, makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetKind, TargetPart } from '../../../shared/targets/target.ts';

const ACCOUNT = '111122223333';
const engine = createEngine({ solver: 'atoms', linkPrincipal: true });

function holding(kind: TargetKind, arn: string, parts: readonly TargetPart[]): Snapshot {
  return makeSnapshot({
    target: { kind, arn, accountId: ACCOUNT, region: 'eu-west-1' },
    exists: true,
    parts,
  });
}

/** Knows nothing of what lies beside the target. */
const NOBODY = {
  knowledge: async () => NOTHING_KNOWN,
  permissionSetGrade: async () => undefined,
  uniqueIdsOf: async () => [],
  isClosedBucket: async () => false,
};

async function judged(after: Snapshot, before?: Snapshot) {
  const adapter = ADAPTERS[after.target.kind];
  const answers = await judgeStep(
    { before: before ?? absentSnapshot(after.target), after, basis: before === undefined ? 'lists' : 'step' },
    { engine, config: defaultConfig(), adapter, ...NOBODY },
  );
  const checks = answers.map(({ check }) => check).filter((check) => check !== 'dormant-access');
  return { answers, failed: answers.map((answer) => ({ check: answer.check, verdict: answer })), checks };
}

const text = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

describe('an endpoint policy', () => {
  const endpoint = (...statements: readonly object[]) =>
    holding('vpc-endpoint-policy', `arn:aws:ec2:eu-west-1:${ACCOUNT}:vpc-endpoint/vpce-1`, [
      { id: 'document', role: 'limit', document: text(...statements) },
    ]);
  const all = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
  const own = { ...all, Action: 's3:*', Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } } };

  it('that lets everything pass grants nothing, so nothing of it is public or critical', async () => {
    expect((await judged(endpoint(all))).checks).toEqual([]);
  });

  it('that lets more pass is new access to what others grant', async () => {
    const { failed } = await judged(endpoint(all), endpoint(own));

    expect(failed).toMatchObject([
      {
        check: 'no-new-access',
        verdict: {
          result: 'FAIL',
          notes: [expect.stringContaining('may be granted by')],
        },
      },
    ]);
  });

  it.each([
    ['gateway-limit', ['no-new-access']],
    ['interface-limit', []],
    ['limit', ['no-new-access']],
  ] as const)(
    'of a %s that names a role in the place of its account is judged by %j',
    async (role, checks) => {
      const asOf = (statement: object) =>
        holding('vpc-endpoint-policy', `arn:aws:ec2:eu-west-1:${ACCOUNT}:vpc-endpoint/vpce-1`, [
          { id: 'document', role, document: text(statement) },
        ]);
      const account = { ...all, Principal: { AWS: ACCOUNT } };
      const one = {
        ...all,
        Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/app` } },
      };

      expect((await judged(asOf(one), asOf(account))).checks).toEqual(checks);
    },
  );

  it('that lets less pass is nothing new, nor is one that is said otherwise', async () => {
    expect((await judged(endpoint(own), endpoint(all))).checks).toEqual([]);
    expect(
      (await judged(endpoint({ ...own, Action: ['s3:*', 's3:GetObject'] }), endpoint(own))).checks,
    ).toEqual([]);
  });
});

describe('a bucket policy that loses a Deny and gains an Allow', () => {
  const bucket = (...statements: readonly object[]) =>
    holding('bucket-policy', 'arn:aws:s3:::reports', [
      { id: 'document', role: 'resource', document: text(...statements) },
    ]);
  const objects = 'arn:aws:s3:::reports/*';
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: objects };
  const allow = {
    Effect: 'Allow',
    Principal: { AWS: '444455556666' },
    Action: 's3:GetObject',
    Resource: objects,
  };
  const read = { ...allow, Principal: { AWS: ACCOUNT } };

  it('adds what the Deny stopped too, so that it is not forgotten when the Allow goes', async () => {
    const { answers } = await judged(bucket(read, allow), bucket(read, deny));

    expect(answers.map(({ isBeside, witness }) => [isBeside === true, witness?.action])).toContainEqual([
      true,
      's3:DeleteObject',
    ]);
  });

  it('adds nothing beside where the Deny stays', async () => {
    const { answers } = await judged(bucket(read, allow, deny), bucket(read, deny));

    expect(answers.filter(({ isBeside }) => isBeside)).toEqual([]);
  });
});

describe('a profile of Roles Anywhere', () => {
  const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
  const arn = `arn:aws:rolesanywhere:eu-west-1:${ACCOUNT}:profile/p`;
  const target = { kind: 'roles-anywhere-profile', arn, accountId: ACCOUNT, region: 'eu-west-1' } as const;
  const all = text({ Effect: 'Allow', Action: '*', Resource: '*' });
  const narrow = text({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
  const profile = (...roles: readonly string[]) => ({ enabled: true, roleArns: roles.map(role) });
  const read = (held: object) => {
    const rolesAnywhere = { send: async () => ({ profile: held }) };
    const clients = { rolesAnywhere } as unknown as AwsClients; // Of the others none is called.
    return ADAPTERS['roles-anywhere-profile'].read(target, clients);
  };
  const from = async (before: object, after: object) => judged(await read(after), await read(before));

  it('grants nothing, so nothing of it is critical', async () => {
    expect((await judged(await read({ ...profile('A'), sessionPolicy: all }))).checks).toEqual([]);
  });

  it.each([
    ['a role gained', profile('A'), profile('A', 'B'), 'sts:AssumeRole'],
    ['a first role', profile(), profile('A'), 'sts:AssumeRole'],
    [
      'a role gained where the session policy lets everything pass',
      { ...profile('A'), sessionPolicy: all },
      { ...profile('A', 'B'), sessionPolicy: all },
      'sts:AssumeRole',
    ],
    ['a session policy lost', { ...profile('A'), sessionPolicy: narrow }, profile('A'), ''],
    ['being switched on', { ...profile('A'), enabled: false }, profile('A'), ''],
  ])('that differs by %s gives new access to what its roles grant', async (_, before, after, action) => {
    const { failed } = await from(before, after);

    expect(failed).toMatchObject([
      {
        check: 'no-new-access',
        verdict: {
          result: 'FAIL',
          witness: { action: expect.stringContaining(action) },
          notes: [expect.stringContaining('may be granted by the policies of its roles')],
        },
      },
    ]);
  });

  it.each([
    ['a role lost', profile('A', 'B'), profile('A')],
    ['a session policy gained', profile('A'), { ...profile('A'), sessionPolicy: narrow }],
    ['being switched off', profile('A'), { ...profile('A', 'B'), enabled: false }],
    ['a session policy that says what none said', profile('A'), { ...profile('A'), sessionPolicy: all }],
  ])('that differs by %s gives none', async (_, before, after) => {
    expect((await from(before, after)).checks).toEqual([]);
  });
});

describe('a trust anchor', () => {
  const arn = `arn:aws:rolesanywhere:eu-west-1:${ACCOUNT}:trust-anchor/t`;
  const acmPcaArn = `arn:aws:acm-pca:eu-west-1:${ACCOUNT}:certificate-authority/1`;
  const anchor = (...revokedBy: readonly string[]) =>
    holding(
      'roles-anywhere-trust-anchor',
      arn,
      documentPart(trustAnchorDocument(arn, { sourceData: { acmPcaArn }, revokedBy })),
    );

  it('that lost a list of revoked certificates lets in whom the list named', async () => {
    expect((await judged(anchor('crl-1'), anchor('crl-1', 'crl-2'))).checks).toContain('no-new-access');
  });

  it('that gained one lets in nobody new', async () => {
    const { checks } = await judged(anchor('crl-1', 'crl-2'), anchor('crl-1'));

    expect(checks).not.toContain('no-new-access');
  });
});

describe('a policy of a REST API', () => {
  const api = (parts: readonly TargetPart[]) =>
    holding('rest-api-policy', 'arn:aws:apigateway:eu-west-1::/restapis/a1', parts);
  const limit: TargetPart = {
    id: 'document',
    role: 'limit',
    document: text({
      Effect: 'Allow',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
    }),
  };

  it('that goes away is new access, and that comes is none', async () => {
    expect((await judged(api([]), api([limit]))).checks).toEqual(['no-new-access']);
    expect((await judged(api([limit]), api([]))).checks).toEqual([]);
  });

  it('says the same in short and in full', async () => {
    const saying = (Resource: string) =>
      api([
        {
          id: 'document',
          role: 'limit',
          document: text({
            Effect: 'Allow',
            Principal: { AWS: ACCOUNT },
            Action: 'execute-api:Invoke',
            Resource,
          }),
        },
      ]);
    const full = saying(`arn:aws:execute-api:eu-west-1:${ACCOUNT}:a1/prod/*`);
    const short = saying('execute-api:/prod/*');

    expect((await judged(short, full)).checks).toEqual([]);
    expect((await judged(full, short)).checks).toEqual([]);
  });
});

describe('a public access block', () => {
  const ON: PublicAccessBlock = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  const bucket = 'arn:aws:s3:::reports';
  const blocked = (block: PublicAccessBlock) =>
    holding(
      'bucket-public-access-block',
      bucket,
      documentPart(publicAccessDocument(block, { accountId: ACCOUNT, resources: [bucket, `${bucket}/*`] })),
    );

  it('that is off at first sight is no finding: it lets in nobody by itself', async () => {
    expect((await judged(blocked({}))).checks).toEqual([]);
  });

  it.each(['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const)(
    'is told by the name of %s when that alone goes off, whatever else is on',
    async (flag) => {
      const { failed } = await judged(blocked({ ...ON, [flag]: false }), blocked(ON));

      expect(failed).toMatchObject([{ check: 'no-new-access', verdict: { result: 'FAIL' } }]);
      expect(JSON.stringify(failed)).toContain(flag);
    },
  );

  it('is new access iff a flag goes off, over all pairs of states', async () => {
    const states = Array.from(
      { length: 16 },
      (_, bits): PublicAccessBlock => ({
        BlockPublicAcls: (bits & 1) > 0,
        IgnorePublicAcls: (bits & 2) > 0,
        BlockPublicPolicy: (bits & 4) > 0,
        RestrictPublicBuckets: (bits & 8) > 0,
      }),
    );
    const wrong: object[] = [];
    for (const before of states) {
      for (const after of states) {
        const goesOff = Object.entries(before).some(
          ([flag, on]) => on && !Object.entries(after).some(([name, still]) => name === flag && still),
        );
        const { checks } = await judged(blocked(after), blocked(before));
        if (checks.includes('no-new-access') !== goesOff) wrong.push({ before, after });
      }
    }

    expect(wrong).toEqual([]);
  });

  it('that goes on is nothing new', async () => {
    expect((await judged(blocked(ON), blocked({}))).checks).toEqual([]);
  });

  it('is still open for a finding while what it kept out is let in, and no longer when it is kept out', async () => {
    const [addition] = (await judged(blocked({}), blocked(ON))).answers;
    if (addition === undefined) throw new Error('a block that goes off is new access');
    const dependencies = {
      engine,
      config: defaultConfig(),
      adapter: ADAPTERS['bucket-public-access-block'],
      ...NOBODY,
    };
    const left = (live: Snapshot) =>
      judgeRemains({ addition, before: blocked(ON), after: blocked({}), live }, dependencies);

    expect(await left(blocked({ ...ON, BlockPublicAcls: false }))).toBe('granted');
    expect(await left(blocked(ON))).toBe('gone');
  });
});

describe('a sharing list', () => {
  it('is new access iff somebody is on it who was not let in before, over all pairs of lists', async () => {
    const organization = `arn:aws:organizations::${ACCOUNT}:organization/o-a1b2c3d4e5`;
    const unit = `arn:aws:organizations::${ACCOUNT}:ou/o-a1b2c3d4e5/ou-ab12-cd34ef56`;
    const sharees = ['all', '444455556666', organization, unit];
    const lists = [[], ...sharees.map((one) => [one]), sharees.slice(0, 2), sharees.slice(1, 3)];
    const image = (list: readonly string[]) =>
      holding(
        'ec2-image-sharing',
        'arn:aws:ec2:eu-west-1::image/ami-1',
        list.map(
          (sharee): TargetPart => ({
            id: `shared-with:${sharee}`,
            role: 'resource',
            document: sharingDocument(sharee, {
              actions: ['ec2:RunInstances'],
              resource: 'arn:aws:ec2:eu-west-1::image/ami-1',
            }),
          }),
        ),
      );
    const wrong: object[] = [];
    for (const before of lists) {
      for (const after of lists) {
        const { checks } = await judged(image(after), image(before));
        const isLetIn = (sharee: string) =>
          before.includes('all') ||
          before.includes(sharee) ||
          (sharee === unit && before.includes(organization));
        const added = !after.every(isLetIn);
        if (checks.includes('no-new-access') !== added) wrong.push({ before, after });
      }
    }

    expect(wrong).toEqual([]);
  });
});

describe('a grant on a key', () => {
  const arn = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234`;
  const own = text({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'kms:*',
    Resource: '*',
  });
  const key = (...grantees: readonly string[]) =>
    holding('kms-key', arn, [
      ...documentPart(own),
      ...grantees.map(
        (GranteePrincipal, index): TargetPart => ({
          id: `grant:${index}`,
          role: 'resource',
          document: grantDocument({ GranteePrincipal, Operations: ['Decrypt'] }, arn),
        }),
      ),
    ]);

  it('to a role of the account is new: the key policy leaves that to IAM policies, a grant needs none', async () => {
    expect((await judged(key(`arn:aws:iam::${ACCOUNT}:role/app`), key())).checks).toEqual(['no-new-access']);
  });

  it('to another account is new, and external', async () => {
    expect((await judged(key('arn:aws:iam::444455556666:role/reader'), key())).checks).toEqual([
      'no-external-access',
      'no-new-access',
    ]);
  });

  it('counts as it is, while of the key’s own policy only calls that AWS documents do', async () => {
    const odd = text(
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
      { Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 's3:GetObject', Resource: arn },
    );
    const { answers } = await judged(holding('kms-key', arn, documentPart(odd)), key());
    const granted = await judged(key('arn:aws:iam::444455556666:role/reader'), key());

    expect(answers.map(({ possible, grade }) => [possible, grade])).toEqual(
      answers.map(() => [false, 'INFO']),
    );
    expect(granted.answers.map(({ possible }) => possible)).toEqual([true, true]);
  });

  it('to somebody who is not known leaves the key unjudged', async () => {
    expect((await judged(key(''), key())).checks).toEqual(['document']);
  });
});
