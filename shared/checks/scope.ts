/** What a question is about, beside "granted": a list, strangers, whoever is outside the zone of trust. */
import type { Request } from '../evaluator/request.ts';
import type { Formula, Glob } from '../formula/formula.ts';

/** Which requests a question is about, to the solver and to the evaluator. */
export type Scope = {
  /** Together with `principals`: true iff the request is in the scope. */
  readonly formula: Formula;
  /** The only principals that are looked at; all if absent. */
  readonly principals?: readonly Glob[];
  /** The same, said of one request. Confirms witnesses. */
  readonly includes: (request: Request) => boolean;
};
