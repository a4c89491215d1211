/**
 * AWS as a sandbox of Lambda meets it: every call takes time, may be refused, may lose its answer, and may be the
 * last thing that the sandbox does. What a call does, it does in one moment.
 */
import type { Scheduler } from './scheduler.ts';

/** What goes wrong with a call. */
export const FAULT_KINDS = [
  /** Refused before it did anything: throttling. */
  'refused',
  /** Done, and the answer got lost. */
  'answer-lost',
  /** The sandbox crashes before the call is done. */
  'crash-before',
  /** The sandbox crashes when the call is done. */
  'crash-after',
  /** Done, and the answer comes after the function's time is over. */
  'too-slow',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export type Service = 'store' | 'topic' | 'queue' | 'account';

/** After `skip` further calls to the service (any: absent), `count` calls in a row go wrong. */
export type Fault = {
  readonly kind: FaultKind;
  readonly service?: Service;
  readonly skip: number;
  readonly count: number;
};

/** One execution environment of a function. A dead one never gets another answer. */
export type Sandbox = {
  readonly name: string;
  dead: boolean;
  /** Calls that are not answered yet. */
  pending: number;
  /** Called once, when the sandbox dies at work. */
  onDeath: () => void;
};

export type Cloud = {
  /** Makes a call from the sandbox: `effect` happens in one moment, some time from now. */
  call<Value>(sandbox: Sandbox, service: Service, effect: () => Promise<Value>): Promise<Value>;
  /** Arms a fault. */
  arm(fault: Fault): void;
  /** Takes every fault that is still armed away. */
  disarm(): void;
  kill(sandbox: Sandbox): void;
};

/** Returns a sandbox that has not done anything. */
export function createSandbox(name: string): Sandbox {
  return { name, dead: false, pending: 0, onDeath: () => {} };
}

/** An error as the SDK's clients throw it. */
class CallError extends Error {
  override readonly name: string;
  constructor(name: string) {
    super(`${name} of the simulation`);
    this.name = name;
  }
}

/** Longer than any function runs. */
const TOO_SLOW_MS = 1_000_000;

/** Returns a cloud in which every call succeeds until a fault is armed. */
export function createCloud(scheduler: Scheduler, dice: () => number): Cloud {
  let armed: { readonly fault: Fault; skip: number; count: number }[] = [];
  const strike = (service: Service): FaultKind | undefined => {
    const fitting = armed.find(({ fault }) => fault.service === undefined || fault.service === service);
    if (fitting === undefined || fitting.skip-- > 0) return undefined;
    if (--fitting.count <= 0) armed = armed.filter((one) => one !== fitting);
    return fitting.fault.kind;
  };
  const kill = (sandbox: Sandbox) => {
    if (sandbox.dead) return;
    sandbox.dead = true;
    sandbox.onDeath();
  };
  const latency = () => {
    const drawn = dice();
    // Mostly tens of milliseconds, now and then seconds.
    return drawn < 0.9 ? 5 + drawn * 60 : 100 + (drawn - 0.9) * 30_000;
  };
  return {
    call: (sandbox, service, effect) =>
      new Promise((resolve, reject) => {
        if (sandbox.pending++ === 0) scheduler.suspend();
        const end = (tell: () => void) => {
          if (sandbox.dead) return;
          if (--sandbox.pending === 0) scheduler.resume();
          tell();
        };
        scheduler.after(latency(), async () => {
          if (sandbox.dead) return;
          const fault = strike(service);
          if (fault === 'refused') return end(() => reject(new CallError('ThrottlingException')));
          if (fault === 'crash-before') return kill(sandbox);
          const answer = await effect().then(
            (value) => () => resolve(value),
            (error: unknown) => () => reject(error),
          );
          if (fault === 'crash-after') return kill(sandbox);
          if (fault === 'answer-lost') return end(() => reject(new CallError('TimeoutError')));
          if (fault === 'too-slow') return scheduler.after(TOO_SLOW_MS, () => end(answer));
          end(answer);
        });
      }),
    arm(fault) {
      armed.push({ fault, skip: fault.skip, count: fault.count });
    },
    disarm() {
      armed = [];
    },
    kill,
  };
}
