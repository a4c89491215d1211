/** What a question is about, beside "granted": a list, strangers, whoever is outside the zone of trust. */
import type { Request } from '../evaluator/request.ts';
import type { Formula } from '../formula/formula.ts';

/** Which requests a question is about, to the solver and to the evaluator. */
export type Scope = {
  /** True iff the request is in the scope. */
  readonly formula: Formula;
  /** The same, said of one request. Confirms witnesses. */
  readonly includes: (request: Request) => boolean;
};
