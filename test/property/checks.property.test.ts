/** Laws of each check over generated policies. A failure prints its seed; what it shrinks to becomes a vector. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine, type RoledPolicy } from '../../shared/checks/index.ts';
import { isGranted } from '../../shared/checks/noNewAccess.ts';
import { toPolicySet } from '../../shared/checks/proveRestore.ts';
import { allReadings, mayGrant } from '../../shared/checks/underReadings.ts';
import { decodeModel } from '../../shared/encoder/decodeModel.ts';
import { matchesAccess } from '../../shared/evaluator/access.ts';
import { agreesWithPrincipal } from '../../shared/evaluator/linkedPrincipal.ts';
import type { Request } from '../../shared/evaluator/request.ts';
import type { Model } from '../../shared/formula/formula.ts';
import type { Policy } from '../../shared/policy/ast.ts';
import { type PolicySet, toSet } from '../../shared/policy/policySet.ts';
import {
  ACTIONS,
  type Document,
  documents,
  edits,
  isNewInSomeReading,
  LINKED_KEYS,
  models,
  parse,
  RESOURCES,
  statements,
} from './arbitraries.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);
const engine = createEngine({ solver: 'atoms' });
const linking = createEngine({ solver: 'atoms', linkPrincipal: true });
const many = fc.array(models, { minLength: 60, maxLength: 60 });
const resourcePolicies = documents('RESOURCE_POLICY');

const readIdentity = (document: Document) => parse(document, 'IDENTITY_POLICY');
const readResource = (document: Document) => parse(document, 'RESOURCE_POLICY');

/** The request of a model, with the keys that follow from its principal where it has one. */
function requestOf(model: Model, withPrincipal: boolean): Request {
  return decodeModel(model, { withPrincipal, linkedKeys: new Set(withPrincipal ? LINKED_KEYS : []) });
}

/** With linked attributes a request says of its principal what it is. */
const isMade = (request: Request) => agreesWithPrincipal(request, LINKED_KEYS);

describe('access-not-granted', () => {
  const accesses = fc.record(
    {
      actions: fc.uniqueArray(fc.constantFrom(...ACTIONS), { minLength: 1, maxLength: 2 }),
      resources: fc.uniqueArray(fc.constantFrom(...RESOURCES.filter((text) => !text.includes('$'))), {
        minLength: 1,
        maxLength: 2,
      }),
    },
    { requiredKeys: [] },
  );

  it('tells the truth about every request that is tried', async () => {
    await fc.assert(
      fc.asyncProperty(
        documents('IDENTITY_POLICY'),
        fc.array(accesses, { minLength: 1, maxLength: 2 }),
        many,
        async (document, access, asked) => {
          const policy = readIdentity(document);
          const isMet = (request: Request) =>
            mayGrant(toSet(policy), request) && access.some((one) => matchesAccess(one, request));

          const verdict = await engine.checkAccessNotGranted(policy, access);

          if (verdict.result === 'FAIL') expect(isMet(verdict.witness)).toBe(true);
          if (verdict.result !== 'PASS') return;
          for (const request of asked.map((model) => requestOf(model, false))) {
            expect({ request, met: isMet(request) }).toEqual({ request, met: false });
          }
        },
      ),
      { numRuns: 2 * RUNS },
    );
  });
});

describe('no-external-access', () => {
  const isOutside = ({ principal }: Request) =>
    principal?.type === 'AWS'
      ? principal.value.split(':')[4] !== '111122223333'
      : principal?.type !== 'Service' || principal.value !== 'a.amazonaws.com';

  it('tells the truth about every request that is tried', async () => {
    await fc.assert(
      fc.asyncProperty(resourcePolicies, many, async (document, asked) => {
        const policy = readResource(document);
        const isMet = (request: Request) => mayGrant(toSet(policy), request) && isOutside(request);

        const verdict = await engine.checkNoExternalAccess(policy, {
          accounts: ['111122223333'],
          services: ['a.amazonaws.com'],
        });

        if (verdict.result === 'FAIL') expect(isMet(verdict.witness)).toBe(true);
        if (verdict.result !== 'PASS') return;
        for (const request of asked.map((model) => requestOf(model, true)).filter(isMade)) {
          expect({ request, met: isMet(request) }).toEqual({ request, met: false });
        }
      }),
      { numRuns: 2 * RUNS },
    );
  });
});

describe('no-new-access, linked to the principal', () => {
  it('tells the truth about every request that is tried', async () => {
    await fc.assert(
      fc.asyncProperty(edits('RESOURCE_POLICY'), many, async (edit, asked) => {
        const [existing, updated] = [readResource(edit.existing), readResource(edit.updated)];
        const isNew = (request: Request) => isNewInSomeReading(existing, updated, request);

        const verdict = await linking.checkNoNewAccess(existing, updated);

        if (verdict.result === 'FAIL') expect(isNew(verdict.witness)).toBe(true);
        if (verdict.result !== 'PASS') return;
        for (const request of asked.map((model) => requestOf(model, true)).filter(isMade)) {
          expect({ request, isNew: isNew(request) }).toEqual({ request, isNew: false });
        }
      }),
      { numRuns: 2 * RUNS },
    );
  });
});

describe('no-new-access of sets', () => {
  const identityPolicies = fc.array(documents('IDENTITY_POLICY', 2), { minLength: 1, maxLength: 2 });
  const sets = fc.record(
    { policies: identityPolicies, boundary: identityPolicies },
    { requiredKeys: ['policies'] },
  );
  const readSet = ({ policies, boundary }: { policies: Document[]; boundary?: Document[] }): PolicySet => {
    const named = (list: readonly Document[]) =>
      list.map((document, index) => ({ name: `p${index}`, policy: readIdentity(document) }));
    return { policies: named(policies), ...(boundary === undefined ? {} : { boundary: named(boundary) }) };
  };

  it('tells the truth about every request that is tried', async () => {
    await fc.assert(
      fc.asyncProperty(sets, sets, many, async (before, after, asked) => {
        const [existing, updated] = [readSet(before), readSet(after)];
        const isNew = (request: Request) => isNewInSomeReading(existing, updated, request);

        const verdict = await engine.checkNoNewAccess(existing, updated);

        if (verdict.result === 'FAIL') expect(isNew(verdict.witness)).toBe(true);
        if (verdict.result !== 'PASS') return;
        for (const request of asked.map((model) => requestOf(model, false))) {
          expect({ request, isNew: isNew(request) }).toEqual({ request, isNew: false });
        }
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('a boundary adds nothing to what the policies grant', async () => {
    await fc.assert(
      fc.asyncProperty(identityPolicies, identityPolicies, async (policies, boundary) => {
        const verdict = await engine.checkNoNewAccess(readSet({ policies }), readSet({ policies, boundary }));

        expect(verdict.result).not.toBe('FAIL');
      }),
      { numRuns: RUNS },
    );
  });
});

describe('what remains of a change', () => {
  it('is told truly of every request that is tried', async () => {
    const identity = documents('IDENTITY_POLICY', 2);
    await fc.assert(
      fc.asyncProperty(identity, identity, identity, many, async (first, second, third, asked) => {
        const [before, after, live] = [readIdentity(first), readIdentity(second), readIdentity(third)];
        const granted = [toSet(live), toSet(after)] as const;
        const readings = allReadings({ granted, refused: [toSet(before)] } as const);
        const stays = (request: Request) =>
          readings.some(
            ({ granted: [is, added], refused: [was] }) =>
              isGranted(is, request) && isGranted(added, request) && !isGranted(was, request),
          );

        const verdict = await engine.remains({ before, after, live });

        const question = { check: 'no-new-access' } as const;
        const quick = await engine.remains({ before, after, live }, question, { resultOnly: true });
        expect(quick.result).toBe(verdict.result);
        if (quick.result === 'FAIL') expect(stays(quick.witness)).toBe(true);
        if (verdict.result === 'FAIL') expect(stays(verdict.witness)).toBe(true);
        if (verdict.result !== 'PASS') return;
        for (const request of asked.map((model) => requestOf(model, false))) {
          expect({ request, stays: stays(request) }).toEqual({ request, stays: false });
        }
      }),
      { numRuns: 2 * RUNS },
    );
  });
});

const NOTHING: PolicySet = { policies: [] };

describe('the proof of a restore', () => {
  const identity = documents('IDENTITY_POLICY', 2);
  const target = fc.record({ grant: identity, other: identity, boundary: identity });
  const readTarget = (made: { grant: Document; other: Document; boundary: Document }): RoledPolicy[] =>
    (['grant', 'other', 'boundary'] as const).map((name) => ({
      name,
      role: name === 'boundary' ? 'boundary' : 'grant',
      policy: readIdentity(made[name]),
    }));
  /** Some documents stay, as mostly they do: two that have nothing in common are never proved. */
  const candidates = fc.record(
    { grant: identity, other: identity, boundary: identity },
    { requiredKeys: [] },
  );

  it('holds whatever others grant, deny and limit', async () => {
    let proved = 0;
    await fc.assert(
      fc.asyncProperty(
        target,
        candidates,
        identity,
        identity,
        many,
        async (made, changed, more, less, asked) => {
          const [live, candidate] = [readTarget(made), readTarget({ ...made, ...changed })];
          const proof = await engine.proveRestore({ live, candidate, removed: [] });
          if (proof.result !== 'proved') return;
          proved++;
          const beside = (documents: readonly RoledPolicy[]): PolicySet => {
            const { policies, boundary = [] } = toPolicySet(documents);
            const others = [more, less].map((document, index) => ({
              name: `other ${index}`,
              policy: readIdentity(document),
            }));
            return {
              policies: [...policies, ...others.slice(0, 1)],
              boundary: [...boundary, ...others.slice(1)],
            };
          };
          const readings = [
            ...allReadings({ granted: [toPolicySet(candidate)], refused: [toPolicySet(live)] } as const),
            ...allReadings({ granted: [beside(candidate)], refused: [beside(live)] } as const),
          ];
          for (const request of asked.map((model) => requestOf(model, false))) {
            const widens = readings.some(
              ({ granted: [then], refused: [now] }) => isGranted(then, request) && !isGranted(now, request),
            );
            expect({ request, widens }).toEqual({ request, widens: false });
          }
        },
      ),
      { numRuns: Math.ceil(RUNS / 2) },
    );
    expect(proved).toBeGreaterThan(0);
  });
});

describe('a tightened text', () => {
  const grant = (policy: Policy): RoledPolicy => ({ name: '', role: 'grant', policy });
  /** Mostly related, as versions are: what has nothing in common is tightened to nothing. */
  const pairs = edits('IDENTITY_POLICY').map(
    ({ existing, updated }) => [grant(readIdentity(existing)), grant(readIdentity(updated))] as const,
  );
  const tighten = async (existing: RoledPolicy, updated: RoledPolicy) => {
    const answer = await engine.tighten({ existing: [existing], updated: [updated] });
    if (answer.result === 'declined') return undefined;
    const [document] = answer.documents;
    return {
      answer,
      result: document?.policy === undefined ? updated : { ...updated, policy: document.policy },
    };
  };

  it('passes, grants no more than either, and says what is lost', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, many, async ([existing, updated], asked) => {
        const made = await tighten(existing, updated);
        if (made === undefined) return;
        const { answer, result } = made;

        expect((await engine.checkNoNewAccess(existing.policy, result.policy)).result).toBe('PASS');
        const requests = asked.map((model) => requestOf(model, false));
        const readings = allReadings({
          granted: [existing, updated, result].map(({ policy }) => toSet(policy)),
          refused: [],
        });
        for (const { granted } of readings) {
          const [was = NOTHING, now = NOTHING, then = NOTHING] = granted;
          for (const request of requests) {
            const [before, after, kept] = [was, now, then].map((set) => isGranted(set, request));
            if (kept) expect({ request, before, after }).toEqual({ request, before: true, after: true });
            if (before && after && !answer.losesOld)
              expect({ request, kept }).toEqual({ request, kept: true });
          }
        }
        if (answer.lost !== undefined) {
          const { lost } = answer;
          const grants = readings.some(
            ({ granted: [was = NOTHING, now = NOTHING, then = NOTHING] }) =>
              isGranted(was, lost) && isGranted(now, lost) && !isGranted(then, lost),
          );
          expect(grants).toBe(true);
        }
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('is itself where nothing is new, and stays so', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async ([existing, updated]) => {
        const same = await engine.tighten({ existing: [existing], updated: [existing] });
        const made = await tighten(existing, updated);

        expect(same).toMatchObject({ documents: [], losesOld: false });
        if (made === undefined) return;
        const again = await engine.tighten({ existing: [existing], updated: [made.result] });
        expect(again).toMatchObject({ documents: [], losesOld: false });
      }),
      { numRuns: RUNS },
    );
  });

  it('can be written in place of what stands', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async ([existing, updated]) => {
        const made = await tighten(existing, updated);
        if (made === undefined) return;

        const proof = await engine.proveRestore({
          live: [updated],
          candidate: [made.result],
          removed: [{ before: existing.policy, after: updated.policy }],
        });

        expect(proof.result).not.toBe('refuted');
      }),
      { numRuns: RUNS },
    );
  });
});

describe('no-public-access', () => {
  const check = async (document: Document) =>
    (await engine.checkNoPublicAccess(readResource(document), 'AWS::S3::Bucket')).result;

  it('a witness is granted and is of no account that the policy names', async () => {
    await fc.assert(
      fc.asyncProperty(resourcePolicies, async (document) => {
        const policy = readResource(document);

        const verdict = await engine.checkNoPublicAccess(policy, 'AWS::S3::Bucket');

        if (verdict.result !== 'FAIL') return;
        expect(mayGrant(toSet(policy), verdict.witness)).toBe(true);
        expect(verdict.witness.principal?.value).not.toMatch(/111122223333|444455556666|AROA|^a$|^a[.]/);
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('one more Deny makes nothing public', async () => {
    await fc.assert(
      fc.asyncProperty(resourcePolicies, statements('RESOURCE_POLICY', 'Deny'), async (document, deny) => {
        if ((await check(document)) !== 'PASS') return;

        const result = await check({ ...document, Statement: [...document.Statement, deny] });

        expect(result).not.toBe('FAIL');
      }),
      { numRuns: RUNS },
    );
  });

  it('nothing that one account alone is granted is public', async () => {
    await fc.assert(
      fc.asyncProperty(statements('RESOURCE_POLICY', 'Allow'), async (allow) => {
        const { NotPrincipal: _, ...rest } = allow;

        const result = await check({ Statement: [{ ...rest, Principal: { AWS: '111122223333' } }] });

        expect(result).toBe('PASS');
      }),
      { numRuns: RUNS },
    );
  });
});
