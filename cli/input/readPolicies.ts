/** Policy documents named on the command line → parsed policies, all of them or every problem of all. */
import type { Policy } from '../../shared/policy/ast.ts';
import { locatePath } from '../../shared/policy/jsonDocument.ts';
import { type ParseOptions, parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { InputError, type InputProblem, renderProblem, toInputProblems } from './inputError.ts';
import { POLICY_TYPES, type PolicyTypeName } from './policyTypes.ts';
import { readSources, type Source, type SourceArgument } from './readSources.ts';
import { describeUnwrapped, isHeld, type Unwrapped, unwrapText } from './unwrapDocument.ts';

/** Returns the policies in the order of the arguments. Throws `InputError` with the problems of every document. */
export async function readPolicies(
  sources: readonly (SourceArgument & Pick<ParseOptions, 'isReference'>)[],
  type: PolicyTypeName,
  stdin: NodeJS.ReadableStream,
): Promise<Policy[]> {
  const texts = await readSources(sources, stdin);
  return parsePolicies(
    texts.map((text, index) => ({ ...text, isReference: sources[index]?.isReference === true })),
    type,
  );
}

/** Returns the policies of texts that were read. Throws `InputError` with the problems of every document. */
export function parsePolicies(
  sources: readonly (Source & Pick<ParseOptions, 'isReference'>)[],
  type: PolicyTypeName,
): Policy[] {
  const problems: InputProblem[] = [];
  const policies: Policy[] = [];
  for (const { name, text, isReference = false } of sources) {
    const unwrapped = unwrapText(text);
    const document = unwrapped === undefined ? text : documentText(text, unwrapped);
    const parsed = parsePolicy(document, {
      ...POLICY_TYPES[type],
      isReference,
      held: isHeld(unwrapped),
      sourceName: name,
    });
    if (!parsed.ok) problems.push(...toInputProblems(parsed.problems));
    else if (unwrapped === undefined) policies.push(parsed.policy);
    else {
      const { path } = unwrapped;
      const note = { message: describeUnwrapped(path), path, sourceName: name };
      policies.push({ ...parsed.policy, warnings: [note, ...parsed.policy.warnings] });
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return policies;
}

/** A document that stands as JSON in its text keeps its lines and columns: blanks take the place of what is before it. */
function documentText(text: string, { value, path }: Unwrapped): string {
  if (typeof value === 'string') return value;
  const span = locatePath(text, path);
  if (span === undefined) return JSON.stringify(value);
  const before = text.slice(0, span.start.offset).replace(/[^\n]/g, ' ');
  return before + text.slice(span.start.offset, span.end.offset);
}

/** Returns what is odd in the policies, though not wrong, a line each. */
export function renderWarnings(policies: readonly Policy[]): string {
  return toInputProblems(policies.flatMap(({ warnings }) => warnings))
    .map((problem) => `warning: ${renderProblem(problem)}\n`)
    .join('');
}
