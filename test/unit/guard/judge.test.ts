import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { type Basis, judge } from '../../../shared/guard/judge.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { absentSnapshot, makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetPart, TargetRef } from '../../../shared/targets/target.ts';

const ACCOUNT = '111122223333';
const engine = createEngine({ solver: 'atoms', linkPrincipal: true });

type Element = { readonly [element: string]: unknown };

function document(...statements: readonly Element[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

const ARNS = {
  'managed-policy': `arn:aws:iam::${ACCOUNT}:policy/Deploy`,
  'iam-principal': `arn:aws:iam::${ACCOUNT}:role/Deploy`,
  'role-trust': `arn:aws:iam::${ACCOUNT}:role/Deploy`,
  'bucket-policy': 'arn:aws:s3:::reports',
  'lambda-function-policy': `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:report`,
};

type Kind = keyof typeof ARNS;

function refOf(kind: Kind): TargetRef {
  return { kind, arn: ARNS[kind], accountId: ACCOUNT, region: 'eu-west-1' };
}

function snapshotOf(kind: Kind, parts: readonly TargetPart[]): Snapshot {
  return makeSnapshot({ target: refOf(kind), exists: true, parts });
}

function single(kind: Kind, ...statements: readonly Element[]): Snapshot {
  const role = ADAPTERS[kind].policyType === 'RESOURCE_POLICY' ? 'resource' : 'grant';
  return snapshotOf(kind, [{ id: 'document', role, document: document(...statements) }]);
}

const policyPart = (id: string, role: TargetPart['role'], ...statements: readonly Element[]): TargetPart => ({
  id,
  role,
  document: document(...statements),
});

/** Each check's answer, `new` or `known` beside a FAIL. */
async function answers(
  snapshot: Snapshot,
  accepted?: Snapshot,
  basis: Basis = accepted === undefined ? 'first-seen' : 'accepted',
) {
  const judgement = await judge(
    { snapshot, accepted, basis, openFindings: [] },
    { engine, config: defaultConfig(), adapter: ADAPTERS[snapshot.target.kind] },
  );
  return Object.fromEntries(
    judgement.assessments.map(({ check, verdict, isNew }) => [
      check,
      verdict.result === 'FAIL' ? `FAIL ${isNew ? 'new' : 'known'}` : verdict.result,
    ]),
  );
}

const ADMINISTRATOR = { Effect: 'Allow', Action: '*', Resource: '*' };
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const OWN_ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const bucketRead = (Principal: unknown, more: Element = {}) => ({
  ...READ,
  Resource: 'arn:aws:s3:::reports/*',
  Principal,
  ...more,
});

describe('a principal', () => {
  const role = (...parts: readonly TargetPart[]) => snapshotOf('iam-principal', parts);

  it('that is granted by a second policy what a first one granted gets nothing new', async () => {
    const before = role(policyPart('inline:a', 'grant', READ));
    const after = role(policyPart('inline:a', 'grant', READ), policyPart('attached:b', 'grant', READ));

    expect(await answers(after, before)).toMatchObject({ 'no-new-access': 'PASS' });
  });

  it('that loses a Deny gets new access', async () => {
    const deny = policyPart('inline:deny', 'grant', { ...READ, Effect: 'Deny' });
    const before = role(policyPart('inline:a', 'grant', READ), deny);

    expect(await answers(role(policyPart('inline:a', 'grant', READ)), before)).toMatchObject({
      'no-new-access': 'FAIL new',
    });
  });

  it('that loses its boundary gets new access', async () => {
    const grant = policyPart('inline:a', 'grant', { ...READ, Action: 's3:*' });
    const before = role(grant, policyPart('boundary:b', 'boundary', READ));

    expect(await answers(role(grant), before)).toMatchObject({ 'no-new-access': 'FAIL new' });
  });

  it('whose attached policy changed its text gets nothing new of its own; attaching does', async () => {
    const attached = (...statements: readonly Element[]) =>
      policyPart('attached:arn:aws:iam::111122223333:policy/p', 'grant', ...statements);

    expect(await answers(role(attached(ADMINISTRATOR)), role(attached(READ)))).toEqual({
      'no-new-access': 'PASS',
      'access-not-granted': 'FAIL known',
    });
    expect(await answers(role(attached(ADMINISTRATOR)), role())).toMatchObject({
      'no-new-access': 'FAIL new',
    });
  });

  it('that is a group and loses a Deny widens what its members can do', async () => {
    const group = (...parts: readonly TargetPart[]) =>
      makeSnapshot({
        target: { ...refOf('iam-principal'), arn: `arn:aws:iam::${ACCOUNT}:group/Staff` },
        exists: true,
        parts,
      });

    expect(
      await answers(group(), group(policyPart('inline:deny', 'grant', { ...READ, Effect: 'Deny' }))),
    ).toMatchObject({
      'no-new-access': 'FAIL new',
    });
  });

  it('administrator policies behind a boundary without administration are not critical', async () => {
    const grant = policyPart('attached:admin', 'grant', ADMINISTRATOR);

    expect(await answers(role(grant, policyPart('boundary:b', 'boundary', READ)))).toEqual({
      'access-not-granted': 'PASS',
    });
    expect(await answers(role(grant))).toEqual({ 'access-not-granted': 'FAIL new' });
  });

  it('with a part that AWS does not show is UNKNOWN, whatever the others say', async () => {
    const hidden: TargetPart = { id: 'attached:b', role: 'grant', document: undefined };

    expect(await answers(role(policyPart('inline:a', 'grant', ADMINISTRATOR), hidden))).toEqual({
      document: 'UNKNOWN',
    });
  });

  it('with a part that does not parse is UNKNOWN', async () => {
    const broken: TargetPart = {
      id: 'inline:b',
      role: 'grant',
      document: '{"Statement":[{"Effect":"Allow"',
    };

    expect(await answers(role(broken), role())).toEqual({ document: 'UNKNOWN' });
  });

  it('with a statement that nobody can read is judged by the others, and that one is UNKNOWN', async () => {
    const odd = policyPart('inline:b', 'grant', { ...READ, Condition: { a: {} } });
    const all = policyPart('inline:a', 'grant', { ...READ, Action: '*' });

    expect(await answers(role(odd), role())).toMatchObject({ 'no-new-access': 'UNKNOWN' });
    expect(await answers(role(odd, all), role())).toMatchObject({ 'no-new-access': 'FAIL new' });
  });

  it('is judged against the lists alone while it is set up', async () => {
    const after = role(policyPart('inline:a', 'grant', READ));

    expect(await answers(after, role(), 'setup-window')).toEqual({ 'access-not-granted': 'PASS' });
  });
});

describe('an API’s policy', () => {
  it('says the same in short and in full', async () => {
    const target: TargetRef = {
      kind: 'rest-api-policy',
      arn: 'arn:aws:apigateway:eu-west-1::/restapis/abc',
      accountId: ACCOUNT,
      region: 'eu-west-1',
    };
    const api = (Resource: string) => {
      const statement = {
        Effect: 'Allow',
        Principal: { AWS: ACCOUNT },
        Action: 'execute-api:Invoke',
        Resource,
      };
      return makeSnapshot({ target, exists: true, parts: [policyPart('document', 'limit', statement)] });
    };
    const full = `arn:aws:execute-api:eu-west-1:${ACCOUNT}:abc/prod/*`;

    expect(await answers(api(full), api('execute-api:/prod/*'))).toMatchObject({ 'no-new-access': 'PASS' });
    expect(await answers(api('execute-api:/prod/*'), api(full))).toMatchObject({ 'no-new-access': 'PASS' });
  });
});

describe('a managed policy', () => {
  it('that loses a Deny widens what its holders can do, though it grants nothing itself', async () => {
    const before = single('managed-policy', { ...READ, Effect: 'Deny' });

    expect(
      await answers(single('managed-policy', { ...READ, Effect: 'Deny', Action: 's3:PutObject' }), before),
    ).toMatchObject({
      'no-new-access': 'FAIL new',
    });
  });

  it('that gains a Deny is nothing new', async () => {
    const before = single('managed-policy', READ);

    expect(await answers(single('managed-policy', READ, { ...READ, Effect: 'Deny' }), before)).toMatchObject({
      'no-new-access': 'PASS',
    });
  });
});

describe('full administration, as the default list says it', () => {
  const critical = async (...statements: readonly Element[]) =>
    (await answers(single('managed-policy', ...statements)))['access-not-granted'];

  const granted: readonly (readonly [name: string, statement: Element])[] = [
    ['everything on everything', ADMINISTRATOR],
    ['all of IAM', { Effect: 'Allow', Action: 'iam:*', Resource: '*' }],
    [
      'writing the policies of any role of the account',
      { Effect: 'Allow', Action: 'iam:PutRolePolicy', Resource: `arn:aws:iam::${ACCOUNT}:role/*` },
    ],
    ['everything but billing', { Effect: 'Allow', NotAction: 'aws-portal:*', Resource: '*' }],
  ];
  for (const [name, statement] of granted) {
    it(`${name} is`, async () => {
      expect(await critical(statement)).toBe('FAIL new');
    });
  }

  const others: readonly (readonly [name: string, statement: Element])[] = [
    [
      'everything but IAM',
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
    ],
    ['reading IAM', { Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' }],
    [
      'writing the policies of roles with a prefix',
      { Effect: 'Allow', Action: 'iam:PutRolePolicy', Resource: `arn:aws:iam::${ACCOUNT}:role/app-*` },
    ],
    [
      'keys of one’s own',
      { Effect: 'Allow', Action: 'iam:CreateAccessKey', Resource: `arn:aws:iam::*:user/\${aws:username}` },
    ],
  ];
  for (const [name, statement] of others) {
    it(`${name} is not`, async () => {
      expect(await critical(statement)).toBe('PASS');
    });
  }
});

describe('a bucket policy', () => {
  it('that lets in the own account is neither public nor external', async () => {
    expect(await answers(single('bucket-policy', bucketRead(OWN_ROOT)))).toEqual({
      'no-public-access': 'PASS',
      'no-external-access': 'PASS',
    });
  });

  it('that lets in another account is external', async () => {
    expect(await answers(single('bucket-policy', bucketRead({ AWS: '444455556666' })))).toEqual({
      'no-public-access': 'PASS',
      'no-external-access': 'FAIL new',
    });
  });

  it('that was public and is public for the same request is nothing new', async () => {
    const before = single('bucket-policy', bucketRead('*'));
    const after = single('bucket-policy', bucketRead('*'), bucketRead(OWN_ROOT));

    expect(await answers(after, before)).toEqual({
      'no-new-access': 'PASS',
      'no-public-access': 'FAIL known',
      'no-external-access': 'FAIL known',
    });
  });

  it('that was public for reading and is public for writing is new', async () => {
    const before = single('bucket-policy', bucketRead('*'));
    const after = single('bucket-policy', bucketRead('*', { Action: 's3:PutObject' }));

    expect(await answers(after, before)).toEqual({
      'no-new-access': 'FAIL new',
      'no-public-access': 'FAIL new',
      'no-external-access': 'FAIL new',
    });
  });

  it('that loses a Deny is new access for the own account, though the policy alone grants nothing', async () => {
    const insecure = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const before = single('bucket-policy', bucketRead('*', { Effect: 'Deny', Action: 's3:*', ...insecure }));

    expect(await answers(snapshotOf('bucket-policy', []), before)).toMatchObject({
      'no-new-access': 'FAIL new',
    });
  });

  it('that keeps its Deny and says it otherwise is nothing new', async () => {
    const before = single('bucket-policy', bucketRead('*', { Effect: 'Deny', Action: 's3:GetObject' }));
    const after = single('bucket-policy', bucketRead('*', { Effect: 'Deny', Action: 's3:Get*' }));

    expect(await answers(after, before)).toMatchObject({ 'no-new-access': 'PASS' });
  });

  it('of a bucket that is gone takes nothing from anybody', async () => {
    const before = single('bucket-policy', bucketRead('*', { Effect: 'Deny' }));

    expect(await answers(absentSnapshot(refOf('bucket-policy')), before)).toMatchObject({
      'no-new-access': 'PASS',
    });
  });
});

describe('a trust policy', () => {
  const trust = (Principal: unknown) =>
    single('role-trust', { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' });

  it('of an AWS service is within the zone of trust', async () => {
    expect(await answers(trust({ Service: 'ec2.amazonaws.com' }))).toEqual({
      'no-public-access': 'PASS',
      'no-external-access': 'PASS',
    });
  });

  it('of another account is external, and new where it was not there', async () => {
    expect(await answers(trust({ AWS: '444455556666' }), trust({ Service: 'ec2.amazonaws.com' }))).toEqual({
      'no-new-access': 'FAIL new',
      'no-public-access': 'PASS',
      'no-external-access': 'FAIL new',
    });
  });

  it('that loses a Deny is not new access for those it never named', async () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' };

    expect(await answers(snapshotOf('role-trust', []), single('role-trust', deny))).toMatchObject({
      'no-new-access': 'PASS',
    });
  });
});
