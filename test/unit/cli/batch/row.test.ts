import { describe, expect, it } from 'vitest';
import { type RowReading, readJson, readRow } from '../../../../cli/batch/row.ts';
import type { Engine } from '../../../../shared/checks/index.ts';
import type { Verdict } from '../../../../shared/checks/verdict.ts';

const POLICY = { Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
const ROW = { id: 'a', policyType: 'IDENTITY_POLICY', existing: POLICY, new: POLICY };

function read(value: unknown): RowReading {
  const text = JSON.stringify(value);
  return readRow(JSON.parse(text), text);
}

/** Passes everything and keeps the new policies it is asked about. */
function engineThatKeeps(asked: unknown[]): Engine {
  const verdict: Verdict = { result: 'PASS', message: '', reasons: [], decidedBy: 'atoms' };
  return {
    checkNoNewAccess: async (_, updated) => {
      asked.push(updated);
      return verdict;
    },
    checkAccessNotGranted: async () => verdict,
    checkNoPublicAccess: async () => verdict,
    checkNoExternalAccess: async () => verdict,
    remains: async () => verdict,
    tighten: async () => ({ result: 'declined', cause: '' }),
    proveRestore: async () => ({ result: 'proved' }),
    listNewAccess: async () => ({ pieces: [], cut: false }),
    close: async () => {},
  };
}

function problemsOf(value: unknown) {
  const reading = read(value);
  return reading.ok ? [] : reading.problems;
}

describe('readRow', () => {
  it('takes a row without a check as no-new-access', () => {
    expect(read(ROW).ok).toBe(true);
  });

  it.each([
    [{ PolicyVersion: { Document: POLICY } }],
    [{ Policy: JSON.stringify(POLICY) }],
    [encodeURIComponent(JSON.stringify(POLICY))],
    [JSON.stringify({ PolicyDocument: POLICY })],
  ])('takes a document as the AWS CLI prints it: %j', (written) => {
    expect(problemsOf({ ...ROW, new: written })).toEqual([]);
  });

  it('takes what is odd in a document that AWS holds, and refuses it in one that somebody wrote', () => {
    const [statement] = POLICY.Statement;
    const odd = { ...POLICY, Statement: [{ ...statement, Condition: { StringAlmost: { 'aws:a': 'b' } } }] };

    expect(problemsOf({ ...ROW, new: { PolicyVersion: { Document: odd } } })).toEqual([]);
    expect(problemsOf({ ...ROW, new: JSON.stringify({ PolicyVersion: { Document: odd } }) })).toEqual([]);
    expect(problemsOf({ ...ROW, new: odd })).not.toEqual([]);
    expect(problemsOf({ ...ROW, new: encodeURIComponent(JSON.stringify(odd)) })).not.toEqual([]);
  });

  it('takes a document that is a string holding JSON', () => {
    expect(read({ ...ROW, new: JSON.stringify(POLICY) }).ok).toBe(true);
  });

  it.each([
    {
      id: 1,
      check: 'access-not-granted',
      policyType: 'IDENTITY_POLICY',
      policy: POLICY,
      access: [{ actions: ['*'] }],
    },
    {
      id: 1,
      check: 'access-not-granted',
      policyType: 'IDENTITY_POLICY',
      policy: POLICY,
      access: { resources: ['*'] },
    },
    { id: 1, check: 'no-public-access', resourceType: 'AWS::S3::Bucket', policy: { Statement: [] } },
    {
      id: 1,
      check: 'no-external-access',
      trusted: { accounts: ['111122223333'] },
      policy: { Statement: [] },
    },
  ])('takes each check with its own members: $check', (row) => {
    expect(problemsOf(row)).toEqual([]);
  });

  it('keeps what the row expects', () => {
    const reading = read({ ...ROW, expected: 'FAIL', reasons: [1], note: 'why', source: 'where' });

    expect(reading).toMatchObject({ ok: true, row: { id: 'a', expected: 'FAIL', reasons: [1] } });
  });

  it('names an unknown member with its place in the line', () => {
    const text = `{"id":"a","polcyType":1}`;

    const reading = readRow(JSON.parse(text), text);

    expect(reading).toMatchObject({
      ok: false,
      id: 'a',
      problems: [
        { path: '$.policyType' },
        { path: '$.existing' },
        { path: '$.new' },
        { message: '`polcyType` is no member of a row for no-new-access', path: '$.polcyType', column: 23 },
      ],
    });
  });

  it('names a member that belongs to another check', () => {
    expect(problemsOf({ ...ROW, policy: POLICY })).toMatchObject([{ path: '$.policy' }]);
  });

  it.each([
    [
      [{ resources: ['secret/*'] }],
      '$.access[0].resources[0]',
      '`secret/*` must be `*` or an ARN of six parts',
    ],
    [{ actions: ['GetObject'] }, '$.access.actions[0]', '`GetObject` must be written `service:Name`'],
    [[{ action: ['s3:GetObject'] }], '$.access[0].action', '`action` is no member known here'],
    [[], '$.access', 'must be a list of groups'],
    ['s3:GetObject', '$.access', 'must be a list of groups'],
  ])('says what is wrong within %j, and where', (access, path, message) => {
    expect(
      problemsOf({
        id: 1,
        check: 'access-not-granted',
        policyType: 'IDENTITY_POLICY',
        policy: POLICY,
        access,
      }),
    ).toMatchObject([{ path, message: expect.stringContaining(message) }]);
  });

  it('names the known checks when it knows not the one asked for', () => {
    expect(problemsOf({ ...ROW, check: 'toString' })).toMatchObject([
      { path: '$.check', message: expect.stringContaining('no-external-access') },
    ]);
  });

  it('gives the problems of a document their path and column in the row', () => {
    const bad = { Statement: [{ Effect: 'Alow', Action: 's3:GetObject', Resource: '*' }] };
    const text = JSON.stringify({ ...ROW, new: bad });

    expect(problemsOf({ ...ROW, new: bad })).toMatchObject([
      { path: '$.new.Statement[0].Effect', column: text.indexOf('"Alow"') + 1 },
    ]);
  });

  it('gives the problems of a document in a string their place in both texts', () => {
    const [problem] = problemsOf({ ...ROW, new: '{\n  "Statement": 5 }' });

    expect(problem?.path).toBe('$.new.Statement');
    expect(problem?.message).toContain('line 2, column 16');
  });

  it('finds a key written twice in a document that is a string', () => {
    expect(problemsOf({ ...ROW, new: '{"Statement":[],"Statement":[]}' })).toMatchObject([
      { message: expect.stringContaining('written twice') },
    ]);
  });

  it('reads long numbers from their text, not from a floating-point number', async () => {
    const digits = '12345678901234567890.5';
    const text = JSON.stringify(ROW).replace(
      /"Resource":"\*"\}\]\}\}$/,
      `"Resource":"*","Condition":{"NumericEquals":{"s3:max-keys":${digits}}}}]}}`,
    );
    const asked: unknown[] = [];

    const reading = readRow(JSON.parse(text), text);
    if (reading.ok) await reading.row.ask(engineThatKeeps(asked));

    expect(asked).toMatchObject([
      { statements: [{ conditions: [{ test: { values: [{ units: 123456789012345678905n, scale: 1 }] } }] }] },
    ]);
  });

  it.each([[[1]], ['text'], [null], [5]])('refuses %j, which is no object', (value) => {
    expect(problemsOf(value)).toEqual([{ message: 'a row must be a JSON object', path: '$', column: 1 }]);
  });

  it('refuses a row without an id', () => {
    expect(problemsOf({ ...ROW, id: undefined })).toMatchObject([
      { message: '`id` is missing', path: '$.id' },
    ]);
  });

  it('takes an empty text and 0 as ids', () => {
    expect(read({ ...ROW, id: '' })).toMatchObject({ row: { id: '' } });
    expect(read({ ...ROW, id: 0 })).toMatchObject({ row: { id: 0 } });
  });

  it('refuses a number of more digits than a number keeps, since the answer would bear another id', () => {
    const text = JSON.stringify(ROW).replace('"a"', '12345678901234567890');

    expect(readRow(JSON.parse(text), text)).toMatchObject({
      ok: false,
      id: null,
      problems: [{ message: expect.stringContaining('write it as a string'), path: '$.id' }],
    });
  });

  it('refuses a document beyond the limit, as it does one that is a string', () => {
    const Resource = `arn:aws:s3:::${'x'.repeat(1_048_576)}`;
    const policy = { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource }] };

    expect(problemsOf({ ...ROW, new: policy })).toMatchObject([
      { message: expect.stringContaining('at most 1048576'), path: '$.new' },
    ]);
  });

  const ZONE = { id: 'a', check: 'no-external-access', policy: { Statement: [] } };
  const LISTED = { ...ZONE, check: 'access-not-granted', policyType: 'IDENTITY_POLICY' };
  it.each([
    [{ ...ZONE, trusted: ['111122223333'] }, '$.trusted', 'must be an object with `accounts`'],
    [{ ...ZONE, trusted: null }, '$.trusted', 'must be an object with `accounts`'],
    [{ ...ZONE, trusted: { accounts: '111122223333' } }, '$.trusted.accounts', 'must be a list'],
    [{ ...ZONE, trusted: { accounts: [111122223333] } }, '$.trusted.accounts[0]', '12 digits, as text'],
    [{ ...LISTED, access: [null] }, '$.access[0]', 'must be an object with `actions`'],
    [{ ...ROW, reasons: [-1] }, '$.reasons[0]', 'must be the index of a statement'],
    [{ ...ROW, reasons: ['0'] }, '$.reasons[0]', 'must be the index of a statement'],
  ])('says in words what is wrong with a member of %j', (row, path, message) => {
    expect(problemsOf(row)).toMatchObject([{ path, message: expect.stringContaining(message) }]);
  });
});

describe('readJson', () => {
  it('finds a key written twice anywhere in the row', () => {
    expect(readJson('{"id":1,"new":{"Statement":[{"Sid":"a","Sid":"b"}]}}')).toMatchObject({
      ok: false,
      id: 1,
      problems: [
        { message: expect.stringContaining('written twice'), path: '$.new.Statement[0].Sid', column: 40 },
      ],
    });
  });

  it('gives a row that has two ids none', () => {
    expect(readJson('{"id":1,"id":2}')).toMatchObject({ ok: false, id: null });
  });
});
