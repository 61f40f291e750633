// @ts-check
// How values of every type are shown: as words, and in cells with their tone.

import { chip, html, icon } from '../kit/ui.js'
import { deadline, showBytes, showDay, showMoment, showNumber, showShort } from '../data/format.js'
import { t } from '../lang/words.js'

/** @typedef {{ name: string, type: string, string: string, selection?: [string, string][], relation?: string, digits?: [number, number], readonly?: boolean, required?: boolean, help?: string, size?: number, falsy_value_label?: string, code?: { language: 'javascript' | 'json' | 'html' | 'python', when?: [string, string] | null } }} FieldFacts */

/**
 * Whether there is nothing.
 * @param {any} value
 * @param {FieldFacts} field
 */
export const isEmpty = (value, field) =>
  value === null || value === undefined || value === '' || (value === false && field.type !== 'boolean') || (Array.isArray(value) && value.length === 0)

/**
 * A value in words.
 * @param {any} value
 * @param {FieldFacts} field
 * @returns {string}
 */
export function words(value, field) {
  if (isEmpty(value, field)) return ''
  switch (field.type) {
    case 'selection': return t(field.selection?.find(([key]) => key === value)?.[1] ?? String(value))
    case 'many2one': return value.display_name ?? value[1] ?? String(value)
    case 'one2many': case 'many2many': return value.map((/** @type {any} */ each) => each.display_name ?? each).join(', ')
    case 'date': return showDay(value)
    case 'datetime': return showMoment(value)
    case 'boolean': return value ? t('Yes') : t('No')
    case 'integer': return /size$/.test(field.name ?? '') ? showBytes(value) : showNumber(value)
    case 'float': return showNumber(value, field.digits?.[1])
    case 'monetary': return showNumber(Number(value), 2)
    case 'html': return plain(String(value))
    case 'json': return typeof value === 'string' ? value : JSON.stringify(value, null, 1)
    case 'reference': case 'many2one_reference': return String(value)
    default: return String(value)
  }
}

/**
 * Formatted text without its tags.
 * @param {string} markup
 */
export const plain = (markup) => markup.replace(/<(br|\/p|\/li|\/div)[^>]*>/gi, '\n').replace(/<[^>]*>/g, '')
  .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&nbsp;/g, ' ').replace(/&amp;/g, '&').trim()

/**
 * A value in a cell: words, with a tone where the views declare one.
 * @param {any} value
 * @param {FieldFacts} field
 * @param {any} tones the tones of the model's views
 */
export function cell(value, field, tones) {
  const tone = tones?.[field.name]
  if (tone === 'deadline') {
    if (isEmpty(value, field)) return html`<span class="none">–</span>`
    const due = deadline(value)
    return html`<span class=${`chip ${due.tone}`} title=${words(value, field)}>${icon(due.icon)}${due.text}</span>`
  }
  if (tone === 'zero') return value > 0 ? chip(showNumber(value), 'warn') : html`<span class="none">${showNumber(value || 0)}</span>`
  if (isEmpty(value, field)) return html`<span class="none">${field.falsy_value_label ?? '–'}</span>`
  if (typeof tone === 'object' && tone !== null) return chip(words(value, field), tone[value] === 'neutral' ? '' : (tone[value] ?? ''))
  if (field.type === 'json' && value.problems && value.tests) return report(value)
  if (field.code && !field.code.when && field.type === 'text') return html`<pre class="code" dir="ltr">${value}</pre>`
  if (field.type === 'boolean') return value ? icon('check', t('Yes')) : html`<span class="none">–</span>`
  if (field.type === 'datetime') return html`<span class="number" title=${showMoment(value)}>${showShort(value)}</span>`
  if (['integer', 'float', 'monetary', 'date'].includes(field.type)) return html`<span class="number">${words(value, field)}</span>`
  return words(value, field)
}

/**
 * Checks and tests of a definition: what is wrong and how to mend it, then each test.
 * @param {any} value
 */
const report = (value) => html`<div class="report">${value.problems.map((/** @type {any} */ each) => html`<p class="error-line">${icon('alert')}<span>${each.place}: ${each.message} ${each.remedy}</span></p>`)}
  <ul>${value.tests.map((/** @type {any} */ each) => html`<li>${icon(each.passed ? 'check' : 'x', each.passed ? t('passed') : t('failed'))} ${each.name} ${!each.passed && html`<span class="error-line">${each.message}</span>`}</li>`)}</ul></div>`

/**
 * Which fields stand at the end of their column.
 * @param {FieldFacts} field
 */
export const isRight = (field) => ['integer', 'float', 'monetary'].includes(field.type)

/**
 * How wide a column is when nobody says otherwise, as a track of a grid.
 * @param {FieldFacts} field
 * @param {any} tones
 */
export function track(field, tones) {
  const tone = tones?.[field.name]
  if (tone === 'deadline') return '128px'
  if (tone === 'zero') return '104px'
  switch (field.type) {
    case 'boolean': return '80px'
    case 'integer': case 'float': return '112px'
    case 'monetary': return '128px'
    case 'date': case 'datetime': return '128px'
    case 'selection': return Math.max(...(field.selection ?? []).map(([, title]) => title.length)) > 14 ? 'minmax(156px, 1.2fr)' : 'minmax(104px, .6fr)'
    default: return 'minmax(128px, 1.2fr)'
  }
}
