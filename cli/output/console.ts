/** Where a command speaks. Knows whether a person reads: width, colour, progress. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export type Console = {
  /** Resolves when the text is handed on, so that a slow reader slows the writer. */
  out(text: string): Promise<void>;
  err(text: string): void;
  /** Columns to wrap at. */
  readonly width: number;
  /** True iff somebody watches standard error: progress makes sense. */
  readonly watched: boolean;
  /** Returns the text in a style, or as it is where colour is not wanted. */
  paint(style: Style, text: string): string;
  readonly stdin: NodeJS.ReadableStream;
};

const PIPE_WIDTH = 80;
const NARROWEST = 40;

/** Returns the console of this process. A reader that went away (`| head`) ends the process without a word. */
export function processConsole({ stdin, stdout, stderr, env }: NodeJS.Process): Console {
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
  const colour = wantsColour(env, stdout.isTTY);
  return {
    out: (text) =>
      new Promise((resolve) => {
        if (stdout.write(text)) resolve();
        else stdout.once('drain', resolve);
      }),
    err: (text) => {
      stderr.write(text);
    },
    // A terminal that does not know its width says 0.
    width: stdout.isTTY && stdout.columns > 0 ? Math.max(NARROWEST, stdout.columns) : PIPE_WIDTH,
    watched: stderr.isTTY,
    paint: (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text),
    stdin,
  };
}

/**
 * Returns true iff text is to be coloured: as FORCE_COLOR says, whose 0 and false forbid it; else on a terminal that can
 * and where NO_COLOR is empty. Sources: no-color.org; Node.js, "FORCE_COLOR".
 */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

/** Returns the text with control characters made visible: what a policy holds must not steer a terminal. */
export function visible(text: string): string {
  return text.replace(CONTROL, (char) => {
    const code = char.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
