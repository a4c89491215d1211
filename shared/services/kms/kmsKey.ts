/**
 * KMS keys: the key policy, and each grant as a part of its own. Without the key policy nobody reaches a key, and
 * grants are all beside it that lets somebody in.
 */
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  ListGrantsCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms';
import { matchPattern } from '../../evaluator/matchPattern.ts';
import { parsePolicy } from '../../policy/parsePolicy.ts';
import {
  allPages,
  collectPages,
  isKeptOut,
  orFault,
  restoreByWrites,
  TargetFault,
  type Write,
} from '../../targets/aws.ts';
import type { AwsClients } from '../../targets/clients.ts';
import { absentSnapshot, makeSnapshot, partDocument } from '../../targets/snapshot.ts';
import type {
  RestoreOutcome,
  Snapshot,
  TargetOperations,
  TargetPart,
  TargetRef,
} from '../../targets/target.ts';
import { grantDocument } from './kmsGrantDocument.ts';

type Client = AwsClients['kms'];

export const kmsKey: TargetOperations = {
  read: (target, { kms }) => read(target, kms),
  async *list({ kms }, place) {
    const keys = allPages(async (Marker) => {
      const page = await orFault(kms.send(new ListKeysCommand({ Marker })));
      return { items: page.Keys ?? [], next: page.Truncated === true ? page.NextMarker : undefined };
    });
    for await (const { KeyArn: arn } of keys) if (arn !== undefined) yield { kind: 'kms-key', arn, ...place };
  },
  async restore({ accepted, from }, { kms }) {
    const whyNot = whyCannot({ accepted, from });
    if (whyNot !== undefined) return { kind: 'cannot-undo', cause: whyNot };
    const outcome = await restoreByWrites({
      // A grant that is gone can be made again by nobody: a new one would have another id.
      accepted: withoutGrantsGone(accepted, await read(accepted.target, kms)),
      from,
      read: () => read(accepted.target, kms),
      plan: (live) => plan({ accepted, live }, kms),
    });
    return refusedByLockOutCheck(outcome);
  },
};

/** A key policy may keep the guard from reading it; then the key is there and nothing of it can be judged. */
async function unlessKeptOut<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await orFault(call);
  } catch (error) {
    if (isKeptOut(error)) return undefined;
    throw error;
  }
}

async function read(target: TargetRef, kms: Client): Promise<Snapshot> {
  const KeyId = target.arn;
  const uniqueId = target.arn.slice(target.arn.indexOf('/') + 1);
  try {
    const found = await unlessKeptOut(kms.send(new DescribeKeyCommand({ KeyId })));
    const policy = await unlessKeptOut(kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' })));
    const { CreationDate: created, KeyManager: manager } = found?.KeyMetadata ?? {};
    return makeSnapshot({
      target,
      exists: true,
      uniqueId,
      ...(created === undefined ? {} : { createdAt: created.toISOString() }),
      parts: [
        { id: 'document', role: 'resource', document: policy?.Policy },
        ...(await grantParts(KeyId, kms)),
      ],
      restoreHints: { manager: manager ?? 'CUSTOMER' },
    });
  } catch (error) {
    const cause = error instanceof TargetFault ? error.cause : undefined;
    if (cause instanceof Error && cause.name === 'NotFoundException') return absentSnapshot(target);
    throw error;
  }
}

async function grantParts(KeyId: string, kms: Client): Promise<TargetPart[]> {
  const listing = collectPages(async (Marker) => {
    const page = await orFault(kms.send(new ListGrantsCommand({ KeyId, Marker })));
    return { items: page.Grants ?? [], next: page.Truncated === true ? page.NextMarker : undefined };
  });
  const grants = await unlessKeptOut(listing);
  if (grants === undefined) return [{ id: 'grants', role: 'resource', document: undefined }];
  return grants.map((grant) => ({
    id: `grant:${grant.GrantId ?? ''}`,
    role: 'resource',
    document: grantDocument(grant, KeyId),
  }));
}

const isGrant = ({ id }: TargetPart) => id.startsWith('grant:');

function withoutGrantsGone({ contentHash: _, ...accepted }: Snapshot, live: Snapshot): Snapshot {
  const there = new Set(live.parts.map(({ id }) => id));
  return makeSnapshot({
    ...accepted,
    parts: accepted.parts.filter((part) => !isGrant(part) || there.has(part.id)),
  });
}

function plan(
  { accepted, live }: { readonly accepted: Snapshot; readonly live: Snapshot },
  kms: Client,
): Write[] {
  const KeyId = accepted.target.arn;
  const Policy = partDocument(accepted, 'document');
  const known = new Set(accepted.parts.map(({ id }) => id));
  const surplus = live.parts.filter((part) => isGrant(part) && !known.has(part.id));
  const policy: Write[] =
    Policy === undefined || Policy === partDocument(live, 'document')
      ? []
      : [
          {
            operation: 'PutKeyPolicy',
            summary: `restore the policy of key ${KeyId}`,
            // The check against locking oneself out stays on: a key that nobody can manage is lost.
            send: () => kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy })),
          },
        ];
  return [
    ...policy,
    ...surplus.map(({ id }): Write => {
      const GrantId = id.slice('grant:'.length);
      return {
        operation: 'RevokeGrant',
        summary: `revoke grant ${GrantId} on key ${KeyId}`,
        send: () => kms.send(new RevokeGrantCommand({ KeyId, GrantId })),
      };
    }),
  ];
}

/** Says why the accepted policy may not be restored. */
function whyCannot({
  accepted,
  from,
}: {
  readonly accepted: Snapshot;
  readonly from: Snapshot;
}): string | undefined {
  if (from.restoreHints?.['manager'] === 'AWS')
    return 'AWS manages this key and its policy; nobody else can change it';
  const document = partDocument(accepted, 'document');
  return document === undefined ? undefined : whyLocksOut(document, accepted.target);
}

const PUT = 'kms:PutKeyPolicy';

/**
 * A key policy that lets nobody change it makes the key unmanageable; only AWS Support could help. Whom a policy names
 * that lets somebody is left to KMS, which refuses a writer who would lock itself out.
 */
function whyLocksOut(document: string, { arn }: TargetRef): string | undefined {
  const parsed = parsePolicy(document, { policyType: 'RESOURCE_POLICY', held: true });
  if (!parsed.ok) return undefined;
  const about = parsed.policy.statements.filter(
    ({ action }) =>
      action.patterns.some((pattern) => matchPattern(pattern, PUT, { foldCase: true })) !== action.negated,
  );
  const lets = about.some(({ effect }) => effect === 'Allow');
  const denies = about.some(
    ({ effect, conditions, principal }) =>
      effect === 'Deny' &&
      conditions.length === 0 &&
      principal?.negated === false &&
      principal.patterns.some(({ kind }) => kind === 'everyone'),
  );
  return lets && !denies
    ? undefined
    : `the accepted policy of ${arn} lets nobody call ${PUT}; after it only AWS Support could free the key`;
}

/** KMS checks before it writes that the caller may write again; it says so as a malformed document. */
function refusedByLockOutCheck(outcome: RestoreOutcome): RestoreOutcome {
  if (outcome.kind !== 'partial' || outcome.calls.length > 0) return outcome;
  if (!outcome.cause.includes('MalformedPolicyDocument')) return outcome;
  return {
    kind: 'cannot-undo',
    cause:
      'the accepted key policy does not let the guard change the policy again, so KMS refuses it; ' +
      'let the account itself (`arn:aws:iam::ACCOUNT:root`) or the rollback role call kms:PutKeyPolicy, or put it back by hand',
  };
}
