/**
 * A model of what the guard derives from: a principal whose texts are letters, small ones allowed, capital ones denied.
 * Verdicts are worked out from the letters alone, so `derive` is tried without an engine, a store or a clock.
 */
import type { Addition, Finding, FindingChange } from '../../../shared/findings/finding.ts';
import { type Derived, derive, type Facts } from '../../../shared/guard/derive/derive.ts';
import type {
  Need,
  RestoreNeed,
  RestoreVerdict,
  StepNeed,
  StepVerdict,
} from '../../../shared/guard/derive/needs.ts';
import type { Answer } from '../../../shared/guard/judge/answer.ts';
import { emptyState, type TargetState } from '../../../shared/guard/state.ts';
import { addEdit, addRead } from '../../../shared/guard/timeline/fold.ts';
import {
  ABSENT,
  type Content,
  type Edit,
  type Entry,
  type Part,
  type Read,
  type Touch,
  withPart,
  withParts,
} from '../../../shared/guard/timeline/timeline.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import type { TargetRef } from '../../../shared/targets/target.ts';

export const TARGET: TargetRef = {
  kind: 'iam-principal',
  arn: 'arn:aws:iam::111122223333:role/app',
  accountId: '111122223333',
  region: 'us-east-1',
};
export const START = Date.parse('2026-03-01T12:00:00.000Z');
export const SECOND = 1_000;
export const MINUTE = 60_000;
/** A read may miss edits that are younger. */
export const LAG = 30_000;
/** The letter that is on the critical list, and the one that nothing can be decided about. */
export const CRITICAL = 'x';
const UNDECIDED = 'u';

const arnOf = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

export const FACTS: Facts = {
  config: {
    ...defaultConfig(),
    targets: [{ match: '*', mode: 'rollback' }],
    deployers: [arnOf('pipeline')],
    breakGlass: [arnOf('emergency')],
  },
  ownActorIds: ['guard'],
  whyNotRestorable: undefined,
  isReversible: false,
  readLagMs: LAG,
};

/** Returns the part; an id of a boundary limits. */
export function part(id: string, letters: string, uid?: string): Part {
  const role = id.startsWith('boundary:') ? 'boundary' : 'grant';
  return { id, role, text: letters, form: letters, ...(uid === undefined ? {} : { uid }) };
}

/** Returns the content that holds each part's letters. */
export function holding(parts: { readonly [id: string]: string }, uniqueId = 'AROA1'): Content {
  const made = Object.entries(parts).map(([id, letters]) => part(id, letters));
  return withParts({ exists: true, uniqueId, parts: [] }, made);
}

/** Returns the call's event; `by` is a role of the account. */
export function changeBy(by: string, eventId: string, at: number): FindingChange {
  return {
    eventId,
    eventName: 'PutRolePolicy',
    eventSource: 'iam.amazonaws.com',
    eventTime: new Date(at).toISOString(),
    actorArn: arnOf(by),
    actorId: by,
  };
}

type Editing = Partial<Pick<Edit, 'life' | 'isWhole' | 'uniqueId'>> & {
  readonly by?: string;
  readonly id?: string;
};

let made = 0;

/** Returns what a call did. Times are cut to whole seconds, as events tell them. */
export function edit(
  at: number,
  touches: readonly Touch[],
  { by = 'mallory', id, ...more }: Editing = {},
): Edit {
  const whole = at - (at % SECOND);
  made++;
  return {
    kind: 'edit',
    at: whole,
    change: changeBy(by, id ?? `event-${String(made).padStart(4, '0')}`, whole),
    life: 'kept',
    isWhole: false,
    ...more,
    touches,
  };
}

/** Returns the touch that leaves these letters in the part; undefined: it goes. */
export function puts(id: string, letters: string | undefined): Touch {
  return { part: id, to: letters === undefined ? 'gone' : part(id, letters) };
}

/** Returns what AWS answered. */
export function read(at: number, content: Content = ABSENT): Read {
  return { kind: 'read', at, content: { ...content, snapshot: keyOf(content) } };
}

const small = (letters: string) => [...letters].filter((letter) => letter === letter.toLowerCase());
const capital = (letters: string) =>
  [...letters].filter((letter) => letter !== letter.toLowerCase()).map((letter) => letter.toLowerCase());

/** Returns the letters that are granted. */
export function grantedBy({ parts }: Content): Set<string> {
  const limits = parts.filter(({ role }) => role === 'boundary');
  const grants = parts.filter(({ role }) => role !== 'boundary');
  const denied = new Set(parts.flatMap(({ text }) => capital(text)));
  return new Set(
    grants
      .flatMap(({ text }) => small(text))
      .filter(
        (letter) =>
          !denied.has(letter) && (limits.length === 0 || limits.some(({ text }) => text.includes(letter))),
      ),
  );
}

/** Returns the letters that some part allows by itself. */
export function allowedBy({ parts }: Content): Set<string> {
  return new Set(parts.filter(({ role }) => role !== 'boundary').flatMap(({ text }) => small(text)));
}

const keyOf = (content: Content) => JSON.stringify(content);
/** As a content hash: unique ids do not count. */
const hashOf = ({ exists, parts }: Content) => JSON.stringify([exists, parts]);
/** Returns the content that an addition names. */
export const contentOf = (key: string | undefined): Content =>
  key === undefined ? ABSENT : (JSON.parse(key) as Content);

const missing = (letters: Iterable<string>, from: ReadonlySet<string>) =>
  [...letters].filter((letter) => !from.has(letter));

function answer(check: Answer['check'], letters: readonly string[], after: Content): Answer {
  const [letter = ''] = letters;
  const isUnknown = letters.every((one) => one === UNDECIDED);
  const holds = (text: string) => letters.some((one) => text.includes(one));
  return {
    check,
    ...(check === 'access-not-granted' ? { listName: 'the letter x' } : {}),
    result: isUnknown ? 'UNKNOWN' : 'FAIL',
    possible: true,
    grade: check === 'access-not-granted' ? 'CRITICAL' : check === 'dormant-access' ? 'INFO' : 'MEDIUM',
    sources: after.parts.filter(({ text, role }) => role === 'grant' && holds(text)).map(({ id }) => id),
    title: `${check}: ${letters.join('')}`,
    message: '',
    ...(isUnknown
      ? { cause: 'the letter u' }
      : { witness: { action: `s3:${letter}`, resource: '*', context: {} } }),
    statements: [],
    removedDenies: [],
    notes: [],
  };
}

function judge({ before, after, basis }: StepNeed): StepVerdict {
  const known = basis === 'lists' ? new Set<string>() : grantedBy(before);
  const added = missing(grantedBy(after), known);
  const answers: Answer[] = [];
  if (added.includes(CRITICAL)) answers.push(answer('access-not-granted', [CRITICAL], after));
  const plain = added.filter((letter) => letter !== UNDECIDED);
  if (basis === 'step' && added.length > 0)
    answers.push(answer('no-new-access', plain.length > 0 ? plain : added, after));
  const sleeping = missing(allowedBy(after), new Set([...allowedBy(before), ...grantedBy(after)]));
  if (basis === 'step' && added.length === 0 && sleeping.length > 0)
    answers.push(answer('dormant-access', sleeping, after));
  const isKnown = before.exists && basis === 'step';
  return {
    answers,
    versions: { ...(isKnown ? { before: keyOf(before) } : {}), after: keyOf(after) },
    hashes: { before: isKnown ? hashOf(before) : '', after: hashOf(after) },
    undoWith: '',
  };
}

/** Returns the letters that the addition added. */
export function lettersOf({ check, versions }: Addition): string[] {
  const [before, after] = [contentOf(versions.before), contentOf(versions.after)];
  const of = check === 'dormant-access' ? allowedBy : grantedBy;
  const added = missing(of(after), of(before));
  return check === 'access-not-granted' ? added.filter((letter) => letter === CRITICAL) : added;
}

function whatRemains(addition: Addition, live: Content): Addition['now'] {
  const letters = lettersOf(addition);
  const granted = letters.filter((letter) => grantedBy(live).has(letter));
  if (granted.some((letter) => letter !== UNDECIDED))
    return addition.check === 'dormant-access' ? 'dormant' : 'granted';
  if (granted.length > 0) return 'unknown';
  return letters.some((letter) => allowedBy(live).has(letter)) ? 'dormant' : 'gone';
}

/** What stands, without the letters that are to go, in the free parts; proved by the letters. */
function propose({ live: { content }, removals, free, later }: RestoreNeed): RestoreVerdict {
  const unwanted = new Set(
    removals.flatMap(({ additions, woken }) => {
      const letters = additions.flatMap(lettersOf);
      if (woken.length === 0) return letters;
      // Of what a step woke that stays, what the woken parts add.
      const asleep = woken.reduce(
        (left, { id, was }) => withPart(left, id, was ?? 'gone'),
        contentOf(additions[0]?.versions.after),
      );
      return letters.filter((letter) => !grantedBy(asleep).has(letter));
    }),
  );
  const may = new Set([...free, ...later.map(({ id }) => id)]);
  const befores = removals.flatMap(({ additions }) =>
    additions.map(({ versions }) => contentOf(versions.before)),
  );
  const parts = content.parts.flatMap((one): Part[] => {
    if (!may.has(one.id) || one.role === 'boundary') return [one];
    const left = [...one.text].filter((letter) => !unwanted.has(letter)).join('');
    return left === '' ? [] : [part(one.id, left, one.uid)];
  });
  const stops = befores.flatMap((before) =>
    before.parts.filter(
      ({ id, role, text }) =>
        may.has(id) &&
        !parts.some((one) => one.id === id) &&
        (role === 'boundary' || small(text).length === 0),
    ),
  );
  const candidate = withParts(content, [...parts, ...new Map(stops.map((one) => [one.id, one])).values()]);
  const granted = grantedBy(candidate);
  if ([...unwanted].some((letter) => granted.has(letter))) return { kind: 'none', why: 'some of it remains' };
  const key = keyOf(candidate);
  return { kind: 'candidate', how: 'tighten', snapshot: key, contentHash: key, losesOld: false };
}

export type Followed = Extract<Derived, { readonly kind: 'derived' }>;

/** Derives from the state, with the letters' verdicts. */
export function deriveFrom(state: TargetState, now: number, facts: Facts = FACTS): Followed {
  const verdicts = new Map<string, unknown>();
  const give = (need: Need) => {
    if (need.kind === 'step') verdicts.set(need.key, judge(need));
    else if (need.kind === 'remains') verdicts.set(need.key, whatRemains(need.addition, need.live.content));
    else verdicts.set(need.key, propose(need));
  };
  for (;;) {
    const derived = derive(state, { get: ({ key }) => verdicts.get(key) as never }, facts, now); // Under the key of what was asked.
    if (derived.kind === 'derived') return derived;
    derived.needs.forEach(give);
  }
}

/** Returns the state with the entries added as they come. */
export function withEntries(state: TargetState, entries: readonly Entry[]): TargetState {
  const timeline = entries.reduce(
    (known, entry) => (entry.kind === 'edit' ? addEdit(known, entry) : addRead(known, entry, LAG)),
    state.timeline,
  );
  return { ...state, timeline };
}

/** Returns the state of a target that held `content` when everything was looked at first. */
export function startingFrom(content: Content, at = START, facts: Facts = FACTS): TargetState {
  return deriveFrom(withEntries(emptyState(TARGET), [read(at, content)]), at, facts).nextState;
}

/** Returns what holds once the entries are known, derived after each. */
export function follow(
  state: TargetState,
  entries: readonly Entry[],
  { facts = FACTS, now }: { readonly facts?: Facts; readonly now?: number } = {},
): Followed {
  let followed: Followed | undefined;
  for (const entry of entries)
    followed = deriveFrom(
      withEntries(followed?.nextState ?? state, [entry]),
      now ?? Math.max(entry.at, START),
      facts,
    );
  return followed ?? deriveFrom(state, now ?? START, facts);
}

/** Returns every finding, open and closed. */
export function findingsIn({ openFindings, closedFindings }: TargetState): readonly Finding[] {
  return [...openFindings, ...closedFindings];
}

/** Returns what two orders of the same facts must agree on. */
export function gist({ openFindings }: TargetState): unknown {
  return openFindings
    .map(({ id, status, change, others = [], carriers = [], additions = [] }) => ({
      id,
      status,
      by: [...(change === undefined ? [] : [change]), ...others, ...carriers]
        .map(({ eventId }) => eventId)
        .sort(),
      // What one step tells at first, and two tell once all events have come, is the same.
      additions: [
        ...new Set(additions.flatMap((one) => lettersOf(one).map((letter) => `${one.check} ${letter}`))),
      ].sort(),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
