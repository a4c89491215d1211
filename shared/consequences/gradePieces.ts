/** New access by its words: how serious each piece is by access level and breadth, and all of it in a few lines. */

import type { NewAccessPiece } from '../checks/index.ts';
import { parseArn } from '../policy/arn.ts';
import { LEVELS, type Reference } from '../reference/reference.ts';
import { type Grade, worst } from './grade.ts';

/** One line of a summary: what was added of one service at one access level, on everything or on named resources. */
export type AddedAccess = {
  readonly grade: Grade;
  readonly service: string;
  /** As AWS writes it: `Write`. */
  readonly level: (typeof LEVELS)[number];
  readonly isOnEverything: boolean;
  /** As the statements write them; bounded. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** A possible request. */
  readonly call: NewAccessPiece['witness'];
};

const PERMISSIONS = 0;
const WRITE = 1;
const MAX_NAMES = 10;

/**
 * Returns the pieces summed up by service, level and breadth, most serious first. A piece's level is that of its
 * request, which is the most serious one that the piece grants; what the reference does not know counts as a write.
 */
export function summarise(pieces: readonly NewAccessPiece[], reference: Reference): readonly AddedAccess[] {
  const lines = new Map<string, AddedAccess>();
  for (const { actions, resources, witness } of pieces) {
    const folded = witness.action.toLowerCase();
    const service = folded.split(':')[0] ?? '';
    const level = reference.service(service)?.actions.get(folded)?.group.level ?? WRITE;
    const isOnEverything = resources.some(isEverything);
    const key = `${service} ${level} ${isOnEverything}`;
    const known = lines.get(key);
    lines.set(key, {
      grade: gradeOf(level, isOnEverything),
      service,
      level: LEVELS[level] ?? 'Write',
      isOnEverything,
      actions: join(known?.actions, actions),
      resources: join(known?.resources, resources),
      call: known?.call ?? witness,
    });
  }
  const rank = ({ grade }: AddedAccess) => ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFO'].indexOf(grade);
  return [...lines.values()].sort((a, b) => rank(a) - rank(b));
}

/** Returns the grade of the most serious line; LOW of none. */
export function gradeOfSummary(lines: readonly AddedAccess[]): Grade {
  return worst(['LOW', ...lines.map(({ grade }) => grade)]);
}

/** Writes and permissions on everything matter; reads, tags and writes on named resources are what most changes add. */
function gradeOf(level: number, isOnEverything: boolean): Grade {
  if (level === PERMISSIONS) return 'MEDIUM';
  return level === WRITE && isOnEverything ? 'MEDIUM' : 'LOW';
}

/** True iff the resource names nothing: `*`, everything but something, or an ARN whose own name begins with `*`. */
function isEverything(resource: string): boolean {
  if (resource === '*' || resource.startsWith('everything but')) return true;
  const { service, resource: name } = parseArn(resource);
  if (name === '' || name.startsWith('*')) return true;
  return !WITHOUT_TYPE.has(service) && /^[^/:*?]*[/:]\*/.test(name);
}

/** Services whose ARNs begin with a resource's own name, not with its type. */
const WITHOUT_TYPE: ReadonlySet<string> = new Set(['s3', 'sqs', 'sns', 'execute-api']);

function join(known: readonly string[] | undefined, more: readonly string[]): readonly string[] {
  return [...new Set([...(known ?? []), ...more])].slice(0, MAX_NAMES);
}
