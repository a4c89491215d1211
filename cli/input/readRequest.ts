/** A request written as JSON → the request, or every problem with its place. */
import { parseRequest } from '../../shared/evaluator/parseRequest.ts';
import type { Request } from '../../shared/evaluator/request.ts';
import type { PolicyType } from '../../shared/policy/ast.ts';
import { createLocator, parseJson } from '../../shared/policy/jsonDocument.ts';
import { InputError, toInputProblems } from './inputError.ts';
import type { Source } from './readSources.ts';

/** Returns the request for a document of that type. Throws `InputError` with every problem. */
export function readRequest({ name, text }: Source, policyType: PolicyType): Request {
  const json = parseJson(text);
  if (!json.ok) throw problemsOf(name, json.problems);
  const locator = createLocator(text);
  const parsed = parseRequest(json.value, { policyType, locate: (path) => locator.locate(path)?.start });
  if (!parsed.ok) throw problemsOf(name, parsed.problems);
  return parsed.request;
}

function problemsOf(sourceName: string, problems: Parameters<typeof toInputProblems>[0]): InputError {
  return new InputError(toInputProblems(problems.map((problem) => ({ ...problem, sourceName }))));
}
