// @ts-check
// One card, one decision: what, how much, for whom, by which policy, what happens next. On a phone it needs no scrolling.

import { chip, component, html, icon, showFailure } from '../kit/ui.js'
import { each } from '../kit/html.js'
import { computed, effect, onCleanup, signal, untracked } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { reload } from '../data/events.js'
import { showMoment, showNumber, showShort } from '../data/format.js'
import { plain } from '../fields/show.js'
import { t } from '../lang/words.js'
import { offer } from '../shell/keys.js'
import { goQuery, place } from '../shell/router.js'
import { me, recordAddress, refreshStart } from '../shell/state.js'
import { decide as decideAbout } from '../views/decide.js'

const model = 'approval.request'
const fields = ['name', 'category_id', 'request_owner_id', 'amount', 'quantity', 'reason', 'location', 'date_start', 'date_end', 'date_confirmed', 'reference', 'partner_id',
  'action_title', 'policy_version', 'res_model', 'res_id', 'question', 'request_status', 'attachment_number', 'seen_hash', 'company_id']

export const approvals = component(() => {
  const rows = signal(/** @type {any[] | null} */ (null))
  const detail = signal(/** @type {any} */ (null))
  const view = signal(/** @type {any} */ (null))
  const failure = signal(/** @type {any} */ (null))
  const isBusy = signal(false)
  const at = computed(() => Number(place.value.query.get('at')) || rows.value?.[0]?.id || 0)
  const row = computed(() => rows.value?.find((each) => each.id === at.value))

  const load = async () => {
    try {
      const waiting = await records.method('inbox.item', 'items', { kind: 'approval', limit: 200 })
      const ids = waiting.map((/** @type {any} */ item) => item.id)
      const answer = await call('search', { model, domain: [['id', 'in', ids]], fields, limit: 200, order: 'date_confirmed, id', describe: view.peek() === null })
      if (answer.view) view.value = answer.view
      rows.value = answer.rows
      failure.value = null
    } catch (error) {
      failure.value = error
    }
  }
  load()
  effect(() => {
    const id = at.value
    if (!id) return void (detail.value = null)
    untracked(async () => {
      try {
        const answer = await records.read(model, id)
        if (at.peek() === id) detail.value = answer
      } catch { /* it may have been decided just now */ }
    })
  })
  effect(() => {
    document.title = `${t('Approvals')} – ${document.documentElement.dataset.place}`
  })
  onCleanup(reload([model], load, 600))

  /** @param {string} name */
  async function decide(name) {
    const data = detail.peek()
    if (isBusy.peek()) return
    try {
      if (!(await decideAbout(name, { data, view: view.peek(), row: row.peek() }, () => (isBusy.value = true)))) return
      const list = rows.peek() ?? []
      const next = list[list.findIndex((each) => each.id === data.id) + 1] ?? list[0]
      await load()
      goQuery({ at: next && next.id !== data.id ? String(next.id) : null }, { replace: true })
      refreshStart()
    } catch (error) {
      showFailure(error)
      load()
    } finally {
      isBusy.value = false
    }
  }
  const step = (/** @type {number} */ by) => {
    const list = rows.peek() ?? []
    const next = list[list.findIndex((each) => each.id === at.peek()) + by]
    if (next) goQuery({ at: String(next.id) }, { replace: true })
  }
  onCleanup(offer('approvals', [
    { name: t('Next'), keys: 'J', icon: 'arrow-down', run: () => step(1) }, { name: t('Previous'), keys: 'K', icon: 'arrow-up', run: () => step(-1) },
    { name: t('Approve'), keys: 'D', icon: 'check', run: () => void decide('action_approve') },
  ]))

  const line = (/** @type {any} */ cell) => html`<li><button type="button" class=${() => `decision-line${cell.value.id === at.value ? ' opened' : ''}`} aria-current=${() => cell.value.id === at.value && 'true'} @click=${() => goQuery({ at: String(cell.peek().id) }, { replace: true })}>
    <span class="decision-name">${() => cell.value.name}</span><span class="number">${() => (cell.value.amount > 0 ? showNumber(cell.value.amount, 2) : '')}</span>
    <span class="dim">${() => cell.value.request_owner_id?.display_name}</span><span class="dim number">${() => cell.value.date_confirmed && showShort(cell.value.date_confirmed)}</span></button></li>`

  const card = () => {
    const values = row.value
    if (!values) return null
    const actions = detail.value?.id === values.id ? detail.value.actions.map((/** @type {any} */ action) => action.name) : []
    const position = (rows.value ?? []).findIndex((each) => each.id === values.id) + 1
    return html`<article class="decision" aria-label=${values.name}>
      <div class="decision-body">
        <p class="dim">${values.category_id?.display_name || values.action_title}${(rows.value?.length ?? 0) > 1 && html` · <span class="number">${t('{n} of {all}', { n: position, all: rows.value?.length ?? 0 })}</span>`}</p>
        <h2>${values.name}</h2>
        ${values.amount > 0 && html`<p class="figure number">${showNumber(values.amount, 2)}${values.quantity > 1 && html`<small> ${t('for {n}', { n: values.quantity })}</small>`}</p>`}
        ${values.reason && html`<p class="reason">${plain(values.reason)}</p>`}
        ${values.question && html`<p class="notice">${icon('question')}<span>${t('Open question: {text}', { text: values.question })}</span></p>`}
        <dl class="facts">
          <dt>${t('Asked for by')}</dt><dd>${values.request_owner_id?.display_name}${values.date_confirmed && html`, <span class="dim">${showMoment(values.date_confirmed)}</span>`}</dd>
          ${values.date_start && html`<dt>${t('When')}</dt><dd>${showMoment(values.date_start)}${values.date_end && ` – ${showMoment(values.date_end)}`}</dd>`}
          ${values.location && html`<dt>${t('Where')}</dt><dd>${values.location}</dd>`}
          ${values.partner_id && html`<dt>${t('Contact')}</dt><dd>${values.partner_id.display_name}</dd>`}
          ${values.policy_version && html`<dt>${t('Policy')}</dt><dd>${values.policy_version}</dd>`}
          ${values.attachment_number > 0 && html`<dt>${t('Evidence')}</dt><dd>${t('{n|one file|{n} files}', { n: values.attachment_number })}</dd>`}
          ${values.res_model && values.res_id && html`<dt>${t('About')}</dt><dd><a href=${recordAddress(values.res_model, values.res_id)}>${t('Open the record')}</a></dd>`}
          <dt>${t('What happens next')}</dt><dd>${() => next(values.id)}</dd>
        </dl>
      </div>
      <div class="decision-foot">
        ${actions.includes('action_ask') && html`<button type="button" class="button plain" ?disabled=${isBusy} @click=${() => decide('action_ask')}>${icon('question')}<span>${t('Ask')}</span></button>`}
        ${actions.includes('action_refuse') && html`<button type="button" class="button" ?disabled=${isBusy} @click=${() => decide('action_refuse')}>${icon('x')}<span>${t('Decline')}</span></button>`}
        ${actions.includes('action_approve') && html`<button type="button" class="button primary" ?disabled=${isBusy} @click=${() => decide('action_approve')}>${icon('check')}<span>${t('Approve')}</span></button>`}
      </div></article>`
  }
  /**
   * Who decides after me.
   * @param {number} id
   */
  const next = (id) => {
    if (detail.value?.id !== id) return ''
    const seats = detail.value.values.approver_ids ?? []
    const others = seats.filter((/** @type {any} */ seat) => seat.user_id && seat.user_id.id !== me.value.id && !['approved', 'refused', 'cancel'].includes(seat.status))
    return others.length ? t('After you decides {names}.', { names: others.map((/** @type {any} */ seat) => seat.user_id.display_name).join(', ') }) : t('Yours is the last decision: what was asked for then happens.')
  }
  return html`<div class="records approvals"><div class="pagehead"><h1>${t('Approvals')}</h1><div class="end">${() => rows.value && rows.value.length > 0 && chip(t('{n|one waits|{n} wait}', { n: rows.value.length }))}</div></div>
    ${() => failure.value && html`<div class="empty">${icon('alert')}<h2>${failure.value.message}</h2><button type="button" class="button" @click=${load}>${t('Try again')}</button></div>`}
    ${() => rows.value?.length === 0 && html`<div class="empty">${icon('approve')}<h2>${t('All decided')}</h2><p>${t('Nothing waits for your decision.')}</p></div>`}
    ${() => (rows.value?.length ?? 0) > 0 && html`<div class="split decisions"><ul class="decision-list" aria-label=${t('What waits')}>${each(() => rows.value ?? [], (item) => item.id, line)}</ul><div class="decision-host">${card}</div></div>`}
  </div>`
})
