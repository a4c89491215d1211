/**
 * What deriving asks for and is given: verdicts of the engine, each kept under a key of everything it depends on. The
 * edge answers what is missing and derives again; nothing here asks anybody.
 */
import type { Addition, Left } from '../../findings/finding.ts';
import { sha256 } from '../../store/objectKey.ts';
import type { Answer } from '../judge/answer.ts';
import type { Step } from '../timeline/place.ts';
import type { Content, Part, Read } from '../timeline/timeline.ts';

/** What did this step add? */
export type StepNeed = {
  readonly kind: 'step';
  readonly key: string;
  /** The last read: what it keeps beside the content decides on the command, and on nothing else. */
  readonly live?: Content | undefined;
} & Pick<Step, 'before' | 'after' | 'predecessors' | 'basis'>;

export type StepVerdict = {
  /** The gravest first; none: the step added nothing. */
  readonly answers: readonly Answer[];
  /** Hashes of the kept documents that hold both contents. */
  readonly versions: Addition['versions'];
  /** Content hashes; `before` is empty where nothing is known. */
  readonly hashes: { readonly before: string; readonly after: string };
  /** What a person types. */
  readonly undoWith: string;
};

/** What is left of an addition? */
export type RemainsNeed = {
  readonly kind: 'remains';
  readonly key: string;
  readonly addition: Addition;
  readonly live: Read;
  readonly settings: string;
};

/** One step whose additions are to go. */
export type Removal = {
  /** The parts that the step touched, and those of whoever profits from it. */
  readonly parts: readonly string[];
  readonly additions: readonly Addition[];
  /** Present parts that the step woke, where the step itself stays: what they add is all that goes. */
  readonly woken: readonly LaterPart[];
  /** Parts of which events alone say what they were before, as the last read shows them: what they granted then stays. */
  readonly stood: readonly LaterPart[];
};

export type LaterPart = {
  readonly id: string;
  /** As it was, or the kept document of a content that holds it; neither: it was not there. */
  readonly was?: Part;
  readonly snapshot?: string;
  /** Somebody exempt wrote it since it was so. */
  readonly isOfExempt?: true;
};

/** Which content, proved to be no wider than what AWS holds, is without these additions? */
export type RestoreNeed = {
  readonly kind: 'restore';
  readonly key: string;
  readonly live: Read;
  /** In the order of time. */
  readonly removals: readonly Removal[];
  /** Parts that may be written: nobody exempt wrote them last. */
  readonly free: readonly string[];
  /** Parts that somebody exempt wrote since, which stay as they are. */
  readonly left: readonly string[];
  /** What the events of somebody exempt say that they added to such parts; it stays. */
  readonly spared: readonly { readonly part: string /** A kept document. */; readonly adds: string }[];
  /** Such parts that were written since, with what they were before; looked at where the others are not enough. */
  readonly later: readonly LaterPart[];
  /** Content that both grant may go too: only for what is grave. */
  readonly mayLoseOld: boolean;
  /** The target's rule says so: what the step itself took away may be granted again. */
  readonly mayRestorePrevious: boolean;
};

export type RestoreVerdict =
  | {
      readonly kind: 'candidate';
      readonly how: 'previous' | 'tighten';
      /** Hash of the kept document that holds the content to write. */
      readonly snapshot: string;
      readonly contentHash: string;
      /** Access that was granted before and now goes as well. */
      readonly losesOld: boolean;
      /** Some of what was added stays: reads had shown it, and that it went meanwhile events alone say. */
      readonly keepsRead?: true;
    }
  | { readonly kind: 'none'; readonly why: string };

export type Need = StepNeed | RemainsNeed | RestoreNeed;

/** What each kind of need is answered with. */
export type AnswerTo = {
  readonly step: StepVerdict;
  /** What is told of it while only some of it is granted. */
  readonly remains: Addition['now'] | Left;
  readonly restore: RestoreVerdict;
};

/** A need as it is asked and answered: the key begins with the kind. */
export type Asked<Kind extends Need['kind']> = { readonly kind: Kind; readonly key: string };

export type Verdicts = {
  /** Returns the answer; undefined: it was not given yet. */
  get<Kind extends Need['kind']>(need: Asked<Kind>): AnswerTo[Kind] | undefined;
};

/** Returns the need; its key holds the settings, so that a changed configuration is asked anew. */
export function needOfStep(
  { before, after, predecessors, basis }: Step,
  settings: string,
  live?: Content,
): StepNeed {
  const key = keyOf('step', [
    contentOf(before),
    contentOf(after),
    predecessors.map(contentOf),
    basis,
    settings,
  ]);
  return { kind: 'step', key, before, after, basis, predecessors, live };
}

/** Returns the need. */
export function needOfRemains(addition: Addition, live: Read, settings: string): RemainsNeed {
  const { check, listName, isBeside, result, versions } = addition;
  const key = keyOf('remains', [
    check,
    listName,
    isBeside,
    result,
    versions,
    contentOf(live.content),
    settings,
  ]);
  return { kind: 'remains', key, addition, live, settings };
}

/** Returns the need. */
export function needOfRestore(need: Omit<RestoreNeed, 'kind' | 'key'>, settings: string): RestoreNeed {
  const removals = need.removals.map(({ parts, additions, woken, stood }) => [
    parts,
    woken,
    stood,
    additions.map(({ check, listName, versions }) => [check, listName, versions]),
  ]);
  const facts = [
    contentOf(need.live.content),
    removals,
    need.free,
    need.left,
    need.spared,
    need.later,
    need.mayLoseOld,
    need.mayRestorePrevious,
    settings,
  ];
  return { kind: 'restore', key: keyOf('restore', facts), ...need };
}

/** Returns what tells two contents apart. */
function contentOf(content: Content): string {
  const known = digests.get(content);
  if (known !== undefined) return known;
  const { exists, uniqueId, parts } = content;
  const digest = digestOf([exists, uniqueId, parts.map(({ id, role, uid, form }) => [id, role, uid, form])]);
  digests.set(content, digest);
  return digest;
}

/** What one step leaves is where the next begins, and every addition is asked of the same read. */
const digests = new WeakMap<Content, string>();

function keyOf(kind: Need['kind'], facts: readonly unknown[]): string {
  return `${kind} ${digestOf(facts)}`;
}

function digestOf(facts: readonly unknown[]): string {
  return sha256(JSON.stringify(facts));
}
