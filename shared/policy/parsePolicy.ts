/**
 * Policy documents → the tree. A document that a person submits is taken whole or refused whole, with every problem and
 * its place. One that AWS holds is taken: what cannot be read of it is bounded (`heldStatement.ts`). Nothing is skipped. Source: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
import type { ParseResult, Policy, PolicyProblem, PolicyType, Position, Statement, Syntax } from './ast.ts';
import { unreadableStatement } from './heldStatement.ts';
import { createLocator, parseJson, pathOf } from './jsonDocument.ts';
import { checkText, type HeldContext, parseStatement } from './parseStatement.ts';
import { createReporter, isObject, type Places, type Reporter } from './reporter.ts';

/** Which grammar the document follows, and what problems call it. */
export type ParseOptions = Syntax & {
  readonly policyType: PolicyType;
  /** True of the existing document of a comparison: AWS takes wildcards in its principals. */
  readonly isReference?: boolean;
  /** True of a document that AWS holds: it is in force, so no oddity of it may hide the rest. */
  readonly held?: boolean;
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
    const message = `the document has ${bytes} bytes; at most ${MAX_DOCUMENT_BYTES} (1 MiB) are allowed`;
    return { ok: false, problems: [{ message, path: '$', ...name }] };
  }
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const json = parseJson(source);
  const duplicates = json.ok ? [] : json.problems.map((problem) => ({ ...problem, ...name }));
  if (!json.ok && (options.held !== true || !('value' in json))) return { ok: false, problems: duplicates };
  const locator = createLocator(source);
  return parseDocument(json.value, options, {
    ...name,
    source,
    duplicates,
    textOf: (path) => locator.textOf(path) ?? '',
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

type DocumentPlaces = Places & {
  readonly source: string;
  /** Keys written twice, of a document that is taken all the same. */
  readonly duplicates?: readonly PolicyProblem[];
  readonly textOf?: (path: string) => string;
};

function parseDocument(value: unknown, options: ParseOptions, places: DocumentPlaces): ParseResult {
  const { held = false } = options;
  const report = createReporter(places, { held });
  const policy = held ? parseHeld(value, options, places, report) : parseRoot(value, options, places, report);
  if (policy === undefined || report.problems.length > 0) {
    // A reader goes through the text from top to bottom.
    const problems = report.problems.toSorted((a, b) => offsetOf(a) - offsetOf(b));
    return { ok: false, problems };
  }
  return { ok: true, policy };
}

function syntaxOf({ isControl, owner, endpoint }: ParseOptions): Syntax {
  return {
    ...(isControl === true ? { isControl } : {}),
    ...(owner === undefined ? {} : { owner }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

const offsetOf = ({ position }: PolicyProblem): number => position?.offset ?? 0;

/** A document that AWS holds: never undefined, never a problem. */
function parseHeld(value: unknown, options: ParseOptions, places: DocumentPlaces, report: Reporter): Policy {
  const { duplicates = [], source, textOf = () => '' } = places;
  const atRoot = duplicates.filter(({ path }) => path === '$.Statement' || path === '$.Version');
  const own = report.apart();
  const policy = parseRoot(value, options, places, own);
  const problems = [...own.problems, ...atRoot];
  if (policy !== undefined && problems.length === 0) return policy;
  const { policyType, sourceName } = options;
  return {
    policyType,
    version: '2012-10-17',
    syntax: syntaxOf(options),
    statements: unreadableStatement(0, textOf('$') || source || JSON.stringify(value), {
      problems,
      policyType,
    }),
    warnings: report.warnings,
    source,
    ...(sourceName === undefined ? {} : { sourceName }),
  };
}

function parseRoot(
  value: unknown,
  options: ParseOptions,
  { source, duplicates = [], textOf }: DocumentPlaces,
  report: Reporter,
): Policy | undefined {
  if (!isObject(value)) {
    report.problem('$', 'a policy must be a JSON object');
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (!ELEMENTS.has(key)) report.refusal(pathOf('$', key), `\`${key}\` is not an element of a policy`);
  }
  const stated = value['Version'];
  const version = VERSIONS.find((known) => known === (stated === undefined ? '2008-10-17' : stated));
  // Whether variables are read is then not known; that they are is in doubt, wherever one stands.
  const apart = options.held === true ? report.apart() : report;
  if (version === undefined) apart.problem('$.Version', 'the version must be `2012-10-17` or `2008-10-17`');
  report.variables = version === '2012-10-17' || (version === undefined && options.held === true);
  const id = value['Id'];
  checkText(id, '$.Id', '`Id` must be a string', report);
  const [oddVersion] = version === undefined ? apart.problems : [];
  const held: HeldContext | undefined =
    options.held === true
      ? {
          duplicates,
          ...(oddVersion === undefined ? {} : { version: oddVersion }),
          textOf: textOf ?? (() => JSON.stringify(value)),
        }
      : undefined;
  const statements = parseStatements(value['Statement'], options, { report, held });
  return {
    policyType: options.policyType,
    version: version ?? '2008-10-17',
    ...(typeof id === 'string' ? { id } : {}),
    syntax: syntaxOf(options),
    statements,
    warnings: report.warnings,
    source,
    ...(options.sourceName === undefined ? {} : { sourceName: options.sourceName }),
  };
}

function parseStatements(
  value: unknown,
  options: ParseOptions,
  { report, held }: { readonly report: Reporter; readonly held: HeldContext | undefined },
): Statement[] {
  if (value === undefined) {
    report.problem('$', 'a policy must have a `Statement`');
    return [];
  }
  const { policyType, isReference = false } = options;
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) report.warning('$.Statement', 'a policy without statements grants nothing');
  return list.flatMap((member: unknown, index) => {
    const path = Array.isArray(value) ? `$.Statement[${index}]` : '$.Statement';
    const context = {
      index,
      path,
      policyType,
      isReference,
      syntax: syntaxOf(options),
      report,
      ...(held === undefined ? {} : { held }),
    };
    if (isObject(member)) return parseStatement(member, context);
    const own = held === undefined ? report : report.apart();
    own.problem(path, 'a statement must be a JSON object');
    return held === undefined
      ? []
      : unreadableStatement(index, JSON.stringify(member), { problems: own.problems, policyType });
  });
}
