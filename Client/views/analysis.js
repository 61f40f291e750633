// @ts-check
// The pivot and the graph: counts and sums of what is searched, by one or two dimensions; every figure opens its cases.

import { component, html, menu, icon } from '../kit/ui.js'
import { computed, signal } from '../kit/reactive.js'
import { showNumber } from '../data/format.js'
import { words } from '../fields/show.js'
import { t } from '../lang/words.js'
import { go, goQuery, place } from '../shell/router.js'
import { chart } from './charts.js'
import { writeFacet } from './query.js'
import { loading } from './loading.js'

/** @typedef {{ key: any, label: string }} Head */

/** @param {{ source: any, view: any, path: string, kind: string }} of */
export const analysis = component(({ source, view, path, kind }) => {
  const groups = signal(/** @type {any[] | null} */ (null))
  const facts = computed(() => view.value?.analysis)
  const rowsBy = computed(() => place.value.query.get('rows') ?? facts.value?.rows ?? '')
  const columnsBy = computed(() => place.value.query.get('columns') ?? facts.value?.columns ?? '')
  const measure = computed(() => place.value.query.get('measure') ?? '__count')

  loading({ source, view, path }, { facts: () => facts.value, depends: () => [rowsBy.value, columnsBy.value, measure.value] }, async (_, __, search) => {
    const answer = await search({ group: [rowsBy.peek(), columnsBy.peek()].filter(Boolean), measures: [measure.peek()] })
    groups.value = answer.groups
    return answer
  })

  /** @param {string} name */
  const title = (name) => {
    const [field, part] = name.split(':')
    return t(view.value?.fields[field]?.string ?? field) + (part ? ` (${t(part)})` : '')
  }
  const measureTitle = (/** @type {string} */ name) => (name === '__count' ? t('Number') : t('Sum of {field}', { field: title(name.split(':')[0]) }))
  /** @param {any} value @param {string} name @returns {Head} */
  const head = (value, name) => {
    const field = view.value?.fields[name.split(':')[0]]
    if (Array.isArray(value)) return { key: value[0], label: String(value[1]) }
    return { key: value, label: value === false || value === null ? (field?.falsy_value_label || t('None')) : field?.type === 'selection' ? words(value, field) : String(value) }
  }
  /** @param {any[]} all @param {string} name */
  const order = (all, name) => {
    const choices = view.value?.fields[name.split(':')[0]]?.selection?.map((/** @type {any} */ [key]) => key)
    return choices ? [...all].sort((a, b) => choices.indexOf(a.key) - choices.indexOf(b.key)) : all
  }
  const table = computed(() => {
    /** @type {Map<string, Head>} */
    const rows = new Map()
    /** @type {Map<string, Head>} */
    const columns = new Map()
    /** @type {Map<string, { value: number, domain: any[] }>} */
    const cells = new Map()
    for (const group of groups.value ?? []) {
      const row = head(group.keys[0], rowsBy.value)
      const column = columnsBy.value ? head(group.keys[1], columnsBy.value) : { key: '', label: measureTitle(measure.value) }
      rows.set(String(row.key), row)
      columns.set(String(column.key), column)
      cells.set(`${row.key}\u0000${column.key}`, { value: Number(group.measures[0]) || 0, domain: group.domain })
    }
    return { rows: order([...rows.values()], rowsBy.value), columns: order([...columns.values()], columnsBy.value), cells }
  })
  const value = (/** @type {Head} */ row, /** @type {Head} */ column) => table.value.cells.get(`${row.key}\u0000${column.key}`)?.value ?? 0

  /**
   * Opens the list behind a figure.
   * @param {Head} row
   * @param {Head | null} column
   */
  function drill(row, column) {
    const query = new URLSearchParams(place.peek().query)
    for (const each of ['rows', 'columns', 'measure', 'group']) query.delete(each)
    const add = (/** @type {string} */ name, /** @type {Head} */ at) => {
      const [field, part] = name.split(':')
      if (part) {
        const bounds = periodOf(table.peek().cells, row, column)
        if (bounds) for (const [how, text] of bounds) query.append('f', writeFacet({ field, how, values: [text], labels: [text] }))
      } else query.append('f', writeFacet(at.key === false ? { field, how: 'unset', values: [''], labels: [''] } : { field, how: 'is', values: [String(at.key)], labels: [at.label] }))
    }
    add(rowsBy.peek(), row)
    if (column && columnsBy.peek()) add(columnsBy.peek(), column)
    go(`/app/${path}/list?${query}`)
  }
  const dimensions = () => view.peek()?.search.groups ?? []
  const chooser = (/** @type {string} */ label, /** @type {any} */ now, /** @type {string} */ name, /** @type {boolean} */ mayBeNone) => menu(html`<span>${label}: ${() => (now.value ? title(now.value) : t('None'))}</span>${icon('chevron-down')}`, label, () => [
    ...(mayBeNone ? [{ label: t('None'), icon: 'x', press: () => void goQuery({ [name]: 'none' }, { replace: true }) }] : []),
    ...dimensions().map((/** @type {string} */ each) => ({ label: title(each), icon: each === now.peek() ? 'check' : 'group', press: () => void goQuery({ [name]: each }, { replace: true }) })),
  ])
  const bar = html`<div class="facets analysis-bar">${chooser(t('Rows'), rowsBy, 'rows', false)}${chooser(t('Columns'), columnsBy, 'columns', false)}
    ${menu(html`<span>${t('Measure')}: ${() => measureTitle(measure.value)}</span>${icon('chevron-down')}`, t('Measure'), () => (facts.peek()?.measures ?? []).map((/** @type {string} */ name) => ({ label: measureTitle(name), icon: name === measure.peek() ? 'check' : 'chart', press: () => void goQuery({ measure: name }, { replace: true }) })))}</div>`

  const pivot = () => {
    const { rows, columns } = table.value
    const total = (/** @type {Head} */ row) => columns.reduce((sum, column) => sum + value(row, column), 0)
    return html`<div class="scroll pivot-host"><table class="pivot"><caption class="visually-hidden">${() => t('{measure} by {rows} and {columns}', { measure: measureTitle(measure.value), rows: title(rowsBy.value), columns: title(columnsBy.value) })}</caption>
      <thead><tr><th scope="col">${title(rowsBy.value)}</th>${columns.map((column) => html`<th scope="col">${column.label}</th>`)}<th scope="col">${t('Total')}</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr><th scope="row">${row.label}</th>${columns.map((column) => html`<td>${value(row, column) ? html`<button type="button" class="figure-link number" @click=${() => drill(row, column)}>${showNumber(value(row, column))}</button>` : html`<span class="none">·</span>`}</td>`)}
        <td><button type="button" class="figure-link number strong" @click=${() => drill(row, null)}>${showNumber(total(row))}</button></td></tr>`)}</tbody>
      <tfoot><tr><th scope="row">${t('Total')}</th>${columns.map((column) => html`<td class="number">${showNumber(rows.reduce((sum, row) => sum + value(row, column), 0))}</td>`)}<td class="number">${showNumber(rows.reduce((sum, row) => sum + total(row), 0))}</td></tr></tfoot></table></div>`
  }
  const graph = () => {
    const { rows, columns } = table.value
    return html`<div class="chart-host">${chart({
      title: t('{measure} by {rows}', { measure: measureTitle(measure.value), rows: title(rowsBy.value) }), labels: rows.map((row) => row.label),
      series: columns.map((column) => ({ name: column.label, values: rows.map((row) => value(row, column)), open: (i) => drill(rows[i], columnsBy.value ? column : null) })),
    })}</div>`
  }
  return html`<div class="analysis">${bar}${() => (groups.value === null ? null : groups.value.length === 0 ? html`<div class="empty">${icon('chart')}<h2>${t('There is nothing to show.')}</h2></div>` : kind === 'pivot' ? pivot() : graph())}</div>`
})

/**
 * The days between which a group of a period lies, from the conditions that the server gave.
 * @param {Map<string, { domain: any[] }>} cells
 * @param {Head} row
 * @param {Head | null} column
 * @returns {['after' | 'before', string][] | null}
 */
function periodOf(cells, row, column) {
  const entry = column ? cells.get(`${row.key}\u0000${column.key}`) : [...cells].find(([key]) => key.startsWith(`${row.key}\u0000`))?.[1]
  const conditions = (entry?.domain ?? []).filter((/** @type {any} */ each) => Array.isArray(each) && (each[1] === '>=' || each[1] === '<'))
  const from = conditions.find((/** @type {any} */ each) => each[1] === '>=')
  const to = conditions.find((/** @type {any} */ each) => each[1] === '<')
  if (!from || !to) return null
  const last = new Date(new Date(`${String(to[2]).slice(0, 10)}T00:00:00Z`).getTime() - 86_400_000).toISOString().slice(0, 10)
  return [['after', String(from[2]).slice(0, 10)], ['before', last]]
}
