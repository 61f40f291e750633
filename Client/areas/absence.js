// @ts-check
// While I am away: who decides for me, from when until when; and for whom I decide.

import { component, confirmStep, html, icon, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { showMoment } from '../data/format.js'
import { t } from '../lang/words.js'
import { me } from '../shell/state.js'
import { askAction } from '../views/ask.js'

const model = 'approval.delegation'

export const absence = component(() => {
  const rows = signal(/** @type {any[] | null} */ (null))
  const load = () => call('search', { model, domain: [], fields: ['user_id', 'delegate_id', 'date_from', 'date_to', 'reason'], order: 'date_from desc', limit: 50 })
    .then((answer) => (rows.value = answer.rows), () => (rows.value = null))
  load()
  async function add() {
    const answers = await askAction(t('Somebody decides for me'), { weight: 'main', consequence: '', asks: [
      { name: 'delegate_id', title: 'Who', kind: 'record', model: 'res.users', domain: '[]', required: true, hint: '' },
      { name: 'date_from', title: 'From', kind: 'moment', required: true, hint: '' }, { name: 'date_to', title: 'Until', kind: 'moment', required: true, hint: '' },
      { name: 'reason', title: 'Reason', kind: 'line', required: false, hint: 'Such as an absence.' },
    ] }, { model, id: null, subject: t('What waits for your decision waits for them, too. Both names stand in the trail.') })
    if (!answers) return
    try {
      await records.save(model, null, null, answers)
      toast(t('Kept.'))
      load()
    } catch (error) {
      showFailure(error)
    }
  }
  /** @param {any} row */
  async function end(row) {
    if (!(await confirmStep(t('Decide yourself again?'), t('{name} no longer decides for you.', { name: row.delegate_id?.display_name ?? '' }), t('Decide myself'), 'primary'))) return
    try {
      await records.save(model, row.id, row.record_version, { active: false })
      load()
    } catch (error) {
      showFailure(error)
    }
  }
  /** @param {any} row */
  const line = (row) => {
    const isMine = row.user_id?.id === me.peek().id
    return html`<li class="absence-line"><span>${isMine ? t('{name} decides for you', { name: row.delegate_id?.display_name ?? '' }) : t('You decide for {name}', { name: row.user_id?.display_name ?? '' })}
      <span class="dim">${t('{from} until {until}', { from: showMoment(row.date_from), until: showMoment(row.date_to) })}${row.reason && ` · ${row.reason}`}</span></span>
      ${isMine && html`<button type="button" class="button small" aria-label=${t('End: {name}', { name: row.delegate_id?.display_name ?? '' })} @click=${() => void end(row)}>${t('End')}</button>`}</li>`
  }
  return html`<div class="absence">${() => rows.value && html`<section class="panel-box stack"><div class="dialog-head"><h2>${t('While I am away')}</h2><button type="button" class="button" @click=${() => void add()}>${icon('plus')}<span>${t('Somebody decides for me')}</span></button></div>
    ${rows.value.length === 0 ? html`<p class="dim">${t('Nobody decides for you, and you for nobody.')}</p>` : html`<ul class="stack tight">${rows.value.map(line)}</ul>`}</section>`}</div>`
})
