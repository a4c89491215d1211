/**
 * Ratchet as a library: the four checks, the evaluator and the parser. Each check stands on an engine of its own that
 * is ended afterwards; who asks many questions makes one engine with `createEngine` and keeps it.
 */
import { type Access, createEngine, type Engine, type EngineOptions, type Trusted } from './checks/index.ts';
import type { Verdict } from './checks/verdict.ts';
import type { Policy } from './policy/ast.ts';
import type { PolicySet } from './policy/policySet.ts';

export {
  type Access,
  type AccessQuestion,
  type AskOptions,
  type Budget,
  createBudget,
  createEngine,
  type DocumentRole,
  type Engine,
  type EngineOptions,
  type Obligation,
  type Proof,
  type Restore,
  type RoledPolicy,
  type StatementChange,
  type Step,
  type Tighten,
  type Tightened,
  type TightenedDocument,
  type Trusted,
  type TrustedProvider,
  type WholeEngine,
} from './checks/index.ts';
export type { NewAccess, NewAccessPiece } from './checks/newAccess.ts';
export type { Reason, Verdict, VerdictCommon } from './checks/verdict.ts';
export { type Evaluation, evaluatePolicy as evaluate, evaluatePolicySet } from './evaluator/evaluate.ts';
export { parseRequest, type RequestOptions, type RequestResult } from './evaluator/parseRequest.ts';
export type { Request, RequestPrincipal } from './evaluator/request.ts';
export type {
  ActionElement,
  ArnPattern,
  Comparison,
  Condition,
  ConditionTest,
  Decimal,
  EndpointType,
  IpRange,
  ParseResult,
  Pattern,
  PatternToken,
  Policy,
  PolicyProblem,
  PolicyType,
  Position,
  PrincipalElement,
  PrincipalPattern,
  ResourceElement,
  ResourcePattern,
  Statement,
  Syntax,
} from './policy/ast.ts';
export { type ParseOptions, parsePolicy } from './policy/parsePolicy.ts';
export type { NamedPolicy, PolicySet } from './policy/policySet.ts';
export type { SolverChoice } from './solver/portfolio.ts';

/** Returns FAIL iff some request is granted by `updated` and not by `existing`. */
export function checkNoNewAccess(
  existing: Policy | PolicySet,
  updated: Policy | PolicySet,
  options?: EngineOptions,
): Promise<Verdict> {
  return once((engine) => engine.checkNoNewAccess(existing, updated), options);
}

/** Returns FAIL iff some request is granted that one of `access` lists. */
export function checkAccessNotGranted(
  policy: Policy | PolicySet,
  access: readonly Access[],
  options?: EngineOptions,
): Promise<Verdict> {
  return once((engine) => engine.checkAccessNotGranted(policy, access), options);
}

/** Returns FAIL iff the policy grants to someone whom nothing in it fixes. */
export function checkNoPublicAccess(
  policy: Policy | PolicySet,
  resourceType: string,
  options?: EngineOptions,
): Promise<Verdict> {
  return once((engine) => engine.checkNoPublicAccess(policy, resourceType), options);
}

/** Returns FAIL iff the policy grants to a principal outside the zone of trust. */
export function checkNoExternalAccess(
  policy: Policy | PolicySet,
  trusted: Trusted,
  options?: EngineOptions,
): Promise<Verdict> {
  return once((engine) => engine.checkNoExternalAccess(policy, trusted), options);
}

async function once(ask: (engine: Engine) => Promise<Verdict>, options?: EngineOptions): Promise<Verdict> {
  const engine = createEngine(options);
  try {
    return await ask(engine);
  } finally {
    await engine.close();
  }
}
