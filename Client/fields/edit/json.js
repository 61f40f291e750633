// @ts-check
// Structured data: a decision table as a table, anything else as text that is taken over only while it can be read.
import { component, html } from '../../kit/ui.js'
import { signal } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'
import { decisionTable, isDecision } from './decision.js'

export const json = component((/** @type {import('../edit.js').Editing} */ editing) => {
  if (isDecision(editing.value())) return decisionTable(editing)
  const { id, field, value, set } = editing
  const problem = signal('')
  return html`<div class="stack tight"><textarea class="input code" id=${id} name=${field.name} rows="5" spellcheck="false" .value=${() => (value() ? JSON.stringify(value(), null, 2) : '')}
    aria-describedby=${`${id}-problem`} @change=${(/** @type {any} */ e) => {
      try {
        set(e.target.value.trim() ? JSON.parse(e.target.value) : false)
        problem.value = ''
      } catch (error) {
        problem.value = t('This is no JSON: {why}', { why: /** @type {any} */ (error).message })
      }
    }}></textarea><span class="problem" id=${`${id}-problem`} role="status">${problem}</span></div>`
})
