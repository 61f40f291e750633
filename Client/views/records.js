// @ts-check
// The records of a model: title, kinds of view, search, the chosen view, and a record beside it or instead of it.

import { announce, component, html, icon, showFailure, toast } from '../kit/ui.js'
import { computed, effect, onCleanup, signal, untracked } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { follow } from '../data/events.js'
import { createSource } from '../data/source.js'
import { t } from '../lang/words.js'
import { offer } from '../shell/keys.js'
import { go, goQuery, place } from '../shell/router.js'
import { me, screenOf } from '../shell/state.js'
import { searchBar } from './search.js'
import { readQuery } from './query.js'
import { list } from './list.js'

/** @type {Record<string, { title: string, icon: string, key: string, load?: () => Promise<any> }>} */
const kinds = {
  list: { title: 'List', icon: 'list', key: 'L' },
  board: { title: 'Board', icon: 'board', key: 'B', load: () => import('./board.js').then((m) => m.board) },
  calendar: { title: 'Calendar', icon: 'calendar', key: 'C', load: () => import('./calendar.js').then((m) => m.calendar) },
  activity: { title: 'Activity', icon: 'activity', key: 'A', load: () => import('./activity.js').then((m) => m.activity) },
  pivot: { title: 'Pivot', icon: 'pivot', key: 'P', load: () => import('./analysis.js').then((m) => m.analysis) },
  graph: { title: 'Graph', icon: 'chart', key: 'G', load: () => import('./analysis.js').then((m) => m.analysis) },
}

export const recordsScreen = component((/** @type {string} */ path, /** @type {string} */ model) => {
  const source = createSource(model)
  const kind = computed(() => (place.value.kind in kinds ? place.value.kind : 'list'))
  const record = computed(() => Number(place.value.query.get('record')) || null)
  const isNew = computed(() => place.value.query.has('new'))
  const isFull = computed(() => place.value.query.get('full') === '1')
  const held = signal({ fresh: 0, gone: 0 })
  const view = computed(() => source.view.value)
  const views = signal(/** @type {Record<string, any>} */ ({ list }))
  const recordModule = signal(/** @type {any} */ (null))

  const parsed = computed(() => JSON.stringify({ q: readQuery(place.value.query, view.value).query }))
  effect(() => {
    const { q } = JSON.parse(parsed.value)
    untracked(() => {
      // The address may be another screen's already, which is only being loaded.
      if (place.peek().area !== path) return
      held.value = { fresh: 0, gone: 0 }
      // Facets name fields: their conditions are known once the view is.
      if (view.peek() === null && place.peek().query.has('f')) source.search({ ...q, domain: [] })
      else if (kind.peek() === 'list' || view.peek() === null) source.search(q)
    })
  })
  effect(() => {
    const title = view.value?.plural ?? screenOf(path)?.title ?? ''
    document.title = `${t(title)} – ${document.documentElement.dataset.place}`
  })
  effect(() => {
    if ((record.value || isNew.value) && !recordModule.peek()) {
      import('./record.js').then((m) => (recordModule.value = m), () => showFailure({ message: t('This part of the program could not be loaded.'), instruction: t('Load the page again.') }))
    }
  })
  effect(() => {
    const wanted = kind.value
    const load = kinds[wanted].load
    if (load && !views.peek()[wanted]) load().then((create) => (views.value = { ...views.peek(), [wanted]: create }))
  })

  /** @type {Set<number>} */
  const changed = new Set()
  /** @type {number | undefined} */
  let timer
  onCleanup(follow(model, (change) => {
    if (!change || !change.ids.length) return void (changed.size || schedule())
    for (const id of change.ids) changed.add(id)
    schedule()
  }))
  function schedule() {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      const ids = [...changed].slice(0, 200)
      changed.clear()
      if (!ids.length || kind.peek() !== 'list' || source.state.peek() !== 'ready') return
      try {
        const { fresh, gone } = await source.refresh(ids)
        if (fresh || gone) {
          held.value = { fresh: held.peek().fresh + fresh, gone: held.peek().gone + gone }
          announce(heldWords())
        }
      } catch { /* the next look shows it */ }
    }, 400)
  }
  const heldWords = () => {
    const { fresh, gone } = held.value
    return [fresh > 0 && t('{n|one new|{n} new}', { n: fresh }), gone > 0 && t('{n|one no longer matches|{n} no longer match}', { n: gone })].filter(Boolean).join(', ')
  }

  const open = (/** @type {number} */ id) => goQuery({ record: String(id), new: null }, { replace: record.peek() !== null })
  const close = () => goQuery({ record: null, new: null, full: null })
  const create = () => goQuery({ new: '1', record: null })
  const kindPath = (/** @type {string} */ name) => {
    const query = new URLSearchParams(place.value.query)
    for (const each of ['record', 'full', 'new']) query.delete(each)
    const text = query.toString()
    return `/app/${path}/${name}${text ? `?${text}` : ''}`
  }
  const available = computed(() => (view.value?.kinds ?? screenOf(path)?.kinds ?? ['list']).filter((/** @type {string} */ name) => name in kinds))

  onCleanup(offer('records', [
    ...Object.entries(kinds).map(([name, facts]) => ({ name: t('Show as {kind}', { kind: t(facts.title) }), keys: `V ${facts.key}`, icon: facts.icon, run: () => available.peek().includes(name) && go(kindPath(name)) })),
    { name: t('Search this view'), keys: '/', icon: 'search', run: () => document.getElementById('search')?.focus() },
    { name: t('Create'), keys: 'C', icon: 'plus', run: () => view.peek()?.can.create && create() },
    { name: t('Full screen'), keys: 'F', icon: 'expand', run: () => record.peek() && goQuery({ full: isFull.peek() ? null : '1' }) },
  ]))

  /** Takes the most urgent record that nobody has: two people never get the same, because each names the version it saw. */
  async function claim() {
    const { field, filter } = view.peek().list.claim
    try {
      const answer = await call('search', { model, filters: [filter], order: view.peek().list.order, limit: 10, fields: [field] })
      for (const row of answer.rows) {
        try {
          const taken = await records.save(model, row.id, row.record_version, { [field]: me.peek().id })
          toast(t('{name} is yours now.', { name: row.display_name }), { undo: () => void records.save(model, row.id, taken.values.record_version, { [field]: false }).then(() => source.again(), showFailure) })
          source.again()
          return void open(row.id)
        } catch (error) {
          if (/** @type {any} */ (error).code !== 'record.stale') throw error
        }
      }
      toast(t('Nothing waits for somebody to take it.'))
    } catch (error) {
      showFailure(error)
    }
  }

  const head = () => html`<div class="pagehead"><h1>${() => t(view.value?.plural ?? screenOf(path)?.title ?? '')}</h1>
    <div class="end">
      ${() => available.value.length > 1 && html`<div class="segmented" role="group" aria-label=${t('View')}>${available.value.map((/** @type {string} */ name) => html`
        <a href=${() => kindPath(name)} aria-current=${() => kind.value === name && 'true'} aria-label=${t(kinds[name].title)} title=${t(kinds[name].title)}>${icon(kinds[name].icon)}<span>${t(kinds[name].title)}</span></a>`)}</div>`}
      ${() => view.value?.list.claim && view.value.can.write && html`<button type="button" class="button" @click=${claim}>${icon('hand')}<span>${t('Take the next')}</span></button>`}
      ${() => view.value?.can.create && html`<button type="button" class="button primary" @click=${create}>${icon('plus')}<span>${t('New')}</span></button>`}
    </div></div>`

  const body = () => {
    const create = views.value[kind.value]
    return create ? create({ source, view, path, open, record, kind: kind.peek(), held, heldWords }) : null
  }
  const slow = () => source.slowness.value > 0 && html`<div class="held slow" role="status"><div class="button">${icon('refresh')}<span>${t('Still loading')}</span>
    ${source.slowness.value > 1 && html`<button type="button" class="button" @click=${() => source.again()}>${t('Try again')}</button>`}<button type="button" class="button" @click=${source.cancel}>${t('Cancel')}</button></div></div>`
  const beside = () => {
    if (!recordModule.value || (!record.value && !isNew.value)) return null
    return untracked(() => recordModule.peek().recordPanel({
      model, id: record.peek(), close, isFull, full: () => goQuery({ full: isFull.peek() ? null : '1' }),
      saved: (/** @type {any} */ answer) => {
        source.patch({ id: answer.id, ...answer.values })
        if (!record.peek()) goQuery({ record: String(answer.id), new: null }, { replace: true, force: true })
      },
      next: () => nextOf(source, record.peek()),
    }))
  }
  return html`<div class=${() => `records${record.value || isNew.value ? ' has-record' : ''}${isFull.value ? ' is-full' : ''}`}>
    ${head()}
    ${searchBar({ source, view, path })}
    <div class="split"><div class="split-main">${body}</div>${beside}</div>${slow}</div>`
})

/**
 * The record after one in the list, among those that are loaded.
 * @param {ReturnType<typeof createSource>} source
 * @param {number | null} id
 */
function nextOf(source, id) {
  for (let i = 0; i < Math.min(source.lines.peek(), 400); i++) {
    if (source.line(i)?.row?.id !== id) continue
    for (let next = i + 1; next < source.lines.peek(); next++) {
      const row = source.line(next)?.row
      if (row) return row.id
    }
  }
  return null
}
