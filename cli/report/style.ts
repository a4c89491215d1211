/** The report's looks: system colours, so that dark, light and high-contrast settings are the reader's. */
import type { Html } from './html.ts';

/** Style sheet; holds nothing that anybody else wrote. */
export const STYLE: Html = {
  markup: `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; }
h3 { margin: 0; }
h4 { margin: 1rem 0 0.25rem; }
ol { padding-left: 0; list-style: none; }
li { padding: 0.25rem 0; border-bottom: 1px solid GrayText; }
time { font-variant-numeric: tabular-nums; }
article { margin: 1rem 0; padding: 1rem; border: 1px solid GrayText; border-radius: 0.5rem; }
article:target { outline: 3px solid Highlight; }
dl { margin: 0.5rem 0; }
dl div { display: flex; gap: 1rem; }
dt { flex: 0 0 8rem; font-weight: bold; }
dd { margin: 0; }
pre { margin: 0; padding: 0.75rem; overflow-x: auto; border: 1px solid GrayText; overflow-wrap: normal; }
.badge { padding: 0 0.5rem; border: 1px solid currentColor; border-radius: 1rem; font-size: 0.875rem; white-space: nowrap; }
.badge.active { font-weight: bold; background: CanvasText; color: Canvas; }
a:focus-visible, pre:focus-visible { outline: 3px solid Highlight; }
@media (max-width: 40rem) { dl div { display: block; } }
@media print {
  article { break-inside: avoid; }
  nav { display: none; }
  pre { white-space: pre-wrap; }
}
`,
};
