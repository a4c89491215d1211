/**
 * A request as somebody wrote it → a request that the evaluator may be asked about. Taken whole or refused whole, with
 * every problem and its path. Knows nothing of policies but whether they ask who the principal is.
 */
import * as v from 'valibot';
import type { PolicyProblem, PolicyType, Position } from '../policy/ast.ts';
import { isSingleValued } from '../policy/cardinality.ts';
import { pathOf } from '../policy/jsonDocument.ts';
import type { Request, RequestPrincipal } from './request.ts';

/** Either the whole request or every problem found. */
export type RequestResult =
  | { readonly ok: true; readonly request: Request }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** What is known of where the request comes from and what it is for. */
export type RequestOptions = {
  /** A resource policy asks who is there: without a principal the request says too little for it. */
  readonly policyType?: PolicyType;
  /** The place of a path, where the caller has the text. */
  readonly locate?: (path: string) => Position | undefined;
};

/** The longest single text of a request, in UTF-16 units. AWS's ARNs and context values are far shorter. */
export const MAX_REQUEST_TEXT = 32_768;

const MAX_PROBLEMS = 100;

const text = v.pipe(
  v.string('must be a string'),
  v.maxLength(
    MAX_REQUEST_TEXT,
    ({ requirement }) => `must have at most ${requirement} characters; shorten the text`,
  ),
);

const PRINCIPAL_TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser', 'Anonymous'] as const;

/** `iam` and `sts` principals; only those have an ARN. Source: IAM User Guide, "IAM identifiers". */
const PRINCIPAL_ARN = /^arn:[^:]+:(?:iam::[^:]+:(?:root|[^/]+\/.+)|sts::[^:]+:[^/]+\/.+)$/su;
const ASSUMED_ROLE = /^arn:[^:]+:sts::[^:]+:assumed-role\//u;
const SESSION_ARN = /^arn:[^:]+:sts::[^:]+:assumed-role\/[^/]+\/[^/]+$/su;
const USER_ARN = /^arn:[^:]+:iam::[^:]+:user\/.+$/su;
const UNIQUE_ID = /^A[^/:]+$/u;

const principal = v.pipe(
  v.strictObject({
    type: v.picklist(PRINCIPAL_TYPES, `must be one of ${PRINCIPAL_TYPES.join(', ')}`),
    /** May be left out for `Anonymous`. */
    value: v.optional(text, ''),
    sessionOf: v.exactOptional(v.pipe(text, v.regex(USER_ARN, 'must be the ARN of a user'))),
  }),
  v.check(
    ({ type, value }) => (type === 'Anonymous') === (value === ''),
    'must have a `value`, or be Anonymous and have none',
  ),
  v.check(
    ({ type, value }) => type !== 'AWS' || isAwsPrincipal(value),
    'must be the ARN of an account, user, role or session, or a unique id',
  ),
);

function isAwsPrincipal(value: string): boolean {
  if (UNIQUE_ID.test(value)) return true;
  return PRINCIPAL_ARN.test(value) && (!ASSUMED_ROLE.test(value) || SESSION_ARN.test(value));
}

const action = v.pipe(
  text,
  v.regex(/^[^:*?]+:[^:*?]+$/su, 'must be one action, `service:Name`, without wildcards'),
);

const resource = v.pipe(
  text,
  v.check(
    (value) => value === '*' || (value.startsWith('arn:') && value.split(':').length >= 6),
    'must be `*` or an ARN of six parts',
  ),
);

/** A list, or one string that stands for a list of one. */
const values = v.pipe(
  v.unknown(),
  v.transform((value) => (typeof value === 'string' ? [value] : value)),
  v.array(text, 'must be a list of strings'),
);

/** Not `record`, which leaves out names such as `constructor`: here every name counts. */
const context = v.pipe(
  v.custom<object>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object of context keys',
  ),
  v.rawTransform<object, { [key: string]: readonly string[] }>(({ dataset, addIssue }) => {
    const input: { [key: string]: unknown } = { ...dataset.value };
    const seen = new Set<string>();
    const entries: [string, readonly string[]][] = [];
    for (const [key, value] of Object.entries(input)) {
      const step: v.IssuePathItem = { type: 'object', origin: 'value', input, key, value };
      if (seen.has(key.toLowerCase())) {
        addIssue({
          message: 'is there twice; names of context keys compare without case',
          path: [step],
        });
      }
      seen.add(key.toLowerCase());
      const parsed = v.safeParse(values, value);
      if (parsed.success && new Set(parsed.output).size > 1 && isSingleValued(key.toLowerCase())) {
        addIssue({ message: 'holds one value in every request; leave one', path: [step] });
      }
      if (parsed.success) entries.push([key, parsed.output]);
      else for (const { message, path = [] } of parsed.issues) addIssue({ message, path: [step, ...path] });
    }
    return Object.fromEntries(entries);
  }),
);

const requestSchema = v.pipe(
  v.unknown(),
  v.check((value) => !Array.isArray(value), 'must be a JSON object'),
  v.strictObject({
    principal: v.exactOptional(principal),
    action,
    resource,
    context: v.optional(context, {}),
  }),
);

/**
 * Returns the request of a value that was parsed from JSON, or every problem. A request names one action (exactly one
 * colon, no wildcard), the resource `*` or an ARN of six parts, and for resource policies a principal.
 */
export function parseRequest(value: unknown, options: RequestOptions = {}): RequestResult {
  const parsed = v.safeParse(requestSchema, value);
  const problems: PolicyProblem[] = [];
  const report = (path: string, message: string) => {
    const position = options.locate?.(path);
    problems.push({ message, path, ...(position === undefined ? {} : { position }) });
  };
  for (const issue of parsed.issues?.slice(0, MAX_PROBLEMS) ?? []) {
    const path = (issue.path ?? []).reduce((parent, { key }) => childPath(parent, key), '$');
    report(path, messageOf(issue));
  }
  if (parsed.success && options.policyType === 'RESOURCE_POLICY' && parsed.output.principal === undefined) {
    report('$', 'a resource policy is asked about somebody: `principal` is missing');
  }
  return parsed.success && problems.length === 0
    ? { ok: true, request: toRequest(parsed.output) }
    : { ok: false, problems };
}

function toRequest(parsed: v.InferOutput<typeof requestSchema>): Request {
  const { principal: who, ...rest } = parsed;
  return who === undefined ? rest : { ...rest, principal: who satisfies RequestPrincipal };
}

function childPath(parent: string, key: unknown): string {
  return typeof key === 'number' ? `${parent}[${key}]` : pathOf(parent, String(key));
}

function messageOf(issue: v.BaseIssue<unknown>): string {
  const name = `\`${String(issue.path?.at(-1)?.key)}\``;
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return `${name} is no member of a request`;
  if (issue.received === 'undefined') return `${name} is missing`;
  return issue.type === 'strict_object' ? 'must be a JSON object' : issue.message;
}
