/**
 * A small world for the guard: policies are sets of letters (`s3:a` on everything), "grants new" is "is no subset".
 * The account, the engine, the clock and the subscribers are in memory; every step of them can be made to crash.
 */
import type { Change } from '../../../shared/changes/change.ts';
import type { Edit } from '../../../shared/changes/edit.ts';
import type { RoledPolicy, Step } from '../../../shared/checks/index.ts';
import type { Verdict } from '../../../shared/checks/verdict.ts';
import type { Finding } from '../../../shared/findings/finding.ts';
import type { Config } from '../../../shared/guard/config.ts';
import type {
  ExamineOutcome,
  Guard,
  GuardDependencies,
  GuardEngine,
} from '../../../shared/guard/contract.ts';
import { examine } from '../../../shared/guard/examine.ts';
import { createGuard } from '../../../shared/guard/guard.ts';
import type { GuardStore } from '../../../shared/guard/state.ts';
import { guardCodecs } from '../../../shared/guard/stateSchema.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import type { PolicySet } from '../../../shared/policy/policySet.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { silentLogger } from '../../../shared/runtime/logger.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import { createInMemoryStore } from '../../../shared/store/inMemoryStore.ts';
import type { AwsClients } from '../../../shared/targets/clients.ts';
import { TARGET_KINDS } from '../../../shared/targets/kindNames.ts';
import { absentSnapshot, makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type {
  Adapters,
  Reached,
  Snapshot,
  TargetAdapter,
  TargetKind,
  TargetRef,
} from '../../../shared/targets/target.ts';

export const ACCOUNT = '111122223333';
export const OWN_ID = 'AROAGUARD';

/** What a thing holds; undefined document: AWS does not show it. */
export type Thing = { letters: string | undefined; uniqueId: string | undefined; createdAt: string };

/** Thrown by a step that crashes. */
export class Crash extends Error {}

export type World = {
  readonly guard: Guard & {
    /** What the guard does with one target of an event, or of a sweep. */
    examineTarget(target: TargetRef, change?: Change): Promise<ExamineOutcome>;
  };
  readonly store: GuardStore;
  readonly things: Map<string, Thing>;
  /** Every finding as it was published, in order. */
  readonly published: Finding[];
  /** Whom each policy reaches. */
  reached: Reached | undefined;
  /** One entry a write to the account. */
  readonly writes: {
    readonly arn: string;
    readonly from: string | undefined;
    readonly to: string | undefined;
  }[];
  now: Date;
  /** How the next restores end instead of restoring: `left` is what they leave behind. */
  readonly endings: (
    | { readonly kind: 'partial'; readonly left: string }
    | { readonly kind: 'cannot-undo' }
  )[];
  /** Called before each step of a neighbour (`store.writeState`, `publish`, `restore`, …); may throw, or change the world. */
  beforeStep: (step: string) => void | Promise<void>;
  afterStep: (step: string) => void | Promise<void>;
  set(arn: string, letters: string | undefined): void;
  stateOf(arn: string): Promise<Awaited<ReturnType<GuardStore['readState']>>>;
};

export type WorldOptions = {
  readonly config?: Partial<Config>;
  readonly kind?: TargetKind;
  /** The world whose account and store this one shares: the same, after the configuration changed. */
  readonly after?: World;
  readonly wait?: (milliseconds: number) => Promise<void>;
  readonly leftMs?: () => number;
};

/** Returns a target of the world. */
export function target(name: string, kind: TargetKind = 'managed-policy'): TargetRef {
  return { kind, arn: `arn:aws:iam::${ACCOUNT}:policy/${name}`, accountId: ACCOUNT, region: 'us-east-1' };
}

const MADE_LONG_AGO = '2020-01-01T00:00:00.000Z';

/** Returns an empty world whose critical list holds the letter `x`. */
export function createWorld({
  config = {},
  kind = 'managed-policy',
  after,
  wait,
  leftMs,
}: WorldOptions = {}): World {
  const things = after?.things ?? new Map<string, Thing>();
  const step = async <Value>(name: string, act: () => Promise<Value> | Value): Promise<Value> => {
    await world.beforeStep(name);
    const value = await act();
    await world.afterStep(name);
    return value;
  };
  const plain: GuardStore = after?.store ?? createInMemoryStore({ codecs: guardCodecs });
  const store: GuardStore = {
    ...plain,
    putDocument: (text) => step('store.putDocument', () => plain.putDocument(text)),
    getDocument: (hash) => step('store.getDocument', () => plain.getDocument(hash)),
    putPointer: (id, place) => step('store.putPointer', () => plain.putPointer(id, place)),
    putArchived: (entry) => step('store.putArchived', () => plain.putArchived(entry)),
    readState: (place) => step('store.readState', () => plain.readState(place)),
    writeState: (state, expected) => step('store.writeState', () => plain.writeState(state, expected)),
  };
  const adapter = createAdapter({
    kind,
    things,
    step,
    wrote: (write) => world.writes.push(write),
    ending: () => world.endings.shift(),
    reached: () => world.reached,
  });
  const dependencies: GuardDependencies = {
    store,
    adapters: Object.fromEntries(TARGET_KINDS.map((kind) => [kind, adapter])) as Adapters, // Every kind is there.
    clientsFor: () => {
      throw new Error('the adapter of this world needs no clients');
    },
    engine: toyEngine,
    config: {
      ...defaultConfig(),
      criticalAccess: [{ name: 'the letter x', actions: ['s3:x'] }],
      targets: [{ match: '*', mode: 'rollback' }],
      ...config,
    },
    publishers: [
      {
        name: 'memory',
        publish: async (findings) => {
          for (const finding of findings) await step('publish', () => void world.published.push(finding));
          return [];
        },
      },
    ],
    clock: { now: () => world.now },
    logger: silentLogger,
    ownActorIds: [OWN_ID],
    ...(wait === undefined ? {} : { wait }),
    ...(leftMs === undefined ? {} : { leftMs }),
    readRecord: (record) => ({ kind: 'change', change: record as Change }), // Tests give changes as they are read.
  };
  const withClients = { ...dependencies, clientsFor: () => noClients };
  const world: World = {
    guard: {
      ...createGuard(withClients),
      examineTarget: (one, change) => examine(one, change && { change, index: 0 }, withClients),
    },
    store: plain,
    things,
    published: [],
    writes: [],
    endings: [],
    reached: undefined,
    now: after?.now ?? new Date('2026-03-01T12:00:00.000Z'),
    beforeStep() {},
    afterStep() {},
    set(arn, letters) {
      things.set(arn, { uniqueId: 'ANPA1', createdAt: MADE_LONG_AGO, ...things.get(arn), letters });
    },
    stateOf: (arn) => plain.readState({ kind, arn }),
  };
  return world;
}

const noClients = new Proxy(
  {},
  {
    get() {
      throw new Error('nothing in this world calls AWS');
    },
  },
) as AwsClients; // Whatever client is asked for, there is none.

type AdapterParts = {
  readonly kind: TargetKind;
  readonly things: Map<string, Thing>;
  readonly step: <Value>(name: string, act: () => Promise<Value> | Value) => Promise<Value>;
  readonly wrote: (write: World['writes'][number]) => void;
  readonly ending: () => World['endings'][number] | undefined;
  readonly reached: () => Reached | undefined;
};

function createAdapter({ kind, things, step, wrote, ending, reached }: AdapterParts): TargetAdapter {
  const snapshotOf = (ref: TargetRef): Snapshot => {
    const thing = things.get(ref.arn);
    if (thing === undefined) return toSnapshot(ref, undefined);
    return toSnapshot(ref, thing);
  };
  return {
    kind,
    policyType: 'IDENTITY_POLICY',
    resourceType: 'AWS::IAM::ManagedPolicy',
    namesPrincipals: ADAPTERS[kind].namesPrincipals,
    grantedElsewhere: ADAPTERS[kind].grantedElsewhere,
    scope: ADAPTERS[kind].scope,
    read: (ref) => step('read', () => snapshotOf(ref)),
    reaches: () => step('reaches', reached),
    async *list(_, { accountId, region }) {
      for (const arn of things.keys()) {
        const [, , , where = '', owner] = arn.split(':');
        if (owner !== accountId || (where !== '' && where !== region)) continue;
        await step(`list ${accountId}`, () => {});
        yield { kind, arn, accountId, region };
      }
    },
    restore: async ({ accepted, from }) => {
      const ref = accepted.target;
      await step('restore', () => undefined);
      const live = snapshotOf(ref);
      if (live.contentHash !== from.contentHash) return { kind: 'changed-since', live };
      const thing = things.get(ref.arn);
      const end = ending();
      if (end?.kind === 'cannot-undo') return { kind: 'cannot-undo', cause: 'only the root user could' };
      if (end?.kind === 'partial' && thing !== undefined) {
        things.set(ref.arn, { ...thing, letters: end.left });
        return { kind: 'partial', calls: [], cause: 'throttled', live: snapshotOf(ref) };
      }
      const letters = lettersIn(accepted.parts[0]?.document ?? '');
      if (thing !== undefined) things.set(ref.arn, { ...thing, letters });
      wrote({ arn: ref.arn, from: thing?.letters, to: letters });
      await step('restored', () => undefined);
      return {
        kind: 'restored',
        calls: [{ operation: 'Put', summary: `put \`${letters}\`` }],
        live: snapshotOf(ref),
      };
    },
    whyNotRestorable: (ref) => (ref.arn.endsWith('/fixed') ? 'nobody can change it back' : undefined),
  };
}

function toSnapshot(ref: TargetRef, thing: Thing | undefined): Snapshot {
  if (thing === undefined) return absentSnapshot(ref);
  const { letters, uniqueId, createdAt } = thing;
  const document = letters === undefined ? undefined : documentOf(letters);
  return makeSnapshot({
    target: ref,
    exists: true,
    ...(uniqueId === undefined ? {} : { uniqueId }),
    createdAt,
    parts: [{ id: 'document', role: 'grant', document }],
  });
}

/** Returns the content hash of a thing that holds the letters. */
export function contentHashOf(letters: string): string {
  return toSnapshot(target('p'), { letters, uniqueId: undefined, createdAt: '' }).contentHash;
}

/** Returns the policy that grants `s3:LETTER` for each letter. */
export function documentOf(letters: string): string {
  const actions = [...new Set(letters)].sort().map((letter) => `s3:${letter}`);
  const statement = { Effect: 'Allow', Action: actions.length > 0 ? actions : ['s3:'], Resource: '*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

function lettersIn(document: string): string {
  return [...document.matchAll(/s3:([a-z?])"/g)].map(([, letter]) => letter).join('');
}

function lettersOf({ policies }: PolicySet): Set<string> {
  return new Set(policies.flatMap(({ policy }) => [...lettersIn(policy.source)]));
}

const setOf = (policies: PolicySet | readonly RoledPolicy[]): PolicySet =>
  'policies' in policies ? policies : { policies };

/** Returns the letters that the step added, and `live` still has. */
function addedLetters({ before, after, live = after }: Step): string[] {
  const [was, then, now] = [before, after, live].map((set) => lettersOf(set as PolicySet)); // The guard asks about sets only.
  return [...(now ?? [])].filter((letter) => then?.has(letter) === true && was?.has(letter) !== true);
}

/** Knows letters; `u` is the one it cannot decide about, `z` the one that no call makes use of. */
const toyEngine: GuardEngine = {
  async remains(step, question = { check: 'no-new-access' }) {
    const added = addedLetters(step);
    if (question.check === 'no-new-access') return answer(added);
    if (question.check !== 'access-not-granted') return answer([]);
    const listed = question.access.flatMap(({ actions = [] }) =>
      actions.map((action) => action.slice('s3:'.length)),
    );
    return answer(added.filter((letter) => listed.includes(letter)));
  },
  // Letters make nobody anything: what becomes of principals has tests of its own.
  checkAccessNotGranted: async () => answer([]),
  listNewAccess: async () => ({ pieces: [], cut: false }),
  async proveRestore({ live, candidate, removed }) {
    const now = lettersOf(setOf(live));
    const more = [...lettersOf(setOf(candidate))].find((letter) => !now.has(letter));
    const left = removed.flatMap((step) => addedLetters({ ...step, live: setOf(candidate) }));
    const witness = { action: `s3:${more ?? left[0]}`, resource: '*', context: {} };
    if (more !== undefined) return { result: 'refuted', obligation: 'allows no more', witness, reasons: [] };
    return left.length === 0
      ? { result: 'proved' }
      : { result: 'refuted', obligation: 'nothing remains', witness, reasons: [] };
  },
  async tighten({ existing, updated }) {
    const was = lettersOf(setOf(existing));
    const documents = updated.map(({ name, role, policy }) => {
      const text = documentOf([...lettersIn(policy.source)].filter((letter) => was.has(letter)).join(''));
      const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
      if (!parsed.ok) throw new Error('a text of letters is a policy');
      return { name, role, policy: parsed.policy, isExisting: false, changes: [] };
    });
    return { result: 'tightened', documents, isExisting: false, losesOld: false, verdict: answer([]) };
  },
};

function answer(found: readonly string[]): Verdict {
  const common = { decidedBy: 'atoms', reasons: [] } as const;
  const [letter] = found.filter((one) => one !== 'u');
  if (letter !== undefined) {
    const reasons = [{ description: 'New access in the statement with index: 0.', statementIndex: 0 }];
    const witness = { action: `s3:${letter}`, resource: '*', context: {} };
    return {
      ...common,
      result: 'FAIL',
      message: 'It grants more.',
      reasons,
      witness,
      possible: letter !== 'z',
    };
  }
  if (found.length > 0)
    return { ...common, result: 'UNKNOWN', message: 'It could not be decided.', cause: 'the letter `u`' };
  return { ...common, result: 'PASS', message: 'It grants no more.' };
}

let events = 0;

/** Returns a change of one target, made now by an ordinary user. */
export function changeOf(
  ref: TargetRef,
  world: Pick<World, 'now'>,
  more: Partial<Change> & {
    actor?: string;
    actorId?: string;
    eventId?: string;
    life?: Edit['life'];
  } = {},
): Change {
  const {
    actor = 'arn:aws:iam::111122223333:user/Mallory',
    actorId = 'AIDAMALLORY',
    eventId,
    life = 'kept',
    ...rest
  } = more;
  events++;
  return {
    event: {
      eventId: eventId ?? `event-${events}`,
      eventName: 'CreatePolicyVersion',
      eventSource: 'iam.amazonaws.com',
      eventTime: world.now.toISOString(),
      accountId: ACCOUNT,
      region: 'us-east-1',
      actor: { arn: actor, uniqueId: actorId },
    },
    targets: [ref],
    edits: (more.targets ?? [ref]).map((_, index) => ({
      life,
      isWhole: false,
      // The document belongs to the first target.
      touches:
        life === 'ended'
          ? []
          : more.document !== undefined && index === 0
            ? [{ part: 'document', to: { document: more.document } }]
            : [{ part: '*', to: 'hidden' }],
    })),
    parametersOmitted: false,
    ...rest,
  };
}

/** Returns what the last publication of each finding said, by id. */
export function told({ published }: World): Map<string, Finding> {
  return new Map(published.map((finding) => [finding.id, finding]));
}

/** Moves the clock. */
export function pass(world: World, minutes: number): void {
  world.now = new Date(world.now.getTime() + minutes * 60_000);
}
