/**
 * Which services the wire speaks for, how each writes on it, and what its operations are. Operations, shapes and
 * errors come from the schemas that the SDK's packages publish, so no shape is written down here a second time.
 */
import { existsSync, readdirSync } from 'node:fs';
import { NormalizedSchema } from '@smithy/core/schema';
import { CLIENTS } from '../../shared/services/registry.ts';
import type { AwsClients } from '../../shared/targets/clients.ts';

/** AWS's protocols, by the names of Smithy. */
export type Protocol = 'awsQuery' | 'ec2Query' | 'awsJson' | 'restJson' | 'restXml';

/** A schema, or what leads to one. */
type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

type Http = readonly [method: string, path: string, status: number];

export type Operation = {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** REST only. */
  readonly http?: Http;
};

export type WireError = { readonly code: string; readonly status: number };

export type Service = {
  readonly name: ServiceName;
  readonly protocol: Protocol;
  readonly namespace: string;
  readonly operations: ReadonlyMap<string, Operation>;
  /** The SDK's own command of an operation, which the recorded account takes. */
  readonly commandOf: (operation: string, input: object) => object;
  /** An error as it stands on the wire. Errors that no schema has keep their name. */
  readonly errorOf: (name: string) => WireError;
};

/** Beside the services whose policies are watched: those that the functions themselves use. */
export type ServiceName =
  | keyof AwsClients
  | 'sts'
  | 'securityHub'
  | 'cloudFormation'
  | 'cloudTrail'
  | 'cloudWatch';

type Row = {
  readonly name: ServiceName;
  readonly protocol: Protocol;
  readonly load: () => Promise<object>;
};

const SERVICES = new URL('../../shared/services/', import.meta.url);

/** Calls that the guard never makes, and somebody else does. */
const FURTHER: { readonly [module: string]: () => Promise<object> } = {
  './logsClient.ts': () => import('../../cli/doctor/logGroups.ts'),
  './rolesAnywhereClient.ts': () => import('./rolesAnywhere.ts'),
};

/** Loads a package, or the file beside the kinds that stands for one. */
const loading = (module: string) => async (): Promise<object> => {
  if (!module.startsWith('./')) return import(module);
  const folder = readdirSync(SERVICES).find((one) => existsSync(new URL(`${one}/${module}`, SERVICES)));
  const exported: object = await import(new URL(`${folder}/${module}`, SERVICES).href);
  return { ...exported, ...(await FURTHER[module]?.()) };
};

/** Beside the clients of kinds: what the functions use themselves. */
const ROWS: readonly (Row & { readonly scope: string })[] = [
  ...CLIENTS.map(({ name, scope, protocol, module }) => ({
    name: name as keyof AwsClients, // `AwsClients` is made of these definitions.
    scope,
    protocol,
    load: loading(module),
  })),
  {
    name: 'securityHub',
    scope: 'securityhub',
    protocol: 'restJson',
    load: loading('@aws-sdk/client-securityhub'),
  },
  {
    name: 'cloudFormation',
    scope: 'cloudformation',
    protocol: 'awsQuery',
    load: loading('@aws-sdk/client-cloudformation'),
  },
  {
    name: 'cloudTrail',
    scope: 'cloudtrail',
    protocol: 'awsJson',
    load: loading('@aws-sdk/client-cloudtrail'),
  },
  {
    name: 'cloudWatch',
    scope: 'monitoring',
    protocol: 'awsJson',
    load: loading('@aws-sdk/client-cloudwatch'),
  },
  { name: 'sts', scope: 'sts', protocol: 'awsQuery', load: loading('@aws-sdk/client-sts') },
];

const loaded = new Map<ServiceName, Promise<Service>>();

/** Returns the service that a request is signed for, or undefined iff the wire does not speak for it. */
export function serviceOf(scope: string, path: string): Promise<Service> | undefined {
  const told = scope === 's3' && path.startsWith('/v20180820/') ? 's3-control' : scope;
  const row = ROWS.find((one) => one.scope === told);
  if (row === undefined) return undefined;
  const service = loaded.get(row.name) ?? load(row);
  loaded.set(row.name, service);
  return service;
}

type Client = { send(command: object): Promise<object> };

/** Returns what makes, once, the SDK's client of a service. */
export function clientOf(service: ServiceName, settings: object): () => Promise<Client> {
  let made: Promise<Client> | undefined;
  const make = async () => {
    const row = ROWS.find(({ name }) => name === service);
    const exported = Object.entries((await row?.load()) ?? {});
    const [, Made] = exported.find(([name]) => name.endsWith('Client') && !name.startsWith('_')) ?? [];
    if (!isConstructor(Made)) throw new Error(`there is no client of ${service}`);
    return new Made(settings) as Client; // Every client of the SDK has `send`.
  };
  return () => {
    made ??= make();
    return made;
  };
}

async function load({ name, protocol, load: loadPackage }: Row): Promise<Service> {
  const exported = new Map<string, unknown>(Object.entries(await loadPackage()));
  const operations = new Map<string, Operation>();
  let namespace = '';
  for (const [key, schema] of exported) {
    const shape = key.endsWith('$') ? schema : shapeOf(key, schema);
    if (isOperation(shape)) operations.set(shape[2], toOperation(shape));
    if (isOperation(shape)) namespace ||= shape[1];
  }
  return {
    name,
    protocol,
    namespace,
    operations,
    commandOf(operation, input) {
      const Command = exported.get(`${operation}Command`);
      if (!isConstructor(Command)) throw new Error(`the package of ${name} has no command ${operation}`);
      return new Command(input);
    },
    errorOf(errorName) {
      const schema = exported.get(`${errorName}$`);
      if (!isError(schema))
        return { code: errorName, status: protocol === 'restXml' ? statusOf(errorName) : 400 };
      const { awsQueryError: [code = errorName] = [], httpError } = schema[3];
      const status = httpError ?? statusOf(errorName);
      // JSON services answer every fault of the caller's with 400, whatever the schema says of REST.
      return { code, status: protocol === 'awsJson' && status < 500 ? 400 : status };
    },
  };
}

/** S3's errors are mostly in no schema. Source: Amazon S3 API Reference, "List of error codes". */
function statusOf(name: string): number {
  if (/^NoSuch|NotFound/.test(name)) return 404;
  if (name === 'PreconditionFailed') return 412;
  if (name === 'ConditionalRequestConflict') return 409;
  if (name === 'SlowDown' || name === 'ServiceUnavailable') return 503;
  if (name === 'InternalError') return 500;
  return name.startsWith('AccessDenied') ? 403 : 400;
}

type OperationSchema = readonly [9, string, string, { readonly http?: Http } | 0, SchemaRef, SchemaRef];

function isOperation(value: unknown): value is OperationSchema {
  return Array.isArray(value) && value[0] === 9;
}

/** Packages publish the shape beside its command; elsewhere the command alone has it. */
function shapeOf(name: string, Command: unknown): unknown {
  if (!name.endsWith('Command') || !isConstructor(Command)) return undefined;
  return (new Command({}) as { readonly schema?: unknown }).schema;
}

function toOperation([, , name, traits, input, output]: OperationSchema): Operation {
  return {
    name,
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
    ...(traits === 0 || traits.http === undefined ? {} : { http: traits.http }),
  };
}

type ErrorSchema = readonly [
  -3,
  string,
  string,
  { readonly awsQueryError?: readonly [string, number]; readonly httpError?: number },
];

function isError(value: unknown): value is ErrorSchema {
  return Array.isArray(value) && value[0] === -3;
}

function isConstructor(value: unknown): value is new (input: object) => object {
  return typeof value === 'function';
}
