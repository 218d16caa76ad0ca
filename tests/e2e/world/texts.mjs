// Sentences of the catalogue, so that a journey looks for what is said and not for how it is worded today.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../agent/texts/i18n/', import.meta.url));
const catalogues = new Map();

function catalogue(language) {
  if (!catalogues.has(language)) {
    const source = readdirSync(FOLDER + language).map((file) => readFileSync(`${FOLDER}${language}/${file}`, 'utf8')).join('\n');
    // One-line messages; nothing else is looked for here.
    catalogues.set(language, new Map([...source.matchAll(/^([a-z][a-z0-9-]*) = (\S.*)$/gm)].map(([, id, text]) => [id, text])));
  }
  return catalogues.get(language);
}

/**
 * A pattern for a sentence of one line. What stands in a place `{ $name }` of it is anything, or what `values` says.
 */
export function said(id, values = {}, language = 'ru') {
  const text = catalogue(language).get(id);
  if (!text) throw new Error(`the catalogue of ${language} has no one-line ${id}`);
  const parts = text.split(/\{ \$([a-z-]+) \}/).map((part, index) => {
    if (index % 2 === 1) return part in values ? escaped(String(values[part])) : '.+';
    return escaped(part);
  });
  return new RegExp(parts.join(''));
}

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
