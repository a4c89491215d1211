/** Documents of AWS's own managed policies, which no trail shows. A file beside the built command; read when asked for. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

/** Policy ARN to its default version's document, as JSON text. Made by the build. */
const FILE = new URL('../aws-managed-policies.json', import.meta.url);

/** Returns a lookup that gives the document of a policy, or undefined when it knows none of that ARN. */
export function createAwsManagedPolicies(): (arn: string) => string | undefined {
  let documents: ReadonlyMap<string, string> | undefined;
  return (arn) => {
    documents ??= new Map(
      Object.entries(v.parse(v.record(v.string(), v.string()), JSON.parse(readFileSync(FILE, 'utf8')))),
    );
    return documents.get(arn);
  };
}
