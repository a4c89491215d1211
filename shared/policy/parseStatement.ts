/**
 * One statement of a document → the tree: which elements it must and may have, and what stands in them.
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
import type {
  ActionElement,
  Pattern,
  PolicyProblem,
  PolicyType,
  PrincipalElement,
  PrincipalPattern,
  ResourceElement,
  ResourcePattern,
  Statement,
  Syntax,
} from './ast.ts';
import { atGateway } from './endpointPrincipals.ts';
import { boundStatement } from './heldStatement.ts';
import { isUnder, pathOf } from './jsonDocument.ts';
import { parseConditions } from './parseCondition.ts';
import { parseActionPattern } from './parsePattern.ts';
import {
  parsePrincipalPattern,
  parsePrincipalValue,
  principalKind,
  principalRefusal,
} from './parsePrincipal.ts';
import { type Completion, parseResource } from './parseResource.ts';
import { isObject, type Reporter } from './reporter.ts';

/** Which statement of which document is read. */
type StatementContext = {
  readonly index: number;
  readonly path: string;
  readonly policyType: PolicyType;
  /** True of a document that another is compared with: its principals may hold wildcards. */
  readonly isReference: boolean;
  readonly syntax: Syntax;
  readonly report: Reporter;
  /** Of a document that AWS holds: what the rest of the document puts in doubt. Absent: a person submits it. */
  readonly held?: HeldContext;
};

/** What a statement of a document that AWS holds must be told of the rest of it. */
export type HeldContext = {
  /** Keys that are written twice, wherever in the document. */
  readonly duplicates: readonly PolicyProblem[];
  /** What is wrong with `Version`: variables are then read and in doubt. */
  readonly version?: PolicyProblem;
  /** Returns the source text of what stands at a path; `''` where there is none. */
  readonly textOf: (path: string) => string;
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

/**
 * Returns the statement; problems go to the reporter, and then what is returned is only a placeholder. Of a document
 * that AWS holds it returns the bounds of what the statement matches, which say what could not be read.
 */
export function parseStatement(value: JsonObject, context: StatementContext): Statement[] {
  const { held, path, policyType, report } = context;
  if (held === undefined) return [readStatement(value, context)];
  const own = report.apart();
  const statement = readStatement(value, { ...context, report: own });
  const twice = held.duplicates.filter((problem) => isUnder(problem.path, path));
  const version = held.version !== undefined && JSON.stringify(value).includes('${') ? [held.version] : [];
  const problems = [...own.problems, ...twice, ...version];
  if (problems.length === 0) return [statement];
  const doubts = [
    ...(twice.length > 0 ? [held.textOf(path)] : []),
    ...version.map(({ path: at }) => held.textOf(at)),
  ];
  const doubt = doubts.length > 0 ? { doubt: doubts.join(' ') } : {};
  return boundStatement({ statement, problems, value, path, policyType, ...doubt });
}

/** Reads the statement, or reuses what the same text gave before if that caused no warning or problem. */
function readStatement(value: JsonObject, context: StatementContext): Statement {
  const { index, report } = context;
  const words = wordsOf(value, context);
  const known = kept.get(words);
  // The elements are shared. The statement is a new object, because its identity tells which document it is in.
  if (known !== undefined) return { ...known, index };
  const { said } = report;
  const statement = readAnew(value, context);
  if (report.said === said && words !== '' && words.length <= MAX_KEPT_LENGTH) {
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(words, statement);
  }
  return statement;
}

/** Most statements of a policy stand there in the same words from version to version. */
const kept = new Map<string, Statement>();
const MAX_KEPT = 500;
const MAX_KEPT_LENGTH = 8_000;

/** All that decides what is read; empty where the statement is nested too deep to be written again. */
function wordsOf(value: JsonObject, { policyType, isReference, syntax, report }: StatementContext): string {
  try {
    return JSON.stringify([value, policyType, isReference, report.variables, syntax]);
  } catch {
    return '';
  }
}

function readAnew(value: JsonObject, context: StatementContext): Statement {
  const { index, path, report } = context;
  for (const key of Object.keys(value)) {
    if (!STATEMENT_ELEMENTS.has(key))
      report.problem(pathOf(path, key), `\`${key}\` is not an element of a statement`);
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
    const action = actionOf(text);
    if (action.problem !== undefined) report.problem(at, `action \`${text}\` ${action.problem}`);
    else patterns.push(action.pattern);
    if (action.warning !== undefined) report.warning(at, `action \`${text}\` ${action.warning}`);
  }
  return { negated: picked.negated, patterns };
}

type ReadAction = { readonly pattern: Pattern; readonly problem?: string; readonly warning?: string };

/** Reads the text of an action, or reuses what it gave before: AWS has some 20,000 actions, and policies name them often. */
function actionOf(text: string): ReadAction {
  const known = actionsKept.get(text);
  if (known !== undefined) return known;
  const action = readAction(text);
  if (text.length <= MAX_ACTION_LENGTH) {
    if (actionsKept.size >= MAX_ACTIONS) actionsKept.clear();
    actionsKept.set(text, action);
  }
  return action;
}

const actionsKept = new Map<string, ReadAction>();
const MAX_ACTIONS = 5_000;
const MAX_ACTION_LENGTH = 128;

function readAction(text: string): ReadAction {
  // Source: IAM's answer, "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
  if (!text.includes(':') && !/[*?]/.test(text))
    return { pattern: [], problem: 'names no service; write `service:Name`' };
  const pattern = parseActionPattern(text);
  const refused = refusedAction(text);
  if (refused !== undefined) return { pattern, warning: `${refused}, which IAM refuses` };
  const [odd] = /[^\w:.*?-]/.exec(text) ?? [];
  return odd === undefined ? { pattern } : { pattern, warning: `has \`${odd}\` in its name; no action has` };
}

/**
 * What IAM refuses the action for, though others may hold it. Source: its answers, "Actions/Condition can contain only one
 * colon.", "Vendor … is not valid" and "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards".
 */
function refusedAction(text: string): string | undefined {
  const [service = '', ...rest] = text.split(':');
  if (rest.length === 0 || text === '*:*') return undefined;
  if (rest.length > 1) return 'has more than one colon';
  if (/[*?]/.test(service)) return 'has a wildcard for its service';
  const odd = /[^a-z0-9.-]/i.exec(service);
  return odd === null ? undefined : `has \`${odd[0]}\` in its service`;
}

function parseResources(value: JsonObject, context: StatementContext): ResourceElement | undefined {
  const { path, policyType, syntax, report } = context;
  const { owner } = syntax;
  const completes = completionOf(context);
  const picked = pick(value, 'Resource', context);
  if (picked === undefined) {
    if (context.policyType === 'IDENTITY_POLICY') {
      report.problem(path, 'a statement of an identity policy must have a `Resource` or a `NotResource`');
    }
    return undefined;
  }
  const patterns: ResourcePattern[] = [];
  for (const { text, path: at } of strings(value[picked.key], `${path}.${picked.key}`, report)) {
    const parsed = parseResource(text, { variables: report.variables, policyType, completes, owner });
    if ('problem' in parsed) {
      report.problem(at, parsed.problem);
      continue;
    }
    for (const warning of parsed.warnings) report.warning(at, warning);
    patterns.push(parsed.pattern);
  }
  return { negated: picked.negated, patterns };
}

function completionOf({ policyType, syntax: { isControl = false } }: StatementContext): Completion {
  if (policyType === 'IDENTITY_POLICY') return isControl ? 'open' : 'any';
  return isControl ? 'none' : 'open';
}

function parsePrincipal(value: JsonObject, context: StatementContext): PrincipalElement | undefined {
  const { path, policyType, report, syntax } = context;
  const { endpoint } = syntax;
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
      `an identity policy has no \`${picked.key}\`; its principal is whoever it is attached to`,
    );
    return undefined;
  }
  if (value[picked.key] === '*' && [value['Action']].flat().every(isOfSts))
    report.warning(at, 'AWS does not accept `"Principal": "*"` in a trust policy; write {"AWS": "*"}');
  const patterns = principalPatterns(value[picked.key], at, context);
  return {
    negated: picked.negated,
    patterns: endpoint === 'gateway' ? patterns.map(atGateway) : patterns,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

function isOfSts(action: unknown): boolean {
  return typeof action === 'string' && /^sts:/i.test(action);
}

function principalPatterns(
  value: unknown,
  path: string,
  { report, isReference }: StatementContext,
): PrincipalPattern[] {
  const patterns: PrincipalPattern[] = [];
  const add = (kind: NonNullable<ReturnType<typeof principalKind>>, text: string, at: string) => {
    report.characters(text, at);
    const pattern =
      isReference && text !== '*' && /[*?]/.test(text)
        ? parsePrincipalPattern(kind, text)
        : parsePrincipalValue(kind, text);
    if (typeof pattern === 'string') report.problem(at, pattern);
    else {
      patterns.push(pattern);
      const refusal = principalRefusal(pattern);
      if (refusal !== undefined) report.refusal(at, `principal \`${text}\` ${refusal}`);
    }
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
      report.problem(
        at,
        `\`${name}\` is not a type of principal; use AWS, Service, Federated or CanonicalUser`,
      );
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
  const texts: { readonly text: string; readonly path: string }[] = [];
  for (let index = 0; index < value.length; index++) {
    const member: unknown = value[index];
    const at = `${path}[${index}]`;
    if (typeof member === 'string') {
      report.characters(member, at);
      texts.push({ text: member, path: at });
    } else report.problem(at, 'must be a string');
  }
  return texts;
}

/** Reports a value that is there and is no text that a policy may hold; it decides nothing. */
export function checkText(value: unknown, path: string, otherwise: string, report: Reporter): void {
  if (typeof value === 'string') report.characters(value, path);
  else if (value !== undefined) report.refusal(path, otherwise);
}
