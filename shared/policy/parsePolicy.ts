/**
 * Policy documents → the tree. A document is taken whole or refused whole, with every problem and its place; nothing
 * is skipped. Source: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
import type {
  ActionElement,
  ParseResult,
  Pattern,
  Policy,
  PolicyProblem,
  PolicyType,
  Position,
  PrincipalElement,
  PrincipalPattern,
  ResourceElement,
  ResourcePattern,
  Statement,
} from './ast.ts';
import { createLocator, parseJson, pathOf } from './jsonDocument.ts';
import { parseConditions } from './parseCondition.ts';
import { parseActionPattern, parseResource } from './parsePattern.ts';
import { parsePrincipalValue, principalKind } from './parsePrincipal.ts';
import { createReporter, isObject, type Places, type Reporter } from './reporter.ts';

export type ParseOptions = {
  readonly policyType: PolicyType;
  /** File name or other label, repeated in problems. */
  readonly sourceName?: string;
};

/** The largest document that is taken, in bytes of UTF-8. AWS's own limits are far below. */
export const MAX_DOCUMENT_BYTES = 1_048_576;

/**
 * Returns the policy of a JSON text, or every problem with its place, at most 100. Never throws. A byte order mark is
 * dropped; offsets count from after it.
 */
export function parsePolicy(text: string, options: ParseOptions): ParseResult {
  const name = options.sourceName === undefined ? {} : { sourceName: options.sourceName };
  const bytes = text.length > MAX_DOCUMENT_BYTES / 4 ? Buffer.byteLength(text) : text.length;
  if (bytes > MAX_DOCUMENT_BYTES) {
    const message = `the document has ${bytes} bytes; at most ${MAX_DOCUMENT_BYTES} (1 MiB) are taken`;
    return { ok: false, problems: [{ message, path: '$', ...name }] };
  }
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const json = parseJson(source);
  if (!json.ok) return { ok: false, problems: json.problems.map((problem) => ({ ...problem, ...name })) };
  const locator = createLocator(source);
  return parseDocument(json.value, options, {
    ...name,
    source,
    locate: (path) => locator.locate(path)?.start,
    numberText: (path) => locator.textOf(path),
  });
}

/**
 * Returns the policy of a value that was parsed from JSON elsewhere (a batch row, a CloudTrail record), or every
 * problem; `locate` gives the place of a path where the caller has the text. A key written twice cannot be seen here.
 */
export function parsePolicyValue(
  value: unknown,
  options: ParseOptions & { readonly locate?: (path: string) => Position | undefined },
): ParseResult {
  return parseDocument(value, options, {
    source: '',
    ...(options.sourceName === undefined ? {} : { sourceName: options.sourceName }),
    ...(options.locate === undefined ? {} : { locate: options.locate }),
  });
}

/** Returns the text of a document as IAM hands it out: URL-encoded. Other text comes back as it is. */
export function decodePolicyDocument(text: string): string {
  if (!/^\s*%7B/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const ELEMENTS = new Set(['Version', 'Id', 'Statement']);
const VERSIONS = ['2008-10-17', '2012-10-17'] as const;

function parseDocument(
  value: unknown,
  options: ParseOptions,
  places: Places & { readonly source: string },
): ParseResult {
  const report = createReporter(places);
  const policy = parseRoot(value, options, places.source, report);
  if (policy === undefined || report.problems.length > 0) {
    // A reader goes through the text from top to bottom.
    const problems = report.problems.toSorted((a, b) => offsetOf(a) - offsetOf(b));
    return { ok: false, problems };
  }
  return { ok: true, policy };
}

const offsetOf = ({ position }: PolicyProblem): number => position?.offset ?? 0;

function parseRoot(
  value: unknown,
  options: ParseOptions,
  source: string,
  report: Reporter,
): Policy | undefined {
  if (!isObject(value)) {
    report.problem('$', 'a policy must be a JSON object');
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (!ELEMENTS.has(key)) report.problem(pathOf('$', key), `\`${key}\` is no element of a policy`);
  }
  const stated = value['Version'];
  const version = VERSIONS.find((known) => known === (stated === undefined ? '2008-10-17' : stated));
  if (version === undefined) report.problem('$.Version', 'the version must be `2012-10-17` or `2008-10-17`');
  report.variables = version === '2012-10-17';
  const id = value['Id'];
  checkText(id, '$.Id', '`Id` must be a string', report);
  const statements = parseStatements(value['Statement'], options.policyType, report);
  return {
    policyType: options.policyType,
    version: version ?? '2008-10-17',
    ...(typeof id === 'string' ? { id } : {}),
    statements,
    warnings: report.warnings,
    source,
    ...(options.sourceName === undefined ? {} : { sourceName: options.sourceName }),
  };
}

function parseStatements(value: unknown, policyType: PolicyType, report: Reporter): Statement[] {
  if (value === undefined) {
    report.problem('$', 'a policy must have a `Statement`');
    return [];
  }
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) report.warning('$.Statement', 'a policy without statements grants nothing');
  return list.flatMap((member: unknown, index) => {
    const path = Array.isArray(value) ? `$.Statement[${index}]` : '$.Statement';
    if (isObject(member)) return [parseStatement(member, { index, path, policyType, report })];
    report.problem(path, 'a statement must be a JSON object');
    return [];
  });
}

/** Reports a value that is there and is no text that a policy may hold. */
function checkText(value: unknown, path: string, otherwise: string, report: Reporter): void {
  if (typeof value === 'string') report.characters(value, path);
  else if (value !== undefined) report.problem(path, otherwise);
}

type StatementContext = {
  readonly index: number;
  readonly path: string;
  readonly policyType: PolicyType;
  readonly report: Reporter;
};

const STATEMENT_ELEMENTS = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

type JsonObject = { readonly [key: string]: unknown };

function parseStatement(value: JsonObject, context: StatementContext): Statement {
  const { index, path, report } = context;
  for (const key of Object.keys(value)) {
    if (!STATEMENT_ELEMENTS.has(key))
      report.problem(pathOf(path, key), `\`${key}\` is no element of a statement`);
  }
  const sid = value['Sid'];
  checkText(sid, `${path}.Sid`, '`Sid` must be a string', report);
  const effect = value['Effect'];
  if (effect === undefined) report.problem(path, 'a statement must have an `Effect`');
  else if (effect !== 'Allow' && effect !== 'Deny')
    report.problem(`${path}.Effect`, '`Effect` must be `Allow` or `Deny`');
  const principal = parsePrincipal(value, context);
  const resource = parseResources(value, context);
  return {
    index,
    ...(typeof sid === 'string' && sid !== '' ? { sid } : {}),
    effect: effect === 'Deny' ? 'Deny' : 'Allow',
    ...(principal === undefined ? {} : { principal }),
    action: parseActions(value, context),
    ...(resource === undefined ? {} : { resource }),
    conditions:
      value['Condition'] === undefined
        ? []
        : parseConditions(value['Condition'], `${path}.Condition`, report),
  };
}

/** Which of `Name` and `NotName` is there. Both are a problem; none is the caller's matter. */
function pick(
  value: JsonObject,
  name: string,
  { path, report }: StatementContext,
): { key: string; negated: boolean } | undefined {
  const not = `Not${name}`;
  const hasPlain = value[name] !== undefined;
  const hasNot = value[not] !== undefined;
  if (hasPlain && hasNot)
    report.problem(`${path}.${not}`, `a statement may have \`${name}\` or \`${not}\`, not both`);
  if (!hasPlain && !hasNot) return undefined;
  return hasPlain ? { key: name, negated: false } : { key: not, negated: true };
}

function parseActions(value: JsonObject, context: StatementContext): ActionElement {
  const { path, report } = context;
  const picked = pick(value, 'Action', context);
  if (picked === undefined) {
    report.problem(path, 'a statement must have an `Action` or a `NotAction`');
    return { negated: false, patterns: [] };
  }
  const patterns: Pattern[] = [];
  for (const { text, path: at } of strings(value[picked.key], `${path}.${picked.key}`, report)) {
    if (!text.includes(':') && !/[*?]/.test(text)) {
      report.warning(at, `action \`${text}\` names no service and matches nothing; write \`service:Name\``);
    }
    patterns.push(parseActionPattern(text));
  }
  return { negated: picked.negated, patterns };
}

function parseResources(value: JsonObject, context: StatementContext): ResourceElement | undefined {
  const { path, report } = context;
  const picked = pick(value, 'Resource', context);
  if (picked === undefined) {
    if (context.policyType === 'IDENTITY_POLICY') {
      report.problem(path, 'a statement of an identity policy must have a `Resource` or a `NotResource`');
    }
    return undefined;
  }
  const patterns: ResourcePattern[] = [];
  for (const { text, path: at } of strings(value[picked.key], `${path}.${picked.key}`, report)) {
    const pattern = parseResource(text, report.variables);
    if ('problem' in pattern) {
      report.problem(at, pattern.problem);
      continue;
    }
    if (pattern.kind === 'nothing') {
      report.warning(at, `resource \`${text}\` has fewer than six parts and matches nothing`);
    }
    if (
      pattern.kind === 'arn' &&
      pattern.parts.slice(0, 5).some((part) => part.some(({ kind }) => kind === 'variable'))
    ) {
      // AWS documents variables for the part after the fifth colon only, and uses them before it in its own policies.
      report.warning(
        at,
        `resource \`${text}\` holds a variable before the fifth colon, where AWS does not promise it to work`,
      );
    }
    patterns.push(pattern);
  }
  return { negated: picked.negated, patterns };
}

function parsePrincipal(value: JsonObject, context: StatementContext): PrincipalElement | undefined {
  const { path, policyType, report } = context;
  const picked = pick(value, 'Principal', context);
  if (picked === undefined) {
    if (policyType === 'RESOURCE_POLICY') {
      report.problem(path, 'a statement of a resource policy must have a `Principal` or a `NotPrincipal`');
    }
    return undefined;
  }
  const at = `${path}.${picked.key}`;
  if (policyType === 'IDENTITY_POLICY') {
    report.problem(
      at,
      `an identity policy names no \`${picked.key}\`; its principal is whoever it is attached to`,
    );
    return undefined;
  }
  return { negated: picked.negated, patterns: principalPatterns(value[picked.key], at, report) };
}

function principalPatterns(value: unknown, path: string, report: Reporter): PrincipalPattern[] {
  const patterns: PrincipalPattern[] = [];
  const add = (kind: NonNullable<ReturnType<typeof principalKind>>, text: string, at: string) => {
    report.characters(text, at);
    const pattern = parsePrincipalValue(kind, text);
    if (typeof pattern === 'string') report.problem(at, pattern);
    else patterns.push(pattern);
  };
  if (typeof value === 'string') {
    add('AWS', value, path);
    return patterns;
  }
  if (!isObject(value)) {
    report.problem(path, 'a principal must be `*` or an object such as {"AWS": "111122223333"}');
    return patterns;
  }
  for (const name of Object.keys(value)) {
    const kind = principalKind(name);
    const at = pathOf(path, name);
    if (kind === undefined)
      report.problem(at, `\`${name}\` is no kind of principal; use AWS, Service, Federated or CanonicalUser`);
    else for (const { text, path: member } of strings(value[name], at, report)) add(kind, text, member);
  }
  if (Object.keys(value).length === 0) report.problem(path, 'a principal must name somebody');
  return patterns;
}

/** A string or a list of strings, each with its path. */
function strings(
  value: unknown,
  path: string,
  report: Reporter,
): { readonly text: string; readonly path: string }[] {
  if (typeof value === 'string') {
    report.characters(value, path);
    return [{ text: value, path }];
  }
  if (!Array.isArray(value)) {
    report.problem(path, 'must be a string or a list of strings');
    return [];
  }
  if (value.length === 0) report.warning(path, 'an empty list matches nothing');
  return value.flatMap((member: unknown, index) => {
    const at = `${path}[${index}]`;
    if (typeof member === 'string') {
      report.characters(member, at);
      return [{ text: member, path: at }];
    }
    report.problem(at, 'must be a string');
    return [];
  });
}
