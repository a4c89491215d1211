/** A restore is proposed: the real engine over contents that a store holds. */
import { createEngine, type Engine } from '../../../shared/checks/index.ts';
import type { Addition } from '../../../shared/findings/finding.ts';
import { toRead } from '../../../shared/guard/contents.ts';
import { needOfRestore, type RestoreNeed } from '../../../shared/guard/derive/needs.ts';
import { budgetOf } from '../../../shared/guard/judge/budget.ts';
import { proposeRestore } from '../../../shared/guard/restore/proposeRestore.ts';
import type { GuardStore } from '../../../shared/guard/state.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import { keepSnapshot, loadSnapshot } from '../../../shared/store/snapshotDocument.ts';
import type { AwsClients } from '../../../shared/targets/clients.ts';
import { makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot, TargetKind, TargetPart, TargetRef } from '../../../shared/targets/target.ts';

export const ACCOUNT = '111122223333';
export const ROLE: TargetRef = targetOf('iam-principal', `arn:aws:iam::${ACCOUNT}:role/app`);
export const BUCKET = targetOf('bucket-policy', 'arn:aws:s3:::b');
export const KEY = targetOf('kms-key', `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`);

export function targetOf(kind: TargetKind, arn: string): TargetRef {
  return { kind, arn, accountId: ACCOUNT, region: 'us-east-1' };
}

export type Statement = { readonly [element: string]: unknown };
export const text = (...Statement: readonly Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement });
export const allow = (...Action: readonly string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
export const inline = (name: string, ...statements: readonly Statement[]): TargetPart => ({
  id: `inline:${name}`,
  role: 'grant',
  document: text(...statements),
});
export const document = (...statements: readonly Statement[]): TargetPart => ({
  id: 'document',
  role: 'resource',
  document: text(...statements),
});
export const holding = (target: TargetRef, ...parts: readonly TargetPart[]) =>
  makeSnapshot({ target, exists: true, parts });

export type Removed = {
  readonly before?: Snapshot;
  readonly after: Snapshot;
  readonly parts: readonly string[];
  readonly addition?: Partial<Addition>;
  readonly woken?: RestoreNeed['removals'][number]['woken'];
  readonly stood?: RestoreNeed['removals'][number]['stood'];
};
type Asking = Partial<Pick<RestoreNeed, 'free' | 'left' | 'mayLoseOld' | 'mayRestorePrevious'>> & {
  readonly live: Snapshot;
  readonly removed: readonly Removed[];
  /** Parts that were written since, with the content before that. */
  readonly later?: readonly { readonly id: string; readonly before: Snapshot }[];
  /** Texts with what somebody exempt added to a part. */
  readonly spared?: readonly { readonly part: string; readonly adds: string }[];
  /** What AWS holds of texts that others share. */
  readonly shared?: readonly TargetPart[];
  readonly engine?: Partial<Engine>;
};

/** Returns the verdict, and the content to write where there is one. */
export async function propose({
  live,
  removed,
  later = [],
  spared = [],
  shared = [],
  engine,
  ...asked
}: Asking) {
  const store: GuardStore = createInMemoryStore({ codecs: guardCodecs });
  const { target } = live;
  const removals = [];
  for (const { before, after, parts, addition, woken = [], stood = [] } of removed) {
    const versions = {
      ...(before === undefined ? {} : { before: await keepSnapshot(store, before) }),
      after: await keepSnapshot(store, after),
    };
    const added = {
      check: 'no-new-access',
      result: 'FAIL',
      sources: parts,
      versions,
      ...addition,
    } as Addition; // What a restore looks at.
    removals.push({ parts, additions: [added], woken, stood });
  }
  const need = needOfRestore(
    {
      live: await toRead(live, 0, store),
      removals,
      free: removed.flatMap(({ parts }) => parts),
      later: await Promise.all(
        later.map(async ({ id, before }) => ({ id, snapshot: await keepSnapshot(store, before) })),
      ),
      spared: await Promise.all(
        spared.map(async ({ part, adds }) => ({ part, adds: await store.putDocument(adds) })),
      ),
      left: [],
      mayLoseOld: false,
      mayRestorePrevious: false,
      ...asked,
    },
    '',
  );
  const verdict = await proposeRestore(need, {
    store,
    target,
    engine: { ...createEngine({ solver: 'atoms', linkPrincipal: true }), ...engine },
    config: defaultConfig(),
    adapters: {
      ...ADAPTERS,
      'iam-principal': {
        ...ADAPTERS['iam-principal'],
        withAddition: async (content) => makeSnapshot({ ...content, parts: [...content.parts, ...shared] }),
      },
    },
    clientsFor: () => ({}) as AwsClients, // Nothing else is asked of AWS.
    budget: budgetOf(),
  });
  if (verdict.kind === 'none') return { verdict, parts: {} };
  const written = await loadSnapshot(store, verdict.snapshot);
  const texts = written.parts.map(({ id, document: one }) => [id, JSON.parse(one ?? '{}').Statement]);
  return { verdict, written, parts: Object.fromEntries(texts) };
}
