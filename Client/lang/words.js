// @ts-check
// Words in the person's language. The English sentence is the key, so that a missing translation reads well.
// `{name}` is filled in; `{n|one item|{n} items}` chooses by the language's plural rule.

/** @type {Record<string, string>} */
let catalogue = {}
let tongue = 'en'
let plural = new Intl.PluralRules(tongue)

/** The language in use, as `Intl` takes it. */
export const language = () => tongue

/**
 * Uses a language: its catalogue is loaded, English needs none.
 * @param {string} wanted
 */
export async function useLanguage(wanted) {
  tongue = wanted || 'en'
  plural = new Intl.PluralRules(tongue)
  catalogue = {}
  document.documentElement.lang = tongue
  if (tongue.startsWith('es')) catalogue = (await import('./es.js')).words
}

/**
 * A sentence in the person's language.
 * @param {string} text
 * @param {Record<string, string | number>} [values]
 */
export function t(text, values) {
  const sentence = catalogue[text] ?? text
  if (!values) return sentence
  return sentence
    .replace(/\{(\w+)\|([^|}]*)\|((?:[^{}]|\{\w+\})*)\}/g, (_, name, one, many) => (plural.select(Number(values[name])) === 'one' ? one : many))
    .replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name]
      return typeof value === 'number' ? value.toLocaleString(tongue) : String(value ?? '')
    })
}
