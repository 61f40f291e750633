// @ts-check
// Facets: what is searched, as people see it, as the address holds it, and as the server takes it.

import { t } from '../lang/words.js'
import { words } from '../fields/show.js'

/**
 * @typedef {object} Facet
 * @property {string} field
 * @property {'is' | 'not' | 'has' | 'after' | 'before' | 'set' | 'unset'} how
 * @property {string[]} values
 * @property {string[]} labels
 */

/** @param {Facet} facet */
export const writeFacet = ({ field, how, values, labels }) => JSON.stringify([field, how, values, labels])
/** @param {string} text @returns {Facet | null} */
export function readFacet(text) {
  try {
    const [field, how, values, labels] = JSON.parse(text)
    return Array.isArray(values) ? { field, how, values: values.map(String), labels: labels ?? values } : null
  } catch {
    return null
  }
}

/**
 * A facet as conditions of the server.
 * @param {Facet} facet
 * @param {any} field
 */
export function facetDomain({ field: name, how, values }, field) {
  const typed = values.map((value) => (field?.type === 'many2one' || field?.type === 'integer' ? Number(value) : field?.type === 'boolean' ? value === 'true' : value))
  switch (how) {
    case 'is': return [[name, 'in', typed]]
    case 'not': return [[name, 'not in', typed]]
    case 'has': return [...Array(Math.max(0, values.length - 1)).fill('|'), ...values.map((value) => [name, 'ilike', value])]
    case 'after': return [[name, '>=', values[0]]]
    case 'before': return [[name, '<=', field?.type === 'datetime' && values[0].length === 10 ? `${values[0]} 23:59:59` : values[0]]]
    case 'set': return [[name, '!=', false]]
    case 'unset': return [[name, '=', false]]
  }
}

/**
 * A facet in words.
 * @param {Facet} facet
 * @param {any} field
 */
export function facetWords({ how, labels }, field) {
  const name = t(field?.string ?? '')
  const list = labels.map((label) => (field?.type === 'selection' ? words(label, field) : label)).join(t(' or '))
  switch (how) {
    case 'is': return `${name}: ${list}`
    case 'not': return t('{name} is not {list}', { name, list })
    case 'has': return t('{name} has {list}', { name, list })
    case 'after': return t('{name} from {list}', { name, list })
    case 'before': return t('{name} until {list}', { name, list })
    case 'set': return t('{name} is set', { name })
    case 'unset': return t('{name} is not set', { name })
  }
}

/**
 * What an address asks for.
 * @param {URLSearchParams} params
 * @param {any} view
 */
export function readQuery(params, view) {
  const facets = /** @type {Facet[]} */ (params.getAll('f').map(readFacet).filter((facet) => facet !== null))
  const domain = facets.map((facet) => facetDomain(facet, view?.fields?.[facet.field]))
  const order = params.get('sort') ?? ''
  return {
    facets,
    query: {
      filters: params.getAll('filter'), text: params.get('q') ?? '', order: order.startsWith('-') ? `${order.slice(1)} desc` : order,
      group: params.getAll('group'), domain: domain.flat(),
    },
  }
}

/**
 * What somebody typed, as facets where it is one: `stage:review`, `-urgency:stat`, `received_on>2026-03-01`, else words.
 * @param {string} text
 * @param {any} view
 * @returns {{ facets: Facet[], rest: string }}
 */
export function parseTyped(text, view) {
  /** @type {Facet[]} */
  const facets = []
  const rest = []
  for (const [whole, minus, name, sign, quoted, bare] of text.matchAll(/(-?)([\p{L}_]+)([:<>])(?:"([^"]*)"|(\S+))|\S+/gu)) {
    const wanted = (name ?? '').toLowerCase()
    const entry = wanted && Object.entries(view.fields).find(([key, field]) => key === wanted || key === `${wanted}_id` || field.string.toLowerCase() === wanted)
    const value = quoted ?? bare ?? ''
    if (!entry || !value) {
      rest.push(whole)
      continue
    }
    const [field, facts] = /** @type {[string, any]} */ (entry)
    if (sign === '>' || sign === '<') facets.push({ field, how: sign === '>' ? 'after' : 'before', values: [value], labels: [value] })
    else if (facts.type === 'selection') {
      const chosen = facts.selection.filter((/** @type {[string, string]} */ [key, title]) => key === value.toLowerCase() || title.toLowerCase().startsWith(value.toLowerCase()))
      if (!chosen.length) rest.push(whole)
      else facets.push({ field, how: minus ? 'not' : 'is', values: chosen.map((/** @type {any} */ c) => c[0]), labels: chosen.map((/** @type {any} */ c) => c[0]) })
    } else if (facts.type === 'boolean') facets.push({ field, how: 'is', values: [String(/^(y|t|1|s)/i.test(value) !== Boolean(minus))], labels: [value] })
    else facets.push({ field, how: 'has', values: [value], labels: [value] })
  }
  return { facets, rest: rest.join(' ') }
}
