/** What `tighten` does with the answers it asks for, given by a stand-in where an engine gives them seldom. */
import { describe, expect, it } from 'vitest';
import type { RoledPolicy } from '../../../shared/checks/index.ts';
import { type Tighten, tighten } from '../../../shared/checks/tighten.ts';
import type { Verdict } from '../../../shared/checks/verdict.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

function grant(name: string, ...actions: readonly string[]): RoledPolicy {
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: actions.map((Action) => ({ Effect: 'Allow', Action, Resource: '*' })),
  });
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) throw new Error(text);
  return { name, role: 'grant', policy: parsed.policy };
}
const lengthOf = ({ policy }: RoledPolicy) => policy.source.replace(/\s/g, '').length;

type Engine = Parameters<typeof tighten>[1];
const pass: Verdict = { result: 'PASS', message: 'nothing', reasons: [], decidedBy: 'atoms' };
const undecided: Verdict = {
  ...pass,
  result: 'UNKNOWN',
  cause: 'a cause of its own',
};

/** An engine to which everything is proved, but for what is given; new access is what the new documents alone hold. */
function standIn(given: Partial<Engine> = {}): Engine {
  return {
    checkNoNewAccess: async () => pass,
    remains: async () => pass,
    proveRestore: async () => ({ result: 'proved' }),
    isNone: async () => true,
    ...given,
  };
}

const widened: Tighten = { existing: [grant('a', 's3:GetObject')], updated: [grant('a', 's3:*')] };

describe('tighten', () => {
  it('takes what passes as it is, and asks for no proof of it', async () => {
    const asked: unknown[] = [];
    const engine = standIn({
      proveRestore: async (restore) => {
        asked.push(restore);
        return { result: 'undecided', obligation: 'allows no more', cause: 'never' };
      },
    });

    expect(await tighten(widened, engine)).toMatchObject({ result: 'tightened', documents: [] });
    expect(asked).toEqual([]);
  });

  it('is declined with the cause where nothing could be decided', async () => {
    const engine = standIn({ checkNoNewAccess: async () => undecided });

    expect(await tighten(widened, engine)).toEqual({
      result: 'declined',
      cause: 'no text could be proved to pass: a cause of its own',
    });
  });

  it('may lose old access unless both questions say that it does not', async () => {
    const remains = (access: Verdict, limits: Verdict) =>
      standIn({
        remains: async ({ after }, { check }) => {
          // The question whether the limits of a candidate pass has no documents of the change beside it.
          if (after === undefined) return pass;
          return check === 'no-new-access' ? access : limits;
        },
      });
    const losing = async (engine: Engine) => {
      const answer = await tighten({ existing: widened.existing, updated: widened.existing }, engine);
      return answer.result === 'tightened' && answer.losesOld;
    };

    expect(await losing(remains(pass, pass))).toBe(false);
    expect(await losing(remains(undecided, pass))).toBe(true);
  });

  it('takes a text of just the length that is allowed, and none of which a part is longer', async () => {
    const [short, long] = [grant('a', 's3:GetObject'), grant('b', 's3:GetObject', 's3:PutObject')];
    const request = { existing: [short, long], updated: [short, long] };

    const fits = await tighten({ ...request, maxCharacters: lengthOf(long) }, standIn());
    const longer = await tighten({ ...request, maxCharacters: lengthOf(long) - 1 }, standIn());

    expect(fits).toMatchObject({ result: 'tightened', documents: [] });
    expect(longer).not.toMatchObject({ documents: [] });
  });

  it('says of each document whether it is the existing one, and of one that goes that it is', async () => {
    const [first, second] = [grant('a', 's3:GetObject'), grant('b', 's3:PutObject')];
    const engine = standIn({
      // The new documents do not pass; the old ones do.
      checkNoNewAccess: async (_, { policies: [one, ...others] }) =>
        others.length > 0 || one?.policy.statements.length !== 1 ? undecided : pass,
    });

    const answer = await tighten(
      { existing: [first], updated: [grant('a', 's3:*', 'iam:*'), second] },
      engine,
    );

    expect(answer).toMatchObject({
      isExisting: true,
      documents: [
        { name: 'a', isExisting: true, changes: [] },
        { name: 'b', policy: undefined, isExisting: true, changes: [] },
      ],
    });
  });

  it('throws what went wrong', async () => {
    const engine = standIn({
      checkNoNewAccess: async () => {
        throw new Error('the solver is gone');
      },
    });

    await expect(tighten(widened, engine)).rejects.toThrow('the solver is gone');
  });
});
