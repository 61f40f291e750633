// @ts-check
// Charts drawn as SVG by ourselves: bars (stacked), lines and sparklines. Each has a title, a sentence, a table, and parts that open their cases.

import { component, html, svg, icon } from '../kit/ui.js'
import { onCleanup, signal } from '../kit/reactive.js'
import { showNumber } from '../data/format.js'
import { t } from '../lang/words.js'

/** The most series of one chart; further ones become one. */
const MOST = 6

/**
 * @typedef {object} ChartData
 * @property {string} title
 * @property {string} [unit]
 * @property {string[]} labels along the axis
 * @property {{ name: string, values: number[], open?: (index: number) => void }[]} series
 */

/**
 * At most six series, the rest added up as "Other".
 * @param {ChartData['series']} series
 */
export function limited(series) {
  if (series.length <= MOST) return series
  const sums = series.map((each) => ({ each, sum: each.values.reduce((a, b) => a + b, 0) })).sort((a, b) => b.sum - a.sum)
  const kept = sums.slice(0, MOST - 1).map(({ each }) => each)
  const rest = sums.slice(MOST - 1).map(({ each }) => each)
  return [...kept, { name: t('Other'), values: kept[0].values.map((_, i) => rest.reduce((sum, each) => sum + each.values[i], 0)) }]
}

/**
 * Round steps for an axis that begins at zero.
 * @param {number} most
 */
export function ticks(most) {
  if (most <= 0) return [0, 1]
  const raw = most / 4
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= raw) ?? raw
  const whole = most >= 4 ? Math.max(1, Math.ceil(step)) : step
  return Array.from({ length: Math.ceil(most / whole) + 1 }, (_, i) => i * whole)
}

/** A bar or line chart with its legend and its table. */
export const chart = component((/** @type {ChartData} */ data, /** @type {'bar' | 'line'} */ kind = 'bar') => {
  const asTable = signal(false)
  const width = signal(0)
  /** @param {HTMLElement} element */
  const measure = (element) => {
    const observer = new ResizeObserver(() => (width.value = Math.round(element.clientWidth / 40) * 40))
    observer.observe(element)
    onCleanup(() => observer.disconnect())
  }
  const series = limited(data.series)
  const totals = data.labels.map((_, i) => series.reduce((sum, each) => sum + (each.values[i] ?? 0), 0))
  const all = totals.reduce((a, b) => a + b, 0)
  const best = totals.indexOf(Math.max(...totals))
  const sentence = all ? t('{all} in all; the most, {most}, for {label}.', { all: showNumber(all), most: showNumber(totals[best]), label: data.labels[best] }) : t('There is nothing to show.')
  const table = () => html`<div class="scroll"><table class="plain-table"><thead><tr><td></td>${series.map((each) => html`<th scope="col">${each.name}</th>`)}${series.length > 1 && html`<th scope="col">${t('Total')}</th>`}</tr></thead>
    <tbody>${data.labels.map((label, i) => html`<tr><th scope="row">${label}</th>${series.map((each) => html`<td class="number">${showNumber(each.values[i] ?? 0)}</td>`)}${series.length > 1 && html`<td class="number">${showNumber(totals[i])}</td>`}</tr>`)}</tbody></table></div>`
  return html`<figure class="chart" ref=${measure}><figcaption><h2>${data.title}</h2><p class="dim">${sentence}</p></figcaption>
    <button type="button" class="button chart-switch" aria-pressed=${() => String(asTable.value)} @click=${() => (asTable.value = !asTable.peek())}>${icon('table')}<span>${t('Table')}</span></button>
    ${series.length > 1 && html`<ul class="legend">${series.map((each, i) => html`<li><span class=${`swatch s${i + 1}`}></span>${each.name}</li>`)}</ul>`}
    ${() => (asTable.value ? table() : all && width.value ? drawing({ ...data, series }, totals, kind, Math.max(320, width.value)) : null)}</figure>`
})

/**
 * @param {ChartData} data
 * @param {number[]} totals
 * @param {'bar' | 'line'} kind
 * @param {number} width
 */
function drawing(data, totals, kind, width) {
  const [height, left, bottom] = [Math.min(400, Math.max(220, width * 0.36)), 44, 40]
  const most = kind === 'bar' ? Math.max(...totals, 1) : Math.max(1, ...data.series.flatMap((each) => each.values))
  const steps = ticks(most)
  const top = steps[steps.length - 1]
  const y = (/** @type {number} */ value) => (height - bottom) * (1 - value / top) + 8 * (value / top)
  const room = (width - left) / data.labels.length
  const every = Math.ceil(data.labels.length / Math.max(1, Math.floor((width - left) / 84)))
  const bar = Math.min(64, room * 0.72)
  /** @type {any[]} */
  const parts = []
  data.labels.forEach((label, i) => {
    let base = 0
    data.series.forEach((each, s) => {
      const value = each.values[i] ?? 0
      if (kind === 'line' || !value) return
      const from = base
      base += value
      const open = each.open
      parts.push(svg`<rect class=${`bar s${s + 1}${open ? ' opens' : ''}`} x=${left + room * i + (room - bar) / 2} y=${y(base)} width=${bar} height=${Math.max(1, y(from) - y(base) - (from ? 1 : 0))} rx="2"
        tabindex=${parts.length ? '-1' : '0'} data-at=${i} data-series=${s} role=${open ? 'button' : 'img'} aria-label=${`${label}, ${each.name}: ${showNumber(value)}`} @click=${() => open?.(i)} @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && open?.(i)}></rect>`)
    })
  })
  const lines = kind === 'line' ? data.series.map((each, s) => svg`<polyline class=${`line s${s + 1}`} points=${each.values.map((value, i) => `${left + room * (i + 0.5)},${y(value)}`).join(' ')}></polyline>`) : []
  if (kind === 'line') data.series.forEach((each, s) => each.values.forEach((value, i) => {
    const open = each.open
    parts.push(svg`<circle class=${`dot s${s + 1}${open ? ' opens' : ''}`} cx=${left + room * (i + 0.5)} cy=${y(value)} r="4" tabindex=${parts.length ? '-1' : '0'} data-at=${i} data-series=${s} role=${open ? 'button' : 'img'}
      aria-label=${`${data.labels[i]}, ${each.name}: ${showNumber(value)}`} @click=${() => open?.(i)} @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && open?.(i)}></circle>`)
  }))
  return html`<svg class="drawing" @keydown=${(/** @type {KeyboardEvent} */ e) => readOn(e)} viewBox=${`0 0 ${width} ${height}`} role="group" aria-label=${data.title}>
    ${steps.map((step) => svg`<line class="axis" x1=${left} x2=${width} y1=${y(step)} y2=${y(step)}></line><text class="tick-text" x=${left - 8} y=${y(step) + 4} text-anchor="end">${showNumber(step)}</text>`)}
    ${lines}${parts}
    ${data.labels.map((label, i) => i % every === 0 && svg`<text class="tick-text" x=${left + room * (i + 0.5)} y=${height - 18} text-anchor="middle">${cut(label, room * every)}</text>`)}</svg>`
}

/**
 * Reads a chart by arrow keys: along the axis, and from series to series; one stop for Tab.
 * @param {KeyboardEvent} event
 */
function readOn(event) {
  const from = /** @type {SVGElement} */ (event.target)
  const all = /** @type {SVGElement[]} */ ([...(from.closest('svg')?.querySelectorAll('[data-at]') ?? [])])
  if (!all.includes(from)) return
  const same = (/** @type {'at' | 'series'} */ name) => all.filter((each) => each.dataset[name] === from.dataset[name])
  const row = same('series').sort((a, b) => Number(a.dataset.at) - Number(b.dataset.at))
  const column = same('at').sort((a, b) => Number(a.dataset.series) - Number(b.dataset.series))
  const along = (/** @type {SVGElement[]} */ list, /** @type {number} */ step) => list[list.indexOf(from) + step]
  /** @type {Record<string, () => SVGElement | undefined>} */
  const moves = { ArrowRight: () => along(row, 1), ArrowLeft: () => along(row, -1), ArrowUp: () => along(column, 1), ArrowDown: () => along(column, -1), Home: () => row[0], End: () => row[row.length - 1] }
  const to = moves[event.key]?.()
  if (!to) return
  event.preventDefault()
  event.stopPropagation()
  from.setAttribute('tabindex', '-1')
  to.setAttribute('tabindex', '0')
  to.focus()
}

/**
 * A label that fits into its room.
 * @param {string} label
 * @param {number} room
 */
const cut = (label, room) => (label.length * 7 > room - 8 ? `${label.slice(0, Math.max(3, Math.floor((room - 8) / 7) - 1))}…` : label)

/**
 * A line of a few points without axes: a trend beside a figure.
 * @param {number[]} values
 */
export function sparkline(values) {
  if (values.length < 2) return null
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const point = (/** @type {number} */ value, /** @type {number} */ i) => [4 + (i * 152) / (values.length - 1), 34 - (30 * (value - low)) / Math.max(1e-9, high - low)]
  const points = values.map(point)
  const [x, y] = points[points.length - 1]
  return html`<svg class="spark" viewBox="0 0 160 40" aria-hidden="true"><polyline class="line s1" points=${points.map((each) => each.join(',')).join(' ')}></polyline><circle class="dot s1" cx=${x} cy=${y} r="3.5"></circle></svg>`
}
