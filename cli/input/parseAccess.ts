/**
 * `--access actions=s3:DeleteBucket,iam:PassRole resources=arn:…` → the access that must not be granted.
 * One `--access` is one group: any of its actions on any of its resources. JSON is taken as well, as the API has it.
 */
import * as v from 'valibot';
import type { Access } from '../../shared/checks/index.ts';
import { InputError, type InputProblem } from './inputError.ts';

/** Stands in the argument list where a further `--access` begins: the parser of flags runs all their values together. */
export const GROUP_START = '\u0000access';

/** Returns the arguments with a mark after each `--access`. */
export function markGroups(argv: readonly string[]): string[] {
  return argv.flatMap((argument) => {
    if (argument === '--access') return [argument, GROUP_START];
    const [, joined] = /^--access=(.*)$/s.exec(argument) ?? [];
    return joined === undefined ? [argument] : ['--access', GROUP_START, joined];
  });
}

const listSchema = v.pipe(
  v.array(v.pipe(v.string(), v.nonEmpty('must not be empty'))),
  v.minLength(1, 'must not be empty'),
);
const ACTION = /^(\*|[^:\s]+:[^:\s]+)$/;
const actionSchema = v.pipe(
  listSchema,
  v.check(
    (actions) => actions.every((action) => ACTION.test(action)),
    'every action must be written `service:Name`, wildcards allowed, or `*`',
  ),
);

/** One group: at least one of the two lists. */
export const accessSchema = v.pipe(
  v.strictObject({ actions: v.optional(actionSchema), resources: v.optional(listSchema) }),
  v.check(
    ({ actions, resources }) => actions !== undefined || resources !== undefined,
    'must list `actions` or `resources`',
  ),
  v.transform(
    ({ actions, resources }): Access => ({
      ...(actions === undefined ? {} : { actions }),
      ...(resources === undefined ? {} : { resources }),
    }),
  ),
);

/** Returns the groups, in order. Throws `InputError` with every problem. */
export function parseAccess(marked: readonly string[]): Access[] {
  const problems: InputProblem[] = [];
  const groups = splitGroups(marked).flatMap((words) => toRawGroups(words, problems));
  const access = groups.flatMap((group) => {
    const result = v.safeParse(accessSchema, group);
    for (const issue of result.issues ?? []) problems.push(problem(messageOf(issue)));
    return result.success ? [result.output] : [];
  });
  if (problems.length > 0) throw new InputError(problems);
  return access;
}

function splitGroups(marked: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const word of marked) {
    if (word === GROUP_START || groups.length === 0) groups.push([]);
    if (word !== GROUP_START) groups.at(-1)?.push(word);
  }
  return groups;
}

function toRawGroups(words: readonly string[], problems: InputProblem[]): unknown[] {
  const [first, ...others] = words;
  if (first === undefined) {
    problems.push(problem('write `actions=…`, `resources=…` or both after it'));
    return [];
  }
  if (!/^\s*[[{]/.test(first)) return [readShorthand(words, problems)];
  if (others.length > 0) problems.push(problem('JSON must stand alone; start another `--access`'));
  try {
    const value: unknown = JSON.parse(first);
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    problems.push(problem(`not JSON: ${error instanceof Error ? error.message : String(error)}`));
    return [];
  }
}

/** `actions=a,b resources=c` and, as the aws command writes it, `actions=a,b,resources=c`. */
function readShorthand(words: readonly string[], problems: InputProblem[]): unknown {
  const lists = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const part of words.flatMap((word) => word.split(','))) {
    const [, name, rest] = /^([A-Za-z]+)=(.*)$/s.exec(part) ?? [];
    if (name === undefined || rest === undefined) {
      if (current === undefined)
        problems.push(problem(`\`${part}\` belongs to no list; write \`actions=${part}\``));
      else current.push(part);
      continue;
    }
    if (lists.has(name))
      problems.push(problem(`\`${name}\` stands twice in one group; start another \`--access\``));
    current = [rest];
    lists.set(name, current);
  }
  return Object.fromEntries(lists);
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  const name = issue.path?.map(({ key }) => String(key)).join('.');
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return `\`${name}\` is neither \`actions\` nor \`resources\``;
  return name === undefined ? issue.message : `\`${name}\`: ${issue.message}`;
}

function problem(message: string): InputProblem {
  return { source: '--access', message };
}
