/** The report's looks: system colours and few others, so that dark, light and high-contrast settings are the reader's. */

/** Style sheet; holds nothing that anybody else wrote. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --quiet: light-dark(#57606a, #9aa4ae);
  --line: light-dark(#d0d7de, #3d444d);
  --removed: light-dark(#ffebe9, #4c1519);
  --added: light-dark(#dafbe1, #12351d);
  --named: light-dark(#9a6700, #e3b341);
  font: 1rem/1.5 system-ui, sans-serif;
}
html { background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #e6edf3); }
body { max-width: 72rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; }
h1 { margin-bottom: 0; }
h3 { margin: 0 0 0.5rem; }
h4 { margin: 1rem 0 0.25rem; }
a { color: light-dark(#0550ae, #79b8ff); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; background: Canvas; padding: 0.5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.quiet { color: var(--quiet); }
.filters { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; }
fieldset { border: 1px solid var(--line); border-radius: 0.5rem; padding: 0 0.75rem 0.25rem; margin: 0; }
legend { font-weight: bold; font-size: 0.875rem; }
.filters label { display: inline-block; margin-right: 0.75rem; min-height: 1.5rem; white-space: nowrap; }
button { font: inherit; padding: 0.25rem 0.75rem; }
.tiles { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; list-style: none; }
.tile { flex: 1 1 6rem; padding: 0.5rem 0.75rem; border: 1px solid var(--line); border-top: 0.25rem solid var(--tone, var(--line)); border-radius: 0.5rem; }
.tile strong { display: block; font-size: 1.75rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile.none { color: var(--quiet); border-top-color: var(--line); }
.critical { --tone: light-dark(#b3261e, #ff8a80); }
.high { --tone: light-dark(#b54708, #f5a524); }
.medium { --tone: light-dark(#8a6d00, #e3c341); }
.low, .info { --tone: light-dark(#57606a, #9aa4ae); }
.jump a { margin-right: 1rem; }
.search input { font: inherit; padding: 0.25rem 0.5rem; width: min(24rem, 100%); }
.search { display: block; margin-top: 0.5rem; }
.search[hidden], .unmatched { display: none; }
time { font-variant-numeric: tabular-nums; }
main { display: flex; flex-direction: column; counter-reset: shown; }
.findings { border: 1px solid var(--line); border-radius: 0.5rem; overflow: clip; order: 3; }
.finding { border-bottom: 1px solid var(--line); counter-increment: shown; content-visibility: auto; contain-intrinsic-size: auto 3.75rem; }
.finding:last-child { border-bottom: 0; }
.finding > summary { padding: 0.5rem 0.75rem; font-weight: normal; list-style-position: outside; margin-left: 1.25rem; }
.finding > summary .title { font-weight: 600; }
.finding:not(.active) > summary .title { font-weight: normal; }
.finding .line { display: block; font-size: 0.875rem; }
.finding > :not(summary) { padding: 0 1rem 0.5rem 2rem; margin: 0; }
.finding:target { display: block !important; outline: 3px solid Highlight; outline-offset: -3px; }
.shown { order: 2; margin: 0 0 0.5rem; color: var(--quiet); }
.shown::before { content: counter(shown) " "; }
.pages { display: flex; flex-wrap: wrap; gap: 0.75rem; padding: 0; list-style: none; }
main > nav { order: 4; }
.groups { margin: 1rem 0; }
dl { margin: 0.5rem 0; }
dl div { display: flex; gap: 1rem; }
dt { flex: 0 0 8rem; font-weight: bold; }
section > dl dt { flex-basis: 26rem; }
dd { margin: 0; }
pre { margin: 0; padding: 0.75rem; overflow-x: auto; border: 1px solid var(--line); border-radius: 0.25rem; overflow-wrap: normal; }
code { font-family: ui-monospace, monospace; font-size: 0.875rem; }
summary { cursor: pointer; font-weight: bold; padding: 0.25rem 0; }
.badge { padding: 0 0.5rem; border: 1px solid currentColor; border-radius: 1rem; font-size: 0.875rem; white-space: nowrap; }
.badge[class*=critical], .badge[class*=high], .badge[class*=medium], .badge[class*=low], .badge[class*=info] { font-weight: bold; color: var(--tone); }
.badge.status { color: var(--quiet); }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: bold; padding: 0.25rem 0; }
.facts th, .facts td { text-align: left; padding: 0.125rem 1rem 0.125rem 0; border-bottom: 1px solid var(--line); }
.facts td.count { text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
.diff { width: 100%; table-layout: fixed; border: 1px solid var(--line); }
.diff th { text-align: left; padding: 0.125rem 0.5rem; border-bottom: 1px solid var(--line); }
.diff td { vertical-align: top; padding: 0 0.5rem; }
.diff .number { text-align: right; color: var(--quiet); user-select: none; font-size: 0.875rem; }
.diff col.number { width: 3rem; }
.diff .line code { white-space: pre-wrap; overflow-wrap: anywhere; }
.diff .removed { background: var(--removed); }
.diff .added { background: var(--added); }
.diff .named { box-shadow: inset 0.25rem 0 var(--named); }
.diff .gap td { color: var(--quiet); text-align: center; font-size: 0.875rem; border-block: 1px dashed var(--line); }
a:focus-visible, pre:focus-visible, .scroll:focus-visible, summary:focus-visible, input:focus-visible, button:focus-visible { outline: 3px solid Highlight; outline-offset: 1px; }
@media (max-width: 44rem) {
  .tile { flex-basis: 4rem; padding: 0.25rem 0.5rem; font-size: 0.875rem; }
  dl div { display: block; }
  .diff, .diff caption, .diff tbody, .diff tr { display: block; }
  .diff thead, .diff .number, .diff .none { display: none; }
  .diff td { display: block; }
  .diff .same .line:nth-child(2) { display: none; }
}
@media print {
  .finding { break-inside: avoid; content-visibility: visible; }
  .filters, .search, .skip, nav { display: none; }
  pre { white-space: pre-wrap; }
}
`;
