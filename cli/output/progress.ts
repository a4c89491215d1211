/** A progress bar for long work, for a person who watches; otherwise nothing at all. */
import type { Console } from './console.ts';

type Progress = {
  advance(amount: number): void;
  /** Makes room for a text on the same terminal; the bar comes back by itself. */
  hide(): void;
  stop(): void;
};

type Work = {
  /** Absent: not known beforehand. */
  readonly total?: number | undefined;
  readonly unit: string;
};

/** Returns a bar on standard error, or one that shows nothing where nobody watches. */
export async function startProgress(
  { watched }: Pick<Console, 'watched'>,
  { total, unit }: Work,
): Promise<Progress> {
  if (!watched || total === undefined) return { advance() {}, hide() {}, stop() {} };
  const { default: bars } = await import('cli-progress');
  const bar = new bars.SingleBar({
    format: `{bar} {percentage} % | {value}/{total} ${unit} | {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    // Other texts go to the same terminal, and their long lines must not be cut.
    linewrap: true,
    etaBuffer: 200,
  });
  let value = 0;
  let shown = false;
  const hide = () => {
    if (shown) bar.stop();
    shown = false;
  };
  return {
    advance(amount) {
      value += amount;
      // A bar that was stopped begins anew where the cursor is then, below whatever was written.
      if (shown) bar.update(value);
      else bar.start(total, value);
      shown = true;
    },
    hide,
    stop: hide,
  };
}
