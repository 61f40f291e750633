// @ts-check
// A decision table as a table: inputs and outputs are columns, rules are rows, tests stand below. Cells hold S-FEEL as they are kept.
import { component, html, icon } from '../../kit/ui.js'
import { computed, signal } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'

const policies = ['unique', 'first', 'priority', 'any', 'collect', 'rule_order', 'output_order']

/**
 * Whether a value is a decision table.
 * @param {any} value
 */
export const isDecision = (value) => Boolean(value && Array.isArray(value.inputs) && Array.isArray(value.outputs) && Array.isArray(value.rules))

/**
 * What a cell shows: text as it is, anything else as JSON.
 * @param {any} value
 */
const shown = (value) => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value))
/**
 * What was typed, as it was kept before: numbers and truth values stay what they are.
 * @param {string} text
 * @param {any} before
 */
function typed(text, before) {
  if (text === '') return undefined
  if (typeof before !== 'string' && before !== undefined) {
    try {
      return JSON.parse(text)
    } catch { /* a condition took the place of a value */ }
  }
  return text
}

/** @param {import('../edit.js').Editing} editing */
export const decisionTable = component(({ id, value, set }) => {
  const table = computed(() => value())
  const isOpen = signal(true)
  /** @param {(copy: any) => void} change */
  const edit = (change) => {
    const copy = structuredClone(table.peek())
    change(copy)
    set(copy)
  }
  /** @param {'inputs' | 'outputs'} side @param {any} column @param {number} r */
  const cell = (side, column, r) => {
    const part = side === 'inputs' ? 'when' : 'then'
    const now = () => table.value.rules[r]?.[part]?.[column.name]
    return html`<td class=${side}><input class="cell-input" aria-label=${t('Rule {n}, {column}', { n: r + 1, column: column.title || column.name })} .value=${() => shown(now())} placeholder=${side === 'inputs' ? '–' : ''} @change=${(/** @type {any} */ e) => edit((copy) => {
      const rule = copy.rules[r]
      const next = typed(e.target.value.trim(), now())
      rule[part] = { ...rule[part] }
      if (next === undefined) delete rule[part][column.name]
      else rule[part][column.name] = next
    })}></td>`
  }
  const move = (/** @type {number} */ from, /** @type {number} */ to) => edit((copy) => copy.rules.splice(to, 0, ...copy.rules.splice(from, 1)))
  const rule = (/** @type {number} */ r) => html`<tr><th scope="row" class="number">${r + 1}</th>${table.peek().inputs.map((/** @type {any} */ column) => cell('inputs', column, r))}${table.peek().outputs.map((/** @type {any} */ column) => cell('outputs', column, r))}
    <td><input class="cell-input" aria-label=${t('Rule {n}, note', { n: r + 1 })} .value=${() => table.value.rules[r]?.note ?? ''} @change=${(/** @type {any} */ e) => edit((copy) => { copy.rules[r].note = e.target.value })}></td>
    <td class="row-buttons"><button type="button" class="button plain square small" aria-label=${t('Rule {n} up', { n: r + 1 })} ?disabled=${r === 0} @click=${() => move(r, r - 1)}>${icon('arrow-up')}</button>
      <button type="button" class="button plain square small" aria-label=${t('Rule {n} down', { n: r + 1 })} ?disabled=${r === table.peek().rules.length - 1} @click=${() => move(r, r + 1)}>${icon('arrow-down')}</button>
      <button type="button" class="button plain square small" aria-label=${t('Remove rule {n}', { n: r + 1 })} @click=${() => edit((copy) => copy.rules.splice(r, 1))}>${icon('trash')}</button></td></tr>`
  const tests = () => (table.value.tests ?? []).map((/** @type {any} */ each, /** @type {number} */ i) => html`<tr><th scope="row">${each.name}</th><td><code>${JSON.stringify(each.given)}</code></td><td><code>${JSON.stringify(each.expect)}</code></td>
    <td class="row-buttons"><button type="button" class="button plain square small" aria-label=${t('Remove test {name}', { name: each.name })} @click=${() => edit((copy) => copy.tests.splice(i, 1))}>${icon('trash')}</button></td></tr>`)
  /** @param {any} event */
  function addTest(event) {
    const form = event.target.closest('.new-test')
    const read = (/** @type {string} */ name) => form.querySelector(`[name=${name}]`)
    try {
      const test = { name: read('test-name').value.trim(), given: JSON.parse(read('test-given').value || '{}'), expect: JSON.parse(read('test-expect').value || 'null') }
      if (!test.name) return read('test-name').focus()
      for (const input of form.querySelectorAll('input')) {
        input.value = ''
        input.removeAttribute('aria-invalid')
      }
      edit((copy) => { copy.tests = [...(copy.tests ?? []), test] })
    } catch {
      read('test-given').setAttribute('aria-invalid', 'true')
    }
  }
  // The number of rules decides what is built; what stands in them follows by itself.
  const size = computed(() => table.value.rules.length)
  return html`<div class="decision-table" id=${id} tabindex="-1"><div class="decision-bar"><label class="inline-field">${t('Hit policy')} <select class="input" @change=${(/** @type {any} */ e) => edit((copy) => { copy.hit_policy = e.target.value })}>${policies.map((policy) => html`<option value=${policy} ?selected=${() => table.value.hit_policy === policy}>${policy.replace('_', ' ')}</option>`)}</select></label>
      <button type="button" class="button" @click=${() => edit((copy) => copy.rules.push({ when: {}, then: {} }))}>${icon('plus')}<span>${t('Add a rule')}</span></button></div>
    <div class="scroll"><table class="rules"><thead><tr><th scope="col"><span class="visually-hidden">${t('Rule')}</span></th>${table.peek().inputs.map((/** @type {any} */ column) => html`<th scope="col" class="inputs">${column.title || column.name}<small>${column.type}</small></th>`)}${table.peek().outputs.map((/** @type {any} */ column) => html`<th scope="col" class="outputs">${column.title || column.name}<small>${column.type}</small></th>`)}<th scope="col">${t('Note')}</th><td></td></tr></thead>
      <tbody>${() => Array.from({ length: size.value }, (_, r) => rule(r))}</tbody></table></div>
    <details ?open=${isOpen}><summary>${t('Tests inside the table')} <span class="dim number">${() => (table.value.tests ?? []).length}</span></summary><div class="scroll"><table class="plain-table"><thead><tr><th scope="col">${t('Name')}</th><th scope="col">${t('Given')}</th><th scope="col">${t('Expected')}</th><td></td></tr></thead><tbody>${tests}</tbody></table></div>
      <div class="new-test"><input class="input" name="test-name" aria-label=${t('Name')} placeholder=${t('Name')}><input class="input code" name="test-given" aria-label=${t('Given, as JSON')} placeholder='{"urgency": "stat"}'><input class="input code" name="test-expect" aria-label=${t('Expected, as JSON')} placeholder='{"needed": false}'>
        <button type="button" class="button" @click=${addTest}>${icon('plus')}<span>${t('Add a test')}</span></button></div></details></div>`
})
