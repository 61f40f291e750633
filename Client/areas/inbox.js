// @ts-check
// Everything that waits for me, the most urgent first: approvals, activities, exceptions, messages. The record opens beside it.

import { chip, component, html, icon, menu, showFailure, toast } from '../kit/ui.js'
import { each } from '../kit/html.js'
import { computed, effect, onCleanup, signal, untracked } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { follow } from '../data/events.js'
import { dayIn, deadline, showDay, showShort } from '../data/format.js'
import { t } from '../lang/words.js'
import { offer } from '../shell/keys.js'
import { askAction } from '../views/ask.js'
import { go, goQuery, place } from '../shell/router.js'
import { me, placeOfModel, refreshStart, start } from '../shell/state.js'

/** Milliseconds of a day. */
const DAY = 86_400_000
const kinds = {
  '': ['inbox', 'Everything'], approval: ['approve', 'Approvals'], activity: ['activity', 'Activities'], exception: ['alert', 'Exceptions'], message: ['mail', 'Messages'],
}
/** @typedef {{ kind: string, id: number, model: string, res_model: string, res_id: number, name: string, about: string | false, deadline: string | false }} Item */

export const inbox = component(() => {
  const items = signal(/** @type {Item[] | null} */ (null))
  const failure = signal(/** @type {any} */ (null))
  const active = signal(0)
  const nextDue = signal('')
  const panel = signal(/** @type {any} */ (null))
  const kind = computed(() => place.value.query.get('kind') ?? '')
  let isDeciding = false
  const record = computed(() => place.value.query.get('at') ?? '')

  const load = async () => {
    try {
      items.value = await records.method('inbox.item', 'items', { limit: 200, ...(kind.peek() && { kind: kind.peek() }) })
      failure.value = null
      if (!items.peek()?.length) nextDue.value = await call('search', { model: 'mail.activity', domain: [['user_id', '=', me.peek().id]], fields: ['date_deadline'], order: 'date_deadline', limit: 1 }).then((answer) => answer.rows[0]?.date_deadline ?? '', () => '')
    } catch (error) {
      failure.value = error
    }
  }
  effect(() => {
    kind.value
    untracked(load)
  })
  effect(() => {
    document.title = `${t('Inbox')} – ${document.documentElement.dataset.place}`
  })
  effect(() => {
    if (record.value && !panel.peek()) import('../views/record.js').then((m) => (panel.value = m))
  })
  /** @type {number | undefined} */
  let timer
  for (const model of ['mail.activity', 'approval.request', 'ops.exception']) {
    onCleanup(follow(model, () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        load()
        refreshStart()
      }, 800)
    }))
  }

  /**
   * What an item is about, else itself.
   * @param {Item} item
   * @returns {[string, number]}
   */
  const target = (item) => (item.kind === 'approval' || item.kind === 'exception' || !item.res_model || !item.res_id ? [item.model, item.id] : [item.res_model, item.res_id])
  /** @param {Item} item */
  const open = (item) => {
    const [model, id] = target(item)
    goQuery({ at: `${model},${id}` }, { replace: Boolean(record.peek()) })
  }
  /** @param {Item} item */
  async function done(item) {
    try {
      if (item.kind === 'activity') await records.method('mail.activity', 'action_done', {}, [item.id])
      else if (item.kind === 'message') await records.method('inbox.item', 'mark_read', { message_ids: [item.id] })
      else return open(item)
      gone(item, item.kind === 'message' ? t('Marked as read.') : t('Done: {name}', { name: item.name }))
    } catch (error) {
      showFailure(error)
    }
  }
  /**
   * Approves or declines at the line, with the question that the approvals screen asks.
   * @param {Item} item
   * @param {string} name
   */
  async function decide(item, name) {
    if (isDeciding) return
    isDeciding = true
    try {
      const { decideAt } = await import('../views/decide.js')
      const isDone = await decideAt(name, item.id)
      if (isDone === null) return open(item)
      if (isDone) {
        gone(item)
        load()
      }
    } catch (error) {
      showFailure(error)
      load()
    } finally {
      isDeciding = false
    }
  }
  /**
   * Takes an item off that waits no more; the next one comes up where this one was.
   * @param {Item} item
   * @param {string} [said]
   */
  function gone(item, said) {
    const isIt = (/** @type {Item} */ other) => other.kind === item.kind && other.id === item.id
    const at = Math.max(0, (items.peek() ?? []).findIndex(isIt))
    const wasOpen = record.peek() === target(item).join(',')
    items.value = (items.peek() ?? []).filter((other) => !isIt(other))
    const next = items.peek()?.[Math.min(at, (items.peek()?.length ?? 1) - 1)]
    active.value = Math.max(0, Math.min(at, (items.peek()?.length ?? 1) - 1))
    if (wasOpen) next ? open(next) : goQuery({ at: null }, { replace: true })
    if (said) toast(said)
    refreshStart()
  }
  /**
   * Changes an activity of mine: another day, or somebody else; with Undo.
   * @param {Item} item
   * @param {Record<string, any>} values
   * @param {string} said
   */
  async function change(item, values, said) {
    try {
      const before = await records.read('mail.activity', item.id)
      const answer = await records.save('mail.activity', item.id, before.values.record_version, values)
      const back = Object.fromEntries(Object.keys(values).map((name) => [name, before.values[name]?.id ?? before.values[name]]))
      toast(said, { undo: () => void records.save('mail.activity', item.id, answer.values?.record_version, back).then(load, showFailure) })
      load()
      refreshStart()
    } catch (error) {
      showFailure(error)
    }
  }
  /** @param {Item} item @param {number} days */
  const later = (item, days) => {
    const day = dayIn(new Date(Date.now() + days * DAY))
    return change(item, { date_deadline: day }, t('“{name}” comes again {day}.', { name: item.name, day: showDay(day) }))
  }
  /** @param {Item} item */
  async function give(item) {
    const answers = await askAction(t('Give to somebody else'), { weight: 'main', consequence: '', asks: [{ name: 'user_id', title: 'To whom', kind: 'record', model: 'res.users', domain: '[]', required: true, hint: '' }] }, { model: 'mail.activity', id: item.id, subject: item.name })
    if (answers) change(item, { user_id: answers.user_id }, t('“{name}” was given to somebody else.', { name: item.name }))
  }
  /** @param {Item} item */
  const more = (item) => menu(icon('more'), t('More: {name}', { name: item.name || item.about || '' }), () => [
    { label: t('Tomorrow'), icon: 'clock', press: () => void later(item, 1) }, { label: t('In a week'), icon: 'calendar', press: () => void later(item, 7) },
    { label: t('Give to somebody else'), icon: 'user', press: () => void give(item) },
  ], 'plain square small')
  const step = (/** @type {number} */ by) => {
    const count = items.peek()?.length ?? 0
    active.value = Math.max(0, Math.min(count - 1, active.peek() + by))
    const link = /** @type {HTMLElement | null} */ (document.querySelectorAll('.inbox-item .inbox-open')[active.peek()])
    link?.focus()
    if (record.peek() && items.peek()?.[active.peek()]) open(/** @type {Item[]} */ (items.peek())[active.peek()])
  }
  onCleanup(offer('inbox', [
    { name: t('Next'), keys: 'J', icon: 'arrow-down', run: () => step(1) }, { name: t('Previous'), keys: 'K', icon: 'arrow-up', run: () => step(-1) },
    { name: t('Done'), keys: 'D', icon: 'check', run: () => items.peek()?.[active.peek()] && done(/** @type {Item[]} */ (items.peek())[active.peek()]) },
  ]))

  const count = (/** @type {string} */ name) => start.value?.waiting?.[name || 'total'] ?? 0
  const row = (/** @type {import('../kit/reactive.js').Signal<{ item: Item, i: number }>} */ cell) => {
    const item = () => cell.value.item
    return html`<li class=${() => `inbox-item${active.value === cell.value.i ? ' active' : ''}${record.value === target(item()).join(',') ? ' opened' : ''}`}>
      <span class=${() => `inbox-mark ${item().kind}`}>${() => icon(kinds[/** @type {keyof typeof kinds} */ (item().kind)][0], t(kinds[/** @type {keyof typeof kinds} */ (item().kind)][1]))}</span>
      <button type="button" class="inbox-open" @focus=${() => (active.value = cell.peek().i)} @click=${() => open(cell.peek().item)}><span class="inbox-name">${() => item().name || item().about || t('Without words')}</span>${() => item().about && item().about !== item().name && html`<span class="inbox-about dim">${item().about}</span>`}</button>
      <span class="inbox-due">${() => {
        const due = item().deadline
        if (!due) return null
        if (item().kind === 'message') return html`<span class="dim number">${showShort(due)}</span>`
        if (item().kind === 'approval') return html`<span class="dim number">${t('since {time}', { time: showShort(due) })}</span>`
        const left = deadline(due)
        return chip(left.text, left.tone, left.icon)
      }}</span>
      <span class="inbox-acts">${() => item().kind === 'approval' && html`<button type="button" class="button small" aria-label=${`${t('Decline')}: ${item().name}`} @click=${() => void decide(cell.peek().item, 'action_refuse')}>${icon('x')}<span>${t('Decline')}</span></button><button type="button" class="button small" aria-label=${`${t('Approve')}: ${item().name}`} @click=${() => void decide(cell.peek().item, 'action_approve')}>${icon('check')}<span>${t('Approve')}</span></button>`}${() => (item().kind === 'activity' || item().kind === 'message') && html`<button type="button" class="button small" aria-label=${`${item().kind === 'message' ? t('Mark as read') : t('Done')}: ${item().name}`} @click=${() => done(cell.peek().item)}>${icon('check')}<span>${item().kind === 'message' ? t('Read') : t('Done')}</span></button>`}${() => item().kind === 'activity' && more(item())}</span>
    </li>`
  }
  const close = () => goQuery({ at: null, full: null })
  const beside = () => {
    if (!record.value || !panel.value) return null
    const [model, id] = record.value.split(',')
    return untracked(() => panel.peek().recordPanel({
      model, id: Number(id), close, isFull: computed(() => place.value.query.get('full') === '1'),
      full: () => (placeOfModel(model) ? go(`/app/${placeOfModel(model)}/list?record=${id}&full=1`) : null), saved: load, next: () => null,
    }))
  }
  return html`<div class=${() => `records inbox${record.value ? ' has-record' : ''}`}>
    <div class="pagehead"><h1>${t('Inbox')}</h1></div>
    <nav class="facets chips" aria-label=${t('What waits')}>${Object.entries(kinds).map(([name, [, title]]) => html`<button type="button" class="pill" aria-pressed=${() => String(kind.value === name)} @click=${() => goQuery({ kind: name || null }, { replace: true })}>${t(title)} <span class="number">${() => count(name)}</span></button>`)}</nav>
    <div class="split"><div class="split-main inbox-scroll">
      ${() => failure.value && html`<div class="empty">${icon('alert')}<h2>${failure.value.message}</h2><button type="button" class="button" @click=${load}>${t('Try again')}</button></div>`}
      ${() => items.value?.length === 0 && html`<div class="empty">${icon('check')}<h2>${t('All done')}</h2><p>${() => (nextDue.value ? t('Nothing waits for you here. What comes next is due {day}.', { day: showDay(nextDue.value) }) : t('Nothing waits for you here.'))}</p></div>`}
      <ul class="inbox-list" aria-label=${t('What waits')}>${each(() => (items.value ?? []).map((item, i) => ({ item, i })), ({ item }) => `${item.kind} ${item.id}`, row)}</ul>
    </div>${beside}</div></div>`
})
