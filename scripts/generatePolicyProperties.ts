/**
 * Lists the properties of the published schemas that may hold a policy or a setting of access, for the test that holds
 * each of them against what `ratchet diff` does with it. Needs two unpacked npm packages, which nothing else needs:
 * `node scripts/generatePolicyProperties.ts SERVICE_SPEC CDKTF_PROVIDER > test/vectors/diff/policy-properties.tsv`
 * with `@aws-cdk/aws-service-spec` (CloudFormation) and `@cdktf/provider-aws` (Terraform's AWS provider).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { mayBear } from '../cli/diff/formats/policyProperties.ts';

const [, , serviceSpec, provider] = process.argv;
if (serviceSpec === undefined || provider === undefined)
  throw new Error('give the folders of @aws-cdk/aws-service-spec and @cdktf/provider-aws');

type Json = { readonly [name: string]: Json } & readonly Json[];

const rows = new Set<string>();
readCloudFormation(serviceSpec);
readTerraform(provider);
process.stdout.write(`provider\ttype\tproperty\tvalue\n${[...rows].sort().join('\n')}\n`);

function put(provider: string, type: string, path: readonly string[], value: string): void {
  const name = path.at(-1) ?? '';
  if (mayBear(name)) rows.add([provider, type, path.join('.'), value].join('\t'));
}

function readCloudFormation(folder: string): void {
  const db = JSON.parse(gunzipSync(readFileSync(join(folder, 'db.json.gz'))).toString()) as Json;
  const schema = db['schema'] as Json;
  const entities = (name: string) => (schema[name] as Json)['entities'] as unknown as Json[];
  const definitions = new Map(entities('typeDefinition').map((each) => [String(each['$id']), each]));
  for (const resource of entities('resource')) {
    const type = String(resource['cloudFormationType']);
    const walk = (properties: Json, path: readonly string[], above: ReadonlySet<string>): void => {
      for (const [name, property] of Object.entries(properties ?? {})) {
        const value = property['type'] as Json;
        put('cloudformation', type, [...path, name], String(value?.['type']));
        for (const id of referencesIn(value)) {
          const inner = definitions.get(id);
          if (inner !== undefined && !above.has(id) && path.length < 4)
            walk(inner['properties'] as Json, [...path, name], new Set([...above, id]));
        }
      }
    };
    walk(resource['properties'] as Json, [], new Set());
  }
}

/** The ids of the types that a value is made of. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const reference = (value as { reference?: { $ref?: unknown } }).reference;
  const own = reference?.$ref === undefined ? [] : [String(reference.$ref)];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

function readTerraform(folder: string): void {
  const assembly = JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8')) as Json;
  const types = assembly['types'] as Json;
  for (const [fqn, struct] of Object.entries(types)) {
    const bases = ((struct['interfaces'] as unknown as string[]) ?? []).map(String);
    if (!bases.includes('cdktf.TerraformMetaArguments') || /\.dataAws|ephemeral/i.test(fqn)) continue;
    const type = terraformType(struct);
    if (type === undefined) continue;
    const walk = (name: string, path: readonly string[]): void => {
      for (const property of ((types[name] as Json)?.['properties'] as unknown as Json[]) ?? []) {
        const summary = String((property['docs'] as Json)?.['summary']);
        const [, attribute] = /#(\w+) /.exec(summary) ?? [];
        if (attribute === undefined) continue;
        put('terraform', type, [...path, attribute], kindOfValue(property['type'] as Json));
        if (path.length < 4)
          for (const inner of structsIn(property['type'])) walk(inner, [...path, attribute]);
      }
    };
    walk(fqn, []);
  }
}

function terraformType(struct: Json): string | undefined {
  const file = String((struct['locationInModule'] as Json)?.['filename']);
  const [, name] = /^src\/([\w-]+)\/index\.ts$/.exec(file) ?? [];
  return name === undefined ? undefined : `aws_${name.replaceAll('-', '_')}`;
}

function kindOfValue(type: Json): string {
  return String(type?.['primitive'] ?? 'object');
}

function structsIn(type: unknown): string[] {
  if (typeof type !== 'object' || type === null) return [];
  const fqn = (type as { fqn?: unknown }).fqn;
  const own =
    typeof fqn === 'string' && fqn.startsWith('@cdktf/provider-aws.') && !/List$|Reference$/.test(fqn)
      ? [fqn]
      : [];
  return [...own, ...Object.values(type).flatMap(structsIn)];
}
