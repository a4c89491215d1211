/** A snapshot → the set of policies that the checks are asked about. All or nothing: a part left out could hold a Deny. */
import type { RoledPolicy } from '../checks/index.ts';
import { isLimit } from '../checks/proveRestore.ts';
import { parseArn } from '../policy/arn.ts';
import type { Policy, PolicyProblem } from '../policy/ast.ts';
import { limitingPrincipals, limitingResources } from '../policy/organizationLimits.ts';
import { parsePolicy } from '../policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../policy/policySet.ts';
import { rootDelegates } from '../policy/rootDelegates.ts';
import { documentSyntax } from './documentSyntax.ts';
import type { Snapshot, TargetPart, TargetRef } from './target.ts';

type SetResult =
  | { readonly kind: 'set'; readonly set: PolicySet }
  /** One sentence a part that AWS did not show or that does not parse. */
  | { readonly kind: 'unreadable'; readonly causes: readonly string[] };

/** Kinds whose policy delegates to the account's IAM policies by a statement for its root. */
const ROOT_DELEGATES: ReadonlySet<string> = new Set<TargetRef['kind']>(['kms-key', 'role-trust']);

/**
 * Returns the set of a snapshot's documents; an absent target has an empty one, which grants nothing. Those
 * that limit act together as one limit: a principal has one boundary, and control policies of one level add up.
 */
export function toPolicySet(snapshot: Snapshot): SetResult {
  let result = sets.get(snapshot);
  if (result === undefined) {
    result = readPolicySet(snapshot);
    sets.set(snapshot, result);
  }
  return result;
}

/** One content is asked about many times. */
const sets = new WeakMap<Snapshot, SetResult>();

function readPolicySet({ target, parts }: Snapshot): SetResult {
  const policies: NamedPolicy[] = [];
  const boundary: NamedPolicy[] = [];
  const causes: string[] = [];
  // A target with one document needs no name for it; reasons then speak of statements alone.
  const named = parts.length > 1 || parts.some(({ id }) => id !== 'document');
  for (const part of parts) {
    const parsed = parsePart(part, target);
    if (typeof parsed === 'string') causes.push(parsed);
    else {
      (isLimit(part) ? boundary : policies).push({
        policy: asUnderstood({ ...parsed, role: part.role }, target),
        name: named ? part.id : '',
      });
    }
  }
  if (causes.length > 0) return { kind: 'unreadable', causes };
  return {
    kind: 'set',
    set: boundary.length > 0 ? { policies, boundary: [{ policies: boundary }] } : { policies },
  };
}

/**
 * The policy as AWS understands it in a target of that kind (undefined: of no kind that the guard has). Its statements
 * are no longer those of its text. Without an ARN nothing is known of an organization.
 */
export function asUnderstood(
  { policy, role }: Pick<RoledPolicy, 'policy' | 'role'>,
  {
    kind,
    accountId,
    arn = '',
  }: { readonly kind: string | undefined } & Pick<TargetRef, 'accountId'> & Partial<Pick<TargetRef, 'arn'>>,
): Policy {
  const [, organization] = /\/(o-[a-z0-9]+)\//.exec(arn) ?? [];
  if (kind === 'organizations-attachment' && organization !== undefined)
    return role === 'boundary'
      ? limitingPrincipals(policy, organization)
      : limitingResources(policy, organization);
  return kind !== undefined && ROOT_DELEGATES.has(kind) ? rootDelegates(policy, accountId) : policy;
}

/** Returns every document by its part's id, with what it does; undefined: one of them cannot be read. */
export function toRoledPolicies({ target, parts }: Snapshot): readonly RoledPolicy[] | undefined {
  const documents: RoledPolicy[] = [];
  for (const part of parts) {
    const parsed = parsePart(part, target);
    if (typeof parsed === 'string') return undefined;
    documents.push({ ...parsed, role: part.role });
  }
  return documents;
}

function parsePart({ id, role, document }: TargetPart, target: TargetRef): NamedPolicy | string {
  if (document === undefined) return `AWS did not show the document of \`${id}\``;
  const owner = target.kind === 'rest-api-policy' ? { owner: apiArn(target) } : {};
  const result = parseOnce(document, {
    ...documentSyntax(role, target.kind),
    ...owner,
    held: true,
    sourceName: id,
  });
  if (result.ok) return { name: id, policy: result.policy };
  const [first, ...others] = result.problems;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return `the document of \`${id}\` cannot be judged: ${first === undefined ? 'it does not parse' : describe(first)}${more}`;
}

/** Texts that were parsed last, by all that the result hangs on, in no more than so many characters. */
const recent = new Map<string, ReturnType<typeof parsePolicy>>();
const MAX_CHARACTERS = 500_000;
let characters = 0;

/** A message asks dozens of questions about the same documents, and what is known of a statement is kept with its tree. */
function parseOnce(text: string, options: Parameters<typeof parsePolicy>[1]): ReturnType<typeof parsePolicy> {
  const key = `${JSON.stringify(options)} ${text}`;
  let result = recent.get(key);
  if (result === undefined) {
    if (characters + key.length > MAX_CHARACTERS) {
      recent.clear();
      characters = 0;
    }
    result = parsePolicy(text, options);
    recent.set(key, result);
    characters += key.length;
  }
  return result;
}

/** The ARN that policies of an API speak of; an API itself is known by another. */
function apiArn({ arn, accountId }: TargetRef): string {
  const { partition, region, resource } = parseArn(arn);
  return `arn:${partition}:execute-api:${region}:${accountId}:${resource.split('/').at(-1)}`;
}

function describe({ message, path, position }: PolicyProblem): string {
  const place = position === undefined ? '' : ` (line ${position.line}, column ${position.column})`;
  return `\`${path}\`${place}: ${message}`;
}
