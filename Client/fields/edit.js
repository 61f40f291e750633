// @ts-check
// The editor of each type of field. One module each; an unknown type falls back to a line.

import { line } from './edit/line.js'
import { longText } from './edit/text.js'
import { numeric } from './edit/number.js'
import { day } from './edit/day.js'
import { moment } from './edit/moment.js'
import { choice } from './edit/choice.js'
import { tick } from './edit/tick.js'
import { link } from './edit/link.js'
import { links } from './edit/links.js'
import { json } from './edit/json.js'
import { conditions } from './edit/conditions.js'
import { codeField } from './edit/code.js'
import { html } from '../kit/ui.js'
import { computed } from '../kit/reactive.js'

/**
 * @typedef {object} Editing
 * @property {string} id of the input
 * @property {import('./show.js').FieldFacts} field
 * @property {() => any} value
 * @property {(value: any) => void} set
 * @property {Record<string, any>} [ask] more for choices: `where`, `of`, `record`
 * @property {(name: string) => any} [of] other values of the record
 * @property {string} [describedBy]
 * @property {() => boolean} [isWrong]
 */
/** @type {Record<string, (editing: Editing) => any>} */
const editors = {
  char: line, text: longText, html: longText, integer: numeric, float: numeric, monetary: numeric, date: day, datetime: moment, selection: choice,
  boolean: tick, many2one: link, many2many: links, json,
}

/** Fields that hold conditions on the records of the record's model. */
const conditional = new Set(['filter_domain', 'filter_pre_domain'])
/**
 * The editor of a field.
 * @param {Editing} editing
 */
export function editor(editing) {
  const { field, of } = editing
  if (of && conditional.has(field.name)) return conditions({ ...editing, model: () => of('model_name') || '' })
  const plain = () => (editors[field.type] ?? line)(editing)
  if (!field.code || field.type === 'json') return plain()
  const { language, when } = field.code
  const asCode = () => codeField({ ...editing, name: field.name, language, required: field.required, text: () => editing.value() || '' })
  if (!when || !of) return asCode()
  const isCode = computed(() => of(when[0]) === when[1])
  return html`${() => (isCode.value ? asCode() : plain())}`
}
/**
 * Whether a field of the type can be changed in a form.
 * @param {string} type
 */
export const isEditable = (type) => type in editors

/**
 * A value as the server takes it.
 * @param {any} value
 * @param {{ type: string, code?: any }} field
 */
export function outgoing(value, { type, code }) {
  if (type === 'many2one') return value ? value.id : false
  if (type === 'many2many') return [[6, 0, value.map((/** @type {any} */ each) => each.id)]]
  if (type === 'html' && !code) return value ? value.split('\n').map((/** @type {string} */ text) => `<p>${text.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</p>`).join('') : false
  return value === '' || value === null || value === undefined ? false : value
}

/**
 * Whether two values are the same.
 * @param {any} a
 * @param {any} b
 */
export const same = (a, b) => {
  const form = (/** @type {any} */ v) => (v === '' || v === null || v === undefined || v === false ? false : Array.isArray(v) ? v.map((each) => each?.id ?? each) : (v?.id ?? v))
  return JSON.stringify(form(a)) === JSON.stringify(form(b))
}
