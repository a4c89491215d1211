/** The page's one script: searching. It is allowed by its hash; without it the page only lacks the box. */
import { createHash } from 'node:crypto';

/** Shows the box, and hides each finding whose line does not hold every word that is typed. */
export const SEARCH_SCRIPT = `
const box = document.querySelector('#search');
box.closest('label').hidden = false;
const lines = [...document.querySelectorAll('.finding')].map((one) => [one, one.textContent.toLowerCase()]);
box.addEventListener('input', () => {
  const words = box.value.toLowerCase().split(/\\s+/);
  for (const [one, text] of lines) one.classList.toggle('unmatched', !words.every((word) => text.includes(word)));
});
document.querySelector('form.filters')?.addEventListener('reset', () => {
  box.value = '';
  for (const [one] of lines) one.classList.remove('unmatched');
});
`;

/** What the page's policy says of scripts: this one and no other. */
export const SEARCH_HASH = `'sha256-${createHash('sha256').update(SEARCH_SCRIPT).digest('base64')}'`;
