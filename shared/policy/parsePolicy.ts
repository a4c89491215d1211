/**
 * Policy documents → the tree. A document is taken whole or refused whole, with every problem and its place; nothing
 * is skipped. Source: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
import type { ParseResult, Policy, PolicyProblem, PolicyType, Position, Statement } from './ast.ts';
import { createLocator, parseJson, pathOf } from './jsonDocument.ts';
import { checkText, parseStatement } from './parseStatement.ts';
import { createReporter, isObject, type Places, type Reporter } from './reporter.ts';

/** Which grammar the document follows, and what problems call it. */
export type ParseOptions = {
  readonly policyType: PolicyType;
  /** True of a service control policy: AWS does not say that it completes every incomplete ARN there. */
  readonly isControl?: boolean;
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
  const statements = parseStatements(value['Statement'], options, report);
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

function parseStatements(
  value: unknown,
  { policyType, isControl = false }: ParseOptions,
  report: Reporter,
): Statement[] {
  if (value === undefined) {
    report.problem('$', 'a policy must have a `Statement`');
    return [];
  }
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) report.warning('$.Statement', 'a policy without statements grants nothing');
  return list.flatMap((member: unknown, index) => {
    const path = Array.isArray(value) ? `$.Statement[${index}]` : '$.Statement';
    if (isObject(member)) return [parseStatement(member, { index, path, policyType, isControl, report })];
    report.problem(path, 'a statement must be a JSON object');
    return [];
  });
}
