// @ts-check
// Columns of cards. They move by pointer, by keyboard and by each card's menu; a column that only an action leads to asks what that needs.

import { announce, component, html, icon, showFailure, toast } from '../kit/ui.js'
import { each } from '../kit/html.js'
import { computed, flush, signal } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { cell, words } from '../fields/show.js'
import { language, t } from '../lang/words.js'
import { askAction } from './ask.js'
import { startDrag } from './drag.js'
import { loading } from './loading.js'

/** @typedef {{ key: any, label: string, count: number, rows: any[] }} Column */

/**
 * What a group is of: the value, or the id of a link.
 * @param {any} group
 */
const keyOf = (group) => (Array.isArray(group.keys[0]) ? group.keys[0][0] : group.keys[0])

/** @param {{ source: any, view: any, path: string, open: (id: number) => void, record: any }} of */
export const board = component(({ source, view, path, open, record }) => {
  const columns = signal(/** @type {Column[]} */ ([]))
  const held = signal(/** @type {number | null} */ (null))
  const target = signal(/** @type {{ column: string, before: number | null } | null} */ (null))
  const facts = computed(() => view.value?.board)
  const field = computed(() => (facts.value ? { ...view.value.fields[facts.value.columns], name: facts.value.columns } : null))
  /** @type {[number, string][]} */
  let choices = []

  const load = loading({ source, view, path }, { facts: () => facts.value, isFree: () => held.peek() === null && !target.peek() }, async (query, facts, search) => {
    const [answer, all] = await Promise.all([
      search({ ...(query.order && { order: query.order }), group: [facts.columns], each: facts.limit, fields: facts.card }),
      field.peek().type === 'many2one' && !choices.length ? call('choices', { model: field.peek().relation, text: '', limit: 50 }) : choices,
    ])
    choices = all
    const found = new Map(answer.groups.map((/** @type {any} */ group) => [String(keyOf(group)), group]))
    const known = field.peek().type === 'many2one' ? choices : (field.peek().selection ?? [])
    const list = known.map((/** @type {any} */ [key, label]) => {
      const group = found.get(String(key))
      found.delete(String(key))
      return { key, label: t(label), count: group?.count ?? 0, rows: group?.rows ?? [] }
    })
    for (const [key, group] of found) list.push({ key: keyOf(group), label: Array.isArray(group.keys[0]) ? group.keys[0][1] : key === 'false' ? field.peek().falsy_value_label || t('None') : key, count: group.count, rows: group.rows ?? [] })
    columns.value = list
    return answer
  })

  /** @param {any} key */
  const columnOf = (key) => columns.peek().find((column) => String(column.key) === String(key))
  /**
   * Where a card may be moved to by this board.
   * @param {Column} column
   */
  const leadsTo = (column) => facts.peek().writes || String(column.key) in facts.peek().moves

  /**
   * Moves a card: by writing the column, or by the action that leads to it.
   * @param {any} card
   * @param {any} key
   */
  async function move(card, key) {
    const to = columnOf(key)
    const from = columns.peek().find((column) => column.rows.some((row) => row.id === card.id))
    if (!to || !from || to === from) return
    const earlier = columns.peek()
    const put = (/** @type {any} */ row) => columns.value = columns.peek().map((column) => {
      const rows = column.rows.filter((each) => each.id !== card.id)
      if (column.key === to.key) return { ...column, rows: [row, ...rows], count: column.count + 1 }
      return rows.length < column.rows.length ? { ...column, rows, count: column.count - 1 } : column
    })
    try {
      if (facts.peek().writes) {
        put(card)
        const answer = await records.save(source.model, card.id, card.record_version, { [field.peek().name]: key })
        put2(answer)
        toast(t('{name} is now in {column}.', { name: card.display_name, column: to.label }), { undo: () => takeBack(answer, from.key) })
        return
      }
      const name = facts.peek().moves[String(key)]
      const data = await records.read(source.model, card.id)
      const action = data.actions.find((/** @type {any} */ each) => each.name === name)
      if (!action) return toast(name ? t('{name} cannot be moved to {column} now. Open it to see what can be done.', { name: card.display_name, column: to.label }) : t('Nothing leads from {from} to {column} by hand. Open the card to see what can be done.', { from: from.label, column: to.label }))
      const asks = view.peek().actions[name] ?? { asks: [], consequence: '', weight: 'plain' }
      const answers = asks.asks.length || asks.consequence ? await askAction(t(action.title), asks, { model: source.model, id: card.id, subject: card.display_name }) : {}
      if (!answers) return
      await records.act(source.model, card.id, name, answers, data.values.record_version)
      toast(t('“{action}” is done.', { action: t(action.title) }))
      load()
    } catch (error) {
      columns.value = earlier
      showFailure(error)
      load()
    }
  }
  /**
   * Shows what the server answered on the card.
   * @param {any} answer
   */
  const put2 = (answer) => columns.value = columns.peek().map((column) => ({ ...column, rows: column.rows.map((row) => (row.id === answer.id ? { ...row, ...answer.values } : row)) }))
  /** @param {any} answer @param {any} key */
  async function takeBack(answer, key) {
    try {
      await records.save(source.model, answer.id, answer.values.record_version, { [field.peek().name]: key })
      toast(t('Taken back.'))
    } catch (error) {
      showFailure(error)
    }
    load()
  }

  /**
   * How many a column should hold at most; none where nobody said it.
   * @param {Column} column
   */
  const limitOf = (column) => facts.value?.wip?.[String(column.key)] ?? 0
  const lifted = signal(/** @type {{ id: number, column: number } | null} */ (null))
  /** @param {KeyboardEvent} event @param {any} card */
  function onKey(event, card) {
    const all = columns.peek()
    const c = all.findIndex((column) => column.rows.some((row) => row.id === card.id))
    const r = all[c].rows.findIndex((row) => row.id === card.id)
    const rtl = document.dir === 'rtl' ? -1 : 1
    const sideways = { ArrowRight: rtl, ArrowLeft: -rtl }[event.key] ?? 0
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0
    const up = /** @type {{ id: number, column: number } | null} */ (lifted.peek())
    if (event.key === ' ') {
      if (up && up.id === card.id) {
        lifted.value = null
        target.value = null
        if (up.column === c) announce(t('Put back.'))
        else move(card, all[up.column].key).then(() => focusCard(card.id))
      } else {
        lifted.value = { id: card.id, column: c }
        announce(t('{name} is lifted. Arrow keys choose a column, Space drops, Escape cancels.', { name: card.display_name }))
      }
    } else if (event.key === 'Escape' && up) {
      lifted.value = null
      target.value = null
      announce(t('Move cancelled'))
    } else if (up && sideways) {
      const column = Math.max(0, Math.min(all.length - 1, up.column + sideways))
      lifted.value = { id: card.id, column }
      target.value = { column: String(all[column].key), before: null }
      announce(leadsTo(all[column]) ? all[column].label : t('{column}: nothing leads there by hand', { column: all[column].label }))
    } else if (sideways) {
      for (let next = c + sideways; all[next]; next += sideways) {
        const row = all[next].rows[Math.min(r, all[next].rows.length - 1)]
        if (row) {
          focusCard(row.id)
          break
        }
      }
    } else if (down) {
      const row = all[c].rows[r + down]
      if (row) focusCard(row.id)
    } else if (event.key === 'Enter') open(card.id)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  /** @param {number} id */
  const focusCard = (id) => {
    flush()
    ;/** @type {HTMLElement | null} */ (document.querySelector(`[data-card="${id}"]`))?.focus()
  }

  const cardView = (/** @type {import('../kit/reactive.js').Signal<any>} */ row) => {
    /** @type {any[]} */
    const shown = (facts.peek()?.card ?? []).map((/** @type {string} */ name) => ({ ...view.peek().fields[name], name }))
    const [first, ...rest] = shown
    // A hundred cards need no thousand choices: they are made when somebody wants one.
    const isChoosing = signal(false)
    const isToned = (/** @type {any} */ each) => each.name in view.peek().tones
    return html`<li><article class=${() => `card${lifted.value?.id === row.value.id ? ' held' : ''}${record.value === row.value.id ? ' opened' : ''}`} tabindex="0" data-card=${() => row.value.id}
      aria-roledescription=${t('card')} aria-label=${() => [first, ...rest].map((each) => words(row.value[each.name], each)).filter(Boolean).join(', ')}
      @click=${(/** @type {MouseEvent} */ e) => !(/** @type {Element} */ (e.target).closest('select, label')) && open(row.peek().id)}
      @keydown=${(/** @type {KeyboardEvent} */ e) => e.target === e.currentTarget && onKey(e, row.peek())}
      @pointerdown=${(/** @type {PointerEvent} */ e) => startDrag(e, row.peek().id, target, (column) => move(row.peek(), column))}>
      <label class="move">${icon('more')}<span class="visually-hidden">${() => t('Move {name} to', { name: row.value.display_name })}</span>
        <select @focus=${() => (isChoosing.value = true)} @pointerdown=${() => (isChoosing.value = true)} @change=${(/** @type {any} */ e) => {
          const key = e.target.value
          e.target.value = ''
          if (key) move(row.peek(), key)
        }}><option value="">${t('Move to')}</option>${() => isChoosing.value && columns.value.filter(leadsTo).map((column) => html`<option value=${String(column.key)}>${column.label}</option>`)}</select></label>
      <strong>${() => words(row.value[first.name], first) || row.value.display_name}</strong>
      ${() => rest.filter((each) => !isToned(each) && words(row.value[each.name], each)).map((each) => html`<span class="dim card-line">${words(row.value[each.name], each)}</span>`)}
      <span class="card-chips">${() => rest.filter((each) => isToned(each) && row.value[each.name] && row.value[each.name] !== 'routine').map((each) => cell(row.value[each.name], each, view.peek().tones))}</span>
    </article></li>`
  }
  return html`<div class="board" role="group" aria-label=${() => t('{plural} by {field}', { plural: t(view.value?.plural ?? ''), field: t(field.value?.string ?? '').toLowerCase() })}>${each(() => columns.value, (column) => String(column.key), (column) => html`
    <section class=${() => `column${target.value?.column === String(column.value.key) ? ' over' : ''}`} data-column=${() => String(column.value.key)} aria-label=${() => column.value.label}>
      <header><h2>${() => column.value.label}</h2> ${() => limitOf(column.value) ? html`<span class=${`number ${column.value.count > limitOf(column.value) ? 'chip warn' : 'dim'}`}>${t('{n} of {limit}', { n: column.value.count, limit: limitOf(column.value) })}</span>` : html`<span class="number dim">${column.value.count.toLocaleString(language())}</span>`}</header>
      <ol class="cards">${each(() => column.value.rows, (row) => row.id, cardView)}
        ${() => column.value.count > column.value.rows.length && html`<li class="dim more-cards">${t('{n} more: filter to see them', { n: column.value.count - column.value.rows.length })}</li>`}</ol>
    </section>`)}</div>`
})
