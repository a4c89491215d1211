import { describe, expect, it } from 'vitest';
import { MAX_REQUEST_TEXT, parseRequest } from '../../../shared/evaluator/parseRequest.ts';

const request = { action: 's3:GetObject', resource: '*', context: {} };

/** A value, the path of its problem, and a part of the message. */
const refused: readonly (readonly [unknown, string, string])[] = [
  [null, '$', 'JSON object'],
  ['x', '$', 'JSON object'],
  [[], '$', 'JSON object'],
  [{ ...request, action: undefined }, '$.action', 'missing'],
  [{ ...request, resource: 1 }, '$.resource', 'must be a string'],
  [{ ...request, extra: 1 }, '$.extra', 'no member of a request'],
  [{ ...request, action: 'GetObject' }, '$.action', 'service:Name'],
  [{ ...request, action: 's3:' }, '$.action', 'service:Name'],
  [{ ...request, action: ':Get' }, '$.action', 'service:Name'],
  [{ ...request, action: 's3:Get:x' }, '$.action', 'service:Name'],
  [{ ...request, action: 's3:*' }, '$.action', 'wildcards'],
  [{ ...request, resource: '' }, '$.resource', 'six parts'],
  [{ ...request, resource: 'arn:aws:s3::b' }, '$.resource', 'six parts'],
  [{ ...request, resource: 'urn:aws:s3:::b' }, '$.resource', 'six parts'],
  [{ ...request, resource: `arn:aws:s3:::${'x'.repeat(MAX_REQUEST_TEXT)}` }, '$.resource', '32768'],
  [{ ...request, context: null }, '$.context', 'object of context keys'],
  [{ ...request, context: [] }, '$.context', 'object of context keys'],
  [{ ...request, context: { a: 1 } }, '$.context.a', 'list of strings'],
  [{ ...request, context: { 'a:b': ['x', 1] } }, '$.context["a:b"][1]', 'must be a string'],
  [{ ...request, context: { a: [], A: [] } }, '$.context.A', 'twice'],
  [{ ...request, principal: 'x' }, '$.principal', 'JSON object'],
  [{ ...request, principal: { type: 'Role', value: 'x' } }, '$.principal.type', 'AWS, Service'],
  [{ ...request, principal: { type: 'Service', value: '' } }, '$.principal', 'must have a `value`'],
  [{ ...request, principal: { type: 'Anonymous', value: 'x' } }, '$.principal', 'Anonymous'],
  [{ ...request, principal: { type: 'Service', value: 'x', id: 1 } }, '$.principal.id', 'no member'],
  ...[
    'ann',
    'arn:aws:s3:::b',
    'arn:aws:iam::111122223333:role',
    'arn:aws:iam::111122223333:role/',
    'arn:aws:sts::111122223333:assumed-role/R',
    'arn:aws:sts::111122223333:assumed-role/R/s/t',
  ].map((value) => [{ ...request, principal: { type: 'AWS', value } }, '$.principal', 'ARN'] as const),
];

describe('parseRequest', () => {
  it.each([
    request,
    { ...request, resource: 'arn:aws:s3:::b/a:b\n*' },
    { ...request, context: { 'aws:TagKeys': ['192.0.2.1', ''], empty: [] } },
    { ...request, principal: { type: 'Anonymous', value: '' } },
    { ...request, principal: { type: 'Service', value: 'sns.amazonaws.com' } },
    { ...request, principal: { type: 'AWS', value: 'AROAEXAMPLE' } },
    { ...request, principal: { type: 'AWS', value: 'arn:aws:iam::111122223333:root' } },
    { ...request, principal: { type: 'AWS', value: 'arn:aws-cn:iam::111122223333:role/a/b' } },
    { ...request, principal: { type: 'AWS', value: 'arn:aws:sts::111122223333:assumed-role/R/s' } },
    { ...request, principal: { type: 'AWS', value: 'arn:aws:sts::111122223333:federated-user/F' } },
  ])('takes %j as it is', (value) => {
    expect(parseRequest(value)).toEqual({ ok: true, request: value });
  });

  it('takes one string for a list, no context for an empty one, and Anonymous without a value', () => {
    const short = { action: 's3:GetObject', resource: '*', principal: { type: 'Anonymous' } };

    expect(parseRequest(short)).toMatchObject({ request: { ...short, context: {} } });
    expect(parseRequest({ ...request, context: { a: 'b' } })).toMatchObject({
      request: { context: { a: ['b'] } },
    });
  });

  it.each(['constructor', '__proto__', 'prototype', 'toString'])('keeps the context key %s', (key) => {
    const value = JSON.parse(`{"action":"s3:G","resource":"*","context":{"${key}":["v"]}}`);

    const parsed = parseRequest(value);

    expect(parsed.ok && Object.entries(parsed.request.context)).toEqual([[key, ['v']]]);
  });

  it.each(refused)('refuses %j at %s', (value, path, message) => {
    const parsed = parseRequest(value);

    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ path, message: expect.stringContaining(message) }],
    });
  });

  it('asks for a principal where a resource policy is asked', () => {
    expect(parseRequest(request, { policyType: 'RESOURCE_POLICY' })).toMatchObject({
      ok: false,
      problems: [{ path: '$', message: expect.stringContaining('`principal` is missing') }],
    });
    expect(parseRequest(request, { policyType: 'IDENTITY_POLICY' }).ok).toBe(true);
  });

  it('names every problem, placed where the caller says', () => {
    const locate = (path: string) => ({ line: 1, column: path.length, offset: 0 });

    expect(parseRequest({ action: 'x', resource: 'y' }, { locate })).toMatchObject({
      problems: [
        { path: '$.action', position: { column: 8 } },
        { path: '$.resource', position: { column: 10 } },
      ],
    });
  });
});
