/** Writes what is covered into the pages that hold a part of it, between their markers. Run by `npm run generate`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { COVERAGE_PAGES, MARKERS } from './coverage.ts';

for (const { path, render } of COVERAGE_PAGES) {
  const page = new URL(`../${path}`, import.meta.url);
  const text = readFileSync(page, 'utf8');
  const [start, end] = MARKERS.map((marker) => text.indexOf(marker)) as [number, number]; // One for each marker.
  if (start < 0 || end < start)
    throw new Error(`${path} lacks ${MARKERS.join(' and ')}; put both lines back`);
  const head = text.slice(0, start + MARKERS[0].length);
  writeFileSync(page, `${head}\n${await render()}\n${text.slice(end)}`);
}
