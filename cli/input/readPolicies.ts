/** Policy documents named on the command line → parsed policies, all of them or every problem of all. */
import type { Policy, PolicyType } from '../../shared/policy/ast.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { InputError, type InputProblem, renderProblem, toInputProblems } from './inputError.ts';
import { readSources, type Source, type SourceArgument } from './readSources.ts';

/** Returns the policies in the order of the arguments. Throws `InputError` with the problems of every document. */
export async function readPolicies(
  sources: readonly SourceArgument[],
  policyType: PolicyType,
  stdin: NodeJS.ReadableStream,
): Promise<Policy[]> {
  return parsePolicies(await readSources(sources, stdin), policyType);
}

/** Returns the policies of texts that were read. Throws `InputError` with the problems of every document. */
export function parsePolicies(sources: readonly Source[], policyType: PolicyType): Policy[] {
  const problems: InputProblem[] = [];
  const policies: Policy[] = [];
  for (const { name, text } of sources) {
    const parsed = parsePolicy(text, { policyType, sourceName: name });
    if (parsed.ok) policies.push(parsed.policy);
    else problems.push(...toInputProblems(parsed.problems));
  }
  if (problems.length > 0) throw new InputError(problems);
  return policies;
}

/** Returns what is odd in the policies, though not wrong, a line each. */
export function renderWarnings(policies: readonly Policy[]): string {
  return toInputProblems(policies.flatMap(({ warnings }) => warnings))
    .map((problem) => `warning: ${renderProblem(problem)}\n`)
    .join('');
}
