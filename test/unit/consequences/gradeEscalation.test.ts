import { describe, expect, it } from 'vitest';
import { ESCALATION_PATHS } from '../../../shared/consequences/escalationPaths.ts';
import type { Escalation } from '../../../shared/consequences/findEscalations.ts';
import { worst } from '../../../shared/consequences/grade.ts';
import { describeEscalation, gradeEscalation } from '../../../shared/consequences/gradeEscalation.ts';

function escalation(id: string, more: Partial<Escalation> = {}): Escalation {
  const path = ESCALATION_PATHS.find((one) => one.id === id);
  if (path === undefined) throw new Error(`no path ${id}`);
  const resource = 'arn:aws:iam::111122223333:role/app';
  return {
    path,
    calls: [{ action: path.steps[0]?.action ?? '', resource, context: {} }],
    scope: 'anyone',
    isDecided: true,
    ...more,
  };
}

const ADMIN = 'arn:aws:iam::111122223333:role/ops/admin';

describe('grades', () => {
  const rows: readonly [string, Partial<Escalation>, boolean, string][] = [
    ['iam-put-role-policy', { scope: 'itself' }, false, 'CRITICAL'],
    ['iam-put-role-policy', { scope: 'itself' }, true, 'HIGH'],
    ['iam-put-role-policy', { scope: 'anyone' }, true, 'CRITICAL'],
    ['iam-put-role-policy', { scope: 'named' }, false, 'HIGH'],
    ['iam-delete-role-boundary', { scope: 'itself' }, true, 'CRITICAL'],
    ['iam-create-access-key', { scope: 'anyone' }, false, 'HIGH'],
    ['iam-create-access-key', { leadsTo: 'arn:aws:iam::111122223333:user/root-ish' }, false, 'CRITICAL'],
    ['lambda-invoke', { scope: 'anyone' }, false, 'HIGH'],
    ['lambda-invoke', { leadsTo: ADMIN }, false, 'CRITICAL'],
    ['lambda-update-code', { scope: 'named' }, false, 'HIGH'],
    ['sts-assume-root', { scope: 'named' }, false, 'CRITICAL'],
  ];
  for (const [id, more, isBounded, grade] of rows) {
    it(`${id} ${JSON.stringify(more)}${isBounded ? ' beneath a boundary' : ''} is ${grade}`, () => {
      expect(gradeEscalation(escalation(id, more), isBounded)).toBe(grade);
    });
  }

  it('keeps the most serious of several', () => {
    expect([worst(['LOW', 'HIGH', 'INFO']), worst([])]).toEqual(['HIGH', 'INFO']);
  });
});

describe('sentences', () => {
  const rows: readonly [string, Partial<Escalation>, string][] = [
    [
      'lambda-invoke',
      { leadsTo: ADMIN },
      'can become an administrator: it may pass role `admin` to a Lambda function that it creates',
    ],
    ['sts-assume-role', { leadsTo: ADMIN }, 'can become an administrator: it may assume role `admin`'],
    [
      'iam-update-assume-role-policy',
      { leadsTo: ADMIN },
      'can become an administrator: it may make role `admin` trust anybody',
    ],
    [
      'iam-put-role-policy',
      { scope: 'itself' },
      'can become an administrator: it may write a role’s inline policies, its own included',
    ],
    [
      'iam-attach-role-policy',
      { scope: 'anyone' },
      'can make anybody an administrator: it may attach policies to a role',
    ],
    [
      'lambda-invoke',
      { scope: 'anyone' },
      'can become a more privileged principal: it may pass a role to a Lambda function that it creates',
    ],
    [
      'sts-assume-role',
      { scope: 'named', named: 'arn:aws:iam::111122223333:role/app-*' },
      'can become a more privileged principal: it may assume roles (`arn:aws:iam::111122223333:role/app-*`)',
    ],
    [
      'sts-assume-role',
      { leadsTo: ADMIN, isTrustOpen: true },
      'can become an administrator: it may assume role `admin`, if that role lets it in',
    ],
    [
      'iam-upload-ssh-key',
      { scope: 'anyone' },
      'can act as another user in some services: it may upload an SSH key for CodeCommit of another user',
    ],
    [
      'iam-delete-role-boundary',
      { scope: 'itself' },
      'can free itself from its permissions boundary: it may remove a role’s permissions boundary',
    ],
  ];
  for (const [id, more, sentence] of rows) {
    it(`says of ${id} ${JSON.stringify(more)}: ${sentence}`, () => {
      expect(describeEscalation(escalation(id, more))).toBe(sentence);
    });
  }

  it('says something of each path in each scope', () => {
    for (const { id } of ESCALATION_PATHS) {
      for (const scope of ['itself', 'anyone', 'named'] as const) {
        expect(describeEscalation(escalation(id, { scope }))).toMatch(/^can [a-z].*: it may [a-z]/);
      }
    }
  });
});
