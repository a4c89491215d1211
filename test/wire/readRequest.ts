/** A request on the wire → which operation, with which input. */
import type { IncomingHttpHeaders } from 'node:http';
import { XmlShapeDeserializer } from '@aws-sdk/core/protocols';
import { JsonShapeDeserializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { readForm } from './readForm.ts';
import type { Operation, Service } from './services.ts';
import { fromText } from './texts.ts';

export type WireRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

export type Input = { readonly [parameter: string]: unknown };

export type Asked = { readonly operation: Operation; readonly input: Input };

const EPOCH = { timestampFormat: { useTrait: true, default: 7 as const }, httpBindings: true };
const DATE_TIME = { timestampFormat: { useTrait: true, default: 5 as const }, httpBindings: true };

/** Returns what is asked for, or undefined iff the service has no such operation. */
export async function readRequest(service: Service, request: WireRequest): Promise<Asked | undefined> {
  const { operations, protocol } = service;
  if (protocol === 'awsQuery' || protocol === 'ec2Query') {
    const form = new URLSearchParams(request.body.toString());
    const operation = operations.get(form.get('Action') ?? '');
    if (operation === undefined) return undefined;
    const input = readForm(form, operation.input, { ec2: protocol === 'ec2Query' });
    return { operation, input: input as Input }; // The input of an operation is a structure.
  }
  if (protocol === 'awsJson') {
    const operation = operations.get(String(request.headers['x-amz-target']).split('.').at(-1) ?? '');
    if (operation === undefined) return undefined;
    const input: unknown = await new JsonShapeDeserializer({ ...EPOCH, jsonName: false }).read(
      operation.input,
      request.body.toString() || '{}',
    );
    return { operation, input: input as Input }; // As above.
  }
  const [found] = routesOf(service)
    .flatMap((route) => {
      const labels = matchRoute(route, request);
      return labels === undefined ? [] : [{ route, labels }];
    })
    .sort((a, b) => b.route.literals.length - a.route.literals.length || b.route.weight - a.route.weight);
  if (found === undefined) return undefined;
  const { operation } = found.route;
  return { operation, input: await readBindings(service, operation, request, found.labels) };
}

type Route = {
  readonly operation: Operation;
  readonly method: string;
  readonly path: RegExp;
  readonly names: readonly string[];
  /** Parts of the query that an operation is told by. */
  readonly literals: readonly (readonly [string, string])[];
  /** Literal characters in the path: the more, the nearer. */
  readonly weight: number;
};

const routes = new WeakMap<Service, readonly Route[]>();

function routesOf(service: Service): readonly Route[] {
  let known = routes.get(service);
  if (known === undefined) {
    known = [...service.operations.values()].flatMap((operation) => toRoute(service, operation));
    routes.set(service, known);
  }
  return known;
}

/** S3's buckets stand before the path that the schema tells: endpoints in the host's place are addressed by path. */
const OF_NO_BUCKET = new Set(['ListBuckets', 'ListDirectoryBuckets']);

function toRoute({ name }: Service, operation: Operation): Route[] {
  if (operation.http === undefined) return [];
  const [method, uri] = operation.http;
  const [path = '', query = ''] = uri.split('?');
  const whole = name === 's3' && !OF_NO_BUCKET.has(operation.name) ? `/{Bucket}${path}` : path;
  const names: string[] = [];
  const pattern = whole
    .replace(/\/$/, '')
    .replaceAll(/[.*$^()|[\]\\]/g, '\\$&')
    .replaceAll(/\{([^}+]+)(\+?)\}/g, (_, label: string, greedy: string) => {
      names.push(label);
      return greedy === '' ? '([^/]+)' : '(.+)';
    });
  return [
    {
      operation,
      method,
      path: new RegExp(`^${pattern}/?$`),
      names,
      literals: [...new URLSearchParams(query)].filter(([key]) => key !== 'x-id'),
      weight: whole.replaceAll(/\{[^}]+\}/g, '').length,
    },
  ];
}

function matchRoute(route: Route, { method, path, query }: WireRequest): Map<string, string> | undefined {
  const id = query.get('x-id');
  if (route.method !== method || (id !== null && id !== route.operation.name)) return undefined;
  const isTold = route.literals.every(([key, value]) => query.get(key) === value);
  const found = isTold ? route.path.exec(path) : null;
  if (found === null) return undefined;
  return new Map(route.names.map((name, index) => [name, decodeURIComponent(found[index + 1] ?? '')]));
}

async function readBindings(
  { protocol }: Service,
  operation: Operation,
  { body, headers, query }: WireRequest,
  labels: ReadonlyMap<string, string>,
): Promise<Input> {
  const schema = operation.input;
  if (schema.isUnitSchema()) return {};
  const read = (of: NormalizedSchema): unknown =>
    protocol === 'restXml'
      ? new XmlShapeDeserializer({ ...DATE_TIME, xmlNamespace: '', serviceNamespace: '' }).read(of, body)
      : new JsonShapeDeserializer({ ...EPOCH, jsonName: true }).read(of, body.toString());
  const members = [...schema.structIterator()];
  const payload = members.find(([, member]) => member.getMergedTraits().httpPayload);
  const fromBody = payload === undefined && body.length > 0 ? await read(schema) : {};
  const input = new Map<string, unknown>(Object.entries(fromBody as object)); // A structure, as every input.
  for (const [name, member] of members) {
    const { httpQuery, httpHeader, httpPayload } = member.getMergedTraits();
    const header = httpHeader === undefined ? undefined : headers[httpHeader.toLowerCase()];
    const texts = httpQuery === undefined ? [] : query.getAll(httpQuery);
    const label = labels.get(name);
    if (label !== undefined) input.set(name, fromText(member, label));
    else if (header !== undefined) input.set(name, fromText(member, String(header)));
    else if (texts.length > 0 && member.isListSchema()) input.set(name, texts);
    else if (texts[0] !== undefined) input.set(name, fromText(member, texts[0]));
    else if (httpPayload && body.length > 0) {
      if (member.isStructSchema()) input.set(name, await read(member));
      else input.set(name, member.isBlobSchema() ? body : body.toString());
    }
  }
  return Object.fromEntries(input);
}
