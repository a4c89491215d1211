/**
 * One Allow statement, without what is new: the members of its lists that add nothing stay together, and what partly
 * adds is cut down to what Allow statements of the existing documents share with it. Whether a piece adds nothing the
 * check decides; this file only proposes.
 */
import {
  intersect,
  membersOf,
  type PrincipalMember,
  principalsOf,
  type StatementJson,
  toPrincipal,
} from './intersect.ts';

/** What the check says of a statement in the place of the one that is narrowed. */
type Judge = {
  /** True iff it is proved to add nothing. */
  readonly addsNothing: (piece: StatementJson) => Promise<boolean>;
  /** True iff it is proved to share no request with what was granted. */
  readonly isAllNew: (piece: StatementJson) => Promise<boolean>;
  /** True iff it is proved that the other pieces grant whatever this one does. */
  readonly isCovered: (piece: StatementJson, others: readonly StatementJson[]) => Promise<boolean>;
};

/** Returns the pieces that add nothing; the statement itself iff it adds nothing, none iff nothing is left. */
export async function narrowStatement(
  statement: StatementJson,
  allows: readonly StatementJson[],
  judge: Judge,
): Promise<readonly StatementJson[]> {
  if (await judge.addsNothing(statement)) return [statement];
  const kept: StatementJson[] = [];
  let rest = statement;
  for (const list of LISTS) {
    if (await judge.isAllNew(rest)) return joinPieces(kept);
    const parts = await partition(rest, list, judge);
    if (parts.clean !== undefined) kept.push(parts.clean);
    if (parts.dirty === undefined) return joinPieces(kept);
    rest = parts.dirty;
  }
  if (await judge.isAllNew(rest)) return joinPieces(kept);
  for (const allow of allows) {
    for (const piece of intersect(rest, allow)) {
      // A pattern that is made may be one that AWS can read in two ways.
      if (await judge.isCovered(piece, [rest])) kept.push(...(await cleanPieces(piece, judge)));
    }
  }
  return needed(joinPieces(kept), judge);
}

/** The pieces without those that the others cover. */
async function needed(pieces: readonly StatementJson[], judge: Judge): Promise<readonly StatementJson[]> {
  let left = pieces;
  for (const piece of pieces) {
    const others = left.filter((one) => one !== piece);
    if (others.length > 0 && (await judge.isCovered(piece, others))) left = others;
  }
  return left;
}

/** The piece if it adds nothing, else what of its lists adds nothing. */
async function cleanPieces(piece: StatementJson, judge: Judge): Promise<StatementJson[]> {
  if (await judge.addsNothing(piece)) return (await judge.isAllNew(piece)) ? [] : [piece];
  const kept: StatementJson[] = [];
  let rest = piece;
  for (const list of LISTS) {
    const parts = await partition(rest, list, judge);
    if (parts.clean !== undefined && !(await judge.isAllNew(parts.clean))) kept.push(parts.clean);
    if (parts.dirty === undefined) break;
    rest = parts.dirty;
  }
  return kept;
}

/** An element with members: how to take it apart and put it together. */
type List = {
  readonly name: string;
  readonly read: (value: unknown) => readonly unknown[];
  readonly write: (members: readonly unknown[]) => unknown;
};

const plain = (name: string): List => ({
  name,
  read: membersOf,
  write: (members) => (members.length === 1 ? members[0] : members),
});

const LISTS: readonly List[] = [
  plain('Action'),
  plain('Resource'),
  {
    name: 'Principal',
    read: principalsOf,
    write: (members) => toPrincipal(members as readonly PrincipalMember[]), // As `read` gave them.
  },
];

type Parts = { readonly clean?: StatementJson; readonly dirty?: StatementJson };

/** The statement twice: with the members that add nothing, and with the others. */
async function partition(
  statement: StatementJson,
  { name, read, write }: List,
  judge: Judge,
): Promise<Parts> {
  if (!(name in statement)) return { dirty: statement };
  const members = read(statement[name]);
  const only = (list: readonly unknown[]) => ({ ...statement, [name]: write(list) });
  if (members.length < 2) return { dirty: statement };
  const dirty = new Set(await dirtyMembers(members, (list) => judge.addsNothing(only(list))));
  const clean = members.filter((member) => !dirty.has(member));
  return {
    ...(clean.length > 0 ? { clean: only(clean) } : {}),
    ...(dirty.size > 0 ? { dirty: only([...dirty]) } : {}),
  };
}

/** The members that add something, found by halves: of long lists mostly few do. */
async function dirtyMembers(
  members: readonly unknown[],
  addNothing: (list: readonly unknown[]) => Promise<boolean>,
): Promise<readonly unknown[]> {
  if (members.length === 0 || (await addNothing(members))) return [];
  if (members.length === 1) return members;
  const middle = members.length >> 1;
  return [
    ...(await dirtyMembers(members.slice(0, middle), addNothing)),
    ...(await dirtyMembers(members.slice(middle), addNothing)),
  ];
}

/** Pieces that differ in one list only become one. */
function joinPieces(pieces: readonly StatementJson[]): readonly StatementJson[] {
  let joined = [...new Map(pieces.map((piece) => [JSON.stringify(piece), piece])).values()];
  for (const { name, read, write } of LISTS) {
    const groups = new Map<string, StatementJson>();
    for (const piece of joined) {
      const { [name]: value, ...others } = piece;
      const key = name in piece ? JSON.stringify(others) : JSON.stringify(piece);
      const known = groups.get(key);
      if (known === undefined || !(name in piece)) {
        groups.set(key, piece);
        continue;
      }
      const members = new Map(
        [...read(known[name]), ...read(value)].map((one) => [JSON.stringify(one), one]),
      );
      groups.set(key, { ...known, [name]: write([...members.values()]) });
    }
    joined = [...groups.values()];
  }
  return joined;
}
