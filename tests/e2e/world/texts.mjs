// Sentences of the catalogue, so that a journey looks for what is said and not for how it is worded today.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../agent/texts/i18n/', import.meta.url));
const catalogues = new Map();

function catalogue(language) {
  if (!catalogues.has(language)) {
    const source = readdirSync(FOLDER + language).map((file) => readFileSync(`${FOLDER}${language}/${file}`, 'utf8')).join('\n');
    const lines = [...source.matchAll(/^([a-z][a-z0-9-]*) = (\S.*)$/gm)].map(([, id, text]) => [id, [text]]);
    // What is said according to a number has a line for each form.
    const forms = [...source.matchAll(/^([a-z][a-z0-9-]*) =\n((?: .*\n?)+)/gm)].map(([, id, body]) => [
      id, [...body.matchAll(/^ *\*?\[[a-z0-9]+\] (\S.*)$/gm)].map(([, text]) => text),
    ]);
    catalogues.set(language, new Map([...lines, ...forms]));
  }
  return catalogues.get(language);
}

/**
 * A pattern for a sentence. What stands in a place `{ $name }` of it is anything, or what `values` says; where it depends
 * on a number, any of its forms fits.
 */
export function said(id, values = {}, language = 'ru') {
  const texts = catalogue(language).get(id);
  if (!texts?.length) throw new Error(`the catalogue of ${language} has no ${id}`);
  const pattern = (text) => text.split(/\{ \$([a-z-]+) \}/).map((part, index) => {
    if (index % 2 === 1) return part in values ? escaped(String(values[part])) : '.+';
    return escaped(part);
  }).join('');
  return new RegExp(texts.map((text) => `(?:${pattern(text)})`).join('|'));
}

/**
 * English sentences that a window in this language must not show: those of at least two words that the language says in
 * other words. A name between them may be anything.
 */
export function notTranslated(language) {
  const own = catalogue(language);
  return [...catalogue('en')].flatMap(([id, texts]) => texts
    .filter((text) => / /.test(text.replaceAll(/\{[^}]*\}/g, '').trim()) && !own.get(id)?.includes(text))
    .map(() => [id, new RegExp(`^(?:${said(id, {}, 'en').source})$`)]));
}

/** Whether the catalogue has these words, whole or as a part of a sentence. */
export function isSaid(words, language) {
  return [...catalogue(language).values()].flat().some((text) => text.includes(words));
}

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
