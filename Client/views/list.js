// @ts-check
// The work list: a virtual ARIA grid. A fixed set of row elements is reused while scrolling.

import { announce, component, html, icon, iconButton, menu, showFailure } from '../kit/ui.js'
import { each } from '../kit/html.js'
import { computed, effect, onCleanup, signal, untracked } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { language, t } from '../lang/words.js'
import { present } from '../data/presence.js'
import { showNumber } from '../data/format.js'
import { shows } from '../data/shown.js'
import { cell, isRight, words } from '../fields/show.js'
import { changeRow, offerPencil } from './inline.js'
import { chooseColumns, columnHead, personalColumns } from './columns.js'
import { offer } from '../shell/keys.js'
import { goQuery, place } from '../shell/router.js'

const OVERSCAN = 4
/** The most records that one selection may hold. */
const MOST = 10_000

/**
 * A track that gives way beside an open record.
 * @param {string} text
 */
const narrow = (text) => text.replace(/minmax\(\d+px/, 'minmax(0').replace('128px', '112px')

/** @param {{ source: any, view: any, open: (id: number) => void, record: any, held: any, heldWords: () => string }} of */
export const list = component(({ source, view, open, record, held, heldWords }) => {
  const active = signal(0)
  const selected = signal(/** @type {ReadonlySet<number>} */ (new Set()))
  const first = signal(0)
  const poolSize = signal(0)
  const own = personalColumns(source.model, view)
  let rowHeight = 40
  /** @type {HTMLElement} */
  let viewport = document.body
  /** @type {HTMLElement} */
  let body = document.body
  let anchor = 0

  const compact = computed(() => (view.value?.list.compact.length ? view.value.list.compact : (view.value?.list.columns ?? []).slice(0, 4)))
  // Beside an open record there is room for what tells the rows apart.
  const wanted = computed(() => own.all.value.filter((name) => !own.isHidden(name) && (!record.value || name === view.value.list.columns[0] || compact.value.includes(name))))
  const columns = computed(() => wanted.value.map((/** @type {string} */ name) => ({ ...view.value.fields[name], name })))
  // What names the row is never cut beside a record.
  const tracks = computed(() => ['44px', ...columns.value.map((/** @type {any} */ field) => !record.value ? own.track(field) : field.name === view.value.list.columns[0] ? 'minmax(136px, 1fr)' : narrow(own.track(field)))])
  const least = computed(() => record.value ? 0 : tracks.value.reduce((sum, text) => sum + Number(/(\d+)px/.exec(text)?.[1] ?? 100), 0))

  /** @param {HTMLElement} element */
  function watch(element) {
    viewport = element
    offerPencil(element, source, view, rowAt)
    const measure = () => {
      rowHeight = parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 40
      body.style.setProperty('block-size', `${source.lines.peek() * rowHeight}px`)
      poolSize.value = Math.ceil(viewport.clientHeight / rowHeight) + 2 * OVERSCAN
      settle()
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    addEventListener('resize', measure)
    onCleanup(() => {
      observer.disconnect()
      removeEventListener('resize', measure)
    })
    let timer = 0
    element.addEventListener('scroll', () => {
      settle()
      clearTimeout(timer)
      timer = setTimeout(inOrder, 150)
    }, { passive: true })
    effect(() => {
      body.style.setProperty('block-size', `${source.lines.value * rowHeight}px`)
      if (active.peek() >= source.lines.peek()) active.value = Math.max(0, source.lines.peek() - 1)
      settle()
    })
    effect(() => {
      element.dataset.density = view.value?.list.density ?? ''
      measure()
    })
    effect(() => {
      element.style.setProperty('--tracks', tracks.value.join(' '))
      element.style.setProperty('--print-tracks', tracks.value.map(narrow).join(' ').replace('44px', '8px'))
      element.style.setProperty('--least', `${least.value}px`)
    })
  }

  function settle() {
    const last = Math.max(0, source.lines.peek() - poolSize.peek())
    first.value = Math.min(last, Math.max(0, Math.floor(viewport.scrollTop / rowHeight) - OVERSCAN))
  }

  /** Screen readers follow document order, so reused rows go back in order once scrolling stops. */
  function inOrder() {
    const rows = /** @type {HTMLElement[]} */ ([...body.children])
    const sorted = [...rows].sort((a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex))
    if (sorted.some((each, i) => each !== rows[i])) body.append(...sorted)
  }

  /** @param {number} index */
  function reveal(index) {
    const top = index * rowHeight
    const tall = (/** @type {string} */ part) => /** @type {HTMLElement | null} */ (viewport.querySelector(part))?.offsetHeight ?? 0
    const head = tall('.gridhead') + tall('.gridfoot')
    if (top < viewport.scrollTop) viewport.scrollTop = top
    else if (top + rowHeight > viewport.scrollTop + viewport.clientHeight - head) viewport.scrollTop = top + rowHeight - viewport.clientHeight + head
  }

  const rowAt = (/** @type {number} */ index) => untracked(() => source.line(index)?.row)

  /** @param {number} index @param {boolean} [extend] */
  function goTo(index, extend) {
    const target = Math.max(0, Math.min(source.lines.peek() - 1, index))
    if (extend) {
      const ids = new Set(selected.peek())
      for (let i = Math.min(anchor, target); i <= Math.max(anchor, target); i++) {
        const row = rowAt(i)
        if (row) ids.add(row.id)
      }
      selected.value = ids
      announce(t('{n} selected', { n: ids.size }))
    } else anchor = target
    active.value = target
    reveal(target)
    settle()
    const row = rowAt(target)
    if (!extend && record.peek() && row && row.id !== record.peek()) open(row.id)
  }

  /** @param {number} index */
  function toggle(index) {
    const row = rowAt(index)
    if (!row) return
    const ids = new Set(selected.peek())
    if (!ids.delete(row.id)) ids.add(row.id)
    selected.value = ids
    anchor = index
    announce(t('{n} selected', { n: ids.size }))
  }

  /** @param {number} index */
  function enter(index) {
    const line = untracked(() => source.line(index))
    if (!line) return
    if (line.row === undefined) source.toggle(line.section)
    else if (line.row) open(line.row.id)
  }

  async function selectAll() {
    const loaded = new Set(selected.peek())
    for (let i = 0; i < source.lines.peek() && loaded.size < MOST; i++) {
      const row = untracked(() => source.line(i)?.row)
      if (row) loaded.add(row.id)
    }
    selected.value = loaded
    announce(loaded.size < source.total.peek() ? t('{n} selected. {all} match; all of them can be selected.', { n: loaded.size, all: source.total.peek() }) : t('{n} selected', { n: loaded.size }))
  }
  /** All that match, also those that were never loaded. */
  async function selectMatching() {
    try {
      selected.value = new Set(await source.allIds(MOST))
      announce(t('{n} selected', { n: selected.peek().size }))
    } catch (error) {
      showFailure(error)
    }
  }
  const remainder = () => selected.value.size < source.total.value && html`<button type="button" class="button" @click=${selectMatching}>${source.total.value > MOST ? t('Select the first {n}', { n: MOST }) : t('Select all {n}', { n: source.total.value })}</button>`

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.target !== viewport || event.altKey) return
    const isControl = event.ctrlKey || event.metaKey
    const page = Math.max(1, Math.floor(viewport.clientHeight / rowHeight) - 2)
    const step = isControl ? 0 : { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page }[event.key]
    if (step) goTo(active.peek() + step, event.shiftKey)
    else if (event.key === 'Home') goTo(0, event.shiftKey)
    else if (event.key === 'End') goTo(source.lines.peek() - 1, event.shiftKey)
    else if (event.key === 'a' && isControl) selectAll()
    else if (isControl) return
    else if (event.key === ' ' || event.key === 'x') toggle(active.peek())
    else if (event.key === 'Enter') enter(active.peek())
    else if (event.key === 'F2') changeRow(source, view.peek(), rowAt(active.peek()))
    else if (event.key === 'Escape') record.peek() ? goQuery({ record: null, full: null }) : (selected.value = new Set())
    else return
    event.preventDefault()
  }

  /**
   * Asks for an order by a column: up, down, and back to the usual one.
   * @param {string} name
   */
  function sortBy(name) {
    const now = place.peek().query.get('sort')
    goQuery({ sort: now === name ? `-${name}` : now === `-${name}` ? null : name }, { replace: true })
    viewport.scrollTop = 0
  }
  /** @param {string} name */
  const direction = (name) => {
    const sort = place.value.query.get('sort')
    return sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none'
  }

  const slots = computed(() => Array.from({ length: Math.min(poolSize.value, source.lines.value) }, (_, slot) => slot))
  /**
   * The row a slot shows: the one index in the window that is congruent to the slot.
   * @param {number} slot
   */
  const indexIn = (slot) => {
    const start = first.value
    const size = Math.max(1, slots.value.length)
    return start + ((((slot - start) % size) + size) % size)
  }

  /** @param {number} slot */
  function gridRow(slot) {
    const index = computed(() => indexIn(slot))
    const line = computed(() => source.line(index.value))
    const isHeader = computed(() => line.value?.row === undefined && line.value !== null)
    const row = computed(() => line.value?.row ?? null)
    const rowClass = () => ['gridrow', index.value === active.value && 'active', isHeader.value && 'header', !isHeader.value && !row.value && 'loading',
      row.value && row.value.id === record.value && 'opened'].filter(Boolean).join(' ')
    return html`<div role="row" id=${() => `row-${index.value}`} aria-rowindex=${() => index.value + 2} class=${rowClass}
        aria-selected=${() => (isHeader.value ? null : String(Boolean(row.value) && selected.value.has(row.value.id)))}
        aria-level=${() => (source.sections.value[0]?.label === null ? null : isHeader.value ? '1' : '2')} aria-expanded=${() => (isHeader.value ? String(line.value?.section.open) : null)}
        style=${() => ({ transform: `translateY(${index.value * rowHeight}px)` })}
        @click=${(/** @type {MouseEvent} */ event) => {
          const i = index.peek()
          if (/** @type {Element} */ (event.target).closest('.box-cell')) return toggle(i)
          if (event.shiftKey) return goTo(i, true)
          active.value = i
          anchor = i
          viewport.focus({ preventScroll: true })
          enter(i)
        }}>${() => (isHeader.value ? header(line.value) : cells(row))}</div>`
  }

  /** @param {any} line */
  const header = (line) => html`<div role="gridcell" class="grouphead" aria-colspan=${columns.value.length + 1}>${icon(line.section.open ? 'chevron-down' : 'chevron-right')}
    <span>${groupName(line.section)}</span><span class="dim number">${line.section.count.toLocaleString(language())}</span></div>`
  /** @param {any} section */
  function groupName(section) {
    const [name] = place.peek().query.get('group')?.split(':') ?? ['']
    const field = view.peek()?.fields[name]
    const value = JSON.parse(section.key)[0]
    return section.label === '' ? (field?.falsy_value_label || t('None')) : field?.type === 'selection' ? words(value, field) : section.label
  }

  /** @param {any} row */
  const cells = (row) => html`<div role="gridcell" class="cell box-cell"><span class="box">${icon('check')}</span></div>
    ${() => columns.value.map((/** @type {any} */ field, /** @type {number} */ i) => html`<div role="gridcell" data-field=${field.name} class=${`cell${i === titleAt.value ? ' title-cell' : ''}${isRight(field) ? ' right' : ''}${compactPlace(field.name)}`}>${() => row.value && cell(row.value[field.name], field, view.value.tones)}${() => i === titleAt.value && row.value && here(row.value.id)}</div>`)}`
  /**
   * A dot for a record that others have open.
   * @param {number} id
   */
  const here = (id) => {
    const names = present(source.model, id).join(', ')
    return names && html`<span class="here" title=${t('Opened by {names}', { names })}><span class="visually-hidden">${t('Opened by {names}', { names })}</span></span>`
  }
  const titleAt = computed(() => Math.max(0, columns.value.findIndex((/** @type {any} */ field) => field.name === compact.value[0])))
  const compactPlace = (/** @type {string} */ name) => {
    const at = compact.value.indexOf(name)
    return at >= 0 ? ` at-${at + 1}` : ''
  }

  const printAll = () => void import('../shell/print.js').then((m) => m.printList(source, view.peek(), columns.peek()), () => print())
  onCleanup(offer('list', [{ name: t('Print'), keys: 'Ctrl P', icon: 'print', run: () => (record.peek() ? void import('../shell/print.js').then(() => print(), () => print()) : printAll()) }]))
  onCleanup(shows('list', () => (record.peek() || document.querySelector('.print-sheet') ? null : { model: source.model, ids: slots.peek().map((slot) => rowAt(indexIn(slot))?.id).filter(Boolean) })))
  effect(() => {
    const n = selected.value.size
    const stop = offer('selection', n ? [
      { name: t('Change {n} selected', { n }), icon: 'pencil', run: () => void import('./bulk.js').then((m) => m.change(source, view.peek(), selected)) },
      { name: t('Export {n} selected', { n }), icon: 'download', run: transfer((m) => m.exportRecords(source, view.peek(), 'xlsx', [...selected.peek()])) },
    ] : [])
    onCleanup(stop)
  })
  /** @param {(module: any) => void} run */
  const transfer = (run) => () => void import('./transfer.js').then(run)
  const moreMenu = () => menu(icon('more'), t('More'), () => [
    { label: t('Export as XLSX'), icon: 'download', press: transfer((m) => m.exportRecords(source, view.peek(), 'xlsx')) },
    { label: t('Export as CSV'), icon: 'download', press: transfer((m) => m.exportRecords(source, view.peek(), 'csv')) },
    view.peek()?.can.create && { label: t('Import'), icon: 'upload', press: transfer((m) => m.importRecords(source, view.peek())) },
    { label: t('Print'), icon: 'print', press: printAll },
  ], 'plain square')
  /** What concerns others, fields that the list does not show, and the form: with the arrangement as it is kept by now. */
  const arrange = async () => {
    const [module, now] = await Promise.all([import('./arrange.js'), call('view', { model: source.model })])
    if (!(await module.arrangeViews(source.model, now))) return
    source.view.value = await call('view', { model: source.model })
    source.again()
  }
  const columnButton = () => iconButton('table', t('Columns'), () => void chooseColumns(own, view, () => viewport, () => void arrange()))
  /** The sums of columns that have one, over all that is found; beside a record there is no room. */
  const foot = () => {
    const sums = source.totals.value
    if (record.value || !Object.keys(sums).length || !source.total.value) return null
    return html`<div class="gridfoot" role="rowgroup"><div role="row" class="gridrow" aria-rowindex=${() => source.lines.value + 2}><div role="gridcell" class="cell"></div>
      ${columns.value.map((/** @type {any} */ field, /** @type {number} */ i) => html`<div role="gridcell" class=${`cell${isRight(field) ? ' right' : ''}`}>${field.name in sums
        ? html`<span class="number">${showNumber(Number(sums[field.name] || 0), field.type === 'integer' ? 0 : (field.digits?.[1] ?? 2))}</span>` : i === titleAt.value && t('Sum')}</div>`)}</div></div>`
  }

  const bulk = signal(/** @type {any} */ (null))
  effect(() => {
    if (selected.value.size && !bulk.peek()) import('./bulk.js').then((m) => (bulk.value = m.bulkActions), () => {})
  })

  return html`<div class="listpage">
    <div class="grid" role=${() => (source.sections.value[0]?.label === null ? 'grid' : 'treegrid')} tabindex="0" aria-label=${() => t(view.value?.plural ?? '')} aria-multiselectable="true" ref=${watch}
        aria-rowcount=${() => source.lines.value + 1} aria-colcount=${() => columns.value.length + 1} aria-activedescendant=${() => (source.lines.value ? `row-${active.value}` : null)} @keydown=${onKey}>
      <div class="gridhead" role="rowgroup"><div role="row" class="gridrow" aria-rowindex="1">
        <div role="columnheader" class="cell"><span class="visually-hidden">${t('Selected')}</span></div>
        ${() => columns.value.map((/** @type {any} */ field) => columnHead(field, own, direction, sortBy))}
      </div></div>
      <div class="gridbody" role="rowgroup" ref=${(/** @type {HTMLElement} */ e) => (body = e)}>${each(() => slots.value, (slot) => slot, (slot) => gridRow(slot.peek()))}</div>
      ${foot}
    </div>
    ${() => held.value.fresh + held.value.gone > 0 && html`<div class="held fade"><button type="button" class="button" @click=${() => {
      held.value = { fresh: 0, gone: 0 }
      source.again()
    }}>${icon('refresh')}<span>${heldWords()}</span></button></div>`}
    ${() => source.state.value === 'failed' && html`<div class="held"><div class="button">${icon('alert')}<span>${source.failure.value?.message} ${source.failure.value?.instruction}</span><button type="button" class="button" @click=${() => source.again()}>${t('Try again')}</button></div></div>`}
    ${() => source.state.value === 'ready' && source.total.value === 0 && nothing()}
    <div class="statusbar"><span class="number" id="count">${() => (source.state.value === 'waiting' ? '' : `${source.total.value.toLocaleString(language())} ${t(view.value?.plural ?? '').toLowerCase()}`)}</span>
      ${() => selected.value.size > 0 && html`<span class="number">${t('{n} selected', { n: selected.value.size })}</span>
        ${remainder}
        ${() => bulk.value?.({ source, view, selected })}
        <button class="button plain" type="button" @click=${() => (selected.value = new Set())}>${t('Clear selection')}</button>`}
      <span class="hint">${t('↑↓ move, Space select, Enter open')}</span><span class="at-end up">${columnButton()}${moreMenu()}</span></div>
  </div>`

  function nothing() {
    const isAsking = ['q', 'f', 'filter'].some((name) => place.value.query.has(name))
    const hidden = signal(0)
    if (isAsking) call('search', { model: source.model, domain: [], fields: ['id'], limit: 1 }).then((answer) => (hidden.value = answer.total), () => {})
    return html`<div class="held nothing"><div class="empty">${icon(isAsking ? 'search' : 'inbox')}<h2>${isAsking ? t('Nothing matches') : t('There is nothing yet')}</h2>
      <p>${() => (isAsking ? (hidden.value ? t('No record meets all of these conditions: they hide {n|one record|{n} records}.', { n: hidden.value }) : t('No record meets all of these conditions.')) : t('What comes in will stand here.'))}</p>
      ${isAsking && html`<button type="button" class="button" @click=${() => goQuery({ q: null, f: null, filter: null })}>${t('Clear')}</button>`}
      ${!isAsking && view.value?.can.create && html`<button type="button" class="button" @click=${() => goQuery({ new: '1', record: null })}>${icon('plus')}<span>${t('Make the first one')}</span></button>`}</div></div>`
  }
})
