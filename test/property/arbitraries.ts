// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies hold variables of their own
/** Policies and requests of a vocabulary so small that they meet in every way the language has. */

import fc from 'fast-check';
import { isGranted } from '../../shared/checks/noNewAccess.ts';
import { allReadings } from '../../shared/checks/underReadings.ts';
import { ID } from '../../shared/encoder/linkedUserId.ts';
import type { Request } from '../../shared/evaluator/request.ts';
import type { Model } from '../../shared/formula/formula.ts';
import type { Policy, PolicyType, Syntax } from '../../shared/policy/ast.ts';
import { isSingleValued } from '../../shared/policy/cardinality.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import type { PolicySet } from '../../shared/policy/policySet.ts';
import { toSet } from '../../shared/policy/policySet.ts';

/** A policy document before it is text. */
export type Document = { readonly Version?: string; readonly Statement: readonly DocumentStatement[] };

export type DocumentStatement = { readonly [element: string]: unknown };

const oneOrMore = (texts: readonly string[]): fc.Arbitrary<string | string[]> =>
  fc.oneof(
    fc.constantFrom(...texts),
    fc.uniqueArray(fc.constantFrom(...texts), { minLength: 1, maxLength: 3 }),
  );

export const ACTIONS = [
  's3:Get',
  'S3:GET',
  's3:Put',
  's3:G?t',
  's3:G*',
  's3:*',
  's*:Get',
  '*:Get',
  '*',
  'a*',
  '??:Get',
  'ec2:Get',
];

export const RESOURCES = [
  '*',
  'arn:aws:s3:::b',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b/?',
  'arn:aws:s3:::b/home/*',
  'arn:aws:s3:::b/home/a',
  'arn:aws:s3:::b/${aws:username}',
  'arn:aws:s3:::b/${aws:username}/*',
  'arn:aws:s3:::b/${aws:username}/${aws:username}',
  "arn:aws:s3:::b/${k, 'd'}",
  'arn:aws:s3:::b/${*}',
  'arn:aws:s3::${k}:b',
  'arn:aws:s3:::b/${aws:PrincipalAccount}/*',
  'arn:aws:s3:::b/${aws:userid}',
  'arn:aws:s3:::b/${aws:PrincipalArn}',
  'arn:aws:sqs:eu-west-1',
  'arn:aws:sqs:eu-west-1:111122223333:q',
  'arn:aws:s3:*:*:b',
  'arn:aws:s3:*',
  'arn:aws:*:::*',
  'arn:*',
  'arn:aws:s3:::b:c',
  'arn:aws:s3',
  'arn:aws:s3::b',
  'x:aws:s3:::b',
  'arn:aws:s3:*:b:b',
  'arn:aws:*:b:*',
  'execute-api:/s/*',
  'execute-api:/s/GET/?',
  'arn:aws:execute-api:*:*:a/s/GET/p',
];

const AWS_PRINCIPALS = [
  '*',
  '111122223333',
  'arn:aws:iam::444455556666:root',
  'arn:aws:iam::111122223333:role/R',
  'arn:aws:iam::111122223333:role/p/R',
  'arn:aws:iam::111122223333:user/a',
  'arn:aws:sts::111122223333:assumed-role/R/a',
  'arn:aws:sts::111122223333:federated-user/a',
  'AROAEXAMPLEEXAMPLE01',
];

const principals: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant('*'),
  fc.record({ AWS: oneOrMore(AWS_PRINCIPALS) }),
  fc.record({ AWS: oneOrMore(AWS_PRINCIPALS), Service: fc.constantFrom('a.amazonaws.com', '*') }),
  fc.record({ Federated: fc.constantFrom('a', 'b') }),
  fc.record({ CanonicalUser: fc.constant('a') }),
);

/** Keys of every type; the last ones are members of every object. */
export const KEYS = [
  'k',
  'K',
  'aws:username',
  'aws:SourceIp',
  'aws:PrincipalArn',
  'aws:PrincipalAccount',
  'aws:PrincipalType',
  'aws:PrincipalIsAWSService',
  'aws:userid',
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:PrincipalServiceNamesList',
  'aws:PrincipalServiceName',
  'aws:ResourceAccount',
  'aws:CurrentTime',
  'aws:SecureTransport',
  's3:max-keys',
  'aws:PrincipalTag/t',
  'aws:TagKeys',
  'constructor',
  '__proto__',
];

/** Keys that say who asks, or whose the resource is. */
export const LINKED_KEYS = [
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:username',
  'aws:userid',
  'aws:resourceaccount',
];

const TEXTS = [
  'a',
  'A',
  'ab',
  '',
  'a*',
  '*',
  '?',
  '1',
  '1.0',
  'true',
  '10.0.0.1',
  '2026-01-01',
  'YQ==',
  'd',
  'é',
  'É',
  'a:b',
];
const ARNS = [
  'arn:aws:iam::111122223333:user/a',
  'arn:aws:iam::111122223333:role/*',
  'arn:aws:iam::*:user/${aws:username}',
  'arn:aws:iam::${k}:user/a',
  'arn:aws:iam::${aws:PrincipalAccount}:role/*',
  'arn:*',
  'a',
];
const NUMBERS = ['0', '1', '1.0', '1e2', '0.1', '0.10', '-1', '99.5'];
const DATES = ['2026-01-01T00:00:00Z', '2026-01-01', '1767225600', '2026-01-01T01:00:00+01:00', '2027'];
const ADDRESSES = ['10.0.0.0/8', '10.0.0.1', '10.0.0.0/31', '0.0.0.0/0', '::/0', '2001:db8::/32'];
const ACCOUNTS = ['111122223333', '4444*', '*', '${aws:PrincipalAccount}', '${aws:ResourceAccount}'];
const TYPES = ['User', 'AssumedRole', 'Account', 'A*'];
const IDS = ['*:a', 'AROA*:?', '111122223333:*', 'anonymous', '*.amazonaws.com'];

const FAMILIES: readonly { readonly names: readonly string[]; readonly values: readonly string[] }[] = [
  {
    names: ['StringEquals', 'StringNotEquals'],
    values: [...TEXTS, ...ACCOUNTS, '${aws:username}', "${k, 'd'}"],
  },
  {
    names: ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
    values: [...TEXTS, '${aws:username}', 'USER'],
  },
  {
    names: ['StringLike', 'StringNotLike'],
    values: [...TEXTS, ...ARNS, ...ACCOUNTS, ...TYPES, ...IDS, '${aws:username}*', "${k, 'd'}", '*${k}*'],
  },
  { names: ['ArnLike', 'ArnEquals', 'ArnNotLike', 'ArnNotEquals'], values: ARNS },
  {
    names: [
      'NumericEquals',
      'NumericNotEquals',
      'NumericLessThan',
      'NumericLessThanEquals',
      'NumericGreaterThan',
      'NumericGreaterThanEquals',
    ],
    values: NUMBERS,
  },
  {
    names: [
      'DateEquals',
      'DateNotEquals',
      'DateLessThan',
      'DateLessThanEquals',
      'DateGreaterThan',
      'DateGreaterThanEquals',
    ],
    values: DATES,
  },
  { names: ['Bool'], values: ['true', 'false', 'TRUE'] },
  { names: ['BinaryEquals'], values: ['YQ==', 'YQ', 'YWI='] },
  { names: ['IpAddress', 'NotIpAddress'], values: ADDRESSES },
  { names: ['Null'], values: ['true', 'false'] },
];

/** One operator over one key, as it stands in a document. */
const conditions = fc.constantFrom(...FAMILIES).chain(({ names, values }) =>
  fc
    .record({
      name: fc.constantFrom(...names),
      quantifier: fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
      ifExists: fc.constantFrom('', '', 'IfExists'),
      key: fc.constantFrom(...KEYS),
      values: fc.oneof(
        { weight: 8, arbitrary: oneOrMore(values) },
        { weight: 1, arbitrary: fc.constant<string[]>([]) },
      ),
    })
    .map((one) => ({
      operator: `${one.quantifier}${one.name}${one.name === 'Null' ? '' : one.ifExists}`,
      key: one.key,
      values: one.values,
    })),
);

const conditionBlocks = fc.array(conditions, { maxLength: 3 }).map((list) => {
  const block = new Map<string, [string, unknown][]>();
  for (const { operator, key, values } of list) {
    const members = block.get(operator) ?? [];
    if (!members.some(([name]) => name === key)) members.push([key, values]);
    block.set(operator, members);
  }
  return Object.fromEntries([...block].map(([operator, members]) => [operator, Object.fromEntries(members)]));
});

/** A statement of either effect, with or without its negated elements. */
export function statements(
  policyType: PolicyType,
  effect?: 'Allow' | 'Deny',
): fc.Arbitrary<DocumentStatement> {
  return fc
    .record({
      effect: effect === undefined ? fc.constantFrom('Allow', 'Allow', 'Deny') : fc.constant(effect),
      notAction: fc.nat(7),
      action: oneOrMore(ACTIONS),
      notResource: fc.nat(7),
      resource: oneOrMore(RESOURCES),
      notPrincipal: fc.nat(7),
      principal: principals,
      condition: conditionBlocks,
    })
    .map((one) => ({
      Effect: one.effect,
      ...(policyType === 'RESOURCE_POLICY'
        ? { [one.notPrincipal === 0 ? 'NotPrincipal' : 'Principal']: one.principal }
        : {}),
      [one.notAction === 0 ? 'NotAction' : 'Action']: one.action,
      [one.notResource === 0 ? 'NotResource' : 'Resource']: one.resource,
      ...(Object.keys(one.condition).length > 0 ? { Condition: one.condition } : {}),
    }));
}

/** Documents of up to four statements. */
export function documents(policyType: PolicyType, maxLength = 3): fc.Arbitrary<Document> {
  return fc.record({
    Version: fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'),
    Statement: fc.array(statements(policyType), { maxLength }),
  });
}

/** A document and what somebody made of it: most statements stay, one may have gained or lost a part of an element. */
export function edits(policyType: PolicyType): fc.Arbitrary<{ existing: Document; updated: Document }> {
  return fc
    .record({
      existing: documents(policyType),
      added: fc.array(statements(policyType), { maxLength: 1 }),
      dropped: fc.nat(3),
      changed: fc.nat(4),
      change: fc.oneof(
        oneOrMore(ACTIONS).map((value) => ({ element: 'Action', value })),
        oneOrMore(RESOURCES).map((value) => ({ element: 'Resource', value })),
        oneOrMore(AWS_PRINCIPALS).map((value) => ({ element: 'Principal', value })),
      ),
    })
    .map(({ existing, added, dropped, changed, change }) => ({
      existing,
      updated: {
        ...existing,
        Statement: [
          ...existing.Statement.map((statement, index) =>
            index === changed ? withChange(statement, change) : statement,
          ).filter((_, index) => index !== dropped),
          ...added,
        ],
      },
    }));
}

/** The statement with those members, of an element that it has, beside its own; those that it had before go. */
function withChange(
  statement: DocumentStatement,
  { element, value }: { readonly element: string; readonly value: string | readonly string[] },
): DocumentStatement {
  const toggled = (known: unknown) => {
    const [before, now] = [known, value].map((list) => (Array.isArray(list) ? list : [list]) as unknown[]);
    const kept = [...(before ?? []).filter((one) => !now?.includes(one))];
    return [
      ...kept,
      ...(now ?? []).filter((one) => !before?.includes(one)),
      ...(kept.length === 0 ? (now ?? []) : []),
    ];
  };
  const known = statement[element];
  if (known === undefined) return statement;
  if (element !== 'Principal') return { ...statement, [element]: [...new Set(toggled(known))] };
  if (typeof known !== 'object' || known === null || !('AWS' in known)) return statement;
  return { ...statement, Principal: { ...known, AWS: [...new Set(toggled(known.AWS))] } };
}

/** How documents of the type can be read: as they are, as a control policy, as a VPC endpoint's. */
export const SYNTAXES: { readonly [type in PolicyType]: readonly Syntax[] } = {
  IDENTITY_POLICY: [{}, { isControl: true }],
  RESOURCE_POLICY: [{}, { endpoint: 'unknown' }, { endpoint: 'gateway' }, { isControl: true }],
};

/** Returns the policy of the document, which every document here is. */
export function parse(document: Document, policyType: PolicyType, syntax: Syntax = {}): Policy {
  const parsed = parsePolicy(JSON.stringify(document), { policyType, ...syntax });
  if (!parsed.ok) throw new Error(JSON.stringify({ document, problems: parsed.problems }));
  return parsed.policy;
}

/** True iff the evaluator says, in some reading, that the request is granted now and was not before. */
export function isNewInSomeReading(
  existing: Policy | PolicySet,
  updated: Policy | PolicySet,
  request: Request,
): boolean {
  const sides = { granted: [toSet(updated)], refused: [toSet(existing)] } as const;
  return allReadings(sides).some(
    ({ granted: [after], refused: [before] }) => isGranted(after, request) && !isGranted(before, request),
  );
}

const VALUES: { readonly [key: string]: readonly string[] } = {
  'aws:sourceip': ['10.0.0.1', '10.0.0.2', '2001:db8::1', '203.0.113.9'],
  'aws:currenttime': ['2026-01-01T00:00:00Z', '2026-06-01', '1767225600', '2025-12-31T23:59:59.5Z'],
  'aws:securetransport': ['true', 'false', 'True'],
  's3:max-keys': ['1', '1.00', '100', '0.1', '-5'],
  'aws:principalarn': ['arn:aws:iam::111122223333:user/a'],
  'aws:principalaccount': ['111122223333'],
  'aws:principaltype': ['User', 'AssumedRole'],
  'aws:principalisawsservice': ['true', 'false'],
  'aws:userid': ['anonymous', 'AIDAEXAMPLE', 'AROAEXAMPLE:a', '111122223333', '111122223333:a'],
  [ID]: ['AROAEXAMPLE', 'AIDAEXAMPLE', 'AROAEXAMPLE:b'],
  'aws:principalorgid': ['o-1'],
  'aws:principalorgpaths': ['o-1/r-1/', 'o-1/r-1/ou-1/'],
  'aws:principalservicenameslist': ['a.amazonaws.com', 'b.amazonaws.com'],
  'aws:resourceaccount': ['111122223333', '444455556666'],
};

/** What a key may hold: values of its type, any text for the others. */
const contexts: fc.Arbitrary<{ [key: string]: readonly string[] }> = fc
  .tuple(
    ...[...new Set([...KEYS.map((key) => key.toLowerCase()), ID])].map((key) =>
      fc
        .uniqueArray(
          fc.constantFrom(
            ...((Object.hasOwn(VALUES, key) ? VALUES[key] : undefined) ?? [
              ...TEXTS,
              ...NUMBERS,
              'home',
              'arn:aws:iam::111122223333:user/a',
            ]),
          ),
          { maxLength: key === ID || isSingleValued(key) ? 1 : 2 },
        )
        .map((values) => [key, values] as const),
    ),
  )
  .map((entries) => Object.fromEntries(entries.filter(([, values]) => values.length > 0)));

/** Requests, as the encoder sees them: folded action, principal with its role. */
export const models: fc.Arbitrary<Model> = fc.record({
  scalars: fc.record({
    action: fc.constantFrom('s3:get', 's3:put', 's3:got', 'ec2:get', 'a:b', 'sx:get'),
    resource: fc.constantFrom(
      '*',
      'arn:aws:s3:::b',
      'arn:aws:s3:::b/a',
      'arn:aws:s3:::b/a/a',
      'arn:aws:s3:::b/d',
      'arn:aws:s3:::b/*',
      'arn:aws:s3:::b/',
      'arn:aws:s3:::b/home/a',
      'arn:aws:s3::a:b',
      'arn:aws:s3:a:b:b',
      'arn:aws:s3:::b:c',
      'arn:aws:ec2:::i',
      'arn:aws:execute-api:this-region:this-account:this-api/s/GET/p',
      'arn:aws:execute-api:r:1:a/s/GET/p',
      'arn:aws:s3:::b/111122223333/x',
      'arn:aws:sqs:eu-west-1:111122223333:q',
      'arn:::::',
    ),
    principal: fc.constantFrom(
      'Anonymous:',
      'AWS::arn:aws:iam::111122223333:root',
      'AWS::arn:aws:iam::111122223333:user/a',
      'AWS::arn:aws:iam::111122223333:role/R',
      'AWS:a:arn:aws:iam::111122223333:role/R',
      'AWS:b:arn:aws:iam::111122223333:role/p/R',
      'AWS::arn:aws:iam::111122223333:role/p/R',
      'AWS::arn:aws:iam::444455556666:user/a',
      'AWS:user/a:arn:aws:sts::111122223333:federated-user/a',
      'AWS:user/b:arn:aws:sts::111122223333:federated-user/a',
      'AWSID:AROAEXAMPLEEXAMPLE01',
      'Service:a.amazonaws.com',
      'Service:b.amazonaws.com',
      'Federated:a',
      'CanonicalUser:a',
    ),
  }),
  keys: contexts,
});
