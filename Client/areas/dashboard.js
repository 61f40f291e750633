// @ts-check
// Figures with their targets and charts; each opens the cases behind it.

import { component, html, icon, showFailure } from '../kit/ui.js'
import { effect, onCleanup, signal, untracked } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { reload } from '../data/events.js'
import { showMoment, showNumber } from '../data/format.js'
import { words } from '../fields/show.js'
import { t } from '../lang/words.js'
import { go, goQuery, place } from '../shell/router.js'
import { placeOfModel } from '../shell/state.js'
import { chart } from '../views/charts.js'
import { writeFacet } from '../views/query.js'

export const dashboard = component(() => {
  const data = signal(/** @type {any} */ (null))
  const failure = signal(/** @type {any} */ (null))
  const load = async () => {
    try {
      data.value = await call('dashboard', { name: place.peek().query.get('name') ?? '' })
      failure.value = null
    } catch (error) {
      failure.value = error
      showFailure(error)
    }
  }
  effect(() => {
    place.value.query.get('name')
    untracked(load)
  })
  effect(() => {
    document.title = `${t(data.value?.title ?? 'Dashboard')} – ${document.documentElement.dataset.place}`
  })
  /** @type {(() => void) | null} */
  let stop = null
  effect(() => {
    if (!data.value?.model || stop) return
    stop = reload([data.value.model], load, 2000)
  })
  onCleanup(() => stop?.())

  const address = () => `/app/${placeOfModel(data.peek().model)}/list`
  const tile = (/** @type {any} */ each) => {
    const isGood = each.target === false || each.target === null ? null : each.few ? each.value <= each.target : each.value >= each.target
    return html`<a class="tile" href=${each.filter ? `${address()}?filter=${each.filter}` : address()}><span class="tile-title">${t(each.title)}</span><span class="figure number">${showNumber(each.value)}</span>
      ${isGood !== null && html`<span class=${`tile-note ${isGood ? 'ok' : 'danger'}`}>${icon(isGood ? 'check' : 'alert')}${isGood ? t('on target') : t('target {target}', { target: showNumber(each.target) })}</span>`}</a>`
  }
  /** @param {any} each */
  const drawing = (each) => {
    const fields = data.peek().fields
    const head = (/** @type {any} */ value, /** @type {string} */ name) => {
      const field = { ...fields[name.split(':')[0]], name }
      if (Array.isArray(value)) return { key: value[0], label: String(value[1]) }
      return { key: value, label: value === false || value === null ? field.falsy_value_label || t('None') : field.type === 'selection' ? words(value, field) : String(value) }
    }
    const sorted = (/** @type {{ key: any, label: string }[]} */ heads, /** @type {string} */ name) => {
      const choices = fields[name.split(':')[0]]?.selection?.map((/** @type {any} */ [key]) => key)
      return choices ? [...heads].sort((a, b) => choices.indexOf(a.key) - choices.indexOf(b.key)) : heads
    }
    const unique = (/** @type {number} */ at, /** @type {string} */ name) => sorted([...new Map(each.groups.map((/** @type {any} */ group) => head(group.keys[at], name)).map((/** @type {any} */ each) => [String(each.key), each])).values()], name)
    const rows = unique(0, each.rows)
    const columns = each.columns ? unique(1, each.columns) : [{ key: '', label: t('Number') }]
    const value = (/** @type {any} */ row, /** @type {any} */ column) => each.groups.find((/** @type {any} */ group) => String(head(group.keys[0], each.rows).key) === String(row.key) && (!each.columns || String(head(group.keys[1], each.columns).key) === String(column.key)))?.count ?? 0
    const canOpen = !each.rows.includes(':')
    const facet = (/** @type {string} */ field, /** @type {any} */ at) => writeFacet(at.key === false ? { field, how: 'unset', values: [''], labels: [''] } : { field, how: 'is', values: [String(at.key)], labels: [at.label] })
    return html`<div class="panel-box">${chart({
      title: t(each.title), labels: rows.map((row) => row.label),
      series: columns.map((column) => ({
        name: column.label, values: rows.map((row) => value(row, column)),
        ...(canOpen && { open: (/** @type {number} */ i) => {
          const query = new URLSearchParams({ filter: 'open' })
          query.append('f', facet(each.rows, rows[i]))
          if (each.columns) query.append('f', facet(each.columns, column))
          go(`${address()}?${query}`)
        } }),
      })),
    }, each.course ? 'line' : 'bar')}</div>`
  }
  return html`<div class="dashboard-page"><div class="pagehead"><h1>${() => t(data.value?.title ?? 'Dashboard')}</h1><div class="end">
      ${() => (data.value?.all?.length ?? 0) > 1 && data.value.all.map((/** @type {any} */ each) => html`<button type="button" class="pill" aria-pressed=${String(each.name === data.value.name)} @click=${() => goQuery({ name: each.name })}>${t(each.title)}</button>`)}
      ${() => data.value?.now && html`<span class="dim">${t('as of {time}', { time: showMoment(data.value.now) })}</span>`}<button type="button" class="button" @click=${() => print()}>${icon('print')}<span>${t('Print')}</span></button></div></div>
    <div class="dashboard-scroll">${() => failure.value && html`<div class="empty">${icon('alert')}<h2>${failure.value.message}</h2><button type="button" class="button" @click=${load}>${t('Try again')}</button></div>`}
      ${() => data.value?.tiles && html`<div class="tiles">${data.value.tiles.map(tile)}</div><div class="charts">${data.value.charts.map(drawing)}</div>`}</div></div>`
})
