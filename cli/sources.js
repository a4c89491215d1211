/** The sources that the built command is made of, and their hash: written when it is built, compared when it starts. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Returns the paths below the root, in order.
 * @param {string} root with a closing slash
 */
export function sourcesOf(root) {
  return ['cli', 'shared']
    .flatMap((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file.replaceAll('\\', '/')}`,
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .sort();
}

/**
 * @param {string} root with a closing slash
 * @param {readonly string[]} files
 */
export function hashOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(root + file));
  return hash.digest('hex');
}
