/** A whole target narrowed: its limits, the Denies that went, then one Allow statement after the other. */
import type { Policy, Statement } from '../policy/ast.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { describeDenyAdded, describeNarrowing, type StatementChange } from './describeChange.ts';
import { membersOf, type StatementJson } from './intersect.ts';
import { narrowStatement } from './narrow.ts';
import {
  type AskRemains,
  isLimit,
  type Proof,
  type Restore,
  type RoledPolicy,
  toPolicySet,
} from './proveRestore.ts';
import { sameWords } from './unsettled.ts';
import type { Verdict } from './verdict.ts';

/** What is asked of the engine. */
export type TightenEngine = {
  /** Only its result is used. */
  readonly checkNoNewAccess: (existing: PolicySet, updated: PolicySet) => Promise<Verdict>;
  readonly remains: AskRemains;
  readonly proveRestore: (restore: Restore) => Promise<Proof>;
  /** True iff it is proved that no request is granted by `live` (and `after`) and not by `before`; asks for no witness. */
  readonly isNone: (added: {
    readonly before?: PolicySet;
    readonly after?: PolicySet;
    readonly live: PolicySet;
  }) => Promise<boolean>;
};

/** A document that tightening made or left. */
export type Draft = RoledPolicy & { readonly changes: readonly StatementChange[] };

/** The documents before and now, and which of them may be changed. */
type Narrowing = {
  readonly existing: readonly RoledPolicy[];
  readonly updated: readonly RoledPolicy[];
  readonly isTouched: (document: RoledPolicy) => boolean;
};

/** Returns the documents with the touched ones narrowed. Nothing is proved of the whole yet. */
export async function narrowDocuments(narrowing: Narrowing, engine: TightenEngine): Promise<Draft[]> {
  const limits = await narrowLimits(narrowing, engine);
  const { boundary = [] } = toPolicySet(limits);
  const grants = (documents: readonly RoledPolicy[]) => documents.filter((one) => !isLimit(one));
  return [
    ...(await narrowAllows(
      {
        ...narrowing,
        existing: grants(narrowing.existing),
        updated: grants(narrowing.updated),
        before: toPolicySet(narrowing.existing),
        boundary,
      },
      engine,
    )),
    ...limits,
  ];
}

/** Returns the documents with no Allow left in the touched ones. A limit that went is there again. */
export function withoutAllows({ existing, updated, isTouched }: Narrowing): Draft[] {
  const left = updated.map((one) => (isTouched(one) ? onlyDenies(one) : unchanged(one)));
  return updated.some(isLimit)
    ? left
    : [...left, ...existing.filter(isLimit).filter(isTouched).map(unchanged)];
}

function onlyDenies(document: RoledPolicy): Draft {
  const statements = statementsOf(document);
  const isDeny = ({ Effect: effect }: StatementJson) => effect === 'Deny';
  return {
    ...rebuild(document, statements.filter(isDeny)),
    changes: statements.flatMap((statement, index) =>
      isDeny(statement) ? [] : [describeNarrowing(index, statement, [])],
    ),
  };
}

/** Limits let through what others grant, so they are held against each other by themselves. */
async function narrowLimits(narrowing: Narrowing, engine: TightenEngine): Promise<Draft[]> {
  const existing = narrowing.existing.filter(isLimit);
  const updated = narrowing.updated.filter(isLimit).map(unchanged);
  const before: PolicySet = { policies: existing };
  if (
    existing.length === 0 ||
    (updated.length > 0 && (await engine.isNone({ before, live: { policies: updated } })))
  )
    return updated;
  const { isTouched } = narrowing;
  if (updated.length === 0) return existing.filter(isTouched).map(unchanged);
  return narrowAllows({ existing, updated, isTouched, before, boundary: [] }, engine);
}

type Allows = Narrowing & { readonly before: PolicySet } & Required<Pick<PolicySet, 'boundary'>>;

async function narrowAllows(
  { existing, updated, isTouched, before, boundary }: Allows,
  engine: TightenEngine,
): Promise<Draft[]> {
  const drafts = await addLostDenies({ existing, updated, isTouched, before, boundary }, engine);
  const denies = drafts.map(({ name, policy }) => ({ name: `${name} `, policy: withEffect(policy, 'Deny') }));
  for (const [at, draft] of drafts.entries()) {
    if (!isTouched(draft)) continue;
    const version = versionOf(draft);
    const allows = existing
      .flatMap((document) => statementsOf(document).filter((one) => canMove(one, document, version)))
      .filter(({ Effect: effect }) => effect === 'Allow');
    const setOf = (...pieces: readonly StatementJson[]): PolicySet => ({
      policies: [{ name: draft.name, policy: rebuild(draft, pieces).policy }, ...denies],
      boundary,
    });
    const changes = [...draft.changes];
    const narrowed: StatementJson[] = [];
    for (const [index, statement] of statementsOf(draft).entries()) {
      if (statement['Effect'] !== 'Allow') {
        narrowed.push(statement);
        continue;
      }
      const pieces = await narrowStatement(statement, allows, {
        addsNothing: (piece) => engine.isNone({ before, live: setOf(piece) }),
        isAllNew: (piece) => engine.isNone({ after: before, live: setOf(piece) }),
        isCovered: (piece, others) => engine.isNone({ before: setOf(...others), live: setOf(piece) }),
      });
      if (pieces[0] !== statement) changes.push(describeNarrowing(index, statement, pieces));
      narrowed.push(...pieces);
    }
    if (changes.length > draft.changes.length)
      drafts[at] = { ...rebuild(draft, withUniqueSids(narrowed)), changes };
  }
  return drafts;
}

/**
 * The documents with each Deny that went and whose requests are granted now. It takes away nothing that was granted
 * before, so there is no lesser change.
 */
async function addLostDenies(
  { existing, updated, isTouched, before, boundary }: Allows,
  engine: TightenEngine,
): Promise<Draft[]> {
  const drafts: Draft[] = updated.map(unchanged);
  for (const document of existing) {
    const texts = statementsOf(document);
    for (const statement of document.policy.statements) {
      const text = texts[statement.index];
      if (statement.effect !== 'Deny' || text === undefined) continue;
      if (drafts.some(({ policy }) => policy.statements.some((other) => sameWords(other, statement))))
        continue;
      const live = { policies: drafts, boundary };
      if (await engine.isNone({ before, after: asAllow(document, statement), live })) continue;
      const at = placeFor(document, drafts, isTouched);
      const draft = drafts[at] ?? (isTouched(document) ? emptied(document) : undefined);
      if (draft === undefined || !canMove(text, document, versionOf(draft))) continue;
      const added: Draft = {
        ...rebuild(draft, withUniqueSids([...statementsOf(draft), text])),
        changes: [...draft.changes, describeDenyAdded(statement.index, text)],
      };
      drafts.splice(at, 1, added);
    }
  }
  return drafts;
}

/** Where a Deny of the document goes: where it stood, though that is gone, if it may be written; else into any that may. */
function placeFor(
  document: RoledPolicy,
  drafts: readonly Draft[],
  isTouched: Narrowing['isTouched'],
): number {
  const { name, policy } = document;
  const place = isTouched(document)
    ? drafts.findIndex((draft) => draft.name === name)
    : drafts.findIndex((draft) => isTouched(draft) && draft.policy.policyType === policy.policyType);
  return place >= 0 ? place : drafts.length;
}

const unchanged = (document: RoledPolicy): Draft => ({ ...document, changes: [] });

const emptied = (document: RoledPolicy): Draft => ({ ...rebuild(document, []), changes: [] });

function asAllow({ name, policy }: RoledPolicy, statement: Statement): PolicySet {
  return { policies: [{ name, policy: { ...policy, statements: [{ ...statement, effect: 'Allow' }] } }] };
}

function withEffect(policy: Policy, effect: Statement['effect']): Policy {
  return { ...policy, statements: policy.statements.filter((statement) => statement.effect === effect) };
}

/** Variables are such in one version of the language only, so a statement that has one keeps to its version. */
function canMove(statement: StatementJson, from: RoledPolicy, version: string): boolean {
  return versionOf(from) === version || !JSON.stringify(statement).includes('${');
}

const versionOf = ({ policy }: RoledPolicy): string => policy.version;

type DocumentJson = { readonly [element: string]: unknown };

/** A long text is read once, though it is asked for with every piece. */
const parsedTexts = new WeakMap<Policy, DocumentJson>();

function jsonOf({ policy }: RoledPolicy): DocumentJson {
  let json = parsedTexts.get(policy);
  if (json === undefined) {
    json = JSON.parse(policy.source) as DocumentJson; // The parser took it.
    parsedTexts.set(policy, json);
  }
  return json;
}

/** Returns the statements of a document as JSON, by their index. */
function statementsOf(document: RoledPolicy): readonly StatementJson[] {
  return membersOf(jsonOf(document)['Statement']) as readonly StatementJson[]; // The parser took them.
}

/** A text that cannot be written anew, with why. */
export class Unwritable extends Error {}

/** Returns the document with those statements, in the grammar of the first and spaced like it. Throws `Unwritable`. */
function rebuild<T extends RoledPolicy>(document: T, statements: readonly StatementJson[]): T {
  const { policyType, syntax, source } = document.policy;
  const indent = source.trim().includes('\n') ? 2 : 0;
  const text = JSON.stringify({ ...jsonOf(document), Statement: statements }, null, indent);
  // What AWS holds with an oddity that means nothing keeps it; an oddity in a statement could be lost.
  const parsed = parsePolicy(text, { ...syntax, policyType, held: true, sourceName: document.name });
  const [problem] = parsed.ok
    ? parsed.policy.statements.flatMap(({ unread = [] }) => unread)
    : parsed.problems;
  if (!parsed.ok || problem !== undefined)
    throw new Unwritable(
      `\`${document.name}\` is not rewritten, since it cannot be read in full: ${problem?.message}`,
    );
  return { ...document, policy: parsed.policy };
}

/** The pieces of one statement have its Sid, and AWS takes each once. */
function withUniqueSids(statements: readonly StatementJson[]): StatementJson[] {
  const taken = new Set<unknown>();
  const written = new Set(statements.map(({ Sid: sid }) => sid));
  return statements.map((statement) => {
    const { Sid: sid } = statement;
    if (typeof sid !== 'string' || sid === '') return statement;
    let unique = sid;
    for (let n = 2; taken.has(unique) || (unique !== sid && written.has(unique)); n++) unique = `${sid}${n}`;
    taken.add(unique);
    return unique === sid ? statement : { ...statement, Sid: unique };
  });
}
