// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies hold variables of their own
import { describe, expect, it } from 'vitest';
import { createEngine, type RoledPolicy, type Tightened } from '../../../shared/checks/index.ts';
import { meetPatterns } from '../../../shared/checks/intersect.ts';
import type { TightenEngine } from '../../../shared/checks/narrowDocuments.ts';
import { tighten } from '../../../shared/checks/tighten.ts';
import type { Verdict } from '../../../shared/checks/verdict.ts';
import type { Policy } from '../../../shared/policy/ast.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine({ solver: 'atoms' });

type Statement = { readonly [element: string]: unknown };

function policyOf(policyType: Policy['policyType'], statements: readonly Statement[]): Policy {
  const Statement = statements.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement }));
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), { policyType });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const grant = (name: string, ...statements: Statement[]): RoledPolicy => ({
  name,
  role: 'grant',
  policy: policyOf('IDENTITY_POLICY', statements),
});
const boundary = (name: string, ...statements: Statement[]): RoledPolicy => ({
  ...grant(name, ...statements),
  role: 'boundary',
});
const resource = (...statements: Statement[]): RoledPolicy => ({
  name: '',
  role: 'resource',
  policy: policyOf('RESOURCE_POLICY', statements),
});
const gone = { Action: 'sqs:DeleteQueue' };
const deny = (statement: Statement) => ({ Effect: 'Deny', Resource: '*', ...statement });

const UNDECIDED: Verdict = {
  result: 'UNKNOWN',
  cause: 'the budget is spent',
  message: '',
  reasons: [],
  decidedBy: 'atoms',
};

const remains: TightenEngine['remains'] = ({ before, after, live }, question) =>
  engine.remains({ before, after, ...(live === undefined ? {} : { live }) }, question);

/** The engine, with other answers to some questions. */
const engineWith = (others: Partial<TightenEngine>): TightenEngine => ({
  checkNoNewAccess: engine.checkNoNewAccess,
  proveRestore: engine.proveRestore,
  isNone: async () => false,
  remains,
  ...others,
});

async function tightened(existing: RoledPolicy[], updated: RoledPolicy[], touched?: string[]) {
  const request = { existing, updated, ...(touched === undefined ? {} : { touched }) };
  const answer = await engine.tighten(request);
  if (answer.result === 'declined') throw new Error(answer.cause);
  return answer;
}

/** The statements of the one document that was made. */
function statementsIn({ documents }: Extract<Tightened, { result: 'tightened' }>): Statement[] {
  const [document] = documents;
  return document?.policy === undefined ? [] : JSON.parse(document.policy.source).Statement;
}

const wordsOf = ({ documents }: Extract<Tightened, { result: 'tightened' }>) =>
  documents.flatMap(({ changes }) => changes.map(({ description }) => description));

describe('a tightened text', () => {
  it('is the new one where that passes', async () => {
    const answer = await tightened([grant('', { Action: 's3:*' })], [grant('', { Action: 's3:Get*' })]);

    expect(answer).toMatchObject({ documents: [], losesOld: false, verdict: { result: 'PASS' } });
  });

  it('is exactly the existing one where the change only added', async () => {
    const existing = [grant('', { Action: 's3:Get*' })];

    const answer = await tightened(existing, [grant('', { Action: 's3:*' }, { Action: 'iam:*' })]);

    expect(answer).toMatchObject({ isExisting: true, losesOld: false, documents: [{ isExisting: true }] });
    expect(answer.documents[0]?.policy?.source).toBe(existing[0]?.policy.source);
  });

  // Each change takes something away too, so the existing text does not serve.
  it.each<[string, Statement[], Statement[], Statement[], string]>([
    [
      'loses a statement',
      [{ Action: 's3:GetObject' }],
      [{ Action: 's3:GetObject' }, { Action: 'iam:PassRole' }],
      [{ Action: 's3:GetObject' }],
      'removes the whole statement',
    ],
    [
      'loses members of a list',
      [{ Action: ['s3:GetObject', 's3:PutObject'] }],
      [{ Action: ['s3:GetObject', 'iam:PassRole', 'iam:CreateRole'] }],
      [{ Action: 's3:GetObject' }],
      'removes the actions iam:PassRole, iam:CreateRole',
    ],
    [
      'loses a resource',
      [{ Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }],
      [{ Action: 's3:GetObject', Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] }],
      [{ Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }],
      'removes the resource arn:aws:s3:::b/*',
    ],
    [
      'has a wildcard narrowed to what the existing one names',
      [{ Action: ['s3:GetObject', 's3:List*', 'ec2:*'] }],
      [{ Action: ['s3:*', 'iam:*'] }],
      [{ Action: ['s3:GetObject', 's3:List*'] }],
      'narrows the actions s3:*, iam:* to s3:GetObject, s3:List*',
    ],
    [
      'has the meet of two wildcards',
      [{ Action: 's3:Get*', Resource: 'arn:aws:s3:::logs-*' }],
      [{ Action: 's3:*Object', Resource: 'arn:aws:s3:::*-eu' }],
      [{ Action: 's3:Get*Object', Resource: ['arn:aws:s3:::logs-eu', 'arn:aws:s3:::logs-*-eu'] }],
      'narrows the action s3:*Object to s3:Get*Object; narrows the resource arn:aws:s3:::*-eu to arn:aws:s3:::logs-eu, arn:aws:s3:::logs-*-eu',
    ],
    [
      'keeps a condition that went',
      [{ Action: 's3:*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }],
      [{ Action: 's3:*' }],
      [{ Action: 's3:*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }],
      'adds conditions',
    ],
    [
      'has what both conditions ask where they differ',
      [{ Action: 's3:*', Condition: { StringLike: { 'aws:RequestedRegion': ['eu-*', 'us-east-1'] } } }],
      [{ Action: 's3:*', Condition: { StringLike: { 'aws:RequestedRegion': ['*-1', 'ap-east-2'] } } }],
      [
        {
          Action: 's3:*',
          Condition: { StringLike: { 'aws:RequestedRegion': ['eu-1', 'eu-*-1', 'us-east-1'] } },
        },
      ],
      'adds conditions',
    ],
    [
      'asks for no value where none does for both',
      [{ Action: 's3:*', Condition: { StringLikeIfExists: { 's3:prefix': 'a*' } } }],
      [{ Action: 's3:*', Condition: { StringLikeIfExists: { 's3:prefix': 'b*' } } }],
      [
        {
          Action: 's3:*',
          Condition: { StringLikeIfExists: { 's3:prefix': 'b*' }, Null: { 's3:prefix': 'true' } },
        },
      ],
      'adds conditions',
    ],
    [
      'asks of one key twice where its values have no meet',
      [{ Action: 's3:*', Condition: { NumericLessThan: { 's3:max-keys': '10' } } }],
      [{ Action: 's3:*', Condition: { NumericLessThan: { 's3:max-keys': ['5', '20'] } } }],
      [
        {
          Action: 's3:*',
          Condition: {
            NumericLessThan: { 's3:max-keys': ['5', '20'] },
            NumericLessThanIfExists: { 's3:max-keys': '10' },
          },
        },
      ],
      'adds conditions',
    ],
    [
      'is split where members fit in part',
      [
        { Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' },
        { Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*' },
      ],
      [
        {
          Sid: 'Work',
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'],
        },
      ],
      [
        { Sid: 'Work', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' },
        { Sid: 'Work2', Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*' },
      ],
      'splits the statement into 2',
    ],
    [
      'has a lost Deny again',
      [{ Action: 's3:*' }, deny({ Action: 's3:DeleteBucket' })],
      [{ Action: 's3:*' }],
      [{ Action: 's3:*' }, deny({ Action: 's3:DeleteBucket' })],
      'adds this Deny of the existing text back',
    ],
    [
      'has a lost Deny again, though its Sid is taken',
      [{ Action: 's3:*' }, deny({ Sid: 'A', Action: 's3:DeleteBucket' })],
      [{ Sid: 'A', Action: 's3:*' }],
      [{ Sid: 'A', Action: 's3:*' }, deny({ Sid: 'A2', Action: 's3:DeleteBucket' })],
      'adds this Deny of the existing text back',
    ],
    [
      'keeps a Deny that the change added',
      [{ Action: 's3:*' }],
      [{ Action: '*' }, deny({ Action: 's3:PutObject' })],
      [{ Action: ['sqs:DeleteQueue', 's3:*'] }, deny({ Action: 's3:PutObject' })],
      'narrows the action * to sqs:DeleteQueue, s3:*',
    ],
    [
      'excepts what both except',
      [{ NotAction: 'iam:*' }],
      [{ NotAction: 'sts:*' }],
      [{ NotAction: ['sts:*', 'iam:*'] }],
      'keeps only the excepted action iam:*',
    ],
    [
      'keeps a variable',
      [{ Action: 's3:*', Resource: 'arn:aws:s3:::home/${aws:username}/*' }],
      [{ Action: 's3:*', Resource: 'arn:aws:s3:::home/*' }],
      [{ Action: 's3:*', Resource: 'arn:aws:s3:::home/${aws:username}/*' }],
      'narrows the resource arn:aws:s3:::home/* to arn:aws:s3:::home/${aws:username}/*',
    ],
  ])('%s', async (_, existing, updated, expected, words) => {
    const answer = await tightened([grant('', gone, ...existing)], [grant('', ...updated)]);

    expect(statementsIn(answer)).toEqual(
      expected.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement })),
    );
    expect(wordsOf(answer).join('; ')).toContain(words);
    expect(answer).toMatchObject({ verdict: { result: 'PASS' }, losesOld: false, isExisting: false });
  });

  it('of a resource policy lets in only who was let in', async () => {
    const read = (Principal: unknown) => ({ Principal, Action: 's3:GetObject' });
    const existing = [
      resource(read({ AWS: ['111122223333', '444455556666'] }), read({ Service: 'a.amazonaws.com' })),
    ];
    const updated = [
      resource(read({ AWS: ['arn:aws:iam::111122223333:role/R', '777788889999'] }), read('*')),
    ];

    const answer = await tightened(existing, updated);

    expect(answer).toMatchObject({ verdict: { result: 'PASS' }, losesOld: false });
  });

  it('of a resource policy keeps a session of a role that was let in', async () => {
    const act = { Action: 's3:*' };
    const role = { AWS: 'arn:aws:iam::111122223333:role/team/R' };
    const session = { AWS: ['arn:aws:sts::111122223333:assumed-role/R/S', '444455556666'] };

    const answer = await tightened(
      [resource({ Principal: role, Action: 's3:Get*' }, { Principal: role, Action: 'sqs:*' })],
      [resource({ Principal: session, ...act })],
    );

    expect(statementsIn(answer)).toMatchObject([
      { Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/R/S' }, Action: 's3:Get*' },
    ]);
    expect(answer.losesOld).toBe(false);
  });

  it('without a statement is what is left where all is new', async () => {
    const answer = await tightened([grant('', { Action: 'ec2:*' })], [grant('', { Action: 'iam:*' })]);

    expect(statementsIn(answer)).toEqual([]);
    expect(wordsOf(answer)).toEqual(['removes the whole statement']);
  });

  it('that must lose old access says which', async () => {
    // What is left of `s3:*` without `s3:Get*` only a further Deny could say.
    const existing = [grant('', { NotAction: ['s3:Get*', 'iam:*'] })];
    const updated = [grant('', { Action: ['s3:*', 'iam:PassRole'] })];

    const answer = await tightened(existing, updated);

    expect(answer).toMatchObject({
      verdict: { result: 'PASS' },
      losesOld: true,
      lost: { action: expect.stringMatching(/^s3:/) },
    });
  });

  it('is declined where its text is not known', async () => {
    const policy = { ...policyOf('IDENTITY_POLICY', [{ Action: 's3:*' }]), source: '' };

    const answer = await engine.tighten({
      existing: [grant('', { Action: 'ec2:*' })],
      updated: [{ name: '', role: 'grant', policy }],
    });

    expect(answer).toMatchObject({ result: 'declined', cause: 'the text of `` is not known' });
  });

  it.each([
    ['Allow', { Condition: { StringFoo: { 'aws:username': 'a' } } }],
    ['Deny', { Condition: { StringFoo: { 'aws:username': 'a' } } }],
  ])('is declined where an odd %s could be lost', async (Effect, odd) => {
    const statements = [
      { Effect: 'Allow', Action: ['s3:*', 'iam:*'], Resource: '*' },
      { Effect, Action: 's3:Get*', Resource: '*', ...odd },
    ];
    const source = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    const held = parsePolicy(source, { policyType: 'IDENTITY_POLICY', held: true });
    if (!held.ok) throw new Error('a held document is taken');

    const answer = await engine.tighten({
      existing: [grant('', { Action: ['s3:Put*', 'sqs:*'] })],
      updated: [{ name: '', role: 'grant', policy: held.policy }],
    });

    expect(answer).toMatchObject({
      result: 'declined',
      cause: expect.stringContaining('is not rewritten, since it cannot be read in full'),
    });
  });

  it('that is not the existing one is not said to be it', async () => {
    const answer = await tightened([grant('', { Action: 's3:Get*' }, gone)], [grant('', { Action: 's3:*' })]);

    expect(answer).toMatchObject({ isExisting: false, documents: [{ isExisting: false }] });
  });

  it('that is exactly the existing one has no changes to tell', async () => {
    const answer = await tightened([grant('', { Action: 's3:Get*' })], [grant('', { Action: 's3:*' })]);

    expect(answer.documents).toMatchObject([{ isExisting: true, changes: [] }]);
  });

  it('is not made where the engine fails: the fault is thrown', async () => {
    const request = { existing: [grant('', gone)], updated: [grant('', { Action: 's3:*' })] };
    const faulty = engineWith({ proveRestore: () => Promise.reject(new Error('out of memory')) });

    await expect(tighten(request, faulty)).rejects.toThrow('out of memory');
  });

  it('may be as long as the limit, white space apart', async () => {
    const request = { existing: [grant('', gone)], updated: [grant('', { Action: 's3:*' }, gone)] };
    const length = request.existing[0]?.policy.source.replace(/\s/gu, '').length ?? 0;

    expect(await engine.tighten({ ...request, maxCharacters: length })).toMatchObject({ isExisting: true });
  });

  it('is said to lose what nobody could prove it keeps', async () => {
    const request = {
      existing: [grant('', { Action: 's3:*' })],
      updated: [grant('', { Action: ['s3:*', 'iam:*'] })],
    };
    // What was granted, is now, and would be lost is the one question about what stands.
    const unsure = engineWith({
      remains: async (step, question) => (step.live === undefined ? remains(step, question) : UNDECIDED),
    });

    expect(await tighten(request, unsure)).toMatchObject({ isExisting: true, losesOld: true });
  });

  it('is declined with the cause where nobody could prove that it passes', async () => {
    const request = { existing: [grant('', gone)], updated: [grant('', { Action: 's3:*' })] };

    expect(await tighten(request, engineWith({ checkNoNewAccess: async () => UNDECIDED }))).toEqual({
      result: 'declined',
      cause: 'no text could be proved to pass: the budget is spent',
    });
  });

  it('is not longer than it may be', async () => {
    const request = {
      existing: [grant('', { Action: 's3:*', Resource: `arn:aws:s3:::${'a'.repeat(200)}/*` }, gone)],
      updated: [grant('', { Action: 's3:*' })],
    };

    const [free, bounded] = [
      await engine.tighten(request),
      await engine.tighten({ ...request, maxCharacters: 150 }),
    ];

    expect(free).toMatchObject({ losesOld: false });
    expect(bounded).toMatchObject({ losesOld: true, verdict: { result: 'PASS' } });
  });
});

describe('a tightened set', () => {
  it('changes only documents that were touched', async () => {
    const existing = [grant('a', { Action: 's3:GetObject' }), grant('b', { Action: ['sqs:*', 'sns:*'] })];
    const updated = [grant('a', { Action: 's3:GetObject' }), grant('b', { Action: ['sqs:*', 'iam:*'] })];

    const answer = await tightened(existing, updated, ['b']);

    expect(answer.documents).toMatchObject([{ name: 'b' }]);
    expect(statementsIn(answer)).toMatchObject([{ Action: 'sqs:*' }]);
  });

  it('is none where a document that was not touched grants what is new', async () => {
    const existing = [grant('a', { Action: 's3:GetObject' }), grant('b', { Action: 'sqs:*' })];
    const updated = [grant('a', { Action: 's3:*' }), grant('b', { Action: ['sqs:*', 'iam:*'] })];

    expect(await engine.tighten({ existing, updated, touched: ['b'] })).toEqual({
      result: 'declined',
      cause: 'no text could be built that passes',
    });
  });

  it('leaves in a document what another one granted before', async () => {
    const existing = [grant('a', { Action: 's3:*' }), grant('b', { Action: 'sns:*' })];
    const updated = [grant('a', { Action: 's3:Get*' }), grant('b', { Action: ['s3:Put*', 'iam:*'] })];

    const answer = await tightened(existing, updated, ['b']);

    expect(statementsIn(answer)).toMatchObject([{ Action: 's3:Put*' }]);
  });

  it('is bounded document by document', async () => {
    const [kept, long] = ['a', `arn:aws:s3:::${'a'.repeat(200)}/*`];
    const existing = [grant(kept, gone), grant('b', { Action: 's3:*', Resource: long }, gone)];
    const updated = [grant(kept, gone), grant('b', { Action: 's3:*' })];

    const answer = await engine.tighten({ existing, updated, touched: ['b'], maxCharacters: 150 });

    expect(answer).toMatchObject({ documents: [{ name: 'b' }], losesOld: true });
  });

  it('has a document again for the Deny that went with it', async () => {
    const existing = [grant('a', { Action: 's3:*' }), grant('guardrail', deny({ Action: 's3:Delete*' }))];

    const answer = await tightened(existing, [grant('a', { Action: 's3:*' })], ['guardrail']);

    expect(answer.documents).toMatchObject([{ name: 'guardrail' }]);
    expect(statementsIn(answer)).toMatchObject([{ Effect: 'Deny', Action: 's3:Delete*' }]);
  });

  it('loses a document that came', async () => {
    const existing = [grant('a', { Action: 's3:*' })];

    const answer = await tightened(existing, [...existing, grant('b', { Action: 'iam:*' })], ['b']);

    expect(answer.documents).toEqual([
      { name: 'b', role: 'grant', policy: undefined, isExisting: true, changes: [] },
    ]);
    expect(answer.isExisting).toBe(true);
  });

  it('has its limit again', async () => {
    const existing = [grant('a', { Action: '*' }), boundary('limit', { Action: 's3:*' })];

    const answer = await tightened(existing, [grant('a', { Action: '*' }, { Action: 'ec2:*' })]);

    expect(answer.documents.map(({ name }) => name)).toContain('limit');
    expect(answer.losesOld).toBe(false);
  });

  it('has its limit again even where nothing else can be built', async () => {
    const existing = [grant('a', { NotAction: 's3:Get*' }), boundary('limit', { Action: 's3:*' })];
    const request = { existing, updated: [grant('a', { Action: ['s3:*'] })], maxCharacters: 120 };

    expect(await engine.tighten(request)).toMatchObject({ result: 'tightened', verdict: { result: 'PASS' } });
  });

  it('has a limit narrowed that lets more through, though nothing is granted', async () => {
    const existing = [boundary('limit', { Action: ['s3:*', 'sqs:*'] })];

    const answer = await tightened(existing, [boundary('limit', { Action: ['s3:*', 'iam:*'] })]);

    expect(statementsIn(answer)).toMatchObject([{ Action: 's3:*' }]);
  });

  it('has the old limit in place of a wider one under another name', async () => {
    const existing = [grant('a', { Action: '*' }), boundary('narrow', { Action: 's3:*' })];
    const updated = [grant('a', { Action: '*' }), boundary('wide', { Action: ['s3:*', 'iam:*'] })];

    const answer = await tightened(existing, updated, ['narrow', 'wide']);

    expect(answer.documents.map(({ name, policy }) => [name, policy !== undefined])).toEqual([
      ['narrow', true],
      ['wide', false],
    ]);
  });

  it('has another limit narrowed where the old one would let other access through', async () => {
    const existing = [grant('a', { Action: '*' }), boundary('old', { Action: ['s3:*', 'sqs:*'] })];
    const updated = [grant('a', { Action: '*' }), boundary('new', { Action: ['s3:*', 'iam:*'] })];

    const answer = await tightened(existing, updated, ['old', 'new']);

    expect(answer.documents).toMatchObject([{ name: 'new' }]);
    expect(statementsIn(answer)).toMatchObject([{ Action: 's3:*' }]);
    expect(answer.losesOld).toBe(false);
  });
});

describe('the meet of two patterns', () => {
  it.each([
    ['*', 'a*', ['a*']],
    ['Get*', '*Object', ['Get*Object']],
    ['a*b', 'a*b', ['a*b']],
    ['ab*', '*bc', ['ab*bc', 'abc']],
    ['a?', 'ab', ['ab']],
    ['a', 'b', []],
    ['${aws:username}', '*', ['${aws:username}']],
    ['${aws:username}', 'dev', []],
  ])('of %s and %s', (a, b, expected) => {
    expect(meetPatterns(a, b, false).toSorted()).toEqual(expected.toSorted());
    expect(meetPatterns(b, a, false).toSorted()).toEqual(expected.toSorted());
  });
});
