/**
 * The policies that histories are made of, and the requests that tell any two of them apart: whatever one policy of
 * this vocabulary grants and another does not, one of the requests shows. Judging by them needs no prover.
 */
import fc from 'fast-check';
import { evaluatePolicySet } from '../../shared/evaluator/evaluate.ts';
import type { Request, RequestPrincipal } from '../../shared/evaluator/request.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../../shared/policy/policySet.ts';
import type { Snapshot, TargetKind, TargetPart } from '../../shared/targets/target.ts';

export const ACCOUNT = '111122223333';
/** In the zone of trust. */
export const PARTNER = '222233334444';
const STRANGER = '999900001111';

type Statement = { readonly [element: string]: unknown };

/** Returns the document as JSON text. */
export function documentOf(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

const effect = fc.oneof(
  { weight: 4, arbitrary: fc.constant('Allow') },
  { weight: 1, arbitrary: fc.constant('Deny') },
);
const few = (values: readonly string[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 });
const SECURE = { Bool: { 'aws:SecureTransport': 'true' } };
const condition = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ Condition: SECURE }) },
);

const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:*Object',
  's3:*',
  'sqs:SendMessage',
  '*',
];
const RESOURCES = ['arn:aws:s3:::data/a', 'arn:aws:s3:::data/*', '*'];

const identityStatement = fc
  .tuple(effect, few(ACTIONS), few(RESOURCES), condition, fc.nat(9))
  .map(([Effect, actions, Resource, more, not]) => ({
    Effect,
    ...(not === 0 ? { NotAction: actions } : { Action: actions }),
    Resource,
    ...more,
  }));

/** Documents of identity policies. */
export const identityDocument = fc.array(identityStatement, { minLength: 1, maxLength: 3 }).map(documentOf);

const PRINCIPALS: readonly (string | { readonly [kind: string]: string })[] = [
  { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
  { AWS: ACCOUNT },
  { AWS: `arn:aws:iam::${PARTNER}:root` },
  { Service: 'ec2.amazonaws.com' },
  { AWS: STRANGER },
  '*',
];

const resourceStatement = (actions: readonly string[], more: Statement) =>
  fc
    .tuple(effect, fc.constantFrom(...PRINCIPALS), few(actions), condition)
    .map(([Effect, Principal, Action, conditions]) => ({
      Effect,
      Principal,
      Action,
      ...more,
      ...conditions,
    }));

/** Documents of trust policies. */
export const trustDocument = fc
  .array(resourceStatement(['sts:AssumeRole', 'sts:TagSession'], {}), { minLength: 1, maxLength: 3 })
  .map(documentOf);

/** Documents of the policy of that bucket. */
export function bucketDocument(bucket: string): fc.Arbitrary<string> {
  const statement = resourceStatement(['s3:GetObject', 's3:PutObject', 's3:*'], {
    Resource: `arn:aws:s3:::${bucket}/*`,
  });
  return fc.array(statement, { minLength: 1, maxLength: 3 }).map(documentOf);
}

/** What a statement of a function's policy is made of. */
export const permission = fc.record({
  StatementId: fc.constantFrom('one', 'two', 'three'),
  Action: fc.constantFrom('lambda:InvokeFunction', 'lambda:*'),
  Principal: fc.constantFrom('s3.amazonaws.com', ACCOUNT, PARTNER, STRANGER, '*'),
  SourceAccount: fc.option(fc.constantFrom(ACCOUNT, STRANGER), { nil: undefined }),
});

const CALLERS: readonly RequestPrincipal[] = [
  { type: 'AWS', value: `arn:aws:iam::${ACCOUNT}:role/app` },
  { type: 'AWS', value: `arn:aws:iam::${ACCOUNT}:role/other` },
  { type: 'AWS', value: `arn:aws:iam::${PARTNER}:role/theirs` },
  { type: 'AWS', value: `arn:aws:iam::${STRANGER}:user/nobody` },
  { type: 'AWS', value: 'arn:aws:iam::888800001111:user/nobody' },
  { type: 'Service', value: 'ec2.amazonaws.com' },
  { type: 'Service', value: 's3.amazonaws.com' },
  { type: 'Service', value: 'sns.amazonaws.com' },
  { type: 'Anonymous', value: '' },
];
const SECURITY = [[], ['true'], ['false']] as const;
const SOURCES = [[], [ACCOUNT], [STRANGER], ['888800001111']] as const;

function identityRequests(): Request[] {
  const actions = [
    's3:GetObject',
    's3:PutObject',
    's3:DeleteObject',
    's3:RestoreObject',
    's3:ListBucket',
    'sqs:SendMessage',
    'sqs:ReceiveMessage',
    'iam:PutRolePolicy',
  ];
  const resources = ['arn:aws:s3:::data/a', 'arn:aws:s3:::data/b', 'arn:aws:s3:::other/a', '*'];
  const critical = `arn:aws:iam::${ACCOUNT}:role/named-by-no-statement`;
  return actions.flatMap((action) =>
    [...resources, critical].flatMap((resource) =>
      SECURITY.map((secure) => ({ action, resource, context: { 'aws:SecureTransport': secure } })),
    ),
  );
}

function resourceRequests(actions: readonly string[], resource: string): Request[] {
  return CALLERS.flatMap((principal) =>
    actions.flatMap((action) =>
      SECURITY.flatMap((secure) =>
        SOURCES.map((source) => ({
          principal,
          action,
          resource,
          context: { 'aws:SecureTransport': secure, 'aws:SourceAccount': source },
        })),
      ),
    ),
  );
}

const requestsByTarget = new Map<string, readonly Request[]>();

function requestsFor(kind: TargetKind, arn: string): readonly Request[] {
  const key = kind === 'managed-policy' || kind === 'iam-principal' ? 'identity' : `${kind} ${arn}`;
  let requests = requestsByTarget.get(key);
  if (requests === undefined) {
    requests =
      key === 'identity'
        ? identityRequests()
        : kind === 'role-trust'
          ? resourceRequests(['sts:AssumeRole', 'sts:TagSession'], arn)
          : kind === 'bucket-policy'
            ? resourceRequests(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], `${arn}/a`)
            : resourceRequests(['lambda:InvokeFunction', 'lambda:GetFunction'], arn);
    requestsByTarget.set(key, requests);
  }
  return requests;
}

/** What a content says of each request: granted, and not denied. */
type Answers = { readonly granted: readonly boolean[]; readonly denied: readonly boolean[] };

const known = new Map<string, Answers>();
const MAX_KNOWN = 20_000;

function answersOf({ target, parts }: Pick<Snapshot, 'target' | 'parts'>): Answers {
  const key = JSON.stringify([target.kind, target.arn, parts.map(({ role, document }) => [role, document])]);
  let answers = known.get(key);
  if (answers === undefined) {
    const requests = requestsFor(target.kind, target.arn);
    const set = toSet(parts);
    const open = withEverything(set);
    answers = {
      granted: requests.map((request) => evaluatePolicySet(set, request).granted),
      denied: requests.map((request) => !evaluatePolicySet(open, request).granted),
    };
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, answers);
  }
  return answers;
}

/** Returns the parts as a set of policies, each of which must parse. */
export function toSet(parts: readonly TargetPart[]): PolicySet {
  const named = (role: (part: TargetPart) => boolean) =>
    parts.filter(role).map((part): NamedPolicy => {
      const policyType = part.role === 'resource' ? 'RESOURCE_POLICY' : 'IDENTITY_POLICY';
      const parsed = parsePolicy(part.document ?? '', { policyType });
      if (!parsed.ok) throw new Error(`the simulation made a document that does not parse: ${part.document}`);
      return { name: part.id, policy: parsed.policy };
    });
  const boundary = named(({ role }) => role === 'boundary');
  const policies = named(({ role }) => role !== 'boundary');
  return boundary.length > 0 ? { policies, boundary } : { policies };
}

/** The set with everything granted beside it: what is not granted then is denied. */
function withEverything({ policies }: PolicySet): PolicySet {
  const everything: TargetPart = {
    id: 'everything',
    role: 'grant',
    document: documentOf([{ Effect: 'Allow', Action: '*', Resource: '*' }]),
  };
  const anybody: TargetPart = {
    id: 'anybody',
    role: 'resource',
    document: documentOf([{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }]),
  };
  const isResource = policies.some(({ policy }) => policy.statements.some(({ principal }) => principal));
  return { policies: [...policies, ...toSet([isResource ? anybody : everything]).policies] };
}

type Content = Pick<Snapshot, 'target' | 'parts'>;

/** Returns the requests that `after` grants and `before` does not. */
export function newlyGranted(before: Content, after: Content): Request[] {
  const [was, is] = [answersOf(before), answersOf(after)];
  return requestsFor(after.target.kind, after.target.arn).filter(
    (_, index) => is.granted[index] === true && was.granted[index] !== true,
  );
}

/**
 * Returns the requests that are denied before and no longer, where something else may grant them: to the holders of a
 * managed policy and the members of a group anything, elsewhere to principals of the own account.
 */
export function noLongerDenied(before: Content, after: Content): Request[] {
  const { kind, arn } = after.target;
  const isHeld = kind === 'managed-policy' || arn.includes(':group/');
  const isOwn = kind === 'bucket-policy' || kind === 'lambda-function-policy';
  const [was, is] = [answersOf(before), answersOf(after)];
  return requestsFor(kind, arn).filter(({ principal }, index) => {
    const byOther = isHeld || (isOwn && (principal?.value ?? '').includes(`::${ACCOUNT}:`));
    return byOther && was.denied[index] === true && is.denied[index] !== true;
  });
}

/** Returns whether `after` lets anybody do what they could not before. */
export function grantsMore(before: Content, after: Content): boolean {
  return newlyGranted(before, after).length > 0 || noLongerDenied(before, after).length > 0;
}
