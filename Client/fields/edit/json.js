// @ts-check
// Structured data: a decision table as a table, anything else as text that is taken over only while it can be read.
import { component, html } from '../../kit/ui.js'
import { signal } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'
import { codeField } from './code.js'
import { decisionTable, isDecision } from './decision.js'

export const json = component((/** @type {import('../edit.js').Editing} */ editing) => {
  if (isDecision(editing.value())) return decisionTable(editing)
  const { id, field, value, set } = editing
  const problem = signal('')
  const take = (/** @type {string} */ text) => {
    try {
      set(text.trim() ? JSON.parse(text) : false)
      problem.value = ''
    } catch (error) {
      problem.value = t('This is no JSON: {why}', { why: /** @type {any} */ (error).message })
    }
  }
  return html`<div class="stack tight">${codeField({ id, name: field.name, language: 'json', text: () => (value() ? JSON.stringify(value(), null, 2) : ''), set: take, whole: true, rows: 5,
    describedBy: `${id}-problem`, isWrong: () => Boolean(problem.value) })}<span class="problem" id=${`${id}-problem`} role="status">${problem}</span></div>`
})
