/** What the adapters share of talking to AWS: faults, errors by name, paging, reading back. */
import type { RestoreCall, RestoreOutcome, Snapshot } from './target.ts';

/** AWS did not answer as it should; `cause` is the SDK's error. */
export class TargetFault extends Error {
  override readonly name = 'TargetFault';
  readonly code = 'TARGET_FAULT';
}

/** One of AWS's errors by its name, where the name alone tells too little with what its message says. */
export type AnswerOfAws = string | { readonly name: string; readonly says: RegExp };

/** Returns what the call gives, or undefined when AWS answers with one of the errors. Other errors become faults. */
export async function unless<T>(answers: readonly AnswerOfAws[], call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    // What a call within this one has made a fault of is still AWS's answer.
    const said = error instanceof TargetFault ? error.cause : error;
    if (said instanceof Error && answers.some((answer) => isAnswer(answer, said))) return undefined;
    throw toFault(error);
  }
}

function isAnswer(answer: AnswerOfAws, { name, message }: Error): boolean {
  return typeof answer === 'string' ? answer === name : answer.name === name && answer.says.test(message);
}

/** Returns what the call gives; errors become faults. */
export async function orFault<T>(call: Promise<T>): Promise<T> {
  return (await unless([], call)) as T; // unless() returns undefined only for the errors named, and none are
}

function toFault(error: unknown): TargetFault {
  if (error instanceof TargetFault) return error;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new TargetFault(`AWS refused the call: ${reason}`, { cause: error });
}

/**
 * Returns true iff AWS says that the resource's own policy keeps us from looking at it. That the guard's role lacks a
 * permission is another matter: a fault.
 * Source: IAM User Guide, "Troubleshoot access denied error messages".
 */
export function isKeptOut(error: unknown): boolean {
  const cause = error instanceof TargetFault ? error.cause : error;
  return (
    cause instanceof Error &&
    cause.name.startsWith('AccessDenied') &&
    cause.message.includes('resource-based policy')
  );
}

/** Returns true iff what bears the name is in another account or Region. Source: S3 API Reference, "Error responses". */
export function isElsewhere(error: unknown): boolean {
  const cause = error instanceof TargetFault ? error.cause : error;
  return cause instanceof Error && /^(AccessDenied|PermanentRedirect|MethodNotAllowed)/.test(cause.name);
}

/** A page of a listing. */
type Page<T> = {
  readonly items: readonly T[];
  /** Marker of the next page. Absent or empty, as EC2 writes it: there is none. */
  readonly next: string | undefined;
};

/** Yields every item, page by page; `read` gets the marker of the page. */
export async function* allPages<T>(read: (marker: string | undefined) => Promise<Page<T>>): AsyncIterable<T> {
  let marker: string | undefined;
  do {
    const page: Page<T> = await read(marker);
    yield* page.items;
    marker = page.next;
  } while (marker !== undefined && marker !== '');
}

/** Returns all items of a listing. */
export async function collectPages<T>(read: (marker: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of allPages(read)) all.push(item);
  return all;
}

/** A target of which something listed is gone each time is listed so often; then the read is tried again later. */
const MAX_LISTINGS = 4;

/**
 * Returns what the names of a list stand for, in the list's order. What is listed and gone when it is read may stand
 * under another name by then, so the names are listed again, until they are the same as before or all are there.
 * Throws a fault where neither comes.
 */
export async function readListed<Held>(
  list: () => Promise<readonly string[]>,
  read: (name: string) => Promise<Held | undefined>,
): Promise<Held[]> {
  let before: string | undefined;
  for (let listing = 0; listing < MAX_LISTINGS; listing++) {
    const names = await list();
    const all: Held[] = [];
    for (const name of names) {
      const held = await read(name);
      if (held !== undefined) all.push(held);
    }
    const listed = JSON.stringify(names);
    if (all.length === names.length || listed === before) return all;
    before = listed;
  }
  throw new TargetFault('what AWS lists was gone each time it was read: somebody is changing it');
}

/** One write of a restore: what it says to people, and how it is done. */
export type Write = RestoreCall & {
  readonly send: () => Promise<unknown>;
  /**
   * Says why what the call brings must not come back any more: it is a text of another target, which somebody may have
   * changed since it was proved. Undefined returned: it is what was proved. Absent: the call brings its own text.
   */
  readonly whyNot?: () => Promise<string | undefined>;
};

type RestoreSteps = {
  readonly accepted: Snapshot;
  readonly from: Snapshot;
  readonly read: () => Promise<Snapshot>;
  /** Works out the writes from what AWS holds now; each that is not needed is left out. */
  readonly plan: (live: Snapshot) => readonly Write[] | Promise<readonly Write[]>;
  /** Says whether AWS holds what a restore that was cut short leaves behind. Absent: told by the parts. */
  readonly isHalfway?: (live: Snapshot) => boolean;
};

/** Reads after a write may show the old content for a while; these are the waits between further reads, in ms. */
const READ_BACK_WAITS_MS = [0, 200, 500, 1_000, 2_000, 4_000];

/**
 * Returns how the restore went: reads, compares with `from`, writes, reads back. It reads again before
 * each further write. Nothing is written unless AWS holds `from`, of the same target, at that time, or what
 * this restore left. What an earlier try left is judged first, and is then `from`.
 */
export async function restoreByWrites({
  accepted,
  from,
  read,
  plan,
  isHalfway = (live) => isBetween(live, { accepted, from }),
}: RestoreSteps): Promise<RestoreOutcome> {
  const isOurs = (live: Snapshot) =>
    isSameUid(live, from) &&
    (live.contentHash === accepted.contentHash || live.contentHash === from.contentHash || isHalfway(live));
  const before = await read();
  if (!isSameUid(before, from)) return { kind: 'changed-since', live: before };
  if (before.contentHash === accepted.contentHash) return { kind: 'restored', calls: [], live: before };
  // What lies between the two is not ours yet, and was never judged.
  if (before.contentHash !== from.contentHash) return { kind: 'changed-since', live: before };
  const calls: RestoreCall[] = [];
  const changedSince = (live: Snapshot): RestoreOutcome => ({
    kind: 'changed-since',
    ...(calls.length === 0 ? {} : { calls }),
    live,
  });
  try {
    const writes = await plan(before);
    for (const { whyNot } of writes) {
      const cause = await whyNot?.();
      if (cause !== undefined) return { kind: 'cannot-undo', cause };
    }
    for (const { operation, summary, send, whyNot } of writes) {
      const isFirst = calls.length === 0;
      const live = isFirst ? before : await read();
      if (!isOurs(live)) return changedSince(live);
      const cause = isFirst ? undefined : await whyNot?.();
      if (cause !== undefined) return { kind: 'partial', calls, cause, live };
      await orFault(send());
      calls.push({ operation, summary });
    }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const live = await read();
    // A content that nobody judged must not pass for our own unfinished work: the next try would undo it.
    return isOurs(live) ? { kind: 'partial', calls, cause, live } : changedSince(live);
  }
  let live = before;
  for (const wait of READ_BACK_WAITS_MS) {
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    live = await read();
    if (live.contentHash === accepted.contentHash) return { kind: 'restored', calls, live };
  }
  if (!isOurs(live)) return changedSince(live);
  return { kind: 'partial', calls, cause: 'AWS does not show the restored content yet', live };
}

/**
 * Returns true iff what is held lies between two versions, each told as texts of what it is made of: there is nothing but
 * what is in either, and all that is in both.
 */
export function liesBetween(
  live: readonly string[],
  [one, other]: readonly [one: readonly string[], other: readonly string[]],
): boolean {
  const [here, there] = [new Set(one), new Set(other)];
  const held = new Set(live);
  return (
    live.every((element) => here.has(element) || there.has(element)) &&
    one.every((element) => !there.has(element) || held.has(element))
  );
}

/** False iff unique ids show that the two only share a name. */
function isSameUid({ uniqueId: one }: Snapshot, { uniqueId: other }: Snapshot): boolean {
  return one === undefined || other === undefined || one === other;
}

/** True iff each part is as in `accepted` or as in `from`: what a restore that was cut short leaves behind. */
function isBetween(live: Snapshot, { accepted, from }: Pick<RestoreSteps, 'accepted' | 'from'>): boolean {
  if (live.parts.length === 0 && accepted.parts.length + from.parts.length < 2) return false;
  const known = new Map(
    [...accepted.parts, ...from.parts].map((part) => [part.id, new Set<string | undefined>()]),
  );
  for (const { id, document } of [...accepted.parts, ...from.parts]) known.get(id)?.add(document);
  const isKnown = live.parts.every(({ id, document }) => known.get(id)?.has(document) === true);
  const liveIds = new Set(live.parts.map(({ id }) => id));
  // A part that both hold cannot have gone by our own writes.
  const kept = accepted.parts.filter(({ id }) => from.parts.some((part) => part.id === id));
  // A boundary is replaced by another in one write: that there is none is somebody's doing.
  const [limited, ...both] = [live, accepted, from].map(({ parts }) =>
    parts.some(({ role }) => role === 'boundary'),
  );
  const isLimited = limited === true || both.includes(false);
  return live.exists && isKnown && isLimited && kept.every(({ id }) => liveIds.has(id));
}
