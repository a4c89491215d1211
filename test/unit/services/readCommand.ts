/** An AWS CLI command as the SDK's model has it: the operation, and the options that it does not have. */
import { NormalizedSchema } from '@smithy/core/schema';
import { CLIENTS } from '../../../shared/services/registry.ts';

/** Where the AWS CLI's word for a service is not the signing name of a client. */
const SCOPES: { readonly [word: string]: string } = {
  s3api: 's3',
  s3control: 's3-control',
  efs: 'elasticfilesystem',
  opensearch: 'es',
  'sso-admin': 'sso',
};

/** Options of the AWS CLI itself. */
const GLOBAL = ['region'];

type ReadCommand = { readonly operation: string; readonly unknown: readonly string[] };

/**
 * Returns the operation that the command calls, in the SDK's spelling, and what in it the SDK's model of that operation
 * lacks: options, or the operation itself. Throws where it is no command of a known service, or a document is missing.
 */
export async function readCommand({
  command,
  document,
}: {
  readonly command: string;
  readonly document?: string | undefined;
}): Promise<ReadCommand> {
  const [aws, service = '', name = '', ...rest] = wordsOf(command);
  const scope = SCOPES[service] ?? service;
  const client = CLIENTS.find((one) => one.scope === scope);
  if (aws !== 'aws' || client === undefined) throw new Error(`no command of a known service: ${command}`);
  const reads = rest.includes('file://before.json');
  if (reads !== (document !== undefined)) throw new Error(`a document that is not there: ${command}`);
  const exported = new Map<string, unknown>(Object.entries(await load(client.module, client.name)));
  const wanted = `${plain(name)}command`;
  const [key = '', Command] = [...exported].find(([one]) => one.toLowerCase() === wanted) ?? [];
  if (typeof Command !== 'function') return { operation: name, unknown: [command] };
  const made = new (Command as new (input: object) => { readonly schema: Schema })({});
  const members = Object.keys(NormalizedSchema.of(made.schema[4]).getMemberSchemas()).map((one) =>
    one.toLowerCase(),
  );
  // A client by shapes of our own has only what the guard itself gives.
  if (!client.module.startsWith('@')) return { operation: key.replace(/Command$/, ''), unknown: [] };
  const options = rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
  const unknown = options.filter(
    (option) =>
      !GLOBAL.includes(option) &&
      ![plain(option), plain(option.replace(/^no-/, ''))].some((one) => members.includes(one)),
  );
  return {
    operation: key.replace(/Command$/, ''),
    unknown: unknown.map((option) => `${service} ${name} has no --${option}`),
  };
}

type Schema = readonly [9, string, string, unknown, Parameters<typeof NormalizedSchema.of>[0]];

const plain = (name: string) => name.replaceAll('-', '').toLowerCase();

async function load(module: string, name: string): Promise<object> {
  if (module.startsWith('@')) return import(module);
  return import(`../../../shared/services/${name.toLowerCase()}/${module.slice(2)}`);
}

/** As a shell splits it, single quotes taken off. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}
