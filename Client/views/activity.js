// @ts-check
// What is to be done, record by record and kind by kind: planned and finished from here.

import { chip, component, html, icon, openDialog, showFailure, toast } from '../kit/ui.js'
import { computed, effect, onCleanup, signal, untracked } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { reload } from '../data/events.js'
import { dayIn, deadline, showDay } from '../data/format.js'
import { words } from '../fields/show.js'
import { t } from '../lang/words.js'
import { goQuery, place } from '../shell/router.js'
import { me } from '../shell/state.js'
import { askAction } from './ask.js'
import { readQuery } from './query.js'

/** How many records one page shows. */
const PAGE = 80
const MOST = 500

/** @param {{ source: any, view: any, path: string, open: (id: number) => void }} of */
export const activity = component(({ source, view, path, open }) => {
  const rows = signal(/** @type {any[]} */ ([]))
  const planned = signal(/** @type {any[]} */ ([]))
  const types = signal(/** @type {any[]} */ ([]))
  const shown = signal(PAGE)
  const state = signal(/** @type {'waiting' | 'ready' | 'failed'} */ ('waiting'))
  const isAll = computed(() => place.value.query.get('all') === '1')
  const asked = computed(() => JSON.stringify([readQuery(place.value.query, view.value).query, isAll.value, shown.value]))
  const model = source.model
  let turn = 0

  async function load() {
    if (!view.peek()?.activity || place.peek().area !== path) return
    const mine = ++turn
    const [query, all, limit] = JSON.parse(asked.peek())
    const having = all ? [] : [['activity_ids', '!=', false]]
    try {
      const [found, kinds] = await Promise.all([
        call('search', { model, filters: query.filters, text: query.text, domain: [...query.domain, ...having], fields: view.peek().activity.card, ...(query.order && { order: query.order }), limit }),
        types.peek().length ? { rows: types.peek() } : call('search', { model: 'mail.activity.type', domain: ['|', ['res_model', '=', false], ['res_model', '=', model]], fields: ['name'], limit: 50 }),
      ])
      const ids = found.rows.map((/** @type {any} */ row) => row.id)
      const activities = ids.length ? await call('search', {
        model: 'mail.activity', domain: [['res_model', '=', model], ['res_id', 'in', ids]], fields: ['res_id', 'activity_type_id', 'summary', 'date_deadline', 'user_id'], order: 'date_deadline, id', limit: MOST,
      }) : { rows: [] }
      if (mine !== turn) return
      types.value = kinds.rows
      planned.value = activities.rows
      rows.value = found.rows
      source.total.value = found.total
      state.value = 'ready'
    } catch (error) {
      if (mine !== turn) return
      state.value = 'failed'
      showFailure(error)
    }
  }
  effect(() => {
    asked.value
    view.value
    untracked(load)
  })
  onCleanup(reload([model, 'mail.activity'], load, 400))

  /** Kinds that occur, and those that one may plan; what has no kind stands in a column of its own. */
  const columns = computed(() => {
    const used = new Set(planned.value.map((each) => each.activity_type_id?.id ?? 0))
    return [...types.value.map((type) => ({ id: type.id, name: type.display_name })), ...(used.has(0) ? [{ id: 0, name: t('Other') }] : [])]
  })
  /** @param {any} row @param {number} type */
  const inCell = (row, type) => planned.value.filter((each) => recordOf(each) === row.id && (each.activity_type_id?.id ?? 0) === type)
  /** @param {any} each */
  const recordOf = (each) => (typeof each.res_id === 'object' ? each.res_id?.id : each.res_id)

  /** @param {any} row @param {any} type */
  async function plan(row, type) {
    const answers = await askAction(t('Plan: {type}', { type: t(type.name) }), { weight: 'plain', consequence: '', asks: [
      { name: 'summary', title: 'What is to be done', kind: 'line', required: true, hint: '' },
      { name: 'date_deadline', title: 'By', kind: 'day', required: true, hint: 'For example 14 Mar, today or +3.' },
      { name: 'user_id', title: 'By whom', kind: 'record', model: 'res.users', domain: '[]', required: false, hint: 'Without an answer, by you.' },
    ] }, { model, id: row.id, subject: row.display_name })
    if (!answers) return
    await run(() => records.method(model, 'activity_schedule', { user_id: me.peek().id, ...answers, ...(type.id && { activity_type_id: type.id }) }, [row.id]), t('Planned.'))
  }
  /** @param {() => Promise<any>} work @param {string} said */
  async function run(work, said) {
    try {
      await work()
      toast(said)
    } catch (error) {
      showFailure(error)
    }
    await load()
  }
  /** @param {string} day */
  const due = (day) => {
    const until = deadline(day)
    return day === dayIn(new Date()) ? chip(t('today'), 'warn', 'clock') : chip(until.text, until.tone, until.icon)
  }
  /** @param {any} row @param {any} type */
  const look = (row, type) => openDialog(row.display_name, (close) => html`<div class="stack"><div><h2>${t(type.name)}</h2><p class="dim">${row.display_name}</p></div>
    <ul class="checks">${() => inCell(row, type.id).map((each) => html`<li><span class="check-name">${each.summary || each.display_name}<small class="dim"> ${each.user_id?.display_name ?? ''}, ${showDay(each.date_deadline)}</small></span>${due(each.date_deadline)}
      <button type="button" class="button small" aria-label=${`${t('Done')}: ${each.summary || each.display_name}`} @click=${() => void run(() => records.method('mail.activity', 'action_done', {}, [each.id]), t('Done: {name}', { name: each.summary || each.display_name })).then(() => inCell(row, type.id).length || close())}>${icon('check')}<span>${t('Done')}</span></button></li>`)}</ul>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => {
      close()
      open(row.id)
    }}>${t('Open the record')}</button><button type="button" class="button" @click=${() => {
      close()
      void plan(row, type)
    }}>${icon('plus')}<span>${t('Plan an activity')}</span></button><button type="button" class="button primary" @click=${() => close()}>${t('Close')}</button></div></div>`)

  /** @param {any} row @param {any} type */
  const cell = (row, type) => {
    const list = inCell(row, type.id)
    const about = { type: t(type.name), name: row.display_name }
    return html`<td>${list.length
      ? html`<button type="button" class="activity-cell" aria-label=${t('{type} of {name}: {n}', { ...about, n: list.length })} @click=${() => void look(row, type)}>${due(list[0].date_deadline)}${list.length > 1 && html`<span class="number">${list.length}</span>`}<span class="activity-summary">${list[0].summary || list[0].display_name}</span></button>`
      : type.id > 0 && html`<button type="button" class="activity-cell vacant" aria-label=${t('Plan {type} for {name}', about)} title=${t('Plan {type} for {name}', about)} @click=${() => void plan(row, type)}>${icon('plus')}</button>`}</td>`
  }
  const card = (/** @type {any} */ row) => (view.value.activity.card ?? []).map((/** @type {string} */ name) => words(row[name], { ...view.value.fields[name], name })).filter((/** @type {string} */ text) => text && text !== row.display_name).join(' · ')
  /**
   * Arrow keys go from cell to cell.
   * @param {KeyboardEvent} event
   */
  function onKey(event) {
    const at = /** @type {Element} */ (event.target).closest('td, th')
    const by = new Map([['ArrowLeft', [0, -1]], ['ArrowRight', [0, 1]], ['ArrowUp', [-1, 0]], ['ArrowDown', [1, 0]]]).get(event.key)
    if (!at || !by) return
    const line = /** @type {HTMLTableRowElement} */ (at.parentElement)
    const sign = document.documentElement.dir === 'rtl' ? -1 : 1
    const target = /** @type {HTMLTableElement | null} */ (line.closest('table'))?.rows[line.rowIndex + by[0]]?.cells[/** @type {HTMLTableCellElement} */ (at).cellIndex + sign * by[1]]
    const button = /** @type {HTMLElement | null | undefined} */ (target?.querySelector('button'))
    if (!button) return
    event.preventDefault()
    button.focus()
  }
  const line = (/** @type {any} */ row) => html`<tr><th scope="row"><button type="button" class="activity-record" @click=${() => open(row.id)}><strong>${row.display_name}</strong><span class="dim">${card(row)}</span></button></th>${columns.value.map((type) => cell(row, type))}</tr>`
  const nothing = () => html`<div class="empty">${icon('check')}<h2>${t('Nothing is planned')}</h2><p>${isAll.value ? t('No record meets all of these conditions.') : t('No record that is searched for has an activity.')}</p>
    ${!isAll.value && html`<button type="button" class="button" @click=${() => goQuery({ all: '1' }, { replace: true })}>${t('Show records without activities')}</button>`}</div>`
  return html`<div class="activity-page"><div class="facets"><label class="inline-field"><input type="checkbox" .checked=${() => isAll.value} @change=${(/** @type {any} */ e) => goQuery({ all: e.target.checked ? '1' : null }, { replace: true })}>${t('Also records without activities')}</label></div>
    <div class="scroll activity-scroll" tabindex="0" role="region" aria-label=${() => t('Activities of {plural}', { plural: t(view.value?.plural ?? '') })}>${() => state.value === 'ready' && rows.value.length === 0 ? nothing()
      : html`<table class="activity-table" @keydown=${onKey}><thead><tr><th scope="col">${t(view.value?.title ?? '')}</th>${columns.value.map((type) => html`<th scope="col">${t(type.name)}</th>`)}</tr></thead><tbody>${() => rows.value.map(line)}</tbody></table>`}
      ${() => source.total.value > rows.value.length && rows.value.length > 0 && html`<div class="more-lines"><button type="button" class="button" @click=${() => (shown.value = Math.min(MOST, shown.peek() + PAGE))}>${t('{n} more', { n: source.total.value - rows.value.length })}</button></div>`}</div></div>`
})
