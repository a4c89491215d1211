import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { approveDeployed } from '../../../cli/approve/approveDeployed.ts';

const REQUEST = { findingId: '0123456789abcdef0123456789abcdef', who: 'Ada', why: 'reviewed' };

function answering(answer: unknown, more: object = {}) {
  const mock = mockClient(LambdaClient);
  mock.on(InvokeCommand).resolves({
    Payload: new TextEncoder().encode(typeof answer === 'string' ? answer : JSON.stringify(answer)) as never, // The mock wants the SDK's own kind of bytes.
    ...more,
  });
  const approve = () => approveDeployed('ratchet-prod-approve', REQUEST, mock as unknown as LambdaClient); // It has `send`.
  return { approve, mock };
}

describe('an approval by the deployed function', () => {
  it('sends finding, person and reason, and returns what it closed', async () => {
    const { approve, mock } = answering({ kind: 'approved', findings: [REQUEST.findingId] });

    expect(await approve()).toEqual([REQUEST.findingId]);
    const { FunctionName, Payload } = mock.commandCalls(InvokeCommand)[0]?.args[0].input ?? {};
    expect(FunctionName).toBe('ratchet-prod-approve');
    expect(JSON.parse(new TextDecoder().decode(Payload as Uint8Array))).toEqual(REQUEST);
  });

  it.each([
    [{ kind: 'changed-since', why: 'it is another', newer: ['a'] }, 'it is another; approve these first: a'],
    [{ kind: 'not-found', why: 'there is none' }, 'there is none'],
    ['no JSON', 'failed; nothing was accepted: no JSON'],
  ])('tells why it was refused: %j', async (answer, message) => {
    await expect(answering(answer).approve()).rejects.toMatchObject({
      problems: [{ source: 'ratchet-prod-approve', message }],
    });
  });

  it('tells that the function failed', async () => {
    const failing = answering({ errorMessage: 'Task timed out' }, { FunctionError: 'Unhandled' });

    await expect(failing.approve()).rejects.toMatchObject({
      problems: [{ message: expect.stringContaining('nothing was accepted') }],
    });
  });

  it('tells that it cannot be invoked', async () => {
    const mock = mockClient(LambdaClient);
    mock.on(InvokeCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));

    await expect(approveDeployed('f', REQUEST, mock as unknown as LambdaClient)).rejects.toMatchObject({
      problems: [{ source: 'f', message: 'cannot be invoked: AccessDeniedException: no' }],
    });
  });
});
