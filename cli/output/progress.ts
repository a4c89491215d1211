/** A progress bar for long work, for a person who watches; otherwise nothing at all. */
import type { Console } from './console.ts';

export type Progress = { advance(amount: number): void; stop(): void };

export type Work = {
  /** Absent: not known beforehand. */
  readonly total?: number | undefined;
  readonly unit: string;
};

/** Returns a bar on standard error, or one that shows nothing where nobody watches. */
export async function startProgress(
  { watched }: Pick<Console, 'watched'>,
  { total, unit }: Work,
): Promise<Progress> {
  if (!watched || total === undefined) return { advance() {}, stop() {} };
  const { default: bars } = await import('cli-progress');
  const bar = new bars.SingleBar({
    format: `{bar} {percentage} % | {value}/{total} ${unit} | {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    etaBuffer: 200,
  });
  bar.start(total, 0);
  return { advance: (amount) => bar.increment(amount), stop: () => bar.stop() };
}
