/**
 * The laws of the simulation, each with one change of the guard by hand that breaks it. What shows it is the simulation
 * itself: within so many histories of the seed, it names the law.
 */

export type LawBreach = {
  /** As the design counts its laws. */
  readonly law: number;
  /** What is broken. */
  readonly change: string;
  /** Below `shared/guard`. */
  readonly file: string;
  /** Text that is there exactly once. */
  readonly from: string;
  readonly to: string;
  readonly seed: number;
  readonly histories: number;
  /** Compares the ends of so many orders of the events. */
  readonly orders?: number;
};

const SEED = 72;

/** At least one breach of each law. */
export const LAW_BREACHES: readonly LawBreach[] = [
  {
    law: 1,
    change: 'edits stay in the order in which their events came',
    file: 'timeline/order.ts',
    from: "inTime(entries.filter((entry) => entry.kind === 'edit'));",
    to: "entries.filter((entry) => entry.kind === 'edit');",
    seed: SEED,
    histories: 40,
    orders: 3,
  },
  {
    law: 2,
    change: 'what no event explains makes no finding',
    file: 'derive/drafts.ts',
    from: 'if (one.verdict.answers.length === 0) continue;',
    to: 'if (one.verdict.answers.length === 0 || one.step.by.length === 0) continue;',
    seed: SEED,
    histories: 40,
  },
  {
    law: 3,
    change: 'a witness loses what its request says besides',
    file: 'judge/answer.ts',
    from: "...(verdict.result === 'FAIL' ? { witness: verdict.witness }",
    to: "...(verdict.result === 'FAIL' ? { witness: { ...verdict.witness, context: {} } }",
    seed: SEED,
    histories: 40,
  },
  {
    law: 4,
    change: 'a restore that was refuted is written',
    file: 'restore/whyNotProved.ts',
    from: "if (proof.result === 'refuted')",
    to: 'if (false)',
    seed: SEED,
    histories: 40,
  },
  {
    law: 5,
    change: 'a text is taken away where its previous one would do',
    file: 'restore/proposeRestore.ts',
    from: 'const was = befores[index]?.parts.find((one) => one.id === id);',
    to: 'const was = undefined as TargetPart | undefined;',
    seed: SEED,
    histories: 40,
  },
  {
    law: 6,
    change: 'a finding closes with the first of its additions',
    file: 'derive/closeProved.ts',
    from: "additions.some((addition) => addition.now !== 'gone')) return undefined;",
    to: "additions.every((addition) => addition.now !== 'gone')) return undefined;",
    seed: SEED,
    histories: 40,
  },
  {
    law: 7,
    change: 'restores know no deployers',
    file: 'derive/derive.ts',
    from: '    config,\n    settled,',
    to: '    config: { ...config, deployers: [] },\n    settled,',
    seed: SEED,
    histories: 60,
  },
  {
    law: 8,
    change: 'an approval closes every finding of the target',
    file: 'approve.ts',
    from: 'id === findingId\n',
    to: "id !== ''\n",
    seed: SEED,
    histories: 80,
  },
  {
    law: 9,
    change: 'what is done to a new target in its life makes no finding',
    file: 'derive/drafts.ts',
    from: 'if (one.verdict.answers.length === 0) continue;',
    to: 'if (one.verdict.answers.length === 0 || one.step.bornAt !== undefined) continue;',
    seed: SEED,
    histories: 40,
  },
  {
    law: 10,
    change: 'an event that comes again, or is older than all that is kept, is taken for a new one',
    file: 'timeline/fold.ts',
    from: "  if (isKnown) return timeline;\n  const { horizon } = timeline;\n  if (horizon.kind === 'read' && edit.at < horizon.read.at)",
    to: "  const { horizon } = timeline;\n  if (horizon.kind === 'nothing' && isKnown)",
    seed: SEED,
    histories: 40,
  },
  {
    law: 11,
    change: 'what events say is taken for what AWS holds',
    file: 'timeline/replay.ts',
    from: 'live: last && { read: last, isSettled: !isOpen },',
    to: 'live: last && { read: { ...last, content: place.content }, isSettled: true },',
    seed: SEED,
    histories: 80,
  },
  {
    law: 12,
    change: 'a restore is begun without a claim',
    file: 'rollback.ts',
    from: 'nextState: { ...nextState, claim: next, restores },',
    to: 'nextState: { ...nextState, restores },',
    seed: SEED,
    histories: 40,
  },
  {
    law: 13,
    change: 'that a finding closed is no new revision',
    file: 'derive/ledger.ts',
    from: "      revision: finding.revision + 1,\n      ...(status === 'ROLLED_BACK'",
    to: "      ...(status === 'ROLLED_BACK'",
    seed: SEED,
    histories: 40,
  },
];
