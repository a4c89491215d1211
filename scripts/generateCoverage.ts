/** Writes the table of what is covered into the README, between its markers. Run by `npm run generate`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { MARKERS, renderCoverage } from './coverage.ts';

const path = new URL('../README.md', import.meta.url);
const text = readFileSync(path, 'utf8');
const [start, end] = MARKERS.map((marker) => text.indexOf(marker)) as [number, number]; // One for each marker.
if (start < 0 || end < start)
  throw new Error(`README.md lacks ${MARKERS.join(' and ')}; put both lines back`);
const head = text.slice(0, start + MARKERS[0].length);
writeFileSync(path, `${head}\n${renderCoverage()}\n${text.slice(end)}`);
