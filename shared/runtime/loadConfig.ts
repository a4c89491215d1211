/**
 * A configuration file → `Config`, or every problem with its place. JSON with comments and trailing commas. Values
 * and places come from one parse, so a key written twice cannot hide.
 */
import { type AnyNode, parse } from '@humanwhocodes/momoa';
import * as v from 'valibot';
import type { Config } from '../guard/config.ts';
import { configSchema, toConfig } from './configSchema.ts';

/** What is wrong with a configuration, and where. */
export type ConfigProblem = {
  /** One lower-case sentence. */
  readonly message: string;
  /** `$.exceptions[0].expires`. */
  readonly path: string;
  /** Count from 1. */
  readonly line: number;
  readonly column: number;
  readonly sourceName?: string;
};

/** A configuration, or every problem. */
export type ConfigResult =
  | {
      readonly ok: true;
      readonly config: Config;
      /** What is read and should be written otherwise. */
      readonly warnings: readonly ConfigProblem[];
      /** What its own lists of critical access name, each with its place. */
      readonly listed: readonly Listed[];
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

type Listed = Omit<ConfigProblem, 'message'> & {
  readonly member: 'actions' | 'resources';
  readonly text: string;
};

/** The largest file that is read, in UTF-16 units. */
const MAX_CONFIG_LENGTH = 1_048_576;

/** Returns the configuration, or every problem in the order of the file. Never throws. */
export function loadConfig(text: string, sourceName?: string): ConfigResult {
  const at = (problem: Omit<ConfigProblem, 'sourceName'>): ConfigProblem =>
    sourceName === undefined ? problem : { ...problem, sourceName };
  const refuse = (message: string, line = 1, column = 1): ConfigResult => ({
    ok: false,
    problems: [at({ message, path: '$', line, column })],
  });
  if (text.length > MAX_CONFIG_LENGTH) {
    return refuse(
      `the configuration has ${text.length} characters; at most ${MAX_CONFIG_LENGTH} are allowed`,
    );
  }
  if (text.trim() === '') return refuse('the configuration is empty; write {} for all defaults');
  let root: AnyNode;
  try {
    root = parse(text.replace(/^\ufeff/, ''), { mode: 'jsonc', allowTrailingCommas: true }).body;
  } catch (error) {
    return refuse(...syntaxProblem(error));
  }
  const places = new Map<string, Place>();
  const problems: ConfigProblem[] = [];
  const value = toValue(root, '$', { places, duplicate: (problem) => problems.push(at(problem)) });
  const { current, former } = withoutFormer(value);
  const result = v.safeParse(configSchema, current);
  for (const issue of result.issues ?? []) problems.push(at(toProblem(issue, places)));
  if (result.success && problems.length === 0) {
    const warnings = former.map(([member, name]) =>
      at({
        message:
          name === undefined
            ? `\`${member}\` no longer has any effect; remove it`
            : `\`${member}\` is now called \`${name}\``,
        path: `$.${member}`,
        ...(places.get(`$.${member} (name)`) ?? { line: 1, column: 1 }),
      }),
    );
    const listed = (result.output.criticalAccess ?? []).flatMap((entry, index) =>
      typeof entry === 'string'
        ? []
        : (['actions', 'resources'] as const).flatMap((member) =>
            (entry[member] ?? []).map((text, number): Listed => {
              const path = `$.criticalAccess[${index}].${member}[${number}]`;
              const { line, column } = places.get(path) ?? { line: 1, column: 1 };
              return {
                member,
                text,
                path,
                line,
                column,
                ...(sourceName === undefined ? {} : { sourceName }),
              };
            }),
          ),
    );
    return { ok: true, config: toConfig(result.output), warnings, listed };
  }
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

/** Returns `config.json:3:5: $.mode: must be …`. */
export function renderConfigProblem({ message, path, line, column, sourceName }: ConfigProblem): string {
  return `${sourceName ?? 'configuration'}:${line}:${column}: ${path}: ${message}`;
}

/** Returns the configuration that an empty file gives. */
export function defaultConfig(): Config {
  return toConfig(v.parse(configSchema, {}));
}

/** Members of the first edition, with what they are called now; without a name they mean nothing any more. */
const FORMER: readonly (readonly [member: string, name?: string])[] = [
  ['setupWindowMinutes', 'groupingMinutes'],
  ['firstSeen'],
];

function withoutFormer(value: unknown): { readonly current: unknown; readonly former: typeof FORMER } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { current: value, former: [] };
  const members = new Map(Object.entries(value));
  const former = FORMER.filter(
    ([member, name]) => members.has(member) && (name === undefined || !members.has(name)),
  );
  for (const [member, name] of former) {
    if (name !== undefined) members.set(name, members.get(member));
    members.delete(member);
  }
  return { current: Object.fromEntries(members), former };
}

type Place = { readonly line: number; readonly column: number };

type Collector = {
  readonly places: Map<string, Place>;
  readonly duplicate: (problem: Omit<ConfigProblem, 'sourceName'>) => void;
};

function toValue(node: AnyNode, path: string, collector: Collector): unknown {
  const { start } = node.loc;
  collector.places.set(path, { line: start.line, column: start.column });
  switch (node.type) {
    case 'Object': {
      const members = new Map<string, unknown>();
      for (const { name, value } of node.members) {
        const key = name.type === 'String' ? name.value : name.name;
        const memberPath = pathOf(path, key);
        const place = { line: name.loc.start.line, column: name.loc.start.column };
        if (members.has(key)) {
          collector.duplicate({
            message: `\`${key}\` is written twice; keep one`,
            path: memberPath,
            ...place,
          });
        }
        members.set(key, toValue(value, memberPath, collector));
        collector.places.set(`${memberPath} (name)`, place);
      }
      // `fromEntries` defines members, so a key such as `__proto__` stays an ordinary, unknown one.
      return Object.fromEntries(members);
    }
    case 'Array':
      return node.elements.map(({ value }, index) => toValue(value, `${path}[${index}]`, collector));
    case 'String':
    case 'Number':
    case 'Boolean':
      return node.value;
    default:
      return null;
  }
}

function pathOf(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  return /^[A-Za-z_$][\w$-]*$/.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}

function toProblem(
  issue: v.BaseIssue<unknown>,
  places: ReadonlyMap<string, Place>,
): Omit<ConfigProblem, 'sourceName'> {
  const keys = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const path = keys.reduce<string>(pathOf, '$');
  const parent = keys.slice(0, -1).reduce<string>(pathOf, '$');
  const missing = !places.has(path);
  const unknownMember = issue.type === 'strict_object' && issue.expected === 'never';
  const place = (unknownMember ? places.get(`${path} (name)`) : places.get(path)) ??
    places.get(parent) ?? { line: 1, column: 1 };
  const last = keys.at(-1);
  if (unknownMember)
    return { message: `\`${last}\` is not a known setting here; correct or remove it`, path, ...place };
  if (missing) return { message: `\`${last}\` is missing`, path, ...place };
  return { message: issue.message, path, ...place };
}

function syntaxProblem(error: unknown): [message: string, line: number, column: number] {
  if (error instanceof RangeError) return ['the configuration is nested too deeply', 1, 1];
  const { line, column, message } = error as { line?: unknown; column?: unknown; message?: unknown }; // momoa's errors carry a place.
  const reason = String(message)
    .replace(/\s*\(\d+:\d+\)\s*$/, '')
    .replace(/\.$/, '');
  return [
    `not JSON: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`,
    typeof line === 'number' ? line : 1,
    typeof column === 'number' ? column : 1,
  ];
}
