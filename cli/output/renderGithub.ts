/**
 * Annotations as GitHub's workflow commands. Source: GitHub Actions documentation, "Workflow commands for GitHub
 * Actions": values escape `%`, CR and LF, properties `:` and `,` too.
 */
import type { Annotation } from './checkResult.ts';

/** Returns a line an annotation; the empty text when everything passed. */
export function renderGithub(annotations: readonly Annotation[]): string {
  return annotations
    .map(({ level, file, region, title, message }) => {
      const properties = {
        ...(file === undefined ? {} : { file }),
        ...(region === undefined || file === undefined
          ? {}
          : {
              line: region.startLine,
              endLine: region.endLine,
              // Columns are taken only within one line.
              ...(region.startLine === region.endLine
                ? { col: region.startColumn, endColumn: region.endColumn }
                : {}),
            }),
        title,
      };
      const words = Object.entries(properties).map(
        ([name, value]) => `${name}=${escapeProperty(String(value))}`,
      );
      return `::${level} ${words.join(',')}::${escapeValue(message)}\n`;
    })
    .join('');
}

function escapeValue(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeValue(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
