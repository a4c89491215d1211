/**
 * `--access actions=s3:DeleteBucket,iam:PassRole resources=arn:…` → the access that must not be granted.
 * One `--access` is one group: any of its actions on any of its resources. JSON is taken as well, as the API has it, and
 * `file://` with a file of either.
 */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Access } from '../../shared/checks/index.ts';
import { actionProblem, resourceProblem, shownName } from '../../shared/policy/identifiers.ts';
import { parseJson } from '../../shared/policy/jsonDocument.ts';
import { loadReach } from '../../shared/reference/reach.ts';
import { InputError, type InputProblem } from './inputError.ts';
import { GROUP_START } from './markGroups.ts';
import { toPath, whyNot } from './readSources.ts';

// A schema cannot wait, so this file loads the reference; only commands that read lists of access import it.
const reach = await loadReach();

/** Limits of AWS's own checks; a further group has room for more. Source: Access Analyzer API Reference, `Access`. */
const MAX_LISTED = 100;
const MAX_CHARACTERS = 2_048;

const listOf = (problemOf: (text: string) => string | undefined) =>
  v.pipe(
    v.array(
      v.pipe(
        v.string('must be a string'),
        v.rawCheck(({ dataset, addIssue }) => {
          const problem = dataset.typed ? problemOf(dataset.value) : undefined;
          if (problem !== undefined && dataset.typed)
            addIssue({ message: `${shownName(dataset.value)} ${problem}` });
        }),
        v.maxLength(
          MAX_CHARACTERS,
          ({ received }) => `has ${received} characters; at most ${MAX_CHARACTERS} are allowed`,
        ),
      ),
      'must be a list',
    ),
    v.minLength(1, 'must not be empty'),
    v.maxLength(
      MAX_LISTED,
      ({ received }) =>
        `holds ${received} members; at most ${MAX_LISTED} are allowed, so start another group`,
    ),
  );

/** One group: at least one of the two lists. */
export const accessSchema = v.pipe(
  v.strictObject(
    {
      actions: v.optional(listOf(actionProblem)),
      resources: v.optional(listOf((text) => resourceProblem(text) ?? reach.resourceProblem(text))),
    },
    'must be an object with `actions`, `resources` or both',
  ),
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

/**
 * Returns what a person should know of the lists, one sentence each: actions that the reference does not know, and groups
 * whose actions take none of their resources.
 */
export function notesOn(access: readonly Access[]): string[] {
  const actions = new Set(access.flatMap(({ actions: listed = [] }) => listed));
  const odd = access.flatMap(
    ({ actions: listed = [], resources = [] }) => reach.pairProblem(listed, resources) ?? [],
  );
  const unknown = [...actions].flatMap((action) => {
    const problem = reach.actionProblem(action);
    return problem === undefined ? [] : [`the listed action \`${action}\` ${problem}; is it spelled so?`];
  });
  return [...unknown, ...odd];
}

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
  const text = first.startsWith('file://') ? readFile(first, problems) : first;
  if (text === undefined) return [];
  const isJson = /^\s*[[{]/.test(text);
  if ((isJson || text !== first) && others.length > 0)
    problems.push(problem('JSON must be the only word of a group; start another `--access`'));
  if (!isJson) return [readShorthand(text === first ? words : [text.trim()], problems)];
  const json = parseJson(text);
  if (!json.ok) {
    problems.push(...json.problems.map(({ message }) => problem(message)));
    return [];
  }
  const groups = Array.isArray(json.value) ? json.value : [json.value];
  if (groups.length === 0) problems.push(problem('an empty list of groups; list `actions` or `resources`'));
  return groups;
}

function readFile(argument: string, problems: InputProblem[]): string | undefined {
  const path = toPath(argument);
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    problems.push({ source: path, message: whyNot(error) });
    return undefined;
  }
}

/**
 * The aws command's shorthand: `actions=a,b,resources=[c,'d']`, and with a space between the lists too. A value may
 * stand in quotes, a list in brackets, white space around each; `\,` is a comma, and in quotes `\` stands before a quote
 * or itself. `actions@=file://…` takes the value from a file. Source: AWS CLI User Guide, "Shorthand syntax".
 */
function readShorthand(words: readonly string[], problems: InputProblem[]): unknown {
  const lists = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const word of words) {
    for (const part of partsOf(word, problems)) {
      const { name, values } = part;
      if (name === undefined) {
        if (current === undefined)
          problems.push(
            problem(
              `${shownName(values.join(','))} is in no list; write it after \`actions=\` or \`resources=\``,
            ),
          );
        else current.push(...values);
        continue;
      }
      if (lists.has(name))
        problems.push(problem(`\`${name}\` appears twice in one group; start another \`--access\``));
      current = [...values];
      lists.set(name, current);
    }
  }
  return Object.fromEntries(lists);
}

/** What stands between two commas of a word: perhaps a name, and its values. */
type Part = { readonly name: string | undefined; readonly values: readonly string[] };

function partsOf(word: string, problems: InputProblem[]): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < word.length || parts.length === 0) {
    const [written = '', name, isOfFile] = /^\s*([A-Za-z0-9]+)\s*(@?)=\s*/.exec(word.slice(at)) ?? [];
    at += written.length;
    const isList = word[at] === '[';
    if (isList) at++;
    const values: string[] = [];
    do {
      const value = valueAt(word, at, isList ? ',]' : ',');
      if (value === undefined) {
        problems.push(problem(`\`${word}\` has a quote that does not end, at character ${at + 1}`));
        return parts;
      }
      const text =
        isOfFile === '@' && value.text.startsWith('file://') ? readFile(value.text, problems) : value.text;
      if (!isList || value.isQuoted || text !== '' || word[value.end] === ',')
        values.push(text?.trimEnd() ?? '');
      at = value.end + 1;
    } while (isList && word[at - 1] === ',');
    if (isList && word[at - 1] !== ']') {
      problems.push(problem(`\`${word}\` has a \`[\` without its \`]\``));
      return parts;
    }
    if (isList) {
      if (at < word.length && word[at] !== ',')
        problems.push(problem(`\`${word}\` has \`${word.slice(at)}\` after a \`]\`; divide lists by commas`));
      at++;
    }
    parts.push({ name, values });
  }
  return parts;
}

type Value = { readonly text: string; readonly isQuoted: boolean; readonly end: number };

/** The value that begins there, up to one of `ends` or the end of the word; undefined when its quote does not end. */
function valueAt(word: string, start: number, ends: string): Value | undefined {
  const isSpace = (index: number) => /\s/.test(word[index] ?? '');
  let at = start;
  while (isSpace(at)) at++;
  const quote = word[at];
  let text = '';
  if (quote === "'" || quote === '"') {
    for (at++; word[at] !== quote; at++) {
      if (at >= word.length) return undefined;
      if (word[at] === '\\' && (word[at + 1] === quote || word[at + 1] === '\\')) at++;
      text += word[at] ?? '';
    }
    for (at++; isSpace(at); at++);
    if (at >= word.length || ends.includes(word[at] ?? '')) return { text, isQuoted: true, end: at };
  }
  for (; at < word.length && !ends.includes(word[at] ?? ''); at++) {
    if (word[at] === '\\' && word[at + 1] === ',') at++;
    text += word[at];
  }
  return { text: text.trimEnd(), isQuoted: false, end: at };
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  const name = issue.path
    ?.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1);
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return `\`${name}\` is neither \`actions\` nor \`resources\``;
  return name === undefined ? issue.message : `\`${name}\`: ${issue.message}`;
}

function problem(message: string): InputProblem {
  return { source: '--access', message };
}
