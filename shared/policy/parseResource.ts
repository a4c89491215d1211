/**
 * `Resource` and `NotResource` values → patterns: what an incomplete ARN stands for, which texts a service reads in its
 * own way, and where AWS can be understood in two ways.
 * Sources: IAM User Guide, "IAM identifiers" (incomplete ARNs) and "IAM JSON policy elements: Resource" (wildcards).
 */
import { PARTITIONS } from './arn.ts';
import type { ArnPattern, Pattern, PolicyType, ResourcePattern } from './ast.ts';
import { asOwnApi, expandDialect } from './dialects.ts';
import {
  joinFields,
  type PatternProblem,
  parseArnFields,
  parseArnParts,
  splitArnText,
} from './parsePattern.ts';

/**
 * Which incomplete ARNs are completed: any, which is documented of identity policies and boundaries; one that ends in
 * `*`; or none for sure, in resource control policies.
 */
export type Completion = 'any' | 'open' | 'none';

/** How the resources of a document are read. */
type ResourceSyntax = {
  /** `${…}` is a variable (policies of version 2012-10-17). */
  readonly variables: boolean;
  readonly policyType: PolicyType;
  readonly completes: Completion;
  /** The beginning of the ARN, up to its `/`, of the resource whose policy it is; see `expandDialect`. */
  readonly owner?: string | undefined;
};

/** One value, read: what a person should know of it, one sentence each. */
type ParsedResource = { readonly pattern: ResourcePattern; readonly warnings: readonly string[] };

const ARN: Pattern = [{ kind: 'text', text: 'arn' }];
const NO_WARNINGS: readonly string[] = [];

/** Returns the pattern of a `Resource` value, or what is wrong with its variables. */
export function parseResource(text: string, syntax: ResourceSyntax): ParsedResource | PatternProblem {
  if (/^\*+$/.test(text)) return { pattern: { kind: 'any', text }, warnings: NO_WARNINGS };
  if (isNoArn(text)) return { problem: `resource \`${text}\` is neither \`*\` nor an ARN; AWS refuses it` };
  const fields = splitArnText(expandDialect(text, syntax.policyType, syntax.owner) ?? text, syntax.variables);
  const wasComplete = fields.length === 6;
  const warnings: string[] = [];
  const doubt = wasComplete ? undefined : incompleteDoubt(fields, syntax);
  const [first, , service] = fields;
  const fieldCount = fields.length;
  while (fields.length < 6) fields.push('*');
  const isIrregular =
    hasIrregularAccount(fields, syntax.variables) ||
    (fieldCount < 3 && fields.slice(0, fieldCount - 1).some((field) => field.endsWith('*')));
  const written = parseArnFields(fields, syntax.variables);
  if ('problem' in written) return written;
  // IAM does not compare the first field: it prints `arn` in its place in what it says of such a text.
  const [, ...rest] = written;
  const parts: ArnPattern = [ARN, ...rest];
  if (first !== 'arn' && wasComplete)
    warnings.push(`resource \`${text}\` does not begin with \`arn\`; AWS ignores the first field`);
  const hasOddService = wasComplete && /[*?]/.test(service ?? '') && !isVariable(parts[2]);
  if (doubt !== undefined)
    warnings.push(`resource \`${text}\` ${doubt}; AWS may refuse it or match nothing with it`);
  else if (hasOddService)
    warnings.push(`resource \`${text}\` has a wildcard for its service, which IAM refuses`);
  if (isIrregular)
    warnings.push(
      `resource \`${text}\` has no account in its account field; a \`*\` before it may match beyond the colon`,
    );
  const [partition, ...others] = parts[1] ?? [];
  if (partition?.kind === 'text' && others.length === 0 && !PARTITIONS.includes(partition.text))
    warnings.push(`resource \`${text}\` is in no AWS partition, and IAM refuses it`);
  if (parts.slice(0, 5).some(isVariable)) {
    // AWS documents variables for the part after the fifth colon only, and uses them before it in its own policies.
    warnings.push(
      `resource \`${text}\` holds a variable before the fifth colon, where AWS does not document that it works`,
    );
  }
  const refused: ResourcePattern | undefined =
    doubt !== undefined || hasOddService ? { kind: 'nothing', text } : undefined;
  const whole: ResourcePattern | undefined = isIrregular
    ? { kind: 'whole', text, pattern: wasComplete ? joinFields(parts) : asWritten(written, fieldCount) }
    : undefined;
  if (refused === undefined && whole === undefined)
    return {
      pattern: { kind: 'arn', text, parts },
      warnings: warnings.length === 0 ? NO_WARNINGS : warnings,
    };
  const readings = {
    ...(refused === undefined ? {} : { 'refused-arn': refused }),
    ...(whole === undefined ? {} : { 'irregular-account': whole }),
  };
  return { pattern: { kind: 'arn', text, parts, readings }, warnings };
}

/**
 * True of a name that somebody took for an ARN. Source: IAM's answer, "Resource … must be in ARN format or "*"". A
 * variable may stand for an ARN, and SQS once wrote `/111122223333/queue`.
 */
function isNoArn(text: string): boolean {
  return !/[:$]/.test(text) && !text.startsWith('/');
}

/** The text itself, its first field not compared unless it stands for more than itself. */
function asWritten(fields: ArnPattern, count: number): Pattern {
  const [first, ...others] = fields.slice(0, count);
  const isOpen = first?.some(({ kind }) => kind !== 'text') === true;
  return joinFields([isOpen ? (first ?? ARN) : ARN, ...others]);
}

/** Why an incomplete ARN may not be completed; undefined where AWS documents or is known to do so. */
function incompleteDoubt(fields: readonly string[], { completes }: ResourceSyntax): string | undefined {
  if (fields.length < 3) return 'has fewer than three fields';
  if (fields.includes('')) return 'is an incomplete ARN with an empty field';
  if (/[*?]/.test(fields[2] ?? '')) return 'is an incomplete ARN with a wildcard for its service';
  if (completes === 'any') return undefined;
  if (completes === 'open' && fields.at(-1)?.endsWith('*') === true) return undefined;
  return 'is an incomplete ARN, which AWS completes only in identity policies';
}

/** What stands for an account in ARNs of the Service Authorization Reference, beside account ids. */
export const ACCOUNT_WORDS: ReadonlySet<string> = new Set(['', 'aws', 'offering']);
const ACCOUNT = /^(?:\d{12}|(?=.*[*?])[\d*?]+)$/;

/**
 * True iff the account field is no account and some `*` ends a field before the rest: the guide says that such a `*`
 * "can expand to match beyond the colon boundaries".
 */
function hasIrregularAccount(fields: readonly string[], variables: boolean): boolean {
  const account = fields[4] ?? '';
  if (ACCOUNT.test(account) || ACCOUNT_WORDS.has(account) || (variables && account.includes('${')))
    return false;
  return fields.slice(1, 5).some((field) => field.endsWith('*'));
}

function isVariable(part: Pattern | undefined): boolean {
  return part?.some(({ kind }) => kind === 'variable') === true;
}

/**
 * Returns the patterns of a listed resource, which is no policy's: without variables, in one reading alone, its first
 * field compared. An API that is listed in full may be the one that a policy speaks of in short: it is listed as both.
 */
export function parseListedResource(text: string): readonly ResourcePattern[] {
  if (/^\*+$/.test(text)) return [{ kind: 'any', text }];
  const parts = parseArnParts(text, false);
  // Without variables there is nothing that could be malformed.
  if (parts === undefined || 'problem' in parts) return [];
  const short = asOwnApi(parts);
  return [
    { kind: 'arn', text, parts },
    ...(short === undefined ? [] : [{ kind: 'arn', text, parts: short } as const]),
  ];
}
