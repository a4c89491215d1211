/** A request written as JSON → the request, or every problem with its place. */
import * as v from 'valibot';
import type { Request } from '../../shared/evaluator/request.ts';
import { locatePath, parseJson, pathOf } from '../../shared/policy/jsonDocument.ts';
import { InputError, type InputProblem } from './inputError.ts';
import type { Source } from './readSources.ts';

const valuesSchema = v.union(
  [
    v.array(v.string()),
    v.pipe(
      v.string(),
      v.transform((value) => [value]),
    ),
  ],
  'must be a list of strings, or one string',
);

const principalSchema = v.variant(
  'type',
  [
    v.strictObject({
      type: v.picklist(['AWS', 'Service', 'Federated', 'CanonicalUser']),
      value: v.pipe(v.string('must be a string'), v.nonEmpty('must not be empty')),
    }),
    v.strictObject({ type: v.literal('Anonymous'), value: v.optional(v.literal('', 'must be empty'), '') }),
  ],
  'must have a `type`: AWS, Service, Federated, CanonicalUser or Anonymous',
);

const requestSchema = v.strictObject({
  principal: v.exactOptional(principalSchema),
  action: v.pipe(
    v.string('must be a string'),
    v.regex(/^[^:*?\s]+:[^:*?\s]+$/, 'must be one action, `service:Name`'),
  ),
  resource: v.pipe(
    v.string('must be a string'),
    v.regex(/^(\*|arn:([^:]*:){4}.*)$/s, 'must be `*` or an ARN of six parts'),
  ),
  context: v.optional(v.record(v.string(), valuesSchema), {}),
});

/** Returns the request. Throws `InputError` with every problem; unknown members are problems. */
export function readRequest({ name, text }: Source): Request {
  const json = parseJson(text);
  if (!json.ok) {
    const { message, path, position } = json.problem;
    const place = position === undefined ? {} : { line: position.line, column: position.column };
    throw new InputError([{ source: name, ...place, path, message }]);
  }
  const parsed = v.safeParse(requestSchema, json.value);
  if (parsed.success) return parsed.output;
  throw new InputError(parsed.issues.map((issue) => toProblem(issue, { name, text })));
}

function toProblem(issue: v.BaseIssue<unknown>, { name, text }: Source): InputProblem {
  const keys = (issue.path ?? []).map(({ key }) => key);
  const path = keys.reduce<string>(
    (parent, key) => (typeof key === 'number' ? `${parent}[${key}]` : pathOf(parent, String(key))),
    '$',
  );
  const start = locatePath(text, path)?.start;
  const place = start === undefined ? {} : { line: start.line, column: start.column };
  return { source: name, ...place, path, message: messageOf(issue, String(keys.at(-1))) };
}

function messageOf(issue: v.BaseIssue<unknown>, name: string): string {
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return `\`${name}\` is no member of a request`;
  if (issue.type === 'strict_object' && issue.path === undefined) return 'a request must be a JSON object';
  return issue.input === undefined ? `\`${name}\` is missing` : issue.message;
}
