/**
 * Who watches a history: every content that a target had, every write of the guard, every state it kept, everything
 * it told. The laws are asked of this.
 */
import type { Finding } from '../../shared/findings/finding.ts';
import type { TargetState } from '../../shared/guard/state.ts';
import type { Snapshot, TargetRef } from '../../shared/targets/target.ts';
import type { Sandbox } from './cloud.ts';

/**
 * Who made a change: somebody without a role in the configuration, somebody else of whom that is true too, a pipeline, an
 * emergency role, or the guard.
 */
export type Maker = 'somebody' | 'responder' | 'deployer' | 'emergency' | 'guard';

/** A content that a target had, from one time on. */
export type Held = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly snapshot: Snapshot;
  /** `start`: before the history. */
  readonly by: Maker | 'start';
  /** The event that tells of it. */
  readonly eventId: string;
  /** True iff the event names this target; else it changed because of something that it shares. */
  readonly isOwn: boolean;
  /** True iff the event holds the content's document. */
  readonly isInEvent: boolean;
};

/** A write that the guard made. */
export type GuardWrite = {
  readonly at: number;
  readonly sandbox: Sandbox;
  readonly operation: string;
  readonly input: object;
  readonly target: TargetRef;
  /** What the target held just before. */
  readonly before: Snapshot;
  /** The state just before, as kept. */
  readonly state: TargetState | undefined;
  /** How often others had changed the target by then. */
  readonly changes: number;
  /** When the sandbox first read the account since it claimed the rollback. */
  readonly readAt: number;
};

/** What the topic was told of a finding, by itself or in a group. */
export type Told = Pick<Finding, 'id' | 'revision' | 'status'> & { readonly isGrouped: boolean };

/** A finding that closed. */
export type Closing = {
  readonly finding: Finding;
  readonly at: number;
  /** When the target was read last before that. */
  readonly readAt: number;
  /** What else the target's state told then. */
  readonly others: readonly Finding[];
};

export type Witness = {
  /** By `keyOf` the target, oldest first. */
  readonly held: Map<string, Held[]>;
  readonly writes: GuardWrite[];
  /** By `keyOf` the target: the state as it is kept now. */
  readonly states: Map<string, TargetState>;
  /** By id: every finding that was ever kept, as it was kept last. */
  readonly findings: Map<string, Finding>;
  /** As the topic got them, oldest first. */
  readonly published: Told[];
  readonly closings: Closing[];
  /** Ids of findings that a person approved. */
  readonly approved: Set<string>;
  /** What became of other findings when one was approved, one sentence each. */
  readonly beside: string[];
  /** When settings changed, oldest first. `restores`: they were switched on. */
  readonly settings: { readonly at: number; readonly restores: boolean }[];
  /** By `keyOf` the target: when it was read, by the timelines that were kept. */
  readonly reads: Map<string, Set<number>>;
  /** Events that a handler was done with, by id: when first, in milliseconds since 1970. */
  readonly handled: Map<string, number>;
};

/** Returns one name for a target. */
export function keyOf({ kind, arn }: Pick<TargetRef, 'kind' | 'arn'>): string {
  return `${kind} ${arn}`;
}

/** Returns a witness that has seen nothing. */
export function createWitness(): Witness {
  return {
    held: new Map(),
    writes: [],
    states: new Map(),
    findings: new Map(),
    published: [],
    closings: [],
    approved: new Set(),
    beside: [],
    settings: [],
    reads: new Map(),
    handled: new Map(),
  };
}

/** Notes a state that was kept. `at`: milliseconds since 1970. */
export function noteState(witness: Witness, state: TargetState, at: number): void {
  const key = keyOf(state.target);
  const reads = witness.reads.get(key) ?? new Set();
  for (const entry of readsOf(state)) reads.add(entry.at);
  witness.reads.set(key, reads);
  noteApproval(witness, state);
  for (const finding of state.closedFindings) {
    const before = witness.findings.get(finding.id);
    const isOpen = before?.status === 'ACTIVE' || before?.status === 'SUPPRESSED';
    const others = [...state.openFindings, ...state.closedFindings].filter(({ id }) => id !== finding.id);
    if (isOpen) witness.closings.push({ finding, at, readAt: Math.max(...reads), others });
  }
  witness.states.set(key, state);
  for (const finding of [...state.openFindings, ...state.closedFindings])
    witness.findings.set(finding.id, finding);
}

/** An approval is a write of its own. */
function noteApproval({ states, beside }: Witness, state: TargetState): void {
  const open = states.get(keyOf(state.target))?.openFindings ?? [];
  const isApproved = ({ id }: Finding) =>
    state.closedFindings.some((one) => one.id === id && one.status === 'APPROVED');
  const approved = open.find(isApproved);
  if (approved === undefined) return;
  for (const other of open) {
    const now = state.openFindings.find(({ id }) => id === other.id);
    if (other.id !== approved.id && now?.revision !== other.revision)
      beside.push(`${other.id} is ${now?.status ?? 'closed'} since ${approved.id} was approved`);
  }
}

/** The first edition kept no timeline: there the last read stands by itself. */
function readsOf({ timeline, ...state }: TargetState): readonly { readonly at: number }[] {
  if (timeline === undefined) {
    const { observed } = state as unknown as { readonly observed?: { readonly at: string } };
    return observed === undefined ? [] : [{ at: Date.parse(observed.at) }];
  }
  return [
    ...(timeline.horizon.kind === 'read' ? [timeline.horizon.read] : []),
    ...timeline.entries.filter((entry) => entry.kind === 'read'),
  ];
}

/** Returns what the target holds now. */
export function latest({ held }: Witness, target: TargetRef): Held | undefined {
  return held.get(keyOf(target))?.at(-1);
}
