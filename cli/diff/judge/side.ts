/** The documents of one facet on one side → what the checks are asked about, and what could not be read. */

import type { RoledPolicy } from '../../../shared/checks/index.ts';
import { isLimit } from '../../../shared/checks/proveRestore.ts';
import type { Policy, PolicyProblem } from '../../../shared/policy/ast.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../../../shared/policy/policySet.ts';
import { documentSyntax } from '../../../shared/targets/documentSyntax.ts';
import { asUnderstood } from '../../../shared/targets/policySet.ts';
import type { Region } from '../../output/checkResult.ts';
import type { Document, StatedStatement } from '../document.ts';
import type { Fields } from '../fields.ts';
import type { Part } from '../state.ts';
import { OWN_ACCOUNT } from '../symbols.ts';

/** A part of which nothing is known but that it is there. */
export type UnreadPart = {
  readonly part: Part;
  readonly key: string;
  readonly why: string;
  readonly allowsOnly: boolean;
  readonly region: Region | undefined;
};

export type Side = {
  /** The kind that decides how its documents are read. */
  readonly kind: string | undefined;
  /** Whose it is; absent: not known, and no matter. */
  readonly accountId: string | undefined;
  readonly parts: readonly Part[];
  readonly set: PolicySet;
  /** Each document that was read, with its part. */
  readonly documents: readonly (RoledPolicy & { readonly part: Part })[];
  readonly unread: readonly UnreadPart[];
  /** Every statement, with the part it belongs to. */
  readonly statements: readonly StatedStatement[];
  /** Where a statement stands that a reason names. */
  regionOf(document: string | undefined, statementIndex: number): Region | undefined;
};

/** Which of a statement's bounds is taken. */
type Bound = 'certain' | 'upper';

/** Nothing at all. */
export const NO_SIDE: Side = sideOf([], {});

/** Returns the same side, where what cannot be resolved counts as the most that it may grant. */
export function upperSide({ parts, kind, accountId }: Side): Side {
  return sideOf(parts, { kind, accountId }, 'upper');
}

/** What of a facet decides how its documents are understood. */
type Owner = { readonly kind?: string | undefined; readonly accountId?: string | undefined };

/** Returns the side of these parts, of a facet of that kind and in that account. */
export function sideOf(parts: readonly Part[], { kind, accountId }: Owner, bound: Bound = 'certain'): Side {
  const documents: (RoledPolicy & { readonly part: Part })[] = [];
  const policies: NamedPolicy[] = [];
  const boundary: NamedPolicy[] = [];
  const unread: UnreadPart[] = [];
  const places = new Map<string, readonly (Region | undefined)[]>();
  const names = new Set<string>();
  for (const part of parts) {
    const { document } = part;
    if (document.unread !== undefined) {
      const { key, why, allowsOnly = false } = document.unread;
      unread.push({ part, key, why, allowsOnly, region: document.region });
      continue;
    }
    const name = uniqueName(part.id, names);
    const taken = document.statements.flatMap((statement) => {
      const value = takenOf(statement, bound);
      return value === undefined ? [] : [{ value, region: statement.region }];
    });
    const parsed = parsePolicy(
      textOf(
        document,
        taken.map(({ value }) => value),
        bound,
      ),
      {
        ...documentSyntax(part.role, kind),
        sourceName: name,
      },
    );
    if (!parsed.ok) {
      const [problem] = parsed.problems;
      const [, index] = /^\$\.Statement\[(\d+)\]/.exec(problem?.path ?? '') ?? [];
      const region =
        problemRegion(document, problem) ??
        (index === undefined ? undefined : taken[Number(index)]?.region) ??
        document.region;
      const why = problem === undefined ? 'it does not parse' : `${problem.path}: ${problem.message}`;
      unread.push({
        part,
        key: JSON.stringify(document.statements.map(({ key }) => key)),
        why,
        allowsOnly: false,
        region,
      });
      continue;
    }
    places.set(
      name,
      taken.map(({ region }) => region),
    );
    documents.push({ name, policy: parsed.policy, role: part.role, part });
    const policy = ownAccounts(parsed.policy, accountId).reduce(
      (understood, own) => asUnderstood({ policy: understood, role: part.role }, { kind, accountId: own }),
      parsed.policy,
    );
    (isLimit(part) ? boundary : policies).push({ name, policy });
  }
  const isLimited = boundary.length > 0;
  return {
    kind,
    accountId,
    parts,
    // Several limits are the session policies of one session, which act together.
    set: isLimited ? { policies, boundary: [{ policies: boundary }] } : { policies },
    documents,
    unread,
    statements: parts.flatMap(({ document }) => document.statements),
    regionOf: (document, index) => {
      const [only] = places.values();
      return (document === undefined ? only : places.get(document))?.[index];
    },
  };
}

/** A text that is the file itself has its problems where the file has them. */
function problemRegion(document: Document, problem: PolicyProblem | undefined): Region | undefined {
  const { position } = problem ?? {};
  if (position === undefined || document.source === undefined) return undefined;
  const { line, column } = position;
  return { startLine: line, startColumn: column, endLine: line, endColumn: column + 1 };
}

function uniqueName(id: string, taken: Set<string>): string {
  let name = id;
  for (let count = 2; taken.has(name); count++) name = `${id} (${count})`;
  taken.add(name);
  return name;
}

function takenOf({ certain, upper, effect }: StatedStatement, bound: Bound): Fields | undefined {
  if (bound === 'certain') return certain;
  if (upper === undefined) return certain;
  // A Deny that is not known denies nothing.
  return effect === 'Deny' ? undefined : upper;
}

function textOf(document: Document, statements: readonly Fields[], bound: Bound): string {
  if (document.source !== undefined && bound === 'certain') return document.source;
  const { version } = document;
  return JSON.stringify(
    { ...(version === undefined ? {} : { Version: version }), Statement: statements },
    undefined,
    2,
  );
}

/** Returns true iff the side holds a Deny that is known. */
export function hasDeny({ set }: Side): boolean {
  return set.policies.some(({ policy }) => policy.statements.some(({ effect }) => effect === 'Deny'));
}

/** Returns the accounts that may own the policy: every account that it names, unless the owner is known. */
function ownAccounts({ statements }: Policy, accountId: string | undefined): readonly string[] {
  if (accountId !== undefined) return [OWN_ACCOUNT, accountId];
  const named = statements.flatMap(({ principal }) =>
    (principal?.patterns ?? []).flatMap((pattern) => (pattern.kind === 'account' ? [pattern.account] : [])),
  );
  // A policy that has a symbol for its own account means other accounts by their numbers.
  return named.includes(OWN_ACCOUNT) ? [OWN_ACCOUNT] : [...new Set(named)];
}
