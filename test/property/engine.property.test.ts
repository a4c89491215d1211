/** Laws of the engine over generated policies. A failure prints its seed; what it shrinks to becomes a vector. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import { allReadings } from '../../shared/checks/underReadings.ts';
import { decodeModel } from '../../shared/encoder/decodeModel.ts';
import { encodeStatement } from '../../shared/encoder/encodeStatement.ts';
import { ID, USERID } from '../../shared/encoder/linkedUserId.ts';
import { evaluatePolicy } from '../../shared/evaluator/evaluate.ts';
import type { Request } from '../../shared/evaluator/request.ts';
import { evaluateFormula } from '../../shared/formula/evaluateFormula.ts';
import type { Model } from '../../shared/formula/formula.ts';
import type { Policy, PolicyType } from '../../shared/policy/ast.ts';
import { toSet } from '../../shared/policy/policySet.ts';
import {
  type Document,
  documents,
  edits,
  isNewInSomeReading,
  LINKED_KEYS,
  models,
  parse,
  statements,
} from './arbitraries.ts';

const TYPES: readonly PolicyType[] = ['IDENTITY_POLICY', 'RESOURCE_POLICY'];
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 200);
const engine = createEngine({ solver: 'atoms' });

/** Says of two documents what the engine says; a witness is asked again. */
async function compare(existing: Policy, updated: Policy): Promise<'PASS' | 'FAIL' | 'UNKNOWN'> {
  const verdict = await engine.checkNoNewAccess(existing, updated);
  if (verdict.result === 'FAIL') {
    expect(isNewInSomeReading(existing, updated, verdict.witness)).toBe(true);
  }
  return verdict.result;
}

/** The request a model stands for, with the keys that follow from its principal or without. */
function requestOf(model: Model, policyType: PolicyType, linked: boolean): Request {
  return decodeModel(model, {
    withPrincipal: policyType === 'RESOURCE_POLICY',
    linkedKeys: new Set(linked ? LINKED_KEYS : []),
  });
}

const append = (document: Document, ...more: Document['Statement']): Document => ({
  ...document,
  Statement: [...document.Statement, ...more],
});

/** The part of the request's user id that formulas call the id: what stands before a session's name. */
function idIn({ scalars }: Model, { context }: Request): readonly string[] {
  const isSession = /^AWS:[^:/]+:/.test(scalars.principal);
  return (context[USERID] ?? []).map((value) => (isSession ? (value.split(':')[0] ?? '') : value));
}

describe.each(TYPES)('%s', (policyType) => {
  const documentsOf = documents(policyType);
  const read = (document: Document) => parse(document, policyType);

  it.each([false, true])('each encoded statement says what the evaluator says, linked: %s', (linked) => {
    const linkPrincipal = linked && policyType === 'RESOURCE_POLICY';

    fc.assert(
      fc.property(documentsOf, fc.array(models, { minLength: 10, maxLength: 30 }), (document, asked) => {
        const readings = allReadings({ granted: [toSet(read(document))], refused: [] } as const);
        for (const { policy } of readings.flatMap(({ granted: [{ policies }] }) => policies)) {
          for (const model of asked) {
            const request = requestOf(model, policyType, linkPrincipal);
            const { allows, denies } = evaluatePolicy(policy, request);
            const shown = {
              scalars: model.scalars,
              keys: { ...request.context, [ID]: idIn(model, request) },
            };
            const encoded = policy.statements.filter((statement) =>
              evaluateFormula(encodeStatement(statement, { linkPrincipal }), shown),
            );
            expect(encoded.map(({ index }) => index)).toEqual([...allows, ...denies].sort((a, b) => a - b));
          }
        }
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('a policy grants nothing that it does not grant', async () => {
    await fc.assert(
      fc.asyncProperty(documentsOf, async (document) => {
        expect(await compare(read(document), read(document))).not.toBe('FAIL');
      }),
      { numRuns: RUNS },
    );
  });

  it('no request contradicts a PASS, and every FAIL has a witness that holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        edits(policyType),
        fc.array(models, { minLength: 100, maxLength: 100 }),
        async (edit, asked) => {
          const [existing, updated] = [read(edit.existing), read(edit.updated)];
          if ((await compare(existing, updated)) !== 'PASS') return;
          for (const model of asked) {
            const request = requestOf(model, policyType, false);
            const isNew = isNewInSomeReading(existing, updated, request);
            expect({ request, isNew }).toEqual({ request, isNew: false });
          }
        },
      ),
      { numRuns: 2 * RUNS },
    );
  });

  it('the order and the number of equal statements change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(documentsOf, fc.nat(3), async (document, turn) => {
        const { Statement } = document;
        const turned = {
          ...document,
          Statement: [...Statement.slice(turn), ...Statement, ...Statement.slice(0, turn)].reverse(),
        };
        expect(await compare(read(document), read(turned))).not.toBe('FAIL');
        expect(await compare(read(turned), read(document))).not.toBe('FAIL');
      }),
      { numRuns: RUNS },
    );
  });

  it('one more Allow removes no access', async () => {
    await fc.assert(
      fc.asyncProperty(documentsOf, statements(policyType, 'Allow'), async (document, allow) => {
        expect(await compare(read(append(document, allow)), read(document))).not.toBe('FAIL');
      }),
      { numRuns: RUNS },
    );
  });

  it('one more Deny adds no access', async () => {
    await fc.assert(
      fc.asyncProperty(documentsOf, statements(policyType, 'Deny'), async (document, deny) => {
        expect(await compare(read(document), read(append(document, deny)))).not.toBe('FAIL');
      }),
      { numRuns: RUNS },
    );
  });

  it('an Allow whose patterns are widened keeps its access', async () => {
    await fc.assert(
      fc.asyncProperty(statements(policyType, 'Allow'), async (allow) => {
        const { Action: _a, NotAction: _n, Resource: _r, NotResource: _nr, ...rest } = allow;
        const document = { Version: '2012-10-17', Statement: [allow] };
        const widened = { Version: '2012-10-17', Statement: [{ ...rest, Action: '*', Resource: '*' }] };
        expect(await compare(read(widened), read(document))).not.toBe('FAIL');
      }),
      { numRuns: RUNS },
    );
  });

  it('what passes step by step passes at once', async () => {
    await fc.assert(
      fc.asyncProperty(edits(policyType), documentsOf, async ({ existing, updated }, third) => {
        const [a, b, c] = [read(existing), read(updated), read(third)];
        if ((await compare(a, b)) !== 'PASS' || (await compare(b, c)) !== 'PASS') return;
        expect(await compare(a, c)).not.toBe('FAIL');
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('a list of actions says what one statement for each says', async () => {
    await fc.assert(
      fc.asyncProperty(documentsOf, async (document) => {
        const split = document.Statement.flatMap((statement) => {
          const { Action: actions, ...rest } = statement;
          return Array.isArray(actions)
            ? actions.map((action: unknown) => ({ ...rest, Action: action }))
            : [statement];
        });
        const parted = { ...document, Statement: split };
        expect(await compare(read(document), read(parted))).not.toBe('FAIL');
        expect(await compare(read(parted), read(document))).not.toBe('FAIL');
      }),
      { numRuns: RUNS },
    );
  });
});
