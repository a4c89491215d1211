import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type Finding, findingId } from '../../../shared/findings/finding.ts';
import { findingSchema } from '../../../shared/findings/findingSchema.ts';
import { quoteStatement } from '../../../shared/findings/quoteStatement.ts';
import { fitFinding, renderJson } from '../../../shared/findings/renderJson.ts';
import { layoutOf, MAIL, renderSubject, renderText } from '../../../shared/findings/renderText.ts';
import { createSnsPublisher } from '../../../shared/findings/snsPublisher.ts';
import type { TargetRef } from '../../../shared/targets/target.ts';
import { aFinding, bucket } from './aFinding.ts';

describe('findingId', () => {
  const identity = { target: bucket, facts: ['life', 'document', 'text'] };

  it('is 32 hex digits and the same for the same change', () => {
    expect(findingId(identity)).toMatch(/^[0-9a-f]{32}$/);
    expect(findingId({ ...identity, facts: [...identity.facts] })).toBe(findingId(identity));
  });

  it('differs by target and by every fact', () => {
    const others = [
      { ...identity, target: { ...bucket, arn: 'arn:aws:s3:::other' } },
      { ...identity, facts: ['another life', 'document', 'text'] },
      { ...identity, facts: ['life', 'inline:x', 'text'] },
      { ...identity, facts: ['life', 'document', 'gone'] },
      { ...identity, facts: ['lifedocument', 'text'] },
    ];

    expect(new Set([identity, ...others].map(findingId)).size).toBe(others.length + 1);
  });
});

describe('the schema', () => {
  it('takes back what is written', () => {
    expect(v.parse(findingSchema, JSON.parse(renderJson(aFinding())))).toEqual(aFinding());
  });

  it('refuses a later version', () => {
    expect(v.safeParse(findingSchema, { ...aFinding(), schemaVersion: 3 }).success).toBe(false);
  });
});

describe('quoteStatement', () => {
  it('gives the lines of the document with their numbers', () => {
    const document = '{\n  "Statement": [\n    { "Sid": "a" },\n    {\n      "Sid": "b"\n    }\n  ]\n}';

    expect(quoteStatement(document, 1)).toEqual([
      { number: 4, text: '{' },
      { number: 5, text: '  "Sid": "b"' },
      { number: 6, text: '}' },
    ]);
  });

  it('lays out a document that is one line', () => {
    expect(quoteStatement('{"Statement":{"Sid":"a"}}', 0)).toEqual([
      { text: '{' },
      { text: '  "Sid": "a"' },
      { text: '}' },
    ]);
  });

  it('gives nothing for a statement that is not there', () => {
    expect(quoteStatement('{"Statement":[]}', 3)).toEqual([]);
  });

  it('cuts what is too long to be read', () => {
    const actions = Array.from({ length: 500 }, (_, index) => `s3:Action${index}`);
    const lines = quoteStatement(JSON.stringify({ Statement: [{ Action: actions }] }), 0);

    expect(lines).toHaveLength(41);
    expect(lines.at(-1)?.text).toMatch(/more lines$/);
  });
});

describe('renderText', () => {
  it('leads with the consequence and says how to accept and undo', () => {
    const text = renderText(aFinding());

    expect(text.startsWith('ACTIVE: public access: anyone, without signing in, can call')).toBe(true);
    expect(text).toContain(`  ratchet approve ${'a'.repeat(32)} --who YOU --why REASON\n`);
    expect(text).toContain('aws s3api put-bucket-policy');
  });

  it('keeps to 80 columns but for words that are longer', () => {
    const long = aFinding({ message: 'word '.repeat(100), notes: ['x'.repeat(200)] });

    const wide = renderText(long)
      .split('\n')
      .filter((line) => line.length > 80);

    expect(wide).toEqual(['x'.repeat(200)]);
  });

  it('is folded for a terminal that is narrower, and no wider than is easy to read', () => {
    const words = aFinding({ message: 'word '.repeat(60) });
    const widest = (columns: number) =>
      Math.max(
        ...renderText(words, layoutOf(columns))
          .split('\n')
          .filter((line) => line.startsWith('word'))
          .map((line) => line.length),
      );

    expect(widest(40)).toBe(39);
    expect(widest(200)).toBe(79);
  });

  it('folds a command so that it stays one', () => {
    const undoWith =
      'aws iam put-role-policy --role-name a-rather-long-role-name --policy-name p --policy-document file://before.json';

    expect(renderText(aFinding({ undoWith }))).toContain(
      '  aws iam put-role-policy --role-name a-rather-long-role-name --policy-name p \\\n    --policy-document file://before.json\n',
    );
  });

  it('of a closed finding asks for nothing', () => {
    expect(renderText(aFinding({ status: 'RESOLVED', statusWhy: 'the change was restored' }))).not.toContain(
      'ratchet approve',
    );
  });

  it('of a restore that ended early shows the command that writes the version before the change', () => {
    const action = { kind: 'partial', why: 'the rest never stood as planned', at: 'now' } as const;
    const undoWith = 'ratchet restore 3f2a --store s3://BUCKET';

    const text = renderText(aFinding({ status: 'ROLLED_BACK', action, undoWith }));

    expect(text).toContain(`${undoWith} --previous`);
  });
});

describe('renderText of a mail', () => {
  const long = aFinding({
    message: 'word '.repeat(60).trim(),
    undoWith: `aws iam put-role-policy --role-name ${'r'.repeat(64)} --policy-name p --policy-document file://before.json`,
    action: { kind: 'done', why: 'the accepted version was restored', at: '2026-03-01T12:00:09.000Z' },
  });

  it('leaves folding to the screen that it is read on', () => {
    const lines = renderText(long, MAIL).split('\n');

    expect(lines).toContain(long.message);
    expect(lines).toContain(`  ${long.undoWith}`);
    expect(lines).toContain('Severity: CRITICAL');
    expect(lines).toContain('Who: arn:aws:iam::111122223333:user/Mallory');
  });

  it('says on the first screen of a phone what became possible, what was done about it, where, who and when', () => {
    const screen = renderText(long, MAIL)
      .split('\n')
      .flatMap((line) => line.match(/.{1,40}/g) ?? [''])
      .slice(0, 16)
      .join('');

    for (const fact of [long.title.slice(0, 40), 'was restored', 'reports', 'Mallory', '2026-03-01T12:00'])
      expect(screen).toContain(fact);
  });
});

describe('renderSubject', () => {
  it('says what, where and who', () => {
    expect(renderSubject(aFinding())).toBe(
      'Ratchet: CRITICAL public access: bucket policy of reports in 111122223333 by Mallory',
    );
  });

  it('names the account where nothing smaller is known', () => {
    const target = {
      kind: 'iam-principal',
      arn: 'arn:aws:iam::111122223333:root',
      accountId: '111122223333',
      region: 'us-east-1',
    } as const;

    expect(renderSubject(aFinding({ target, check: 'guard-touched' }))).toBe(
      'Ratchet: CRITICAL guard touched: account 111122223333 by Mallory',
    );
  });

  it('shows who and where, however long their names are', () => {
    const long = (name: string) =>
      aFinding({
        target: { ...bucket, arn: `arn:aws:s3:::${name}` },
        change: {
          eventId: 'e',
          eventName: 'PutBucketPolicy',
          eventSource: 's3.amazonaws.com',
          eventTime: '2026-03-01T12:00:00Z',
          actorArn: `arn:aws:sts::111122223333:assumed-role/Deploy/${'s'.repeat(64)}`,
          actorId: 'AROA',
        },
      });

    expect(renderSubject(long('reports'))).toBe(
      `Ratchet: CRITICAL public access: bucket policy of reports by ${'s'.repeat(37)}..`,
    );
    expect(renderSubject(long('r'.repeat(63)))).toBe(
      `Ratchet: CRITICAL public access: bucket policy of ${'r'.repeat(21)}.. by ${'s'.repeat(21)}..`,
    );
  });

  it('says the kind in words where they are few, and leaves room for names where they are many', () => {
    const subjectOf = (kind: TargetRef['kind'], arn: string) =>
      renderSubject(aFinding({ target: { ...bucket, kind, arn }, status: 'ROLLED_BACK' }));

    expect(subjectOf('iam-principal', 'arn:aws:iam::111122223333:role/app/Deploy')).toBe(
      'Ratchet: ROLLED_BACK public access: permissions of role Deploy in 111122223333 by Mallory',
    );
    expect(subjectOf('ec2-block-public-access', 'arn:aws:ec2:eu-west-1:111122223333:block')).toBe(
      'Ratchet: ROLLED_BACK public access: ec2-block-public-access block in 111122223333 by Mallory',
    );
  });

  it('is printable ASCII of at most 100 characters whatever the names', () => {
    const target = { ...bucket, arn: `arn:aws:s3:::${'ü\n'.repeat(200)}` };

    const subject = renderSubject(aFinding({ target }));

    expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });
});

describe('fitFinding', () => {
  it('leaves a finding alone that fits', () => {
    expect(fitFinding(aFinding(), 10_000)).toEqual(aFinding());
  });

  it('cuts quotations first, with a note, and never what it means', () => {
    const lines = Array.from({ length: 40 }, () => ({ text: 'ü'.repeat(300) }));
    const large = aFinding({ statements: [{ statementIndex: 0, description: 'd', lines }] });

    const fitted = fitFinding(large, 4_000);

    expect(Buffer.byteLength(renderJson(fitted))).toBeLessThanOrEqual(4_000);
    expect(fitted).toMatchObject({
      id: large.id,
      title: large.title,
      witness: large.witness,
      statements: [{ lines: [] }],
    });
    expect(fitted.notes[0]).toContain('shortened');
  });
});

describe('the SNS publisher', () => {
  function publish(one: Finding) {
    const client = new SNSClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    const mock = mockClient(client);
    mock.on(PublishCommand).resolves({ MessageId: '1' });
    const publisher = createSnsPublisher({ client, topicArn: 'arn:aws:sns:eu-west-1:111122223333:findings' });
    return { mock, done: publisher.publish([one]) };
  }

  it('sends text for mail, JSON for the rest, and attributes to filter by', async () => {
    const { mock, done } = publish(aFinding());
    await done;

    const input = mock.commandCalls(PublishCommand)[0]?.args[0].input;
    const message: unknown = JSON.parse(input?.Message ?? '');
    expect(message).toEqual({ default: renderJson(aFinding()), email: renderText(aFinding(), MAIL) });
    expect(input?.MessageStructure).toBe('json');
    expect(
      Object.fromEntries(
        Object.entries(input?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
      ),
    ).toEqual({
      message: 'finding',
      action: 'planned',
      result: 'FAIL',
      severity: 'CRITICAL',
      status: 'ACTIVE',
      check: 'no-public-access',
      accountId: '111122223333',
      region: 'eu-west-1',
      targetKind: 'bucket-policy',
    });
  });

  it('keeps within what SNS takes, escapes counted, and the JSON stays JSON', async () => {
    const lines = Array.from({ length: 40 }, () => ({ text: '"\\'.repeat(200) }));
    const statements = Array.from({ length: 100 }, (_, statementIndex) => ({
      statementIndex,
      description: '"'.repeat(3_000),
      lines,
    }));
    const { mock, done } = publish(aFinding({ statements }));
    await done;

    const message = mock.commandCalls(PublishCommand)[0]?.args[0].input.Message ?? '';
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(262_144);
    const { default: json } = v.parse(v.object({ default: v.string() }), JSON.parse(message));
    expect(v.parse(findingSchema, JSON.parse(json)).id).toBe(aFinding().id);
  });

  it('a topic that does not take it refuses it with the cause', async () => {
    const client = new SNSClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    });
    mockClient(client).on(PublishCommand).rejects(new Error('throttled'));
    const publisher = createSnsPublisher({ client, topicArn: 'arn:t' });

    expect(await publisher.publish([aFinding()])).toEqual([
      {
        findingId: aFinding().id,
        why: 'the topic `arn:t` did not take it: throttled',
        cause: expect.objectContaining({ message: 'throttled' }),
      },
    ]);
  });
});
