/** What an operation gave, or the error it ended with → the answer on the wire. */
import { XmlShapeSerializer } from '@aws-sdk/core/protocols';
import { JsonShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { Input } from './readRequest.ts';
import type { Operation, Service, WireError } from './services.ts';
import { toText } from './texts.ts';

export type WireAnswer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array;
};

const EPOCH = { timestampFormat: { useTrait: true, default: 7 as const }, httpBindings: true };
const DATE_TIME = { timestampFormat: { useTrait: true, default: 5 as const }, httpBindings: true };
const XML = { 'content-type': 'text/xml' };
const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.1' };

/** Returns the answer of an operation that went well. */
export function writeAnswer(service: Service, operation: Operation, output: Input, id: string): WireAnswer {
  const { protocol, namespace } = service;
  const { name } = operation;
  switch (protocol) {
    case 'awsQuery': {
      const result = `<${name}Result>${inside(toXml(operation.output, output))}</${name}Result>`;
      const metadata = `<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata>`;
      const body = `<${name}Response xmlns="${namespace}">${result}${metadata}</${name}Response>`;
      return { status: 200, headers: XML, body };
    }
    case 'ec2Query': {
      const inner = `<requestId>${id}</requestId>${inside(toXml(operation.output, output))}`;
      return { status: 200, headers: XML, body: `<${name}Response>${inner}</${name}Response>` };
    }
    case 'awsJson':
      return { status: 200, headers: JSON_TYPE, body: toJson(operation.output, output, false) };
    default:
      return bind(service, operation, output);
  }
}

/** Returns the answer of an operation that failed. */
export function writeError(
  { protocol, namespace }: Service,
  { code, status }: WireError,
  { name, message, id }: { readonly name: string; readonly message: string; readonly id: string },
): WireAnswer {
  const error = `<Code>${code}</Code><Message>${escaped(message)}</Message>`;
  switch (protocol) {
    case 'awsQuery': {
      const inner = `<Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>${error}</Error>`;
      const body = `<ErrorResponse xmlns="${namespace}">${inner}<RequestId>${id}</RequestId></ErrorResponse>`;
      return { status, headers: XML, body };
    }
    case 'ec2Query': {
      const body = `<Response><Errors><Error>${error}</Error></Errors><RequestID>${id}</RequestID></Response>`;
      return { status, headers: XML, body };
    }
    case 'restXml':
      return { status, headers: XML, body: `<Error>${error}<RequestId>${id}</RequestId></Error>` };
    case 'awsJson': {
      // Services that spoke Query before still tell their old code.
      const query = code === name ? {} : { 'x-amzn-query-error': `${code};Sender` };
      const body = JSON.stringify({ __type: `${namespace}#${name}`, message });
      return { status, headers: { ...JSON_TYPE, ...query }, body };
    }
    case 'restJson': {
      const headers = { 'content-type': 'application/json', 'x-amzn-errortype': name };
      return { status, headers, body: JSON.stringify({ message }) };
    }
  }
}

function bind({ protocol }: Service, { output: shape, http }: Operation, output: Input): WireAnswer {
  const status = http?.[2] ?? 200;
  if (shape.isUnitSchema()) return { status, headers: {}, body: '' };
  const headers: { [name: string]: string } = {};
  const rest: { [member: string]: unknown } = {};
  let body: string | Uint8Array | undefined;
  for (const [name, member] of shape.structIterator()) {
    const value = output[name];
    if (value === undefined) continue;
    const { httpHeader, httpPayload, httpResponseCode } = member.getMergedTraits();
    if (httpHeader !== undefined) headers[httpHeader.toLowerCase()] = toText(value);
    else if (httpPayload && member.isStructSchema())
      body = protocol === 'restXml' ? toXml(member, value) : toJson(member, value, true);
    else if (httpPayload) body = value instanceof Uint8Array ? value : String(value);
    else if (!httpResponseCode) rest[name] = value;
  }
  const hasPayload = [...shape.structIterator()].some(([, member]) => member.getMergedTraits().httpPayload);
  body ??= hasPayload ? '' : protocol === 'restXml' ? toXml(shape, rest) : toJson(shape, rest, true);
  const type = protocol === 'restXml' ? 'application/xml' : 'application/json';
  return { status, headers: { 'content-type': type, ...headers }, body: status === 204 ? '' : body };
}

function toXml(schema: NormalizedSchema, value: unknown): string {
  if (schema.isUnitSchema()) return '';
  const serializer = new XmlShapeSerializer({ ...DATE_TIME, xmlNamespace: '', serviceNamespace: '' });
  serializer.write(schema, value);
  return String(serializer.flush());
}

function toJson(schema: NormalizedSchema, value: unknown, jsonName: boolean): string {
  if (schema.isUnitSchema()) return '{}';
  const serializer = new JsonShapeSerializer({ ...EPOCH, jsonName });
  serializer.write(schema, value);
  return String(serializer.flush());
}

/** An element without its own tags. */
function inside(xml: string): string {
  return xml.endsWith('/>') && xml.indexOf('>') === xml.length - 1
    ? ''
    : xml.replace(/^<[^>]*>/, '').replace(/<\/[^>]*>$/, '');
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}
