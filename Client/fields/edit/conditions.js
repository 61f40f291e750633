// @ts-check
// Conditions on records: lines of field, comparison and value; what says more than lines can is changed as text.
import { component, html, icon } from '../../kit/ui.js'
import { computed, effect, signal, untracked } from '../../kit/reactive.js'
import { call } from '../../data/api.js'
import { readConditions, writeConditions } from '../../data/domain.js'
import { t } from '../../lang/words.js'
import { editor } from '../edit.js'
import { codeField } from './code.js'

/** @type {Record<string, [string, string][]>} */
const signs = {
  text: [['=', 'is'], ['!=', 'is not'], ['ilike', 'contains'], ['not ilike', 'does not contain']], choice: [['=', 'is'], ['!=', 'is not']], number: [['=', '='], ['!=', '≠'], ['>', '>'], ['>=', '≥'], ['<', '<'], ['<=', '≤']],
  day: [['=', 'is'], ['>=', 'from'], ['<=', 'until']], truth: [['=', 'is']],
}
const kinds = new Map([['selection', 'choice'], ['many2one', 'choice'], ['boolean', 'truth'], ['integer', 'number'], ['float', 'number'], ['monetary', 'number'], ['date', 'day'], ['datetime', 'day']])
/** @param {any} field */
const kindOf = (field) => kinds.get(field?.type) ?? 'text'
const unusable = ['binary', 'json', 'html', 'one2many', 'many2many', 'properties', 'many2one_reference']

/**
 * A line in words.
 * @param {import('../../data/domain.js').Line} line
 * @param {Record<string, any>} fields
 * @param {Map<string, string>} [names] of linked records, by `field,id`
 */
export function lineWords({ field: name, sign, value }, fields, names = new Map()) {
  const field = fields[name.split('.')[0]]
  const label = t(field?.string ?? name)
  if (value === false && field?.type !== 'boolean') return sign === '=' ? t('{name} is not set', { name: label }) : t('{name} is set', { name: label })
  const one = (/** @type {any} */ each) => field?.type === 'selection' ? t(field.selection?.find((/** @type {any} */ [key]) => key === each)?.[1] ?? String(each)) : field?.type === 'boolean' ? (each ? t('Yes') : t('No')) : names.get(`${name},${each}`) ?? String(each)
  const list = (Array.isArray(value) ? value : [value]).map(one).join(t(' or '))
  if (sign === '=' || sign === 'in') return t('{name} is {list}', { name: label, list })
  if (sign === '!=' || sign === 'not in') return t('{name} is not {list}', { name: label, list })
  if (sign === 'ilike') return t('{name} has {list}', { name: label, list })
  return `${label} ${sign === 'not ilike' ? t('does not contain') : sign} ${list}`
}

/** @param {import('../edit.js').Editing & { model: () => string }} editing */
export const conditions = component((/** @type {any} */ { id, field, value, set, describedBy, isWrong, model }) => {
  const fields = signal(/** @type {Record<string, any> | null} */ (null))
  const names = signal(/** @type {Map<string, string>} */ (new Map()))
  const read = computed(() => readConditions(value() || ''))
  const isText = signal(false)
  effect(() => {
    const name = model()
    if (!name) return void (fields.value = null)
    untracked(() => call('view', { model: name }).then((view) => (fields.value = view.fields), () => (fields.value = null)))
  })
  effect(() => {
    for (const line of read.value?.lines ?? []) {
      const facts = fields.value?.[line.field]
      if (facts?.type !== 'many2one' || typeof line.value !== 'number') continue
      untracked(() => {
        if (names.peek().has(`${line.field},${line.value}`)) return
        call('search', { model: facts.relation, domain: [['id', '=', line.value]], fields: [], limit: 1 }).then((answer) => answer.rows[0] && (names.value = new Map(names.peek()).set(`${line.field},${line.value}`, answer.rows[0].display_name)), () => {})
      })
    }
  })
  /** @param {(copy: import('../../data/domain.js').Conditions) => void} change */
  function edit(change) {
    const copy = structuredClone(read.peek() ?? { every: true, lines: [] })
    change(copy)
    set(writeConditions(copy))
  }
  const usable = computed(() => Object.entries(fields.value ?? {}).filter(([, facts]) => facts.searchable !== false && !unusable.includes(facts.type)).sort((a, b) => t(a[1].string).localeCompare(t(b[1].string))))
  /** @param {number} i @param {string} text */
  function chooseField(i, text) {
    const found = usable.peek().find(([name, facts]) => t(facts.string).toLowerCase() === text.trim().toLowerCase() || name === text.trim())
    if (!found) return
    const [name, facts] = found
    edit((copy) => { copy.lines[i] = { field: name, sign: facts.type === 'selection' || facts.type === 'many2one' ? '=' : kindOf(facts) === 'text' ? 'ilike' : '=', value: facts.type === 'boolean' ? true : facts.type === 'selection' ? facts.selection[0][0] : false } })
  }
  /** @param {number} i */
  const line = (i) => {
    const now = () => read.value?.lines[i]
    const at = now()
    if (!at || !fields.value) return null
    const facts = fields.value[at.field]
    const isSet = at.value === false && facts?.type !== 'boolean'
    const choices = [...(signs[kindOf(facts)] ?? signs.text), ['set', 'is set'], ['unset', 'is not set']]
    const sign = isSet ? (at.sign === '=' ? 'unset' : 'set') : at.sign === 'in' ? '=' : at.sign === 'not in' ? '!=' : at.sign
    const label = t(facts?.string ?? at.field)
    const change = (/** @type {any} */ e) => edit((copy) => {
      const chosen = e.target.value
      if (chosen === 'set' || chosen === 'unset') copy.lines[i] = { field: at.field, sign: chosen === 'set' ? '!=' : '=', value: false }
      else copy.lines[i] = { field: at.field, sign: Array.isArray(at.value) ? (chosen === '=' ? 'in' : 'not in') : chosen, value: isSet ? (facts?.type === 'selection' ? facts.selection[0][0] : kindOf(facts) === 'number' ? 0 : '') : at.value }
    })
    const many = Array.isArray(at.value)
    const field = { ...facts, name: at.field, required: true, readonly: false }
    const linked = () => (typeof at.value === 'number' ? { id: at.value, display_name: names.value.get(`${at.field},${at.value}`) ?? `#${at.value}` } : false)
    return html`<li class="condition"><input class="input" list=${`${id}-fields`} aria-label=${t('Condition {n}, field', { n: i + 1 })} value=${label} @change=${(/** @type {any} */ e) => chooseField(i, e.target.value)}>
      <select class="input" aria-label=${t('Condition {n}, comparison', { n: i + 1 })} @change=${change}>${choices.map(([key, word]) => html`<option value=${key} ?selected=${key === sign}>${t(word)}</option>`)}</select>
      ${isSet ? html`<span></span>` : many ? html`<input class="input" aria-label=${t('Condition {n}, values', { n: i + 1 })} value=${at.value.join(', ')} @change=${(/** @type {any} */ e) => edit((copy) => { copy.lines[i].value = e.target.value.split(',').map((/** @type {string} */ part) => part.trim()).filter(Boolean).map((/** @type {string} */ part) => kindOf(facts) === 'number' || facts?.type === 'many2one' ? Number(part) : part) })}>`
        : html`<div class="condition-value" role="group" aria-label=${t('Condition {n}, value', { n: i + 1 })}><label class="visually-hidden" for=${`${id}-value-${i}`}>${t('Condition {n}, value', { n: i + 1 })}</label>${editor({ id: `${id}-value-${i}`, field, value: () => facts?.type === 'many2one' ? linked() : now()?.value, set: (next) => edit((copy) => { copy.lines[i].value = next && typeof next === 'object' ? next.id : next }) })}</div>`}
      <button type="button" class="button plain square small" aria-label=${t('Remove condition {n}', { n: i + 1 })} @click=${() => edit((copy) => copy.lines.splice(i, 1))}>${icon('x')}</button></li>`
  }
  const shape = computed(() => JSON.stringify((read.value?.lines ?? []).map((each) => [each.field, each.sign, Array.isArray(each.value), each.value === false])))
  const asText = () => codeField({ id, name: field.name, language: 'python', rows: 2, text: () => value() || '', set, describedBy, isWrong })
  const asLines = () => html`<div class="conditions" id=${id} tabindex="-1" role="group" aria-label=${t(field.string)}>
    ${() => (read.value?.lines.length ?? 0) > 1 && html`<select class="input narrow" aria-label=${t('How the conditions go together')} @change=${(/** @type {any} */ e) => edit((copy) => { copy.every = e.target.value === 'every' })}><option value="every" ?selected=${() => Boolean(read.value?.every)}>${t('All of these hold')}</option><option value="some" ?selected=${() => !read.value?.every}>${t('One of these holds')}</option></select>`}
    <ul>${() => shape.value && fields.value && (read.peek()?.lines ?? []).map((_, i) => line(i))}</ul>
    <datalist id=${`${id}-fields`}>${() => usable.value.map(([, facts]) => html`<option value=${t(facts.string)}></option>`)}</datalist>
    <button type="button" class="button small" ?disabled=${() => !usable.value.length} @click=${() => edit((copy) => copy.lines.push({ field: usable.peek()[0][0], sign: '!=', value: false }))}>${icon('plus')}<span>${t('Add a condition')}</span></button></div>`
  return html`<div class="stack tight">${() => (isText.value || !read.value || !model() ? asText() : asLines())}
    ${() => (read.value && model() ? html`<button type="button" class="page-link" @click=${() => (isText.value = !isText.peek())}>${isText.value ? t('Show as lines') : t('Show as text')}</button>` : !read.value && html`<span class="hint">${t('These conditions say more than lines can show. Change them as text.')}</span>`)}</div>`
})
