/**
 * Clauses and a theory of what their predicates mean → an assignment that both accept, or none. Learns a clause from
 * each conflict and goes back as far as it allows; decides only what some clause still needs.
 */
import type { Budget } from '../budget.ts';
import type { Clause } from './clauses.ts';

/** What the variables mean. Literals as in `Clauses`. */
export type Theory = {
  /** Takes a literal to be true. Returns undefined, or literals taken to be true that cannot all be (and forgets this one). */
  assert(literal: number): readonly number[] | undefined;
  /** Takes back the last so many assertions. */
  retract(count: number): void;
  /** Every clause is met. Returns undefined iff the assertions will do, else some that cannot all be (or need not be tried again). */
  finish(): readonly number[] | undefined;
  /** How dear it is to assume the literal: cheaper ones are tried first. Undefined: it says nothing by itself. */
  costOf(literal: number): number | undefined;
};

/** Returns true iff an assignment meets all clauses and the theory. Throws `LimitReached`. */
export function satisfy(
  problem: {
    readonly clauses: readonly Clause[];
    readonly size: number;
    readonly first?: Clause | undefined;
  },
  theory: Theory,
  budget: Budget,
): boolean {
  const { size } = problem;
  // By variable: 0 open, 1 true, -1 false.
  const values = new Int8Array(size);
  const levels = new Int32Array(size);
  const reasons: (Clause | undefined)[] = Array.from({ length: size });
  const isSeen = new Uint8Array(size);
  const watched: Clause[][] = Array.from({ length: 2 * size }, () => []);
  const trail: number[] = [];
  /** Length of the trail before each decision. */
  const marks: number[] = [];
  let read = 0;
  let told = 0;

  const truthOf = (literal: number) => {
    const value = values[literal >> 1] ?? 0;
    return literal & 1 ? -value : value;
  };
  const isTheirs = (literal: number) => theory.costOf(literal) !== undefined;
  const enqueue = (literal: number, reason: Clause | undefined) => {
    const variable = literal >> 1;
    values[variable] = literal & 1 ? -1 : 1;
    levels[variable] = marks.length;
    reasons[variable] = reason;
    trail.push(literal);
  };
  const watch = (clause: Clause) => {
    for (const literal of clause.slice(0, 2)) watched[literal]?.push(clause);
  };
  const backTo = (level: number) => {
    const length = marks[level];
    if (length === undefined) return;
    const taken = trail.splice(length);
    for (const literal of taken) values[literal >> 1] = 0;
    if (told > length) {
      theory.retract(taken.slice(0, told - length).filter(isTheirs).length);
      told = length;
    }
    read = Math.min(read, length);
    marks.length = level;
  };

  /** Follows clauses with one literal left. Returns a clause that is false. */
  const follow = (): Clause | undefined => {
    for (; read < trail.length; read++) {
      const falsified = (trail[read] ?? 0) ^ 1;
      const list = watched[falsified] ?? [];
      budget.spend(1 + (list.length >> 3));
      let kept = 0;
      for (let index = 0; index < list.length; index++) {
        const clause = list[index] as Clause; // The index is in range.
        if (clause[0] === falsified) {
          clause[0] = clause[1] ?? 0;
          clause[1] = falsified;
        }
        const first = clause[0] ?? 0;
        if (truthOf(first) !== 1) {
          let other = 2;
          while (other < clause.length && truthOf(clause[other] ?? 0) === -1) other++;
          const next = clause[other];
          if (next !== undefined) {
            clause[1] = next;
            clause[other] = falsified;
            watched[next]?.push(clause);
            continue;
          }
          if (truthOf(first) === -1) {
            for (; index < list.length; index++) list[kept++] = list[index] as Clause; // As above.
            list.length = kept;
            return clause;
          }
          enqueue(first, clause);
        }
        list[kept++] = clause;
      }
      list.length = kept;
    }
    return undefined;
  };

  /** Follows clauses and tells the theory, until nothing follows. Returns literals that are false but of which one must be true. */
  const propagate = (): readonly number[] | undefined => {
    for (;;) {
      const conflict = follow();
      if (conflict !== undefined) return conflict;
      const literal = trail[told];
      if (literal === undefined) return undefined;
      told++;
      if (!isTheirs(literal)) continue;
      const refuted = theory.assert(literal);
      if (refuted === undefined) continue;
      // The theory forgot the literal, so it is not to be retracted either.
      told--;
      return refuted.map((one) => one ^ 1);
    }
  };

  /** Learns from a conflict and goes back. Returns false iff there is nowhere to go back to. */
  const learn = (conflict: readonly number[]): boolean => {
    const top = Math.max(0, ...conflict.map((literal) => levels[literal >> 1] ?? 0));
    if (top === 0) return false;
    backTo(top);
    const below: number[] = [];
    let open = 0;
    let at = trail.length - 1;
    const marked: number[] = [];
    const mark = (literal: number) => {
      const variable = literal >> 1;
      if (isSeen[variable] === 1 || levels[variable] === 0) return;
      isSeen[variable] = 1;
      marked.push(variable);
      if (levels[variable] === top) open++;
      else below.push(literal);
    };
    for (const literal of conflict) mark(literal);
    let turning = 0;
    for (; open > 0; at--) {
      const literal = trail[at] ?? 0;
      if (isSeen[literal >> 1] !== 1 || levels[literal >> 1] !== top) continue;
      open--;
      turning = literal;
      if (open === 0) break;
      for (const cause of reasons[literal >> 1] ?? []) if (cause !== literal) mark(cause);
    }
    for (const variable of marked) isSeen[variable] = 0;
    below.sort((a, b) => (levels[b >> 1] ?? 0) - (levels[a >> 1] ?? 0));
    const clause = [turning ^ 1, ...below];
    const [highest] = below;
    backTo(highest === undefined ? 0 : (levels[highest >> 1] ?? 0));
    if (highest !== undefined) watch(clause);
    enqueue(turning ^ 1, highest === undefined ? undefined : clause);
    return true;
  };

  // The last literal found true in each clause: mostly it still is.
  const met = new Int32Array(problem.clauses.length).fill(-1);
  /** The cheapest literal of the clause that leaves the least choice; undefined when every clause is met. */
  const choose = (): number | undefined => {
    if (problem.first?.every((literal) => truthOf(literal) !== 1) === true)
      return problem.first.find((literal) => truthOf(literal) === 0);
    let best: Clause | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [index, clause] of problem.clauses.entries()) {
      const last = met[index] ?? -1;
      if (last >= 0 && truthOf(last) === 1) continue;
      let open = 0;
      let holds = false;
      for (const literal of clause) {
        const value = truthOf(literal);
        if (value === 1) {
          met[index] = literal;
          holds = true;
          break;
        }
        if (value === 0) open++;
      }
      if (holds || open >= fewest) continue;
      fewest = open;
      best = clause;
      if (open <= 2) break;
    }
    budget.spend(1 + (problem.clauses.length >> 4));
    const dear = (literal: number) => theory.costOf(literal) ?? DEAREST;
    let choice: number | undefined;
    for (const literal of best ?? []) {
      if (truthOf(literal) !== 0) continue;
      if (choice === undefined || dear(literal) < dear(choice)) choice = literal;
    }
    return choice;
  };

  for (const clause of problem.clauses) {
    const [first] = clause;
    if (first === undefined) return false;
    if (clause.length > 1) watch(clause);
    else if (truthOf(first) === -1) return false;
    else if (truthOf(first) === 0) enqueue(first, undefined);
  }
  for (;;) {
    budget.spend();
    let conflict = propagate();
    if (conflict === undefined) {
      const choice = choose();
      if (choice !== undefined) {
        marks.push(trail.length);
        enqueue(choice, undefined);
        continue;
      }
      conflict = theory.finish()?.map((literal) => literal ^ 1);
      if (conflict === undefined) return true;
    }
    if (!learn(conflict)) return false;
  }
}

/** A conjunction has to be opened before it says anything. */
const DEAREST = 100;
