/**
 * What every kind must do, given what AWS holds before and after: exact calls of a read, of a listing over two pages, of
 * a restore, and none where nothing may be written. AWS is the SDK's own clients with `send` replaced.
 */
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { undoCommands } from '../../../shared/findings/describeUndo.ts';
import { ADAPTERS, DEFINITIONS } from '../../../shared/services/index.ts';
import type { AnswerOfAws } from '../../../shared/targets/aws.ts';
import type { AwsClients } from '../../../shared/targets/clients.ts';
import type { Snapshot, TargetKind, TargetRef } from '../../../shared/targets/target.ts';
import { readCommand } from './readCommand.ts';

export const ACCOUNT = '111122223333';
export const PLACE = { accountId: ACCOUNT, region: 'eu-west-1' };

/** A call as it was made: the operation's name and its input. */
export type Call = readonly [operation: string, input: object];

type Answers<Held> = {
  /** What an operation gives, or throws; `hold` changes what AWS holds from then on. */
  readonly [operation: string]: (input: never, held: Held, hold: (next: Held) => void) => unknown;
};

export type KindCase<Held> = {
  readonly kind: TargetKind;
  readonly arn: string;
  readonly service: keyof AwsClients;
  /** Further services whose calls have their answers here. */
  readonly also?: readonly (keyof AwsClients)[];
  /** The class of the service's client. */
  readonly client: { readonly prototype: Parameters<typeof mockClient>[0] };
  readonly answers: Answers<Held>;
  readonly accepted: Held;
  readonly from: Held;
  /** Something else again. */
  readonly another: Held;
  /** The resource is not there; undefined where AWS shows no difference to one that holds nothing. */
  readonly missing: Held | undefined;
  readonly reads: readonly Call[];
  readonly listCalls: readonly Call[];
  readonly listed: readonly string[];
  readonly writes: readonly Call[];
  /** What a restore that was cut short leaves behind, and what is left to do. */
  readonly halfway?: { readonly held: Held; readonly writes: readonly Call[] };
};

type SdkCommand = { readonly constructor: { readonly name: string }; readonly input: object };

const READS = /^(Get|List|Describe)/;

/** Versions that a restore deletes after it, which a person may keep. */
const CLEARING = /^Delete(Policy|Permission)Version$/;

/** An error as the SDK throws it. */
export function awsError(name: string, message = `AWS says ${name}`): Error {
  return Object.assign(new Error(message), { name });
}

/** Returns clients of the one service, what they were called with, and a way to change what AWS holds. */
export function fakeAws<Held>(
  { service, also = [], client, answers }: Pick<KindCase<Held>, 'service' | 'also' | 'client' | 'answers'>,
  start: Held,
) {
  let held = start;
  const calls: Call[] = [];
  let refused: string | undefined;
  let gone: Error | undefined;
  let failing: { readonly at: number; readonly error: Error } | undefined;
  let allowed = Number.POSITIVE_INFINITY;
  // One object of the class: other tests, which may run in the same process, get the real `send`.
  const mock = mockClient(Object.create(client.prototype));
  const send = async (command: SdkCommand) => {
    const operation = command.constructor.name.replace(/Command\d*$/, '');
    // Members that are left out do not reach AWS.
    calls.push([operation, JSON.parse(JSON.stringify(command.input)) as object]);
    if (calls.length - 1 === failing?.at) throw failing.error;
    if (gone !== undefined && READS.test(operation)) throw gone;
    if (refused !== undefined && !READS.test(operation)) throw awsError(refused);
    if (!READS.test(operation) && allowed-- <= 0) throw awsError('ThrottlingException');
    const answer = answers[operation];
    if (answer === undefined) throw new Error(`\`${operation}\` was not expected`);
    return answer(command.input as never, held, (next) => {
      held = next;
    });
  };
  mock.send.callsFake(send as never); // The mock types its commands and answers as one service's.
  return {
    // Of the others none is called.
    clients: Object.fromEntries([service, ...also].map((name) => [name, mock])) as unknown as AwsClients,
    calls,
    hold: (next: Held) => {
      held = next;
    },
    refuse: (name: string) => {
      refused = name;
    },
    /** Answers the call after so many others with the error, once. */
    fail: (at: number, error: Error) => {
      calls.length = 0;
      failing = { at, error };
    },
    /** Answers every read with the error from then on. */
    lose: (error: Error) => {
      gone = error;
    },
    /** Refuses every write after so many. */
    allow: (writes: number) => {
      allowed = writes;
    },
    writes: () => calls.filter(([operation]) => !READS.test(operation)),
  };
}

/** An answer that a kind's definition names, as the SDK throws it. */
function toError(answer: AnswerOfAws): Error {
  if (typeof answer === 'string') return awsError(answer);
  return awsError(answer.name, answer.says.source.replaceAll(/\((\w[\w ]*)\|[^)]*\)/g, '$1').split('|')[0]);
}

/** Declares the tests of a kind. */
export function describeKind<Held>(name: string, kindCase: KindCase<Held>): void {
  const { kind, arn, accepted, from, another, missing } = kindCase;
  const target: TargetRef = { kind, arn, ...PLACE };
  const adapter = ADAPTERS[kind];
  const { errors } = DEFINITIONS[kind];

  async function snapshots() {
    const aws = fakeAws(kindCase, accepted);
    const before: Snapshot = await adapter.read(target, aws.clients);
    aws.hold(from);
    const after: Snapshot = await adapter.read(target, aws.clients);
    aws.calls.length = 0;
    return { aws, before, after };
  }

  describe(name, () => {
    it('is read by these calls', async () => {
      const aws = fakeAws(kindCase, accepted);

      const snapshot = await adapter.read(target, aws.clients);

      expect(snapshot.exists).toBe(true);
      expect(aws.calls).toEqual(kindCase.reads);
    });

    it('is listed page by page', async () => {
      const aws = fakeAws(kindCase, accepted);
      const found: TargetRef[] = [];

      for await (const one of adapter.list(aws.clients, PLACE)) found.push(one);

      expect(found).toEqual(kindCase.listed.map((each) => ({ kind, arn: each, ...PLACE })));
      expect(aws.calls).toEqual(kindCase.listCalls);
    });

    it('is another content when it was changed, and the same when it was not', async () => {
      const { aws, before, after } = await snapshots();

      aws.hold(accepted);

      expect(after.contentHash).not.toBe(before.contentHash);
      expect((await adapter.read(target, aws.clients)).contentHash).toBe(before.contentHash);
    });

    it('is restored by these calls, and read back', async () => {
      const { aws, before, after } = await snapshots();

      const outcome = await adapter.restore({ accepted: before, from: after }, aws.clients);

      expect(outcome.kind).toBe('restored');
      expect(aws.writes()).toEqual(kindCase.writes);
    });

    it('is restored by a person with complete commands, which make the same calls', async () => {
      const { before, after } = await snapshots();

      const commands = undoCommands(after, before);

      for (const { command } of commands) expect(command).not.toMatch(/…|undefined|\[object/);
      const made = await Promise.all(commands.map(readCommand));
      const written = kindCase.writes.map(([operation]) => operation);
      const said = made.map(({ operation }) => operation);
      if (written.length > 0)
        expect([...new Set(said)].toSorted()).toEqual(
          [...new Set(written)].filter((one) => !CLEARING.test(one)).toSorted(),
        );
      expect(made.flatMap(({ unknown }) => unknown)).toEqual([]);
    });

    it('is restored as well from a version that was kept as JSON', async () => {
      const { aws, before, after } = await snapshots();
      const kept = (snapshot: Snapshot) => JSON.parse(JSON.stringify(snapshot)) as Snapshot;

      await adapter.restore({ accepted: kept(before), from: kept(after) }, aws.clients);

      expect(aws.writes()).toEqual(kindCase.writes);
    });

    it('is left alone when it is no longer what was judged', async () => {
      const { aws, before, after } = await snapshots();
      aws.hold(another);

      const outcome = await adapter.restore({ accepted: before, from: after }, aws.clients);

      expect(outcome.kind).toBe('changed-since');
      expect(aws.writes()).toEqual([]);
    });

    it('is told as it is when AWS refuses the write', async () => {
      const { aws, before, after } = await snapshots();
      aws.refuse('AccessDenied');

      const outcome = await adapter.restore({ accepted: before, from: after }, aws.clients);

      expect(outcome).toMatchObject({ kind: 'partial', calls: [], live: { contentHash: after.contentHash } });
    });

    it.each(errors.notNow)('is not written while AWS says %s, and no fault is made of it', async (name) => {
      const { aws, before, after } = await snapshots();
      aws.refuse(name);

      const outcome = await adapter.restore({ accepted: before, from: after }, aws.clients);

      expect(outcome).toMatchObject({ kind: 'partial', calls: [], cause: expect.stringContaining(name) });
    });

    it.each(errors.gone.map(toError))(
      'holds nothing where $message, and no fault is made of it',
      async (error) => {
        const aws = fakeAws(kindCase, accepted);
        aws.lose(error);

        expect((await adapter.read(target, aws.clients)).parts).toEqual([]);
      },
    );

    it('is a fault, never an absence or another content, whichever of its reads fails, and is read when asked again', async () => {
      const usual = await adapter.read(target, fakeAws(kindCase, accepted).clients);
      for (const at of kindCase.reads.keys()) {
        const aws = fakeAws(kindCase, accepted);
        aws.fail(at, awsError('ThrottlingException'));

        await expect(adapter.read(target, aws.clients)).rejects.toMatchObject({ code: 'TARGET_FAULT' });
        expect(await adapter.read(target, aws.clients)).toEqual(usual);
      }
    });

    it('is written to its end, or told as half done, whichever call of a restore fails', async () => {
      const { aws: usual, before, after } = await snapshots();
      await adapter.restore({ accepted: before, from: after }, usual.clients);
      for (const at of usual.calls.keys()) {
        const { aws } = await snapshots();
        aws.fail(at, awsError('ThrottlingException'));

        const first = await adapter
          .restore({ accepted: before, from: after }, aws.clients)
          .catch((fault: { readonly code: string }) => fault.code);
        if (typeof first === 'string') expect(first).toBe('TARGET_FAULT');
        else expect(['partial', 'restored']).toContain(first.kind);

        const between = await adapter.read(target, aws.clients);
        expect((await adapter.restore({ accepted: before, from: between }, aws.clients)).kind).toBe(
          'restored',
        );
      }
    });

    if (kindCase.writes.length > 1)
      it('is taken up again wherever it was cut short', async () => {
        for (const done of kindCase.writes.keys()) {
          const { aws, before, after } = await snapshots();
          aws.allow(done);
          const first = await adapter.restore({ accepted: before, from: after }, aws.clients);
          aws.allow(Number.POSITIVE_INFINITY);
          const between = await adapter.read(target, aws.clients);

          expect(first).toMatchObject({ kind: 'partial', calls: { length: done } });
          expect((await adapter.restore({ accepted: before, from: between }, aws.clients)).kind).toBe(
            'restored',
          );
        }
      });

    const { halfway } = kindCase;
    if (halfway !== undefined) {
      it('is finished where a restore was cut short, without doing again what was done', async () => {
        const { aws, before } = await snapshots();
        aws.hold(halfway.held);

        const from = await adapter.read(target, aws.clients);
        const outcome = await adapter.restore({ accepted: before, from }, aws.clients);

        expect(outcome.kind).toBe('restored');
        expect(aws.writes()).toEqual(halfway.writes);
      });

      it('is left alone where somebody else made it what a restore would leave', async () => {
        const { aws, before, after } = await snapshots();
        aws.hold(halfway.held);

        const outcome = await adapter.restore({ accepted: before, from: after }, aws.clients);

        expect(outcome.kind).toBe('changed-since');
        expect(aws.writes()).toEqual([]);
      });
    }

    if (missing === undefined) return;
    it('is not there when AWS says so, and is not written then', async () => {
      const { aws, before, after } = await snapshots();
      aws.hold(missing);

      const outcome = await adapter.restore({ accepted: before, from: after }, aws.clients);

      expect(outcome).toMatchObject({ kind: 'changed-since', live: { exists: false, parts: [] } });
      expect(aws.writes()).toEqual([]);
    });
  });
}
